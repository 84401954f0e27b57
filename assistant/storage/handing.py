"""A promise passes to somebody else: the old one ends as referred, a new one under their name stands in its place.

The deadline stays that of the first discovery. Where nobody acts for the body that is named, whoever handed it on goes
on being reminded, so that nothing is forgotten because an outside body has no account.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.storage.ledger import Ledger
from assistant.storage.settle import end_follow_up, take_up_again, time_anew
from assistant.storage.tables import Area, FollowUp, Worker


def hand_on(ledger: Ledger, follow_ups: Sequence[FollowUp], to: Worker | None, body: Responder) -> list[FollowUp]:
    """Refer each to ``body`` (``worker`` for a colleague), reminded by ``to``, or as before where there is nobody.

    Only what the worker owns is handed on, if any of it is: what others owe already stays with them.
    """
    own = [each for each in follow_ups if each.owner is Responder.WORKER] or list(follow_ups)
    taken_over = []
    for each in own:
        if each.state.has_ended:
            continue
        end_follow_up(ledger, each, FollowUpState.REFERRED, "handed on")
        reminded = to.id if to is not None else each.worker_id
        # whoever takes it over is told now: what is late already is not asked after again in the same breath
        again = max(each.due_at, ledger.at + time_anew(each.severity))
        told = {"owner": body, "worker_id": reminded, "prompted_at": ledger.at, "look_at": again}
        new = take_up_again(ledger, each, each.due_at, **told)
        if new is not None:
            taken_over.append(new)
    return taken_over


def colleagues_of(session: Session, worker: Worker) -> list[Worker]:
    """The other workers below the same grid: to whom a promise can be handed by name."""
    area = session.get_one(Area, worker.area_id)
    around = session.get_one(Area, area.parent_id) if area.parent_id is not None else area
    return list(
        session.exec(
            select(Worker)
            .join(Area, col(Area.id) == Worker.area_id)
            .where(col(Area.path).startswith(around.path), Worker.role == Role.WORKER)
            .where(Worker.id != worker.id, col(Worker.left_at).is_(None))
            .order_by(col(Worker.id))
        )
    )
