"""What coordinators say of flags (right, or not, and why), and how each rule fares by it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.errors import NotAllowed
from assistant.domain.followups import MatterState
from assistant.domain.precision import Tally
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag, Verdict, Worker


def judge(ledger: Ledger, flag: Flag, is_right: bool, reason: str | None = None) -> Verdict:
    """Confirm or dismiss a flag, as the ledger's worker. A later word of anybody takes the place of an earlier one.

    Raises NotAllowed for whoever is no coordinator. The flag itself stays as it is: dismissing settles nothing.
    """
    worker = ledger.session.get(Worker, ledger.worker_id) if ledger.worker_id is not None else None
    if worker is None or worker.role is not Role.COORDINATOR:
        raise NotAllowed("只有网格长能判断标记对不对。")
    row = new(
        Verdict,
        area_id=flag.area_id,
        flag_id=flag.id,
        worker_id=worker.id,
        is_right=is_right,
        reason=reason,
        at=ledger.at,
    )
    return ledger.adds(row, "confirmed" if is_right else "dismissed")


def tallies(
    session: Session, since: datetime | None = None, within: ColumnElement[bool] | None = None
) -> Sequence[Tally]:
    """Each rule's flags raised since then (ever) for which ``within`` holds, with the last verdict on each; by rule."""
    last = select(func.max(Verdict.id)).group_by(col(Verdict.flag_id)).scalar_subquery()
    query = (
        select(Flag.rule, Verdict.is_right, func.count())
        .join(Verdict, (col(Verdict.flag_id) == Flag.id) & col(Verdict.id).in_(last), isouter=True)
        .where(Flag.state != MatterState.CANCELLED)
        .group_by(col(Flag.rule), col(Verdict.is_right))
        .order_by(col(Flag.rule))
    )
    if since is not None:
        query = query.where(Flag.raised_at >= since)
    if within is not None:
        query = query.where(within)
    found: dict[str, dict[bool | None, int]] = {}
    for rule, is_right, count in session.exec(query):
        found.setdefault(rule, {})[is_right] = count
    return [
        Tally(rule, sum(counts.values()), counts.get(True, 0), counts.get(False, 0)) for rule, counts in found.items()
    ]
