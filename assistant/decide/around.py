"""Who and what is around a finding: whom a case concerns, which floor, what was found nearby lately, who spoke already.

Pure helpers of the fact maker; each answers one question about the case and the record.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from assistant.domain.numerals import read_number
from assistant.domain.places import PLACE_PREFIX, UNSAID, HouseholdKey, is_place
from assistant.domain.reports import FoundBefore, KnownHousehold, OpenMatter, PersonOnRecord, PersonSaid
from rules.engine.inforce import ThrottleInForce
from rules.engine.model import ThrottleWord


def concerned(said: Iterable[PersonSaid], recorded: Iterable[PersonOnRecord]) -> list[PersonOnRecord]:
    """Whom the case is about: those it names, with what the record adds; all on record where no name fits.

    A name fits when one form of address holds the other: 婆婆 is 李婆婆 here.
    """
    said, recorded = list(said), list(recorded)
    merged, fitted = [], False
    for person in said:
        match = next((each for each in recorded if each.name in person.called or person.called in each.name), None)
        fitted = fitted or match is not None
        merged.append(
            PersonOnRecord(
                person.called,
                person.age if person.age is not None else match.age if match else None,
                person.lives_alone if person.lives_alone is not None else match.lives_alone if match else None,
                person.disabled if person.disabled is not None else match.disabled if match else None,
                match.care_grade if match else None,
            )
        )
    return merged if fitted else merged + recorded


_FLOOR = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,3})(?:楼|层|F)")


def floor_said(place: str) -> int | None:
    """The floor that a place's words name (13栋18楼楼道 → 18); None when they name none."""
    found = _FLOOR.search(place)
    number = read_number(found[1]) if found else None
    return None if number is None else int(number)


_BUILDING = re.compile(r"(\d{1,3}|[A-Za-z])(?:栋|幢|座|号楼)")


@lru_cache(maxsize=50_000)
def building_of(key: str) -> str | None:
    """The building of a door or of a place's words (``place:8栋楼道`` → 8); None where none is named."""
    if is_place(key):
        found = _BUILDING.search(key.removeprefix(PLACE_PREFIX))
        return None if found is None else found[1].upper()
    try:
        building = HouseholdKey.parse(key).building
    except ValueError:
        return None
    return None if building == UNSAID else building


def counted(value: str, kind: str, key: str, days: float, found: Iterable[FoundBefore], on: date) -> int:
    """One of ``language.COUNTED`` for a finding of ``kind`` at ``key`` on that day, which counts itself."""
    lately = [each for each in found if each.kind == kind and 0 <= (on - each.on).days < days]
    match value:
        case "nearby_households":
            return len({key, *(each.key for each in lately)})
        case "building_times":
            building = building_of(key)
            return 1 + sum(building is not None and building_of(each.key) == building for each in lately)
        case _:
            return 1 + sum(each.key == key for each in lately)


def may_speak(
    throttle: ThrottleInForce, rule: str, kind: str | None, key: str, record: KnownHousehold | None, on: date
) -> bool:
    """May a throttled rule speak of ``kind`` (None: of the household) today? Without a record nothing was said yet."""
    spoke = [each.on for each in record.spoke if each.rule == rule and each.kind == kind] if record else []
    last = max((day for day in spoke if day <= on), default=None)
    match throttle.word:
        case ThrottleWord.ONCE_WITHIN:
            return last is None or (on - last).days >= throttle.days
        case ThrottleWord.ONCE_AFTER:
            matter = _open_matter(kind, record)
            stood = matter is not None and (on - matter.since).days >= throttle.days
            return stood and (last is None or matter is None or last < matter.since)
        case ThrottleWord.ACCUMULATE_WITHIN:
            since_then = [each for each in (record.found if record else ()) if last is None or each.on > last]
            return counted("household_times", kind or "", key, throttle.days, since_then, on) >= throttle.times


def _open_matter(kind: str | None, record: KnownHousehold | None) -> OpenMatter | None:
    return next((matter for matter in (record.open if record else ()) if matter.kind == kind), None)
