"""A coordinator gives the work of several households to one person, in one go."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, select

from assistant.domain.casework import Responder
from assistant.domain.errors import NotAllowed
from assistant.domain.followups import FollowUpState
from assistant.domain.rights import Right, Subject, Viewer, require
from assistant.storage.handing import hand_on
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, FollowUp, Household, Worker

_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)
#: what people of the community itself owe; what an office owes stays with it
_OUR_OWN = (Responder.WORKER, Responder.COORDINATOR)


@dataclass(frozen=True)
class Assigned:
    """What changed hands: the new promises, the doors they are about, and how many households had nothing to give."""

    follow_ups: tuple[FollowUp, ...]
    keys: tuple[str, ...]
    without: int


def assign(ledger: Ledger, viewer: Viewer, household_ids: Collection[int], to: Worker) -> Assigned:
    """Hand what our own people still owe these households to ``to``. All of it, or nothing.

    Raises NotAllowed where a household, or the person, is not in the viewer's area. Doing it again changes nothing.
    """
    session = ledger.session
    paths = {row.id: row.path for row in session.exec(select(Area))}
    require(viewer, Right.DECIDE, Subject(paths[to.area_id]))
    places = session.exec(select(Household).where(col(Household.id).in_(household_ids))).all()
    if len(places) != len(set(household_ids)) or to.left_at is not None:
        raise NotAllowed("没有这一户，或者不在您的范围里。")
    for place in places:
        require(viewer, Right.DECIDE, Subject(paths[place.area_id]))
    owed: dict[int, list[FollowUp]] = defaultdict(list)
    rows = select(FollowUp).where(
        col(FollowUp.household_id).in_(household_ids),
        col(FollowUp.state).in_(_RUNNING),
        col(FollowUp.owner).in_(_OUR_OWN),
    )
    for row in session.exec(rows.order_by(col(FollowUp.id))):
        owed[row.household_id].append(row)
    taken_over: list[FollowUp] = []
    keys = []
    for place in places:
        theirs = [row for row in owed.get(place.id or 0, []) if row.worker_id != to.id]
        handed = hand_on(ledger, theirs, to, Responder.WORKER)
        taken_over += handed
        if handed:
            keys.append(place.key)
    return Assigned(tuple(taken_over), tuple(keys), sum(place.id not in owed for place in places))
