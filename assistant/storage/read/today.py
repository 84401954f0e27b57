"""What a coordinator should look at today: alarms first, then what waits for a word, what is due, what changed.

Each part is short: the first lines and how many there are in all. ``since`` is up to when the viewer saw what came in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import Select, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.masking import sees_names
from assistant.domain.reports import Intent, Severity
from assistant.domain.rights import Right, Viewer
from assistant.storage.read.doors import Door, doors_of
from assistant.storage.read.standing import RUNS, STANDS, rests_on_hearsay
from assistant.storage.records import misses_in_a_row
from assistant.storage.tables import DutySlot, Flag, FollowUp, Matter, Report, Station, Worker
from assistant.storage.viewing import flags_seen_by, follow_ups_seen_by, in_area, reports_seen_by

_SHOWN = 8
#: alarms are never left off for being many, up to what a page can hold
_ALARMS_SHOWN = 40
#: a second miss in a row of the same door
_AGAIN = 2
#: duty that nobody has taken, so many days ahead
_AHEAD = timedelta(days=7)
#: of a flag: who wrote the report, who took the alarm over, and the report that says that it is over
_AUTHOR, _TAKER, _LAST = aliased(Worker), aliased(Worker), aliased(Report)

Line = TypeVar("Line")


@dataclass(frozen=True)
class Part(Generic[Line]):
    """The first lines of a part, and how many there are."""

    lines: tuple[Line, ...] = ()
    count: int = 0

    @property
    def left_off(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True)
class Raised:
    """A flag with the words that led to it. ``words[start:end]`` are the flag's own."""

    flag_id: int
    door: Door
    severity: Severity
    theme: str
    why: str
    raised_at: datetime
    words: str
    start: int
    end: int
    by: str | None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    climbed_to: AreaLevel | None = None
    #: what was said last, where that is another report: the word that it is over
    last_words: str | None = None
    #: what a word on it is about: the matter, or the flag where a rule speaks of no finding; as addresses name it
    held: str = ""


@dataclass(frozen=True)
class Due:
    """A promise that is late or falls due today."""

    follow_up_id: int
    door: Door
    severity: Severity
    owner: Responder
    what: str
    due_at: datetime
    is_overdue: bool
    worker: str | None


@dataclass(frozen=True)
class Missed:
    """A door at which nobody was met several times in a row."""

    door: Door
    severity: Severity
    times: int
    raised_at: datetime


@dataclass(frozen=True)
class PutRight:
    """A report that was corrected or taken back."""

    by: str | None
    at: datetime
    before: str
    after: str | None


@dataclass(frozen=True)
class EmptyTurn:
    """A turn of duty that nobody has."""

    station: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Today:
    """The page. ``reports`` counts what came in since."""

    since: datetime
    reports: int
    alarms: Part[Raised] = field(default_factory=Part)
    waiting: Part[Raised] = field(default_factory=Part)
    due: Part[Due] = field(default_factory=Part)
    fresh: Part[Raised] = field(default_factory=Part)
    missed: Part[Missed] = field(default_factory=Part)
    unsure: Part[Raised] = field(default_factory=Part)
    put_right: Part[PutRight] = field(default_factory=Part)
    empty_turns: Part[EmptyTurn] = field(default_factory=Part)


def todays(session: Session, viewer: Viewer, now: datetime, since: datetime) -> Today:
    """What the viewer should look at. ``now`` is in the community's zone: it says which day is today."""
    alarms, waiting = _alarms(session, viewer), _waiting(session, viewer)
    fresh, unsure = _fresh(session, viewer, since), _unsure(session, viewer)
    # a flag may stand in several parts, and all of them are fetched at once
    raised = _raised(session, viewer, {id_ for part in (alarms, waiting, fresh, unsure) for id_ in part.lines})
    untaken = [id_ for id_ in alarms.lines if raised[id_].acknowledged_at is None]
    return Today(
        since=since,
        reports=_came_in(session, viewer, since),
        alarms=_filled(alarms, raised),
        waiting=_filled(waiting, raised),
        due=_due(session, viewer, now, untaken),
        fresh=_filled(fresh, raised),
        missed=_missed(session, viewer),
        unsure=_filled(unsure, raised),
        put_right=_put_right(session, viewer, min(since, now - timedelta(days=1))),
        empty_turns=_empty_turns(session, viewer, now) if viewer.has(Right.SEE_STATION) else Part(),
    )


def _came_in(session: Session, viewer: Viewer, since: datetime) -> int:
    wanted = (col(Report.id).in_(_received(since)), reports_seen_by(viewer))
    return session.exec(select(func.count()).select_from(Report).where(*wanted)).one()


