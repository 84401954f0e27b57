"""A household with a matter and what its page is asked: shared by the tests of the page, its buttons and its photos."""

from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState
from assistant.storage.tables import (
    FollowUp,
    Matter,
    OutboxMessage,
)
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import World

HOSE = ("gas.hose", "软管老化开裂", EvidenceState.SEEN)
TEXT = "3-2-501张大爷家软管老化开裂，他不肯换，没闻到味道，听邻居说他在炒股"


def page_of(household_id: int) -> str:
    return f"/console/households/{household_id}"


def presses(visitor: Visitor, path: str, **fields: str):
    token = visitor.token("/login") if visitor.get("/login").status_code == 200 else visitor.token("/console/today")
    return visitor.post(path, {"csrf": token, **fields})


def logs_in(world: World, visitor: Visitor, role: Role) -> None:
    world.has_login(role, role.value, PASSWORD)
    visitor.logs_in(role.value, PASSWORD)


def matter_is(world: World, id_: int) -> MatterState:
    with world.database.reading() as session:
        return session.get_one(Matter, id_).state


def promises(world: World) -> list[tuple[Responder, FollowUpState]]:
    with world.database.reading() as session:
        rows = session.exec(select(FollowUp).order_by(col(FollowUp.id))).all()
    return [(row.owner, row.state) for row in rows]


def messages(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.exec(select(OutboxMessage.text).order_by(col(OutboxMessage.id))).all())


def first_promise(world: World, owner: Responder) -> int:
    with world.database.reading() as session:
        return session.exec(select(FollowUp.id).where(FollowUp.owner == owner)).first()
