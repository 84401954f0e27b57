"""What others than the writing worker are told: coordinators and responders of what is urgent, workers of what is due.

All words are those of ``knowledge/replies.yaml``. A message to others names door, people and what was found; the
worker's words stand in the report, which the coordinator's page shows.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from assistant.dialogue.wording import say_door, say_due, say_people
from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, Severity
from knowledge.replies import Replies


def say_alarm(case: CaseReading, decision: Decision, by: str, severity: Severity, replies: Replies) -> str:
    """One case for somebody else: level, door, people, what a rule concluded, and which worker wrote it."""
    door = say_door(case.key, is_whole_unit=case.is_whole_unit) or replies.sayings.door_unknown
    why = "；".join(dict.fromkeys(flag.why for flag in decision.flags if flag.severity is severity))
    return replies.sayings.told_others.format(
        severity=replies.severities[severity].name, door=door, people=say_people(case, replies), why=why, by=by
    )


class DuePromise(Protocol):
    """A promise that fell due at a door (``schedule.due.DuePromise``). ``due`` is aware."""

    @property
    def key(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def due(self) -> datetime: ...


def say_prompt(due: Sequence[DuePromise], now: datetime, replies: Replies) -> str:
    """The reminder of all that fell due for one worker, each door in its full key form. ``now``: community's zone."""
    sayings = replies.sayings
    if len(due) == 1:
        only = due[0]
        line = sayings.prompt_overdue if only.due < now else sayings.prompt
        return line.format(door=say_door(only.key), what=only.what, due=_say_when(only.due, now, replies))
    lines = [
        sayings.prompt_list_line.format(door=say_door(each.key), what=each.what, due=_say_when(each.due, now, replies))
        for each in due
    ]
    return "\n".join((sayings.prompt_list_head.format(count=len(due)), *lines))


def _say_when(due: datetime, now: datetime, replies: Replies) -> str:
    local = due.astimezone(now.tzinfo)
    if local.date() < now.date():
        return replies.sayings.past_day.format(month=local.month, day=local.day)
    return replies.sayings.today if local < now else say_due(due, now, replies)


def say_proposal(key: str, kind: str, by: str, replies: Replies) -> str:
    """A worker says that a matter is over: the coordinator is asked."""
    door = say_door(key) or replies.sayings.door_unknown
    return replies.sayings.told_of_proposal.format(door=door, people="", what=replies.called(kind), by=by)


def say_withdrawn(key: str, kinds: Sequence[str], by: str, replies: Replies) -> str:
    """A worker took back a report that others were told of."""
    door = say_door(key) or replies.sayings.door_unknown
    what = "、".join(dict.fromkeys(replies.called(kind) for kind in kinds))
    return replies.sayings.told_of_retraction.format(door=door, what=what, by=by)
