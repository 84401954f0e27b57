"""Residents' requests on record: opened by the first report that asks, joined by the next, ended with a yes or a no.

A request whose every report was taken back counts as withdrawn wherever it is looked for; nothing has to be undone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from assistant.domain.access import Retention
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.requests import RequestStage
from assistant.storage import settle
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger, ids_of
from assistant.storage.tables import (
    Estate,
    FindingRow,
    FollowUp,
    Household,
    Matter,
    Report,
    RequestVoice,
    ResidentRequest,
    Worker,
)

_ENDED = tuple(stage for stage in RequestStage if stage.has_ended)
_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)
_STANDING = (MatterState.OPEN, MatterState.PROPOSED)


@dataclass(frozen=True)
class Asker:
    """A worker who reported the request, with the households for whom."""

    worker: Worker
    households: tuple[Household, ...]

    @property
    def doors(self) -> list[str]:
        """The keys of the doors that can be named: no place, none that is not fully known."""
        return [each.key for each in self.households if not each.is_place and not each.scope]


def running(session: Session, estate: Estate) -> list[ResidentRequest]:
    """The requests of the estate that have not ended and that some report still asks for, oldest first."""
    asked = (
        select(RequestVoice.request_id)
        .join(Report, col(Report.id) == RequestVoice.report_id)
        .where(col(Report.retracted_at).is_(None))
    )
    query = select(ResidentRequest).where(
        ResidentRequest.estate_id == estate.id,
        col(ResidentRequest.stage).not_in(_ENDED),
        col(ResidentRequest.id).in_(asked),
    )
    return list(session.exec(query.order_by(col(ResidentRequest.id))))


def latest(session: Session, estate: Estate, at_most: int = 30) -> list[ResidentRequest]:
    """The newest requests of the estate, ended ones too."""
    query = select(ResidentRequest).where(ResidentRequest.estate_id == estate.id)
    return list(session.exec(query.order_by(col(ResidentRequest.id).desc()).limit(at_most)))


def late(session: Session, today: date) -> list[ResidentRequest]:
    """The requests anywhere whose stage should have been over before ``today``."""
    query = select(ResidentRequest).where(
        col(ResidentRequest.stage).not_in(_ENDED), col(ResidentRequest.due_on) < today
    )
    return list(session.exec(query.order_by(col(ResidentRequest.id))))


def wishes_of(session: Session, report: Report, kinds: Collection[str]) -> list[tuple[FindingRow, Household]]:
    """The standing wishes of these kinds that ``report`` put on record, each with its door or place."""
    rows = session.exec(
        select(FindingRow, Household)
        .join(Household, col(Household.id) == FindingRow.household_id)
        .where(FindingRow.report_id == report.id, col(FindingRow.kind).in_(kinds))
        .where(col(FindingRow.withdrawn_at).is_(None))
        .order_by(col(FindingRow.id))
    ).all()
    return [(finding, household) for finding, household in rows if finding.state.is_active]


def ask(ledger: Ledger, report: Report, place: Household, kind: str, about: str, due_on: date) -> ResidentRequest:
    """``report`` asks for ``about``: the running request of the same name is joined, else one is opened."""
    session = ledger.session
    estate = session.get_one(Estate, place.estate_id)
    there = next((one for one in running(session, estate) if one.about == about), None)
    if there is None:
        there = ledger.adds(
            new(
                ResidentRequest,
                area_id=place.area_id,
                estate_id=estate.id,
                kind=kind,
                about=about,
                asked_at=ledger.at,
                stage_at=ledger.at,
                due_on=due_on,
            ),
            "asked",
        )
    voiced = select(RequestVoice.id).where(
        RequestVoice.request_id == there.id,
        RequestVoice.report_id == report.id,
        RequestVoice.household_id == place.id,
    )
    if session.exec(voiced).first() is None:
        ledger.adds(
            new(
                RequestVoice,
                area_id=place.area_id,
                retention=Retention.CASE,
                request_id=there.id,
                report_id=report.id,
                household_id=place.id,
                worker_id=report.worker_id,
                asked_at=ledger.at,
            ),
            "joined",
        )
    return there


def move(ledger: Ledger, request: ResidentRequest, stage: RequestStage, due_on: date | None) -> None:
    """The request stands at ``stage`` now; at its end the matters that it was asked in end too.

    Saying a stage again sets its day anew. Raises ValueError where no arrow leads there.
    """
    if stage is not request.stage and not request.stage.may_become(stage):
        raise ValueError(f"a request that is {request.stage} can't become {stage}")
    ledger.changes(
        request,
        stage.value,
        stage=stage,
        stage_at=ledger.at,
        due_on=None if stage.has_ended else due_on,
        ended_at=ledger.at if stage.has_ended else None,
    )
    if stage.has_ended:
        _end_matters(ledger, request)


def put_off(ledger: Ledger, request: ResidentRequest, until: datetime) -> None:
    """What was promised for the request is due when its stage shall be over: nobody is asked for it before.

    What is overdue already stays so, and is looked at again then.
    """
    places = {voice.household_id for voice in voices(ledger.session, request)}
    promised = (
        select(FollowUp)
        .join(Matter, col(Matter.id) == FollowUp.matter_id)
        .where(col(Matter.household_id).in_(places), Matter.kind == request.kind, col(Matter.state).in_(_STANDING))
        .where(col(FollowUp.state).in_(_RUNNING), FollowUp.due_at < until)
        .order_by(col(FollowUp.id))
    )
    for follow_up in ledger.session.exec(promised).all():
        due_at = follow_up.due_at if follow_up.state is FollowUpState.OVERDUE else until
        ledger.changes(follow_up, "put_off", look_at=until, due_at=due_at)


def askers(session: Session, request: ResidentRequest) -> list[Asker]:
    """Who is owed a word: each worker once, with the doors; reports that were taken back don't count."""
    rows = session.exec(
        select(Worker, Household)
        .join(RequestVoice, col(RequestVoice.worker_id) == Worker.id)
        .join(Household, col(Household.id) == RequestVoice.household_id)
        .join(Report, col(Report.id) == RequestVoice.report_id)
        .where(RequestVoice.request_id == request.id, col(Report.retracted_at).is_(None))
        .where(col(Worker.left_at).is_(None))
        .order_by(col(RequestVoice.id))
    ).all()
    by_worker: dict[int | None, tuple[Worker, list[Household]]] = {}
    for worker, household in rows:
        doors = by_worker.setdefault(worker.id, (worker, []))[1]
        if household not in doors:
            doors.append(household)
    return [Asker(worker, tuple(doors)) for worker, doors in by_worker.values()]


