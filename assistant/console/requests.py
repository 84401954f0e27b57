"""诉求: what residents ask for together, and where each request stands. A worker sees those of the own area."""

from dataclasses import dataclass

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.domain.rights import Right
from assistant.storage import requests
from assistant.storage.tables import Estate, ResidentRequest
from assistant.storage.viewing import in_area

PAGE_PATH = "/console/requests"
_AT_MOST = 100


@dataclass(frozen=True)
class Asked:
    """One request with its estate and how many reports ask for it."""

    request: ResidentRequest
    estate: str
    count: int
    is_late: bool


def routes(gate: Gate) -> list[BaseRoute]:
    return [gate.route(PAGE_PATH, Right.SEE_REQUESTS, _page)]


def _page(visit: Visit) -> Response:
    with visit.reading() as session:
        asked = _asked(session, visit)
    running = [each for each in asked if not each.request.stage.has_ended]
    ended = [each for each in asked if each.request.stage.has_ended]
    return visit.show("requests.html", running=running, ended=ended)


def _asked(session: Session, visit: Visit) -> list[Asked]:
    """The newest first, those whose word back is late before all others. One that nobody asks for any more is none."""
    rows = session.exec(
        select(ResidentRequest, Estate.name)
        .join(Estate, col(Estate.id) == ResidentRequest.estate_id)
        .where(in_area(visit.viewer, ResidentRequest.area_id))
        .order_by(col(ResidentRequest.id).desc())
        .limit(_AT_MOST)
    ).all()
    found = []
    for request, estate in rows:
        count = len(requests.voices(session, request))
        is_late = not request.stage.has_ended and request.due_on is not None and request.due_on < visit.now.date()
        if count:
            found.append(Asked(request, estate, count, is_late))
    return sorted(found, key=lambda each: not each.is_late)