def _received(since: datetime) -> Select[int | None]:
    """The reports since then, by their ids: so the index of when they came is used, and not that of the area."""
    return sa.select(col(Report.id)).where(col(Report.received_at) > since)


def _alarms(session: Session, viewer: Viewer) -> Part[int]:
    """P0 that stand open: those that nobody acknowledged first, the longest waiting on top."""
    wanted = (Flag.urgency == Severity.P0.urgency, Flag.state == MatterState.OPEN)
    order = (col(Flag.acknowledged_at).is_not(None), col(Flag.raised_at), col(Flag.id))
    return _found(session, viewer, wanted, order, _ALARMS_SHOWN)


def _waiting(session: Session, viewer: Viewer) -> Part[int]:
    """What a worker says is over, and a coordinator must agree to."""
    order = (col(Flag.urgency), col(Flag.raised_at), col(Flag.id))
    return _found(session, viewer, (Flag.state == MatterState.PROPOSED,), order)


def _fresh(session: Session, viewer: Viewer, since: datetime) -> Part[int]:
    """What was raised since the viewer last looked, but for the alarms, which stand above."""
    wanted = (Flag.state == MatterState.OPEN, Flag.urgency != Severity.P0.urgency, Flag.raised_at > since)
    return _found(session, viewer, wanted, (col(Flag.raised_at).desc(), col(Flag.id).desc()))


def _unsure(session: Session, viewer: Viewer) -> Part[int]:
    """What rests on hearsay or a guess alone: nobody has seen it yet."""
    wanted = (Flag.state == MatterState.OPEN, rests_on_hearsay())
    return _found(session, viewer, wanted, (col(Flag.urgency), col(Flag.raised_at).desc()))


def _found(
    session: Session, viewer: Viewer, wanted: Sequence[Any], order: Sequence[Any], at_most: int = _SHOWN
) -> Part[int]:
    """The ids of the first flags that stand, and how many there are: found and counted in one pass."""
    rows = session.execute(
        sa.select(col(Flag.id), func.count().over())
        .where(STANDS, *wanted, flags_seen_by(viewer))
        .order_by(*order)
        .limit(at_most)
    ).all()
    return Part(tuple(id_ for id_, _ in rows), rows[0][1] if rows else 0)


def _filled(found: Part[int], raised: dict[int, Raised]) -> Part[Raised]:
    return Part(tuple(raised[id_] for id_ in found.lines), found.count)


def _due(session: Session, viewer: Viewer, now: datetime, alarming: Sequence[int]) -> Part[Due]:
    """Promises that are late or fall due today, but for those of alarms that nobody took: their cards say it above."""
    tonight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    stands_above = sa.and_(col(FollowUp.flag_id).is_not(None), col(FollowUp.flag_id).in_(alarming))
    wanted: tuple[Any, ...] = (RUNS, FollowUp.due_at < tonight, ~stands_above, follow_ups_seen_by(viewer))
    order = (col(FollowUp.severity), col(FollowUp.due_at), col(FollowUp.id))
    first = sa.select(col(FollowUp.id)).where(*wanted).order_by(*order).limit(_SHOWN)
    rows = session.execute(
        sa.select(
            col(FollowUp.id),
            col(FollowUp.household_id),
            col(FollowUp.severity),
            col(FollowUp.owner),
            col(FollowUp.what),
            col(FollowUp.due_at),
            col(FollowUp.state),
            col(Worker.name),
        )
        .outerjoin(Worker, col(Worker.id) == FollowUp.worker_id)
        .where(col(FollowUp.id).in_(first))
        .order_by(*order)
    ).all()
    count = len(rows)
    if count == _SHOWN:
        count = session.exec(select(func.count()).select_from(FollowUp).where(*wanted)).one()
    doors = doors_of(session, viewer, {row.household_id for row in rows})
    lines = (
        Due(
            row.id,
            doors[row.household_id],
            row.severity,
            row.owner,
            doors[row.household_id].words(row.what),
            row.due_at,
            row.state is FollowUpState.OVERDUE or row.due_at < now,
            row.name,
        )
        for row in rows
    )
    return Part(tuple(lines), count)


def _missed(session: Session, viewer: Viewer) -> Part[Missed]:
    flags = session.exec(
        select(Flag.household_id, func.min(Flag.urgency), func.max(Flag.raised_at))
        .where(STANDS, flags_seen_by(viewer))
        .where(or_(col(Flag.kind) == "elder.no_contact", col(Flag.theme) == "visit"))
        .group_by(col(Flag.household_id))
    ).all()
    misses = misses_in_a_row(session, [household_id for household_id, _, _ in flags]) if flags else {}
    again = [(urgency, raised_at, id_) for id_, urgency, raised_at in flags if misses.get(id_, 0) >= _AGAIN]
    again.sort(key=lambda one: (one[0], one[1]))
    doors = doors_of(session, viewer, {id_ for _, _, id_ in again[:_SHOWN]})
    by_urgency = {severity.urgency: severity for severity in Severity}
    lines = (
        Missed(doors[id_], by_urgency[urgency], misses[id_], raised_at) for urgency, raised_at, id_ in again[:_SHOWN]
    )
    return Part(tuple(lines), len(again))


