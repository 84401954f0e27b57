"""The word lists of ``knowledge/language/``: places, people, times and numbers, as frozen types.

    places = load_language().places          # the project's own, read once
    places = load_language(Path("/etc/…")).places

Only words stand in the files; how words make a door, a person or a time is grammar, in ``assistant/understand``.
A missing, unknown or empty list is a KnowledgeError with file and line.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from assistant.domain.errors import KnowledgeError
from knowledge import yamlfile

OWN = Path(__file__).parent / "language"

Words = tuple[str, ...]
WordGroups = tuple[tuple[str, ...], ...]
Renames = Mapping[str, str]
#: 称谓 → 性别, 至少几岁
Titles = Mapping[str, tuple[str, int]]
#: 叫法 → 性别, 至少几岁, 至多几岁
Persons = Mapping[str, tuple[str, int, int]]
Ranges = Mapping[str, tuple[int, int]]
Offsets = Mapping[str, int]
#: 节 → 月, 日, 几天
Feasts = Mapping[str, tuple[int, int, int]]
#: 正月初一, 闰几月, 各月大小, 清明, 冬至
LunarYear = tuple[str, int, str, str, str]
LunarYears = Mapping[int, LunarYear]
Sizes = Mapping[str, float]
Table = TypeVar("Table")


@dataclass(frozen=True)
class PlaceWords:
    """places.yaml. ``spots`` are grouped only for the editor's sake: the groups mean nothing here."""

    building: Words
    building_misheard: Words
    unit: Words
    unit_misheard: Words
    unit_unnumbered: Words
    gateway: Words
    row: Words
    ground_floor: Words
    top_floor: Words
    area: Words
    counters: Words
    not_counters: Words
    after_a_surname: Words
    loose_counters: Words
    number_cues: Words
    reading_words: Words
    phones: Words
    upstairs: Words
    downstairs: Words
    opposite: Words
    next_door: Words
    not_neighbour_after: Words
    floor_stay_before: Words
    flow_verbs: Words
    spot_prefixes: Words
    spots: Words
    numbered_spots: Words
    landmarks: Words
    gates: Words
    not_gate_after: Words
    passages: Words
    sides: Words
    locatives: Words
    not_a_place: Words
    own_before: Words
    own_spots: Words
    home_doors: Words
    shut_after: Words
    common_things: Words
    worked_on: Words
    things_after: Words
    shop_words: Words
    prepositions: Words


@dataclass(frozen=True)
class NumberWords:
    """numbers.yaml. ``age_words`` give the lowest and highest age, ``duration_units`` the days of one unit."""

    money_units: Words
    money_verbs: Words
    money_verbs_weak: Words
    money_nouns: Words
    not_money: Words
    pressure: Words
    high_pressure: Words
    low_pressure: Words
    pressure_units: Words
    reading_fillers: Words
    glucose: Words
    glucose_fasting: Words
    glucose_after_meal: Words
    glucose_random: Words
    glucose_measured: Words
    glucose_signs: Words
    not_glucose_after: Words
    other_values: Words
    fever: Words
    age_words: Ranges
    age_before: Words
    duration_units: Sizes
    not_duration_after: Words


@dataclass(frozen=True)
class PeopleWords:
    """people.yaml. ``titles_alike`` are groups of titles that one person may be called by."""

    surnames: Words
    compound_surnames: Words
    surnames_unsure: Words
    surnames_rare: Words
    titles: Titles
    titles_misheard: Renames
    titles_alike: WordGroups
    family_goes_on: Words
    not_a_title: Words
    not_a_person: Words
    staff_titles: Words
    staff: Words
    generic: Persons
    kin_owners: Words
    kin: Words
    not_old_after: Words
    not_young_after: Words
    heard_before: Words
    speaks_after: Words


@dataclass(frozen=True)
class TimeWords:
    """times.yaml. ``now`` is in minutes from the message, ``vague`` in days, ``parts`` in hours of the day."""

    days: Offsets
    short_days: Offsets
    parts: Ranges
    now: Ranges
    vague: Ranges
    solar_feasts: Feasts
    lunar_feasts: Feasts
    solar_terms: Words
    future_words: Words
    past_words: Words
    lunar_years: LunarYears


@dataclass(frozen=True)
class IdiomWords:
    """idioms.yaml: small turns of speech, each list named for what it tells."""

    refers_back: Words
    that_home_before: Words
    that_home: Words
    no_home_after: Words
    goes_on_first: Words
    leans_on_before: Words
    tries_again: Words
    tries_again_at: Words
    one_meant: Words
    several_meant: Words
    asks_whom: Words
    asks_first: Words
    not_asking_after: Words
    question_endings: Words
    notices: Words
    notices_links: Words
    towards: Words
    flows: Words
    beside: Words
    not_answered: Words
    asks_at: Words
    says_of_it: Words
    tells_at: Words
    leaves_word: Words
    kin: Words
    lives_at: Words
    other_estates: Words
    all_well: Words
    told_of_a_floor: Words
    replaced_by: Words
    next_one: Words
    looks_round: Words
    finds: Words
    indoors: Words
    lives_below: Words
    shopkeepers: Words
    online: Words
    goes_there: Words
    not_going_before: Words
    becomes: Words
    wished_at: Words
    held_by: Words
    some_time: Words
    says_where: Words
    singled_out: Words
    stands_at: Words
    drawn_to: Words
    no_speech: Words
    spoken_to: Words
    to_me: Words
    not_said: Words
    i_speak: Words
    heard_from: Words
    heard_from_right: Words
    not_heard_from: Words
    told_worker: Words
    sent_me: Words
    said_to_them: Words
    focus: Words
    brought_forward: Words
    calls_them: Words
    each_of_them: Words
    inside_of: Words
    beside_the_point: Words
    taught_to: Words
    told_to: Words


