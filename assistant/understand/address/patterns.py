"""The small patterns that pieces of an address are cut with, in the order in which they are tried.

The traps stand first: what is certainly a date, an amount or a reading must not become a door. Everything is written
for folded text: half-width, simplified, lower case.
"""

import re

from assistant.domain.numerals import CHINESE_DIGIT
from assistant.understand.numbers.words import any_of
from knowledge.language import PlaceWords

COUNTING = "一二三四五六七八九十"
#: the number of a building, unit or floor
SMALL = rf"(?:\d{{1,3}}|[{COUNTING}幺]{{1,3}}|[零〇][{COUNTING}])"
#: between the members of a list or range of them (1、2栋; 1到3单元)
LISTING = r"(?:\s?[、,和跟与及同或到至~-]\s?)"
#: between the parts of 3-2-501
DASH = r"\s?(?:[-—–−‐_/#·.]|杠|横)+\s?"
#: digits read out one by one (五洞幺, 三0三)
READ_OUT = rf"(?:[{CHINESE_DIGIT}]{{3,4}}|[{CHINESE_DIGIT}][{CHINESE_DIGIT}0]{{2,3}})"
READ_OUT_ROOM = r"[一二三四五六七八九幺两][零〇洞0][一二三四五六七八九幺两]"
ALONE = rf"(?<![{CHINESE_DIGIT}十百千万\d点])"
NOT_MORE = rf"(?![{CHINESE_DIGIT}十百千万\d点])"
#: where something about a room is meant by its own word
ROOM_WORD = "(?:号房间|号房|房间|室|房|号)"

_HUNDREDS = rf"(?:[一二]?千)?[{COUNTING}两]百[零〇]?[{COUNTING}]{{1,2}}"
_NUMERAL = rf"(?<![\d.{COUNTING}百千零〇幺]){SMALL}"
_LETTER = r"(?<![a-z\d])[a-w]\d{0,2}"
#: of a list all but the last have two digits at most: 402、5栋 is a room and a building
_FIRST_OF_LIST = rf"(?<![\d.{COUNTING}百千零〇])(?:\d{{1,2}}|[{COUNTING}]{{1,3}}|[零〇][{COUNTING}])"
_FIRST_ANY = rf"(?:\d{{1,2}}|[{COUNTING}]{{1,3}})"
_LISTED = rf"(?:{_FIRST_OF_LIST}{LISTING}){{0,11}}{_NUMERAL}"
_READING_VALUE = r"(?:\d{2,3}\s?[/比 ]\s?\d{2,3}|\d{2,3}|\d{1,2}\.\d+)(?!\d|[-—#/]\d)"
_READING_FILLER = (
    r"(?:是|有|到|都|上了|上到|高到|达到|高达|升到|降到|量了|量起|测了|测起|为|才|又|还|只有|了|过|的|偏高|[: ]){0,3}"
)
_PROVINCES = "川渝京沪津贵云藏粤苏浙皖鲁豫冀晋陕甘青宁新蒙辽吉黑湘鄂赣闽桂琼"
_NO_FLAT = "(?!楼|院|线|厅|公告|文|令|桌)"


def counter(words: PlaceWords) -> str:
    """A word that makes a number an amount; not the same sign in another word (501天然气, 502年轻人, 302周婆婆)."""
    surnames = "[周万平包米元安千年班所]"
    others = f"{any_of(words.not_counters)}|{surnames}(?:{any_of(words.after_a_surname)}|某)"
    return f"(?!{others}){any_of(words.counters)}"


def starters(words: PlaceWords) -> str:
    """A look-ahead for the characters that some piece can begin with: it spares trying them all at every point."""
    lists = (
        *(words.not_a_place, words.reading_words, words.unit_unnumbered, words.ground_floor, words.top_floor),
        *(words.upstairs, words.downstairs, words.opposite, words.next_door),
        *(words.spot_prefixes, words.spots, words.gates, words.landmarks),
    )
    numerals = f"{COUNTING}{CHINESE_DIGIT}千百"
    first = {word[0] for listed in lists for word in listed} | set(numerals + "东南西北中#-附整负地群")
    return f"(?=[0-9a-z{re.escape(''.join(sorted(first)))}])"


