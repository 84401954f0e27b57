"""Cut a message into the atoms of time expressions: 下周二 · 上午 · 9点半; 三天前; 每周五.

Each atom is one small pattern; ``Atom.groups`` are the pattern's own groups, named in the comment above it where they
are not plain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from assistant.understand.numbers.words import any_of
from knowledge.language import TimeWords

#: years by their name, from this one
YEARS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}


class Level(IntEnum):
    """From large to small: an expression only ever gets finer from left to right (去年 · 3月 · 5号 · 晚上 · 8点)."""

    ALONE = -1
    YEAR = 0
    MONTH = 1
    DAY = 2
    PART = 3
    CLOCK = 4


@dataclass(frozen=True, slots=True)
class Atom:
    """``text[start:end]``; ``name`` is the pattern's."""

    name: str
    level: Level
    start: int
    end: int
    groups: tuple[str | None, ...]


_CN = "零〇一二三四五六七八九十"
_YEAR = rf"\d{{4}}|[一二][{_CN}]{{3}}|\d{{2}}(?=年(?:\d{{1,2}}月|[初底末]))"
_N = rf"(\d{{1,2}}|[{_CN}]{{1,3}})"
_HOUR = rf"(\d{{1,2}}|两|[{_CN}]{{1,3}})"
_IN_WORDS = rf"过?(\d{{2}}(?!\d)|\d(?=分)|[{_CN}]{{2,3}}|[{_CN}](?=分))分?"
#: 半; 一刻, 三刻; minutes; 过, 多. A single figure behind 点 makes a decimal of it (二十一点四)
_MINUTES = rf"(?!(?!一刻|三刻)[\d{_CN}](?![\d{_CN}分]))(?:(半)|(一刻|三刻)|{_IN_WORDS}|(过|多|来(?=钟))?钟?)"
_AMOUNT = rf"(半|(?<![\d.])\d+(?:\.\d+)?|十几|[{_CN}百两]{{1,4}}|好几|几)"
_UNIT = "(分钟|刻钟|个?半?小时|个?半?钟头|个?半?月|天半?|日|周|个?星期|个?礼拜|年半?)"
_WHICH = "(上上|上|这|本|下下|下)一?个?"
_WEEKDAY = "[一二三四五六日天末]"
_LUNAR_DAY = rf"(初?[{_CN}]{{1,3}}|廿[{_CN}]?|\d{{1,2}})"
_NOT_POINTS = "(?!意见|建议|要求|原因|问题|体会|感想|水|都|也)"
_NOT_MONTH = "(?![亮饼子租薪供嫂经球])"
_NOT_WEEKDAY = "(?![个家直点下哈起路样大爷婆])"
_NOT_A_DAY = rf"(?![\d{_CN}个家户次年岁块元点楼栋层间人名路线桌单])"
#: behind a bare 5号: otherwise it is somebody's door
_DAY_GOES_ON = (
    "(?=来|去|上午|下午|中午|晚|早|就|前|后|之前|以前|之后|开始|起|到|至|期|截止|交|那天|那晚|当天|左右|半夜|要|会|在|的"
    r"|[,。;]|\d{1,2}[点时:]|$)"
)


def atom_patterns(words: TimeWords) -> list[tuple[str, Level, str]]:
    """``(name, level, pattern)``; where several fit at one point, the first counts."""
    return [*_relative(words), *_days(words), *_of_the_day(words)]


def _relative(words: TimeWords) -> list[tuple[str, Level, str]]:
    return [
        ("greeting", Level.ALONE, f"{any_of(words.parts)}好(?![多些])|早安|晚安"),
        ("now", Level.ALONE, f"({any_of(words.now)})"),
        ("vague", Level.ALONE, f"(?<!第)({any_of(words.vague)})(?![没不有]?得)"),
        # amount, 多, unit, 多, side
        ("ago", Level.ALONE, rf"(?<!第){_AMOUNT}个?(多|来)?{_UNIT}(多)?(?:之|以|过)?(前|后|内|里)(?![头面门])"),
        # side, amount, 多, unit
        (
            "within",
            Level.ALONE,
            rf"(再过|过|隔|等|最近|近|过去|前|未来|接下来|今后){_AMOUNT}个?(多)?{_UNIT}(?:后|内)?",
        ),
        # the weekdays (二周五)
        ("every", Level.DAY, rf"每(?:个|隔)?(?:周|星期|礼拜)({_WEEKDAY}(?:[、,和]?(?:周|星期|礼拜)?{_WEEKDAY})*)"),
        ("each", Level.DAY, r"每(?:一|个)?(天|日|晚|早|周|星期|礼拜)|(天天|日日|夜夜)"),
        ("each_month", Level.MONTH, "每(?:一|个)?(月)"),
        ("each_year", Level.YEAR, "每一?(年)"),
    ]