def _put_right(session: Session, viewer: Viewer, since: datetime) -> Part[PutRight]:
    if not sees_names(viewer):
        return Part((), 0)  # corrections are for who answers for the area, and are full of names
    wanted = (
        col(Report.id).in_(_received(since)),
        col(Report.amends_id).is_not(None),
        col(Report.intent).in_((Intent.CORRECTION, Intent.RETRACTION)),
        reports_seen_by(viewer),
    )
    rows = session.exec(
        select(Report, Worker.name)
        .outerjoin(Worker, col(Worker.id) == Report.worker_id)
        .where(*wanted)
        .order_by(col(Report.sent_at).desc())
        .limit(_SHOWN)
    ).all()
    before_ids = {row.amends_id for row, _ in rows}
    earlier = select(Report.id, Report.text).where(col(Report.id).in_(before_ids))
    before = dict(session.exec(earlier).all()) if rows else {}
    count = len(rows)
    if count == _SHOWN:
        count = session.exec(select(func.count()).select_from(Report).where(*wanted)).one()
    return Part(
        tuple(
            PutRight(
                name, row.sent_at, before.get(row.amends_id, ""), None if row.intent is Intent.RETRACTION else row.text
            )
            for row, name in rows
        ),
        count,
    )


def _empty_turns(session: Session, viewer: Viewer, now: datetime) -> Part[EmptyTurn]:
    wanted = (
        col(DutySlot.worker_id).is_(None),
        DutySlot.ends_at > now,
        DutySlot.starts_at < now + _AHEAD,
        in_area(viewer, DutySlot.area_id),
    )
    rows = session.exec(
        select(DutySlot, Station.name)
        .join(Station, col(Station.id) == DutySlot.station_id)
        .where(*wanted)
        .order_by(col(DutySlot.starts_at))
    ).all()
    lines = (EmptyTurn(name, slot.starts_at, slot.ends_at) for slot, name in rows[:_SHOWN])
    return Part(tuple(lines), len(rows))


def _raised(session: Session, viewer: Viewer, flag_ids: Collection[int]) -> dict[int, Raised]:
    """These flags by their ids, each with the report that it came from and the one that says that it is over."""
    if not flag_ids:
        return {}
    rows = session.execute(
        sa.select(
            col(Flag.id),
            col(Flag.household_id),
            col(Flag.matter_id),
            col(Flag.severity),
            col(Flag.theme),
            col(Flag.why),
            col(Flag.state),
            col(Flag.raised_at),
            col(Flag.quote_start),
            col(Flag.quote_end),
            col(Flag.acknowledged_at),
            col(Flag.climbed_to),
            col(Report.id).label("report_id"),
            col(Report.text),
            col(_AUTHOR.name).label("by"),
            col(_TAKER.name).label("taken_by"),
            col(_LAST.id).label("last_id"),
            col(_LAST.text).label("last_text"),
        )
        .join(Report, col(Report.id) == Flag.report_id)
        .outerjoin(_AUTHOR, col(_AUTHOR.id) == Report.worker_id)
        .outerjoin(_TAKER, col(_TAKER.id) == Flag.acknowledged_by_id)
        .outerjoin(Matter, (col(Matter.id) == Flag.matter_id) & (col(Flag.state) == MatterState.PROPOSED))
        .outerjoin(_LAST, col(_LAST.id) == Matter.settled_by_report_id)
        .where(col(Flag.id).in_(flag_ids))
    ).all()
    doors = doors_of(session, viewer, {row.household_id for row in rows})
    return {row.id: _one_raised(row, doors[row.household_id]) for row in rows}


def _one_raised(row: sa.Row[Any], door: Door) -> Raised:
    was_told_over = row.last_id is not None and row.last_id != row.report_id
    return Raised(
        flag_id=row.id,
        door=door,
        severity=row.severity,
        theme=row.theme,
        why=door.words(row.why),
        raised_at=row.raised_at,
        words=door.words(row.text),
        start=row.quote_start or 0,
        end=row.quote_end or 0,
        by=row.by,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.taken_by,
        climbed_to=row.climbed_to,
        last_words=door.words(row.last_text) if was_told_over else None,
        held=f"matter/{row.matter_id}" if row.matter_id is not None else f"flag/{row.id}",
    )
