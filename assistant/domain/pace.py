"""How insistently a promise is pursued when nobody speaks, and an alarm when nobody acknowledges it.

    a promise    due ──▶ the worker is asked ──▶ coordinator ──▶ community      never further by silence alone
    a P0         told at once ──▶ coordinator ──▶ community ──▶ street          until somebody says 收到

Small things stay in the grid and big ones in the community (小事不出网格、大事不出社区): only a P0 that nobody
takes up reaches the street. Pure: ``next_step`` is given what is on record and the moment, and says what to do and when
to look again. Doing it twice at the same moment does nothing the second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.domain.access import AreaLevel
from assistant.domain.reports import Severity

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

#: how an unacknowledged P0 climbs; each level stands for the coordinator of an area of it
CLIMB = (AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET)


@dataclass(frozen=True)
class Pace:
    """The spans of ``rules/parameters.yaml``; the values here serve a rule book that is older than they are."""

    #: a P0 that nobody acknowledged is told again, one level higher, after so long
    acknowledge: timedelta = timedelta(minutes=10)
    #: … and once it is at the top, again and again
    call_again: timedelta = timedelta(minutes=30)
    #: overdue for so long: the coordinator is told
    to_coordinator: Mapping[Severity, timedelta] = field(
        default_factory=lambda: {Severity.P0: 12 * _HOUR, Severity.P1: 0 * _HOUR, Severity.P2: 0 * _HOUR}
    )
    #: silent for so long after that: the community is told
    to_community: Mapping[Severity, timedelta] = field(
        default_factory=lambda: {Severity.P0: 12 * _HOUR, Severity.P1: _DAY, Severity.P2: 3 * _DAY}
    )
    #: an overdue promise is asked after again
    prompt_again: timedelta = timedelta(days=7)

    def coordinator_after(self, severity: Severity) -> timedelta:
        return self.to_coordinator.get(severity, 3 * _DAY)

    def community_after(self, severity: Severity) -> timedelta:
        return self.to_community.get(severity, 30 * _DAY)


@dataclass(frozen=True)
class Pursued:
    """A promise that has not ended, as the pursuit sees it. The times are aware."""

    severity: Severity
    due_at: datetime
    prompted_at: datetime | None = None
    escalated_to: AreaLevel | None = None
    escalated_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """What to do about a promise now: ask its worker, tell the next level; and when to look at it again."""

    asks: bool
    escalates_to: AreaLevel | None
    look_at: datetime


def next_step(promise: Pursued, now: datetime, pace: Pace) -> Step:
    """What is to be done at ``now``, as if it were done: ``look_at`` lies after ``now``."""
    if now < promise.due_at:
        return Step(asks=False, escalates_to=None, look_at=promise.due_at)
    ask_at = promise.due_at if _is_unasked(promise) else (promise.prompted_at or now) + pace.prompt_again
    asks = ask_at <= now
    escalates_to = _escalates_to(promise, now, pace)
    after = Pursued(
        promise.severity,
        promise.due_at,
        now if asks else promise.prompted_at,
        escalates_to or promise.escalated_to,
        now if escalates_to else promise.escalated_at,
    )
    moments = [now + pace.prompt_again if asks else ask_at, _escalates_at(after, pace)]
    return Step(asks, escalates_to, min(each for each in moments if each is not None and each > now))


def _is_unasked(promise: Pursued) -> bool:
    """Was the worker not asked since it fell due? (The morning's list names it before.)"""
    return promise.prompted_at is None or promise.prompted_at < promise.due_at


def _escalates_to(promise: Pursued, now: datetime, pace: Pace) -> AreaLevel | None:
    at = _escalates_at(promise, pace)
    if at is None or now < at:
        return None
    return AreaLevel.GRID if promise.escalated_to is None else AreaLevel.COMMUNITY


def _escalates_at(promise: Pursued, pace: Pace) -> datetime | None:
    """When silence is told to the next level; None when it has gone as far as silence goes."""
    if promise.escalated_to is None:
        return promise.due_at + pace.coordinator_after(promise.severity)
    if promise.escalated_to is AreaLevel.GRID and promise.escalated_at is not None:
        return promise.escalated_at + pace.community_after(promise.severity)
    return None


def climbs_to(told: AreaLevel | None) -> AreaLevel:
    """The level that is called after ``told``; the highest stays the highest."""
    if told not in CLIMB:
        return CLIMB[0]
    return CLIMB[min(CLIMB.index(told) + 1, len(CLIMB) - 1)]