def _days(words: TimeWords) -> list[tuple[str, Level, str]]:
    feasts = any_of((*words.solar_feasts, *words.lunar_feasts, *words.solar_terms))
    return [
        ("iso", Level.DAY, r"(?<!\d)(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})[日号]?(?!\d)"),
        ("year", Level.YEAR, rf"(?<!\d)({_YEAR})年(?![级前后多来纪龄间])|({any_of(YEARS)})"),
        ("half_year", Level.MONTH, "(上|下)半年|年(初|底|末|中)(?!级)"),
        ("feast", Level.DAY, rf"(?<![\d{_CN}])({feasts})(?![{_CN}轻级纪])"),
        # leap, month, day
        ("lunar", Level.DAY, rf"(?:农历|阴历|旧历)的?(闰?)([{_CN}正冬腊]{{1,2}}|\d{{1,2}})月(?:{_LUNAR_DAY}[日号]?)?"),
        ("lunar_month", Level.DAY, rf"(正|冬|腊)月(?:{_LUNAR_DAY}[日号]?)?"),
        ("lunar_day", Level.DAY, rf"(?<![\d{_CN}])([{_CN}]{{1,2}})月(初[{_CN}]|廿[{_CN}]?)"),
        ("this_month", Level.MONTH, rf"{_WHICH}月{_NOT_MONTH}|(当)月"),
        ("date", Level.DAY, rf"(?<![\d.{_CN}]){_N}月份?的?{_N}(?:[日号]|{_NOT_A_DAY})"),
        ("month", Level.MONTH, rf"(?<![\d.{_CN}]){_N}月份?{_NOT_MONTH}"),
        (
            "dotted",
            Level.DAY,
            r"(?:(?<=[从到在于自,。;])|^)(\d{1,2})\.(1\d|2\d|3[01])(?=[那前后号以之开起到晚早上下,]|$)",
        ),
        ("month_part", Level.MONTH, "月?(初|底|末)(?![一二三始子])|月(中)(?!旬)|(上|中|下)旬"),
        # which week, and its day where said
        ("week", Level.DAY, rf"{_WHICH}(?:周|星期|礼拜)(?:({_WEEKDAY})(?![个家直点]))?"),
        (
            "weekday",
            Level.DAY,
            rf"(?<![个几老小\d])(?<![^周期拜、,][{_CN}])(?<!^[{_CN}])(?:周|星期|礼拜)({_WEEKDAY}){_NOT_WEEKDAY}",
        ),
        ("day", Level.DAY, f"({any_of(words.days)})"),
        ("short_day", Level.DAY, f"({any_of(words.short_days)})(?=早|晚|夜|上午|下午|中午|晨)"),
        ("day_in_month", Level.DAY, rf"(?<=月){_N}[日号]"),
        ("month_day", Level.DAY, rf"(?<![\d.\-/#单元楼栋层街路{_CN}第附]){_N}[日号]{_DAY_GOES_ON}"),
    ]


def _of_the_day(words: TimeWords) -> list[tuple[str, Level, str]]:
    return [
        ("part", Level.PART, f"(?<![一半整])({any_of(words.parts)})"),
        ("digital", Level.CLOCK, r"(?<![\d.:])(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:])"),
        # hour, 半, quarters, minutes, 过
        ("clock", Level.CLOCK, rf"(?<![\d.差有]){_HOUR}(?:点|时(?![候间常刻])){_NOT_POINTS}{_MINUTES}"),
    ]


class AtomLexer:
    """The patterns, compiled once for one set of words."""

    def __init__(self, words: TimeWords) -> None:
        patterns = atom_patterns(words)
        self._kinds = {name: (level, re.compile(pattern)) for name, level, pattern in patterns}
        feasts = (*words.solar_feasts, *words.lunar_feasts, *words.solar_terms)
        listed = (*words.days, *words.short_days, *words.parts, *words.now, *words.vague, *feasts)
        first = {word[0] for word in listed} | set(
            f"{_CN}两百几好半每天日夜再过隔等最近前未接今上下这本当年月周星礼农阴旧"
        )
        first |= set("正冬腊大去明后中初底末")
        named = "|".join(f"(?P<{name}>{pattern})" for name, _, pattern in patterns)
        self._pattern = re.compile(f"(?=[\\d{''.join(sorted(first))}])(?:{named})")

    def atoms(self, text: str) -> Iterator[Atom]:
        """All atoms, left to right."""
        for match in self._pattern.finditer(text):
            name = match.lastgroup or ""
            level, pattern = self._kinds[name]
            own = pattern.match(text, match.start())
            if own is not None and name != "greeting":
                yield Atom(name, level, match.start(), match.end(), own.groups())
