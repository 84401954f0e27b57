"""The short list of flagged households, kept up to date without a reload: it stands beside the chat."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.flagged import FlaggedList, flagged_households
from assistant.console.gate import Gate, Visit
from assistant.domain.rights import Right

LIST_PATH = "/console/flagged"


@dataclass(frozen=True)
class Board:
    """What the list's template shows."""

    coordinator: str
    path: str
    list: FlaggedList


def board_of(visit: Visit) -> Board:
    """The list as it stands for the viewer."""
    with visit.reading() as session:
        return Board(visit.viewer.name, LIST_PATH, flagged_households(session, visit.viewer, visit.now))


def routes(gate: Gate) -> list[BaseRoute]:
    return [gate.route(LIST_PATH, Right.SEE_CASES, _list)]


def _list(visit: Visit) -> Response:
    return visit.show("_flagged.html", board=board_of(visit))
