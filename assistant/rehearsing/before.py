"""What was open, and who was missed, before a conversation begins: filed as if it had been found then.

An open matter gets the flags and promises that the rules would have given it on its day; what was urgent then is
acknowledged. All of it hangs under one report of each day, that nobody wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from assistant.app import App
from assistant.domain.access import Retention, Role
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    Finding,
    FraudStage,
    Intent,
    Quote,
    Reading,
    Severity,
    VisitOutcome,
)
from assistant.rehearsing.form import Conversation, OpenBefore
from assistant.storage import apply, codec, episodes, records
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Estate, Household, Matter, ReadingMade, Report, Worker

#: the channel of the reports that nobody wrote
BEFORE = "before"
_MORNING = time(10)
_NOTHING_SAID = Quote("", 0, 0)


@dataclass(frozen=True)
class Past:
    """One thing that happened at a household before the conversation; ``open`` is None for a miss."""

    at: datetime
    key: str
    open: OpenBefore | None


def past_of(conversation: Conversation, app: App) -> list[Past]:
    """Everything that the file says was so before, oldest first."""
    return sorted(_past(conversation, app), key=lambda past: (past.at, past.key))


def _past(conversation: Conversation, app: App) -> Iterator[Past]:
    latest = conversation.starts_at - timedelta(minutes=1)
    for household in conversation.known:
        for matter in household.open:
            at = datetime.combine(matter.since, _MORNING, app.settings.tz)
            yield Past(min(at, latest), household.key, matter)
        for back in range(household.misses_in_a_row, 0, -1):
            yield Past(conversation.starts_at - timedelta(days=back), household.key, None)


def file_past(session: Session, past: Past, app: App) -> None:
    """Put it on record, at the clock's moment, which is the past's own."""
    now = app.now()
    worker = session.exec(select(Worker).where(Worker.role == Role.WORKER).order_by(col(Worker.id))).first()
    place = session.exec(select(Household).where(Household.key == past.key, Household.scope == "")).one()
    assert worker is not None
    report, made = _report(session, worker, place, past, now, app)
    ledger = Ledger(session, now, worker.id, report.id)
    source = apply.Source(report, made, app.minds.rule_book_version)
    case = _case(past)
    known = records.known(session, [place], now)
    decision = app.minds.decide(Reading(Intent.REPORT, (case,)), known, now)[0]
    recorded = apply.record(ledger, source, place, case, decision)
    for flag in recorded.flags:
        if flag.severity is Severity.P0:
            ledger.changes(flag, "acknowledged", acknowledged_at=now)
    if past.open is not None and past.open.times > 1:
        for matter in session.exec(
            select(Matter).where(Matter.household_id == place.id, Matter.kind == past.open.kind)
        ):
            ledger.changes(matter, "found_again", times=past.open.times)
    episodes.bring_up_to_date(ledger, app.minds.episode_window)


def _case(past: Past) -> CaseReading:
    if past.open is None:
        return CaseReading(past.key, visit=VisitOutcome.MISSED)
    stage = FraudStage.CONTACT if past.open.kind.startswith("fraud.") else None
    finding = Finding(past.open.kind, EvidenceState.SEEN, _NOTHING_SAID, stage)
    return CaseReading(past.key, findings=(finding,))


def _report(
    session: Session, worker: Worker, place: Household, past: Past, now: datetime, app: App
) -> tuple[Report, ReadingMade]:
    estate = session.get_one(Estate, place.estate_id)
    kind = past.open.kind if past.open else VisitOutcome.MISSED
    row = new(
        Report,
        area_id=place.area_id,
        retention=Retention.CASE,
        channel=BEFORE,
        message_id=f"{past.key}:{kind}:{past.at.isoformat()}",
        estate_id=estate.id,
        worker_id=worker.id,
        text="",
        sent_at=now,
        received_at=now,
        intent=Intent.REPORT,
    )
    report = Ledger(session, now, worker.id).adds(row, "reported")
    made = new(
        ReadingMade,
        area_id=place.area_id,
        retention=Retention.CASE,
        report_id=report.id,
        knowledge_version=app.minds.knowledge_version,
        made_at=now,
        content=codec.to_json(Reading(Intent.REPORT)),
    )
    session.add(made)
    session.flush()
    return report, made