def voices(session: Session, request: ResidentRequest) -> Sequence[RequestVoice]:
    """The reports that ask for it, as long as they stand."""
    return session.exec(
        select(RequestVoice)
        .join(Report, col(Report.id) == RequestVoice.report_id)
        .where(RequestVoice.request_id == request.id, col(Report.retracted_at).is_(None))
        .order_by(col(RequestVoice.id))
    ).all()


def ended_now(session: Session) -> set[int]:
    """The matters that ended in this transaction because their request did: those who asked have had its word."""
    ids = {one for verb in ("done", "declined") for one in ids_of(session, "resident_requests", verb)}
    ended: set[int] = set()
    for request_id in ids:
        request = session.get_one(ResidentRequest, request_id)
        places = {voice.household_id for voice in voices(session, request)}
        query = select(Matter.id).where(col(Matter.household_id).in_(places), Matter.kind == request.kind)
        ended.update(one for one in session.exec(query) if one is not None)
    return ended


def _end_matters(ledger: Ledger, request: ResidentRequest) -> None:
    places = {voice.household_id for voice in voices(ledger.session, request)}
    matters = ledger.session.exec(
        select(Matter)
        .where(col(Matter.household_id).in_(places), Matter.kind == request.kind, col(Matter.state).in_(_STANDING))
        .order_by(col(Matter.id))
    ).all()
    for matter in matters:
        if request.stage is RequestStage.DECLINED:
            _fail_promises(ledger, matter)
        settle.agree_to_close(ledger, matter)


def _fail_promises(ledger: Ledger, matter: Matter) -> None:
    """What was promised can't be had: not done, and not forgotten either."""
    promised = select(FollowUp).where(FollowUp.matter_id == matter.id, col(FollowUp.state).in_(_RUNNING))
    for follow_up in ledger.session.exec(promised.order_by(col(FollowUp.id))).all():
        settle.end_follow_up(ledger, follow_up, FollowUpState.FAILED, "request declined")
