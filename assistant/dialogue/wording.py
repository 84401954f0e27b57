"""How doors, people and deadlines are said. Nothing here decides anything."""

import re
from datetime import datetime, timedelta

from assistant.domain.places import PLACE_PREFIX, UNSAID, HouseholdKey, is_place
from assistant.domain.reports import CaseReading
from knowledge.replies import Replies

_WIDE = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
_HAN = "[\u3400-\u9fff”’》）】]"
_NARROW = re.compile(f"(?<={_HAN})[,:;?!]|[,:;?!](?={_HAN})")
#: a deadline this close is "now"
_NOW = timedelta(minutes=15)


def widen(text: str) -> str:
    """Punctuation beside a Chinese character in its full width: rule authors type either."""
    return _NARROW.sub(lambda found: _WIDE[found.group()], text)


def say_door(key: str, *, is_whole_unit: bool = False) -> str:
    """A complete key as it is (``3-2-501``), else the parts that were said (``3栋6楼``); empty when none was.

    A place is called by its own words.
    """
    if is_place(key):
        return key.removeprefix(PLACE_PREFIX)
    household = HouseholdKey.parse(key)
    if household.is_complete:
        return key
    said = ""
    if household.building != UNSAID:
        said += f"{household.building}栋"
    if household.unit not in (UNSAID, "0"):
        said += f"{household.unit}单元"
    if household.is_floor_only:
        said += f"{household.room[:-1]}楼"
    elif household.room != UNSAID:
        said += f"{household.room}号" if household.unit != UNSAID else household.room
    return f"整个{said}" if is_whole_unit else said


def say_people(case: CaseReading, replies: Replies) -> str:
    """The people of a case as the worker called them, at most two; a form of address that is rude is left out."""
    polite = [
        person.called for person in case.people if not any(word in person.called for word in replies.never_repeat)
    ]
    return "、".join(polite[:2])


def say_due(due: datetime, at: datetime, replies: Replies) -> str:
    """When something is due, seen from ``at`` (both aware): 马上, 今天, 明天9点前, 3月9日前."""
    sayings = replies.sayings
    local = due.astimezone(at.tzinfo)
    if local - at <= _NOW:
        return sayings.now
    if local.date() == at.date():
        return sayings.today
    if local.date() == at.date() + timedelta(days=1):
        return sayings.tomorrow.format(hour=local.hour + (1 if local.minute else 0))
    if local.year == at.year:
        return sayings.by_day.format(month=local.month, day=local.day)
    return sayings.by_day_of_year.format(year=local.year, month=local.month, day=local.day)
