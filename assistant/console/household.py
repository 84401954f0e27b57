"""One household: what stands open, what was told and done, who lives there. Every look at it is logged.

The look is written before the page is shown, with its ground (the viewer's area, or a matter that was given to them)
and whether something of a restricted class is on it: a page that can't be logged is not shown.
"""

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.household_words import DEEDS, PROMISE_ENDS, STATES, VISITS, delays
from assistant.console.marking import stretches
from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.rights import Right
from assistant.storage.in_hand import who_can_take_it
from assistant.storage.read.household import household_record
from assistant.storage.read.looks import sees_restricted
from assistant.storage.tables import Household

PAGE_PATH = "/console/households/{id}"
#: whom a matter can be referred to: everybody but our own people
BODIES = tuple(body for body in Responder if body is not Responder.WORKER)


def routes(gate: Gate) -> list[BaseRoute]:
    return [gate.route(PAGE_PATH, Right.SEE_HOUSEHOLD, _page)]


def path_of(household_id: int | None) -> str:
    """Where the page of this household is."""
    return PAGE_PATH.format(id=household_id)


def _page(visit: Visit) -> Response:
    before = visit.request.query_params.get("before", "")
    with visit.acting() as ledger:
        household = ledger.session.get(Household, visit.number("id"))
        visit.require(ledger.session, Right.SEE_HOUSEHOLD, household)
        assert household is not None
        ground = "own area" if visit.viewer.role is Role.COORDINATOR else "given or own"
        is_restricted = sees_restricted(ledger.session, visit.viewer, household.id or 0)
        ledger.notes(household, "viewed", why=f"{ground}, restricted" if is_restricted else ground)
    with visit.reading() as session:
        household = session.get_one(Household, household.id)
        shown_before = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
        record = household_record(session, visit.viewer, household, visit.now, shown_before)
        may_decide = visit.viewer.has(Right.DECIDE)
        workers = who_can_take_it(session, visit.viewer, household) if may_decide else []
    return visit.show(
        "household.html",
        record=record,
        is_later_page=shown_before is not None,
        may_decide=may_decide,
        workers=workers,
        bodies=BODIES,
        stretches=stretches,
        delays=delays,
        states=STATES,
        visits=VISITS,
        promise_ends=PROMISE_ENDS,
        deeds=DEEDS,
    )
