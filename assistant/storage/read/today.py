"""What a coordinator should look at today: alarms first, then what waits for a word, what is due, what changed.

Each part is short: the first lines and how many there are in all. ``since`` is up to when the viewer saw what came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import Select, func, or_
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
    alarms = _alarms(session, viewer)
    return Today(
        since=since,
        reports=_came_in(session, viewer, since),
        alarms=alarms,
        waiting=_waiting(session, viewer),
        due=_due(session, viewer, now, [line.flag_id for line in alarms.lines if line.acknowledged_at is None]),
        fresh=_fresh(session, viewer, since),
        missed=_missed(session, viewer),
        unsure=_unsure(session, viewer),
        put_right=_put_right(session, viewer, min(since, now - timedelta(days=1))),
        empty_turns=_empty_turns(session, viewer, now) if viewer.has(Right.SEE_STATION) else Part(),
    )


def _came_in(session: Session, viewer: Viewer, since: datetime) -> int:
    wanted = (col(Report.id).in_(_received(since)), reports_seen_by(viewer))
    return session.exec(select(func.count()).select_from(Report).where(*wanted)).one()


def _received(since: datetime) -> Select[int | None]:
    """The reports since then, by their ids: so the index of when they came is used, and not that of the area."""
    return sa.select(col(Report.id)).where(col(Report.received_at) > since)


def _alarms(session: Session, viewer: Viewer) -> Part[Raised]:
    """P0 that stand open: those that nobody acknowledged first, the longest waiting on top."""
    wanted = (STANDS, Flag.urgency == Severity.P0.urgency, Flag.state == MatterState.OPEN, flags_seen_by(viewer))
    flags = session.exec(
        select(Flag)
        .where(*wanted)
        .order_by(col(Flag.acknowledged_at).is_not(None), col(Flag.raised_at), col(Flag.id))
        .limit(_ALARMS_SHOWN)
    ).all()
    return Part(_raised(session, viewer, flags), _count(session, wanted, flags, _ALARMS_SHOWN))


def _waiting(session: Session, viewer: Viewer) -> Part[Raised]:
    """What a worker says is over, and a coordinator must agree to."""
    wanted = (STANDS, Flag.state == MatterState.PROPOSED, flags_seen_by(viewer))
    flags = session.exec(
        select(Flag).where(*wanted).order_by(col(Flag.urgency), col(Flag.raised_at), col(Flag.id)).limit(_SHOWN)
    ).all()
    return Part(_raised(session, viewer, flags), _count(session, wanted, flags))


def _fresh(session: Session, viewer: Viewer, since: datetime) -> Part[Raised]:
    """What was raised since the viewer last looked, but for the alarms, which stand above."""
    wanted = (
        STANDS,
        Flag.state == MatterState.OPEN,
        Flag.severity != Severity.P0,
        Flag.raised_at > since,
        flags_seen_by(viewer),
    )
    flags = session.exec(
        select(Flag).where(*wanted).order_by(col(Flag.raised_at).desc(), col(Flag.id).desc()).limit(_SHOWN)
    ).all()
    return Part(_raised(session, viewer, flags), _count(session, wanted, flags))


def _unsure(session: Session, viewer: Viewer) -> Part[Raised]:
    """What rests on hearsay or a guess alone: nobody has seen it yet."""
    wanted = (STANDS, Flag.state == MatterState.OPEN, rests_on_hearsay(), flags_seen_by(viewer))
    flags = session.exec(
        select(Flag).where(*wanted).order_by(col(Flag.urgency), col(Flag.raised_at).desc()).limit(_SHOWN)
    ).all()
    return Part(_raised(session, viewer, flags), _count(session, wanted, flags))


def _due(session: Session, viewer: Viewer, now: datetime, alarming: Sequence[int]) -> Part[Due]:
    """Promises that are late or fall due today, but for those of alarms that nobody took: their cards say it above."""
    tonight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    stands_above = sa.and_(col(FollowUp.flag_id).is_not(None), col(FollowUp.flag_id).in_(alarming))
    wanted = (RUNS, FollowUp.due_at < tonight, ~stands_above, follow_ups_seen_by(viewer))
    rows = session.exec(
        select(FollowUp, Worker.name)
        .outerjoin(Worker, col(Worker.id) == FollowUp.worker_id)
        .where(*wanted)
        .order_by(col(FollowUp.severity), col(FollowUp.due_at), col(FollowUp.id))
        .limit(_SHOWN)
    ).all()
    count = session.exec(select(func.count()).select_from(FollowUp).where(*wanted)).one()
    doors = doors_of(session, viewer, {row.household_id for row, _ in rows})
    lines = (
        Due(
            row.id or 0,
            doors[row.household_id],
            row.severity,
            row.owner,
            doors[row.household_id].words(row.what),
            row.due_at,
            row.state is FollowUpState.OVERDUE or row.due_at < now,
            name,
        )
        for row, name in rows
    )
    return Part(tuple(lines), count)


def _missed(session: Session, viewer: Viewer) -> Part[Missed]:
    flags = session.exec(
        select(Flag.household_id, func.min(Flag.urgency), func.max(Flag.raised_at))
        .where(STANDS, flags_seen_by(viewer))
        .where(or_(col(Flag.kind) == "elder.no_contact", col(Flag.theme) == "visit"))
        .group_by(col(Flag.household_id))
    ).all()
    misses = misses_in_a_row(session, [household_id for household_id, _, _ in flags])
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
    before = dict(session.exec(select(Report.id, Report.text).where(col(Report.id).in_(before_ids))).all())
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


def _raised(session: Session, viewer: Viewer, flags: Sequence[Flag]) -> tuple[Raised, ...]:
    doors = doors_of(session, viewer, {flag.household_id for flag in flags})
    matter_ids = {flag.matter_id for flag in flags if flag.state is MatterState.PROPOSED}
    ended_by = select(Matter.id, Matter.settled_by_report_id).where(col(Matter.id).in_(matter_ids))
    over_by = dict(session.exec(ended_by).all())
    report_ids = {flag.report_id for flag in flags} | {id_ for id_ in over_by.values() if id_ is not None}
    reports = {row.id: row for row in session.exec(select(Report).where(col(Report.id).in_(report_ids)))}
    worker_ids = {row.worker_id for row in reports.values()} | {flag.acknowledged_by_id for flag in flags}
    names = dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(worker_ids))).all())
    found = []
    for flag in flags:
        report = reports[flag.report_id]
        last = reports.get(over_by.get(flag.matter_id))
        door = doors[flag.household_id]
        found.append(
            Raised(
                flag_id=flag.id or 0,
                door=door,
                severity=flag.severity,
                theme=flag.theme,
                why=door.words(flag.why),
                raised_at=flag.raised_at,
                words=door.words(report.text),
                start=flag.quote_start or 0,
                end=flag.quote_end or 0,
                by=names.get(report.worker_id),
                acknowledged_at=flag.acknowledged_at,
                acknowledged_by=names.get(flag.acknowledged_by_id),
                climbed_to=flag.climbed_to,
                last_words=door.words(last.text) if last is not None and last.id != report.id else None,
                held=f"matter/{flag.matter_id}" if flag.matter_id is not None else f"flag/{flag.id}",
            )
        )
    return tuple(found)


def _count(session: Session, wanted: Sequence[object], shown: Sequence[Flag], at_most: int = _SHOWN) -> int:
    """How many there are: the database is asked only where more may be left."""
    if len(shown) < at_most:
        return len(shown)
    return session.exec(select(func.count()).select_from(Flag).where(*wanted)).one()  # type: ignore[arg-type]