def patterns(words: PlaceWords) -> list[tuple[str, str]]:
    """``(name, pattern)`` of every piece; where several fit at one point, the first counts."""
    return [*_traps(words), *_chains(words), *_levels(words), *_rooms(words), *_surroundings(words)]


def _traps(words: PlaceWords) -> list[tuple[str, str]]:
    reading = any_of(words.reading_words)
    month, day = rf"(?:\d{{1,2}}|[{COUNTING}]{{1,2}})", rf"(?:\d{{1,2}}|[{COUNTING}]{{1,3}})"
    return [
        ("trap", any_of(words.not_a_place)),
        ("date", r"(?<!\d)(?:19|20)?\d{2}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?!\d)"),
        ("month_day", rf"(?<![\d{COUNTING}]){month}月(?:{day}[日号]?)?"),
        ("clock", rf"\d{{1,2}}:\d{{2}}(?::\d{{2}})?|(?!\d{{3}}){_NUMERAL}点(?:半|过|多|钟|\d{{1,2}}分?)?"),
        ("reading", reading + _READING_FILLER + _READING_VALUE),
        ("pair", r"(?<![\d/])(?!10\d\s?/\s?10\d)(?:[12]\d{2}|[4-9]\d)\s?[/比]\s?(?:\d{2}|1\d{2})(?!\s?[\d/])"),
        ("phone", r"(?<!\d)(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]\d{7,8})(?!\d)"),
        ("bus", r"(?<!\d)\d{1,3}\s?路(?![过上边口])"),
    ]


def _chains(words: PlaceWords) -> list[tuple[str, str]]:
    unit, more = any_of((*words.unit, *words.unit_misheard)), any_of((*words.building, *words.unit, "楼", "层"))
    first = r"(?:[a-w]\d{0,2}|\d{1,2}|\d{3}(?=\s?[-—/]\s?\d{1,2}\s?[-—/]\s?\d{3}))"
    last = rf"(?:\d{{3,4}}(?!\d)|\d{{1,2}}(?!\d|{more}))"  # 3-5栋 is no chain
    return [
        ("road_number", r"(?<=[街路巷道])(?<![沿临靠]街)\d{1,4}号院?|\d{1,4}号院|\d{1,4}弄"),
        ("headed_pair", r"(?<![\d\-.])\d{1,2}-[1-8](?=\s?[,:;\n]\s?[1-9]\d{2}(?!\d))"),
        ("flats", rf"(?<=[楼层元排社组])(?:{_FIRST_ANY}{LISTING}){{1,11}}{SMALL}(?:号|室|户){_NO_FLAT}"),
        ("chain", rf"(?<![\da-z.])(?<!\d[-/.#:]){first}(?:{DASH}(?:\d{{1,2}}|[a-e])){{0,2}}{DASH}{last}"),
        # 3-2单元501; but 1-3单元 alone is a range
        ("building_unit", rf"(?<![\d栋幢座楼]){SMALL}[-—]{SMALL}{unit}(?=\d{{3,4}}(?!\d)|{SMALL}[楼层号]|{READ_OUT})"),
        ("spoken_chain", rf"(?:{SMALL}[杠横]){{1,2}}(?:\d{{3,4}}|{READ_OUT})(?!\d)"),
        ("spaced", r"(?<!\S)\d{1,2} \d{1,2} \d{3,4}(?!\d)"),
        ("lettered_room", rf"(?<![a-z\d{_PROVINCES}])[a-h][1-9]\d{{2,3}}(?![\da-z])"),
    ]


