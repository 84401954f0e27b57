"""今天: what needs somebody now, kept up to date without a reload; an alarm is taken over with one click."""

from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.wording import Piece, pieces
from assistant.domain.rights import Right
from assistant.storage import logins, settle
from assistant.storage.read.today import Part, Raised, Today, todays
from assistant.storage.tables import Flag, Login

PAGE_PATH = "/console/today"
BOARD_PATH = "/console/today/board"
SEEN_PATH = "/console/today/seen"
ACKNOWLEDGE_PATH = "/console/today/alarms/{id}/acknowledge"


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(PAGE_PATH, Right.SEE_CASES, _page),
        gate.route(BOARD_PATH, Right.SEE_CASES, _board),
        gate.route(SEEN_PATH, Right.SEE_CASES, _seen, methods=("POST",)),
        gate.route(ACKNOWLEDGE_PATH, Right.COMMENT, _acknowledge, methods=("POST",)),
    ]


def _page(visit: Visit) -> Response:
    return visit.show("today.html", **_shown(visit))


def _board(visit: Visit) -> Response:
    return visit.show("_today.html", **_shown(visit))


def _seen(visit: Visit) -> Response:
    """The viewer has looked through what came in."""
    with visit.acting() as ledger:
        login = logins.of_worker(ledger.session, visit.viewer.worker_id)
        if login is not None:
            login.seen_until_at = visit.now
            ledger.session.add(login)
    return _board(visit) if visit.is_part else visit.go(PAGE_PATH)


def _acknowledge(visit: Visit) -> Response:
    """Somebody has seen the alarm and takes care of it: nobody is called about it again."""
    with visit.acting() as ledger:
        flag = ledger.session.get(Flag, visit.number("id"))
        visit.require(ledger.session, Right.COMMENT, flag)
        assert flag is not None
        if flag.state.stands:
            settle.acknowledge(ledger, flag)
    return _board(visit) if visit.is_part else visit.go(PAGE_PATH)


def _shown(visit: Visit) -> dict[str, Any]:
    with visit.reading() as session:
        since, login = _seen_until(session, visit)
        board = todays(session, visit.viewer, visit.now, since)
    return {
        "board": board,
        "marked": marked,
        "may_mark": login is not None,
        "is_first_visit": login is not None and login.seen_until_at is None,
        "may_decide": visit.viewer.has(Right.DECIDE),
        "empty": _empty(board),
    }


def _seen_until(session: Session, visit: Visit) -> tuple[datetime, Login | None]:
    """Up to when the viewer has seen what came in, and their login that keeps it; last night where nothing does."""
    login = logins.of_worker(session, visit.viewer.worker_id)
    last_night = visit.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (login.seen_until_at if login is not None else None) or last_night, login


def marked(raised: Raised) -> tuple[Piece, ...]:
    """The report's words with the flag's own marked."""
    return pieces(raised.words, [(raised.start, raised.end)])


def _empty(board: Today) -> str:
    """The parts in which there is nothing, named in one line."""
    parts: dict[str, Part[Any]] = {
        "要您点头的": board.waiting,
        "到期的": board.due,
        "新来的": board.fresh,
        "连着没遇到的": board.missed,
        "听说的": board.unsure,
        "更正": board.put_right,
        "空班": board.empty_turns,
    }
    return "、".join(name for name, part in parts.items() if not part.count)