@dataclass(frozen=True)
class Language:
    """All word lists, checked."""

    places: PlaceWords
    numbers: NumberWords
    people: PeopleWords
    times: TimeWords
    idioms: IdiomWords


@cache
def load_language(directory: Path = OWN) -> Language:
    """Read and check every file of ``directory``. Raises KnowledgeError with file and line."""
    return Language(
        places=_read(directory / "places.yaml", PlaceWords),
        numbers=_read(directory / "numbers.yaml", NumberWords),
        people=_read(directory / "people.yaml", PeopleWords),
        times=_read(directory / "times.yaml", TimeWords),
        idioms=_read(directory / "idioms.yaml", IdiomWords),
    )


def _read(path: Path, table: type[Table]) -> Table:
    content = yamlfile.load(path)
    if not isinstance(content, dict):
        raise KnowledgeError(path.name, 1, "文件应当是「名称: 词表」的样子")
    wanted = {field.name: field for field in fields(table)}  # type: ignore[arg-type]
    for name in content:
        if name not in wanted:
            line = yamlfile.line_of(path, [name])
            raise KnowledgeError(path.name, line, f"没有「{name}」这个词表", _nearest(name, wanted))
    for name, field in wanted.items():
        if name not in content and field.default is MISSING:
            raise KnowledgeError(path.name, None, f"缺少词表「{name}」", f"请加上一行 {name}: [...]")
    types = get_type_hints(table)
    return table(**{name: _as_type(path, name, value, types[name]) for name, value in content.items()})


def _as_type(path: Path, name: str, value: Any, wanted: Any) -> Any:
    if wanted == Words:
        return _words(path, [name], value)
    if wanted == WordGroups:
        return tuple(_words(path, [name, index], group) for index, group in enumerate(value))
    if not isinstance(value, dict) or not value:
        raise KnowledgeError(path.name, yamlfile.line_of(path, [name]), f"「{name}」应当是「词: 值」的样子")
    read = _READERS[str(wanted)]
    return MappingProxyType({word: read(path, [name, word], entry) for word, entry in value.items()})


def _range(path: Path, keys: list[str | int], value: Any) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(number, int) for number in value):
        return value[0], value[1]
    raise KnowledgeError(path.name, yamlfile.line_of(path, keys), f"「{keys[-1]}」应当是两个整数", "写成 [最少, 最多]")


def _size(path: Path, keys: list[str | int], value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise KnowledgeError(path.name, yamlfile.line_of(path, keys), f"「{keys[-1]}」应当是一个数")


def _offset(path: Path, keys: list[str | int], value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise KnowledgeError(path.name, yamlfile.line_of(path, keys), f"「{keys[-1]}」应当是一个整数")


def _feast(path: Path, keys: list[str | int], value: Any) -> tuple[int, ...]:
    if isinstance(value, list) and len(value) == 3 and all(isinstance(number, int) for number in value):
        return tuple(value)
    raise KnowledgeError(path.name, yamlfile.line_of(path, keys), f"「{keys[-1]}」写得不对", "写成 [月, 日, 几天]")


def _lunar_year(path: Path, keys: list[str | int], value: Any) -> tuple[Any, ...]:
    if isinstance(value, list) and len(value) == 5 and len(value[2]) == (13 if value[1] else 12):
        return tuple(value)
    mend = "写成 [正月初一, 闰几月, 各月大小, 清明, 冬至]"
    raise KnowledgeError(path.name, yamlfile.line_of(path, keys), f"「{keys[-1]}」年写得不对", mend)


def _word(path: Path, keys: list[str | int], value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    raise KnowledgeError(path.name, yamlfile.line_of(path, keys), f"「{keys[-1]}」应当是一个词")


def _sex_and_ages(path: Path, keys: list[str | int], value: Any) -> tuple[Any, ...]:
    is_row = isinstance(value, list) and len(value) in (2, 3) and value[0] in ("男", "女", "")
    if is_row and all(isinstance(number, int) for number in value[1:]):
        return tuple(value)
    raise KnowledgeError(path.name, yamlfile.line_of(path, keys), f"「{keys[-1]}」写得不对", "写成 [男或女, 岁数]")


_READERS: dict[str, Callable[[Path, list[str | int], Any], Any]] = {
    str(Ranges): _range,
    str(Offsets): _offset,
    str(Feasts): _feast,
    str(LunarYears): _lunar_year,
    str(Sizes): _size,
    str(Renames): _word,
    str(Titles): _sex_and_ages,
    str(Persons): _sex_and_ages,
}


def _words(path: Path, keys: list[str | int], value: Any) -> Words:
    if isinstance(value, dict):
        return tuple(word for key, group in value.items() for word in _words(path, [*keys, key], group))
    if not isinstance(value, list) or not value:
        line = yamlfile.line_of(path, keys)
        raise KnowledgeError(path.name, line, f"「{keys[-1]}」应当是非空的词表", "写成 [词, 词]")
    for index, word in enumerate(value):
        if not isinstance(word, str) or not word.strip():
            line = yamlfile.line_of(path, [*keys, index])
            raise KnowledgeError(path.name, line, f"「{keys[-1]}」里有一项不是词:{word!r}", "数字请加引号")
    return tuple(value)


def _nearest(name: str, wanted: Mapping[str, Any]) -> str:
    shared = {other: len(set(name) & set(other)) for other in wanted}
    return f"是不是想写「{max(shared, key=lambda other: shared[other])}」?"