def _levels(words: PlaceWords) -> list[tuple[str, str]]:
    building, unit = any_of(words.building), any_of((*words.unit, *words.unit_misheard))
    listed_letters = rf"{_LETTER}(?:{LISTING}[a-w]\d{{0,2}}){{0,5}}"
    return [
        ("hash", r"(?<![\d#])\d{1,2}#(?:楼|栋|幢)?"),
        (
            "building",
            rf"(?:{_LISTED}|{listed_letters}|(?<![a-z\d])\d{{1,2}}[a-f]){building}(?!桥|山|庙|塔|机|位|城)|{_LETTER}楼",
        ),
        ("misheard_building", rf"{_NUMERAL}{any_of(words.building_misheard)}(?=第?{SMALL}{unit}|\d{{3,4}}(?!\d))"),
        ("unit", rf"(?:{_LISTED}|{_LETTER}){unit}(?!课|测|考|作文|单词)"),
        ("bare_unit", any_of(words.unit_unnumbered)),
        ("counted_units", rf"(?<![第\d])[2-9二两三四五六]个{unit}的?(?=\d{{3,4}}(?!\d)|{READ_OUT}|{SMALL}[楼层])"),
        ("gateway", rf"(?:{_NUMERAL}|{_LETTER}){any_of(words.gateway)}(?=\d{{3,4}}(?!\d)|{READ_OUT})"),
        ("row", rf"{_NUMERAL}{any_of(words.row)}(?=[-—\s]?{SMALL}号(?!楼))"),
        ("basement", rf"(?:负|地下|-|(?<![a-z])b){SMALL}(?:楼|层)|(?:负|地下){SMALL}(?!楼)"),
        (
            "floor",
            rf"(?<![高共总哪每某满])(?!(?<=[了过])[一两二三]层)(?!一层(?:一层|[灰土油膜皮纸冰霜雪水锈布泥薄厚毛保])){_LISTED}(?:楼|层(?!楼(?![梯道])))"
            r"(?!高|以上|以下|电梯房|洋房|小楼|长|半)",
        ),
        ("named_floor", any_of((*words.ground_floor, *words.top_floor))),
        ("area", rf"(?<![一-龥\d])(?:[a-z\d]|[{COUNTING}东南西北中]){any_of(words.area)}(?=[\d{COUNTING}a-z])"),
        ("whole", rf"整个|整(?=[{COUNTING}\d])"),
    ]


def _rooms(words: PlaceWords) -> list[tuple[str, str]]:
    return [
        ("room", rf"(?<![\d.])[1-9]\d{{2,3}}{ROOM_WORD}(?!文|令|公告|线|楼|厅)"),
        ("spoken_room", rf"{ALONE}(?:{READ_OUT}|{_HUNDREDS}){ROOM_WORD}(?!文|楼|厅)"),
        ("annex", rf"附{SMALL}号"),
        ("numbered_spot", rf"{_NUMERAL}号{any_of(words.numbered_spots)}"),
        ("short_room", rf"(?<=[楼层])[零〇0][1-9{COUNTING}](?!\d|[号室])"),
        ("flat", rf"{_NUMERAL}(?:号|室){_NO_FLAT}|(?<=第){SMALL}户"),
        ("lettered_flat", r"(?<=[栋幢座楼元])\d{1,2}[a-f](?![a-z\d栋幢座])"),
        ("measure", rf"(?<![a-z])\d+(?:\.\d+)?(?:{LISTING}\d+(?:\.\d+)?)?\s?{counter(words)}"),
        ("number", r"(?<![a-z\d])(?<!\d\.)\d+(?:\.\d+)?"),
        ("hundreds", rf"{ALONE}{_HUNDREDS}{NOT_MORE}"),
        ("read_out_run", rf"{ALONE}(?:{READ_OUT_ROOM}){{2,6}}{NOT_MORE}"),
        ("spoken", rf"{ALONE}{READ_OUT}{NOT_MORE}"),
    ]


def _surroundings(words: PlaceWords) -> list[tuple[str, str]]:
    neighbours = any_of((*words.upstairs, *words.downstairs, *words.opposite, *words.next_door))
    return [
        ("neighbour", f"{neighbours}(?!{any_of(words.not_neighbour_after)})"),
        ("spot", f"(?:{any_of(words.spot_prefixes)})?{any_of(words.spots)}"),
        ("chat", r"(?<![人一这那几羊进入加建拉组退的])群(?=里|头|上|内|中|都|有)"),
        ("gate", f"{any_of(words.gates)}(?!{any_of(words.not_gate_after)})口?"),
        ("landmark", any_of(words.landmarks)),
    ]
