"""The parts of a door that an answer adds: 2单元 after 3栋501, 1单元602 after 5栋六楼.

A report whose door was asked about lends an answer what the answer leaves out, as long as they agree; what the report
found is then filed under the whole door. An answer of anything else than parts of a door is left as it was read.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from assistant.domain.numerals import read_number
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import CaseReading, Intent, Move, Reading
from assistant.storage.tables import Account, Report
from assistant.turn.course import Course

#: an answer comes soon after its question (as ``understand.context.GOES_ON``)
_ANSWERS_WITHIN = timedelta(hours=3)
#: a message that is a door and nothing else is no longer
_LONGEST_DOOR = 16
_UNIT_ALONE = re.compile(r"\s*(?:是|在)?\s*([一二三四五六七八九十\d]{1,2})\s*(?:单元|号门)\s*[的哈嘛。.]*\s*")
_BUILDING_ALONE = re.compile(r"\s*(?:是|在)?\s*([一二三四五六七八九十\d]{1,3}|[A-Za-z])\s*[栋幢座]\s*[的哈嘛。.]*\s*")


def filled_in(course: Course, account: Account, reading: Reading) -> Reading:
    """The reading with its doors completed from the report that was asked about; itself where that adds nothing."""
    reading = _chosen(course, account, reading)
    asked = _asked_about(course, account)
    if asked is None:
        return reading
    if reading.moves:
        return _completed(reading, asked)
    part = _part_alone(course.item.text)
    whole = _joined(part, asked) if part is not None else None
    if whole is None:
        return reading
    return Reading(Intent.REPORT, (CaseReading(whole),), moves=(Move(str(asked), whole, ()),))


def _chosen(course: Course, account: Account, reading: Reading) -> Reading:
    """The reading with 302 and 402 as the doors among which it was asked to choose, each where only one fits."""
    parts = {key for key in (*(each.to_key for each in reading.moves), *(each.key for each in reading.cases))}
    parts = {key for key in parts if not is_place(key) and not HouseholdKey.parse(key).is_complete}
    parts -= {str(HouseholdKey())}
    choices = _choices(course, account) if parts else []
    whole: dict[str, str] = {}
    for part in parts:
        fits = [each for each in choices if HouseholdKey.parse(part).fits(HouseholdKey.parse(each))]
        if len(fits) == 1:
            whole[part] = fits[0]
    reading = _renamed(reading, whole) if whole else reading
    alone = reading.cases[0] if len(reading.cases) == 1 and not reading.moves else None
    if alone is None or not _is_only_a_door(alone, course.item.text):
        return reading
    last = _last_asked(course, account)
    asked = (
        next((case for case in course.reading_of(last).cases if alone.key in case.also_fits), None) if last else None
    )
    if asked is None or asked.key == alone.key:
        return reading
    return Reading(Intent.REPORT, (CaseReading(alone.key),), moves=(Move(asked.key, alone.key, ()),))


def _is_only_a_door(case: CaseReading, text: str) -> bool:
    says_more = case.findings or case.circumstances or case.measurements or case.times or case.closes
    return len(text.strip()) <= _LONGEST_DOOR and not says_more and case.visit_quote is None


def _last_asked(course: Course, account: Account) -> Report | None:
    """The account's last report of a short while ago, where it asked something back."""
    last = course.session.exec(
        select(Report)
        .where(Report.account_id == account.id, Report.sent_at <= course.at, col(Report.retracted_at).is_(None))
        .where(Report.sent_at > course.at - _ANSWERS_WITHIN)
        .order_by(col(Report.id).desc())
    ).first()
    return last if last is not None and last.asked is not None else None


def _choices(course: Course, account: Account) -> list[str]:
    """The doors that the account's newest question of which door offered, a short while ago."""
    asked = course.session.exec(
        select(Report)
        .where(Report.account_id == account.id, Report.sent_at <= course.at, col(Report.retracted_at).is_(None))
        .where(Report.sent_at > course.at - _ANSWERS_WITHIN, col(Report.asked).is_not(None))
        .order_by(col(Report.id).desc())
        .limit(5)
    ).all()
    for report in asked:
        # what was moved to its door since has another reading: what was asked stands in the first, or in the newest
        readings = (course.reading_of(report), course.first_reading_of(report))
        doors = [
            key for each in readings for case in each.cases for key in (case.key, *case.also_fits) if case.also_fits
        ]
        if doors := [key for key in dict.fromkeys(doors) if not is_place(key) and HouseholdKey.parse(key).is_complete]:
            return doors
    return []


def _renamed(reading: Reading, whole: Mapping[str, str]) -> Reading:
    moves = tuple(replace(each, to_key=whole.get(each.to_key, each.to_key)) for each in reading.moves)
    cases = tuple(replace(each, key=whole.get(each.key, each.key)) for each in reading.cases)
    return replace(reading, moves=moves, cases=cases)


def _asked_about(course: Course, account: Account) -> HouseholdKey | None:
    """The only incomplete door of the account's last report, where that report asked something back."""
    last = _last_asked(course, account)
    if last is None:
        return None
    keys = [HouseholdKey.parse(each.key) for each in course.reading_of(last).cases if not is_place(each.key)]
    lacking = [key for key in keys if not key.is_complete and not key.is_empty]
    return lacking[0] if len(lacking) == 1 else None


def _completed(reading: Reading, asked: HouseholdKey) -> Reading:
    """Moves from the door that was asked about end at the whole door, and so does what is said of it."""
    whole = {
        each.to_key: joined
        for each in reading.moves
        if each.from_key == str(asked) and (joined := _joined(HouseholdKey.parse(each.to_key), asked)) is not None
    }
    return _renamed(reading, whole)


def _joined(part: HouseholdKey, asked: HouseholdKey) -> str | None:
    """Both together; None where they contradict each other or the part adds nothing."""
    if not part.fits(asked):
        return None
    whole = part.fill_from(asked)
    return str(whole) if whole != asked and whole != part else None


def _part_alone(text: str) -> HouseholdKey | None:
    """A unit or a building, and nothing else."""
    if unit := _UNIT_ALONE.fullmatch(text):
        return HouseholdKey(unit=_plain(unit[1]))
    if building := _BUILDING_ALONE.fullmatch(text):
        return HouseholdKey(building=_plain(building[1]))
    return None


def _plain(number: str) -> str:
    """十二 as 12; letters as they are."""
    read = read_number(number)
    return number.upper() if read is None else f"{read:g}"
