"""Promises as lines: what a worker is asked about, what is due today, what stayed undone.

Every door stands there in its full key form. Several lines are gathered by building, because that is how a worker
walks; the building with the most urgent line comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.dialogue.wording import say_door, say_due, widen
from assistant.domain.access import AreaLevel
from assistant.domain.casework import Responder
from assistant.domain.reports import Severity
from knowledge.replies import Replies


@dataclass(frozen=True)
class PromiseTold:
    """One promise at one door. ``due`` is aware; ``by`` is who reported it; a place has no ``building``."""

    key: str
    building: str | None
    kind: str | None
    owner: Responder
    what: str
    due: datetime
    severity: Severity
    by: str = ""


def say_prompt(due: Sequence[PromiseTold], today: Sequence[PromiseTold], now: datetime, replies: Replies) -> str:
    """Ask a worker about all that fell due; ``today`` is what will later this day. ``now``: in the community's zone."""
    sayings = replies.sayings
    if len(due) == 1 and not today:
        only = due[0]
        door, what = say_door(only.key) or sayings.door_unknown, _deed(only, replies)
        if only.severity is Severity.P0:
            return sayings.prompt_urgent.format(door=door, what=what)
        said = sayings.prompt_overdue if only.due < now else sayings.prompt
        return said.format(door=door, what=what, due=_say_when(only.due, now, replies))
    lines = [sayings.prompt_list_head.format(count=len(due)), *_lines(due, now, replies)]
    if today:
        lines += [sayings.prompt_today_head.format(count=len(today)), *_lines(today, now, replies)]
    return "\n".join(lines)


def say_day(today: Sequence[PromiseTold], now: datetime, replies: Replies) -> str:
    """The morning's list: what is due today."""
    return "\n".join((replies.sayings.day_list_head.format(count=len(today)), *_lines(today, now, replies)))


def say_theirs(theirs: Sequence[PromiseTold], now: datetime, replies: Replies) -> str:
    """What a responder is asked to do: door, deed, until when, and who reported it."""
    head = replies.sayings.owner_list_head.format(count=len(theirs))
    return "\n".join((head, *_lines(theirs, now, replies, with_reporter=True, is_theirs=True)))


def say_late(late: Sequence[PromiseTold], level: AreaLevel, now: datetime, replies: Replies) -> str:
    """What stayed undone, for the coordinator or the community."""
    sayings = replies.sayings
    head = sayings.late_head_community if level is AreaLevel.COMMUNITY else sayings.late_head
    return "\n".join((head.format(count=len(late)), *_lines(late, now, replies, with_reporter=True)))


def _lines(
    promises: Sequence[PromiseTold],
    now: datetime,
    replies: Replies,
    *,
    with_reporter: bool = False,
    is_theirs: bool = False,
) -> list[str]:
    sayings = replies.sayings
    buildings = list(dict.fromkeys(each.building for each in promises))
    lines = []
    for building in buildings:
        if building is not None and len(buildings) > 1:
            lines.append(sayings.prompt_building.format(building=building))
        line = sayings.late_line if with_reporter else sayings.prompt_list_line
        lines += [
            line.format(
                door=say_door(each.key) or sayings.door_unknown,
                what=_deed(each, replies, is_theirs=is_theirs),
                due=_say_when(each.due, now, replies),
                **({"by": each.by} if with_reporter else {}),
            )
            for each in promises
            if each.building == building
        ]
    return lines


def _deed(promise: PromiseTold, replies: Replies, *, is_theirs: bool = False) -> str:
    """What it is about, and who shall do what: 软管隐患：燃气公司更换软管并复查."""
    what = widen(promise.what)
    if promise.owner is not Responder.WORKER and not is_theirs:
        owner = replies.responders[promise.owner]
        what = what if what.startswith(owner) else owner + what
    called = replies.called(promise.kind) if promise.kind is not None else ""
    return what if not called or called in what else replies.sayings.about.format(called=called, what=what)


def _say_when(due: datetime, now: datetime, replies: Replies) -> str:
    local = due.astimezone(now.tzinfo)
    if local.date() < now.date():
        return replies.sayings.past_day.format(month=local.month, day=local.day)
    return replies.sayings.today if local <= now else say_due(due, now, replies)
