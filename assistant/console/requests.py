"""诉求: what residents ask for together, and where each request stands. A worker sees those of the own area.

Who answers for the area moves a request on; the workers who reported it are told, and pass the word to the doors. A
sentence that is added goes with the word and stands on no record: words are kept with reports only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.dialogue.requests import say_by_day, say_to_pass_on, say_word_back
from assistant.domain.errors import NotAllowed
from assistant.domain.requests import RequestStage
from assistant.domain.rights import Right, Subject, may, require
from assistant.intake.mask import masked
from assistant.outbox.queue import tell
from assistant.storage import reach, requests
from assistant.storage.ledger import Ledger
from assistant.storage.records import lock_estate
from assistant.storage.tables import Area, Estate, Purpose, ResidentRequest, Worker
from assistant.storage.text import storable
from assistant.storage.viewing import in_area
from knowledge.asides import load_days
from knowledge.signs import OWN

PAGE_PATH = "/console/requests"
MOVE_PATH = "/console/requests/{id}/move"
_AT_MOST = 100
_LONGEST = 120
#: the way that a request goes, as it is shown
WAY = (
    RequestStage.ASKED,
    RequestStage.CONSULTING,
    RequestStage.OPTIONS,
    RequestStage.CONSENTED,
    RequestStage.DONE,
)
#: withdrawn is what taken-back reports make of it, and nobody's to choose
_CHOSEN = (*WAY[1:], RequestStage.DECLINED)


@dataclass(frozen=True)
class Asked:
    """One request with its estate, how many reports ask for it, who hears of it and where it may go from here."""

    request: ResidentRequest
    estate: str
    count: int
    workers: tuple[str, ...]
    is_late: bool
    next: tuple[RequestStage, ...]


def routes(gate: Gate) -> list[BaseRoute]:
    """The page, and its one form. A step without a day takes as long as ``requests.yaml`` says when this is called."""
    days = load_days(OWN / "requests.yaml")

    def move(visit: Visit) -> Response:
        return _move(visit, days)

    return [
        gate.route(PAGE_PATH, Right.SEE_REQUESTS, _page),
        gate.route(MOVE_PATH, Right.RUN_REQUESTS, move, methods=("POST",)),
    ]


def _page(visit: Visit) -> Response:
    with visit.reading() as session:
        asked = _asked(session, visit)
    running = [each for each in asked if not each.request.stage.has_ended]
    ended = [each for each in asked if each.request.stage.has_ended]
    return visit.show("requests.html", running=running, ended=ended, way=WAY)


def _move(visit: Visit, days: Mapping[RequestStage, int]) -> Response:
    """The next step, or the same one with another day; whoever reported it is told."""
    with visit.acting() as ledger:
        request = ledger.session.get(ResidentRequest, visit.number("id"))
        if request is None:
            raise NotAllowed("没有这一条，或者不在您的范围里。")
        path = ledger.session.get_one(Area, request.area_id).path
        require(visit.viewer, Right.RUN_REQUESTS, Subject(path))
        lock_estate(ledger.session, ledger.session.get_one(Estate, request.estate_id))
        ledger.session.refresh(request)
        visit.say(_moved(visit, ledger, request, days))
    return visit.go(PAGE_PATH)


def _moved(visit: Visit, ledger: Ledger, request: ResidentRequest, days: Mapping[RequestStage, int]) -> str:
    replies, today = visit.replies, visit.now.date()
    stage = next((each for each in _next(request) if each == visit.field("stage")), None)
    if stage is None:
        return "这件诉求刚才已经变了，没有动。请看最新的。"
    due_on = None
    if not stage.has_ended:
        written = visit.field("due_on")
        try:
            due_on = date.fromisoformat(written) if written else today + timedelta(days=days[stage])
        except ValueError:
            return "日子没写对，写成 2026-03-06。没有动。"
        if due_on < today:
            return "日子已经过了，请另写一个。没有动。"
    owed = requests.askers(ledger.session, request)
    requests.move(ledger, request, stage, due_on)
    added = storable(masked(visit.field("words")[:_LONGEST])).text
    news = say_word_back(request.about, stage, due_on, replies) + (f"{added.rstrip('。')}。" if added else "")
    told = {visit.viewer.worker_id}
    for asker in owed:
        if asker.worker.id not in told:
            told.add(asker.worker.id or 0)
            _tell(ledger, request, asker.worker, say_to_pass_on(news, asker.doors, replies))
    count = len(told) - 1
    for person in reach.coordinators_of(ledger.session, request.area_id):
        if person.id not in told:
            _tell(ledger, request, person, news)
    return replies.requests.noted.format(
        about=request.about,
        number=request.id,
        stage=replies.requests.stages[stage],
        by_day=say_by_day(due_on, replies),
        told=replies.requests.told_back.format(count=count) if count else replies.requests.told_nobody,
    )


def _tell(ledger: Ledger, request: ResidentRequest, to: Worker, text: str) -> None:
    key = f"request:{request.id}:{request.stage}:{ledger.at.isoformat()}:{to.id}"
    tell(ledger.session, to, key=key, purpose=Purpose.NOTICE, text=text, now=ledger.at)


def _asked(session: Session, visit: Visit) -> list[Asked]:
    """The newest first, those whose word back is late before all others. One that nobody asks for any more is none."""
    rows = session.exec(
        select(ResidentRequest, Estate.name, Area.path)
        .join(Estate, col(Estate.id) == ResidentRequest.estate_id)
        .join(Area, col(Area.id) == ResidentRequest.area_id)
        .where(in_area(visit.viewer, ResidentRequest.area_id))
        .order_by(col(ResidentRequest.id).desc())
        .limit(_AT_MOST)
    ).all()
    found = []
    for request, estate, path in rows:
        count = len(requests.voices(session, request))
        if not count:
            continue
        may_move = may(visit.viewer, Right.RUN_REQUESTS, Subject(path))
        found.append(
            Asked(
                request,
                estate,
                count,
                tuple(asker.worker.name for asker in requests.askers(session, request)),
                is_late=not request.stage.has_ended
                and request.due_on is not None
                and request.due_on < visit.now.date(),
                next=_next(request) if may_move else (),
            )
        )
    return sorted(found, key=lambda each: not each.is_late)


def _next(request: ResidentRequest) -> tuple[RequestStage, ...]:
    """Where it may go: on, back to asking the neighbours, or the same step again with another day."""
    if request.stage.has_ended:
        return ()
    return tuple(each for each in _CHOSEN if each is request.stage or request.stage.may_become(each))
