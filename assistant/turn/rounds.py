"""The daily round: what the calendar and the record alone call for, without any message.

Once a day each worker's households are decided as if nobody had said anything: rules of the season, of long unseen
people and of check-ups speak then. What follows is filed under a report of the round, so that it can be seen, explained
and ended like everything else; a day on which nothing follows leaves no trace. Nothing is sent from here: the promises
fall due and are prompted for, merged, by the schedule, which also calls of a P0 (``schedule.first_calls``). Doing it
again on the same day changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from assistant.domain.access import Retention, Role
from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, Intent, KnownHousehold, Reading, Severity
from assistant.schedule.clock import Clock
from assistant.storage import apply, codec, episodes, history, records
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import ROUND, Estate, Flag, Household, ReadingMade, Report, Resident, Worker
from assistant.turn.minds import Minds


@dataclass
class Rounds:
    """``at`` is the community's time of day from which the round is made; None: never."""

    database: Database
    clock: Clock
    zone: ZoneInfo
    at: time | None
    _made: dict[int, date] = field(default_factory=dict)

    def look(self, minds: Minds) -> bool:
        """Make the round of one worker who has had none today. Was there one?"""
        now = self.clock.now().astimezone(self.zone)
        if self.at is None or now.time() < self.at:
            return False
        with self.database.reading() as session:
            workers = session.exec(
                select(Worker.id)
                .where(Worker.role == Role.WORKER, col(Worker.left_at).is_(None))
                .order_by(col(Worker.id))
            ).all()
        waiting = next((each for each in workers if each is not None and self._made.get(each) != now.date()), None)
        if waiting is None:
            return False
        with self.database.writing() as session:
            make_round(session, session.get_one(Worker, waiting), minds, now)
        self._made[waiting] = now.date()
        return True


def make_round(session: Session, worker: Worker, minds: Minds, now: datetime) -> int:
    """The worker's households of today, decided without a message. How many something followed for. ``now``: local."""
    message_id = f"{now.date()}:{worker.id}"
    if session.exec(select(Report.id).where(Report.channel == ROUND, Report.message_id == message_id)).first():
        return 0
    report: Report | None = None
    made: ReadingMade | None = None
    flagged = 0
    for estate, households in _households(session, worker):
        records.lock_estate(session, estate)
        known = history.with_history(session, estate, records.known(session, households, now), (), now)
        for household, one, decision in _decided(households, known, minds, now):
            if not decision.flags:
                continue
            if report is None or made is None:
                report, made = _report(session, worker, estate, minds, message_id, now)
            ledger = Ledger(session, now, None, report.id)
            source = apply.Source(report, made, minds.rule_book_version)
            recorded = apply.record(ledger, source, household, CaseReading(one.key), decision)
            _have_called(ledger, recorded.flags)
            flagged += 1
    if report is not None:
        episodes.bring_up_to_date(Ledger(session, now, None, report.id), minds.episode_window)
    return flagged


def _have_called(ledger: Ledger, flags: Sequence[Flag]) -> None:
    """Ask the schedule to call of each P0, unless the day before did: then its climb goes on, or somebody heard it."""
    for flag in flags:
        if flag.severity is not Severity.P0:
            continue
        older = ledger.session.exec(select(Flag).where(Flag.superseded_by_id == flag.id)).first()
        if older is None or older.severity is not Severity.P0:
            ledger.changes(flag, "to_be_called", call_at=ledger.at)
        elif older.called_at is not None:
            ledger.changes(
                flag,
                "called",
                called_at=older.called_at,
                call_at=older.call_at,
                climbed_to=older.climbed_to,
                acknowledged_at=older.acknowledged_at,
                acknowledged_by_id=older.acknowledged_by_id,
            )


def _households(session: Session, worker: Worker) -> list[tuple[Estate, list[Household]]]:
    """The worker's doors where somebody is on record, by estate."""
    lived_in = select(Resident.household_id).where(
        Resident.area_id == worker.area_id, col(Resident.withdrawn_at).is_(None), col(Resident.moved_away_on).is_(None)
    )
    rows = session.exec(
        select(Household)
        .where(Household.area_id == worker.area_id, Household.scope == "", col(Household.id).in_(lived_in))
        .order_by(col(Household.estate_id), col(Household.id))
    ).all()
    by_estate: dict[int, list[Household]] = {}
    for row in rows:
        by_estate.setdefault(row.estate_id, []).append(row)
    return [(session.get_one(Estate, estate_id), here) for estate_id, here in by_estate.items()]


def _decided(
    households: Sequence[Household], known: Sequence[KnownHousehold], minds: Minds, now: datetime
) -> list[tuple[Household, KnownHousehold, Decision]]:
    reading = Reading(Intent.OTHER, tuple(CaseReading(one.key) for one in known))
    return list(zip(households, known, minds.decide(reading, known, now), strict=True))


def _report(
    session: Session, worker: Worker, estate: Estate, minds: Minds, message_id: str, now: datetime
) -> tuple[Report, ReadingMade]:
    row = new(
        Report,
        area_id=worker.area_id,
        retention=Retention.CASE,
        channel=ROUND,
        message_id=message_id,
        estate_id=estate.id,
        worker_id=worker.id,
        text="",
        sent_at=now,
        received_at=now,
        intent=Intent.OTHER,
    )
    report = Ledger(session, now).adds(row, "rounded")
    made = new(
        ReadingMade,
        area_id=worker.area_id,
        retention=Retention.CASE,
        report_id=report.id,
        knowledge_version=minds.knowledge_version,
        made_at=now,
        content=codec.to_json(Reading(Intent.OTHER)),
    )
    session.add(made)
    session.flush()
    return report, made
