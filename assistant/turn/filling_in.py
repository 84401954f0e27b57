"""The parts of a door that an answer adds: 2单元 after 3栋501, 1单元602 after 5栋六楼.

A report whose door was asked about lends an answer what the answer leaves out, as long as they agree; what the report
found is then filed under the whole door. An answer of anything else than parts of a door is left as it was read.
"""

import re
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
_UNIT_ALONE = re.compile(r"\s*(?:是|在)?\s*([一二三四五六七八九十\d]{1,2})\s*(?:单元|号门)\s*[的哈嘛。.]*\s*")
_BUILDING_ALONE = re.compile(r"\s*(?:是|在)?\s*([一二三四五六七八九十\d]{1,3}|[A-Za-z])\s*[栋幢座]\s*[的哈嘛。.]*\s*")


def filled_in(course: Course, account: Account, reading: Reading) -> Reading:
    """The reading with its doors completed from the report that was asked about; itself where that adds nothing."""
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


def _asked_about(course: Course, account: Account) -> HouseholdKey | None:
    """The only incomplete door of the account's last report, where that report asked something back."""
    last = course.session.exec(
        select(Report)
        .where(Report.account_id == account.id, Report.sent_at <= course.at, col(Report.retracted_at).is_(None))
        .where(Report.sent_at > course.at - _ANSWERS_WITHIN)
        .order_by(col(Report.id).desc())
    ).first()
    if last is None or last.asked is None:
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
    moves = tuple(replace(each, to_key=whole.get(each.to_key, each.to_key)) for each in reading.moves)
    cases = tuple(replace(each, key=whole.get(each.key, each.key)) for each in reading.cases)
    return replace(reading, moves=moves, cases=cases)


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
