"""What has fallen due: it becomes overdue, and the worker is reminded of it, once.

All that fell due for one worker goes out as one message. In quiet hours only a P0 goes out; the rest is looked at again
when they are over, so that a service that was down over night sends one message in the morning, not ten. Finding what
is due reads one index (``follow_ups.look_at``), however many follow-ups there are.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.domain.reports import Severity
from assistant.outbox.queue import tell
from assistant.schedule.clock import Clock
from assistant.schedule.quiet import QuietHours
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.records import lock_estate
from assistant.storage.tables import Estate, FollowUp, Household, Purpose, Worker

#: so many follow-ups of one estate are handled in one transaction
_AT_ONCE = 200
#: … of so many that have waited longest anywhere
_LOOKED_THROUGH = 500


@dataclass(frozen=True)
class DuePromise:
    """A promise that fell due, as a reminder names it. ``due`` is aware."""

    key: str
    what: str
    due: datetime
    severity: Severity


#: puts the reminder of all that fell due for one worker into words, seen from the moment it is sent
SayPrompt = Callable[[Sequence[DuePromise], datetime], str]


@dataclass(frozen=True)
class Reminder:
    """Looks for what has fallen due. ``buttons`` are the labels that a prompt bears."""

    database: Database
    clock: Clock
    quiet: QuietHours
    say: SayPrompt
    buttons: tuple[str, ...] = ()

    def look(self) -> bool:
        """Handle what fell due at one estate. Was there anything?"""
        now = self.clock.now()
        with self.database.reading() as session:
            estate_id = next_due_estate(session, now)
        if estate_id is None:
            return False
        with self.database.writing() as session:
            lock_estate(session, session.get_one(Estate, estate_id))
            self._remind(session, due(session, estate_id, now), now)
        return True

    def _remind(self, session: Session, follow_ups: Sequence[FollowUp], now: datetime) -> None:
        ledger = Ledger(session, now)
        by_worker: dict[int, list[FollowUp]] = defaultdict(list)
        for follow_up in follow_ups:
            if follow_up.state is FollowUpState.OPEN:
                ledger.changes(follow_up, "overdue", state=FollowUpState.OVERDUE)
            if follow_up.severity is not Severity.P0 and self.quiet.are_at(now):
                follow_up.look_at = self.quiet.over_at(now)
                continue
            follow_up.look_at = None
            if follow_up.worker_id is not None:
                by_worker[follow_up.worker_id].append(follow_up)
        for worker_id, his in by_worker.items():
            self._prompt(session, ledger, _whoever_stands_in(session, worker_id, now), his)

    def _prompt(self, session: Session, ledger: Ledger, worker: Worker, follow_ups: Sequence[FollowUp]) -> None:
        promises = _one_a_matter(session, follow_ups)
        tell(
            session,
            worker,
            key=f"prompt:{min(each.id for each in follow_ups if each.id is not None)}",
            purpose=Purpose.PROMPT,
            text=self.say(promises, ledger.at),
            now=ledger.at,
            buttons=self.buttons,
            follow_up_ids=[each.id for each in follow_ups if each.id is not None],
        )
        for follow_up in follow_ups:
            ledger.changes(follow_up, "prompted", prompted_at=ledger.at)


def next_due_estate(session: Session, now: datetime) -> int | None:
    """The estate of the follow-up that has waited longest to be looked at; None when nothing is due."""
    return session.exec(
        select(Household.estate_id)
        .join(FollowUp, col(FollowUp.household_id) == Household.id)
        .where(col(FollowUp.look_at).is_not(None), col(FollowUp.look_at) <= now)
        .order_by(col(FollowUp.look_at))
        .limit(1)
    ).first()


def due(session: Session, estate_id: int, now: datetime) -> Sequence[FollowUp]:
    """The follow-ups of an estate that must be looked at now, those that have waited longest first."""
    # in three small steps, each by a key: in one, a database may walk all follow-ups of the estate
    longest = session.exec(
        select(FollowUp.id, FollowUp.household_id)
        .where(col(FollowUp.look_at).is_not(None), col(FollowUp.look_at) <= now)
        .order_by(col(FollowUp.look_at))
        .limit(_LOOKED_THROUGH)
    ).all()
    places = {household_id for _, household_id in longest}
    here = set(
        session.exec(select(Household.id).where(col(Household.id).in_(places), Household.estate_id == estate_id))
    )
    ids = [id_ for id_, household_id in longest if household_id in here][:_AT_ONCE]
    return session.exec(
        select(FollowUp).where(col(FollowUp.id).in_(ids)).order_by(col(FollowUp.look_at), col(FollowUp.id))
    ).all()


def _one_a_matter(session: Session, follow_ups: Sequence[FollowUp]) -> list[DuePromise]:
    """One line for each matter of a door, the most urgent first: the worker's own promise where there is one."""
    by_matter: dict[tuple[int, object], FollowUp] = {}
    for each in sorted(
        follow_ups, key=lambda one: (one.owner is not Responder.WORKER, one.severity.urgency, one.due_at)
    ):
        by_matter.setdefault((each.household_id, each.matter_id or each.rule), each)
    places = select(Household).where(col(Household.id).in_([household_id for household_id, _ in by_matter]))
    keys = {place.id: place.key for place in session.exec(places)}
    chosen = sorted(by_matter.values(), key=lambda one: (one.severity.urgency, one.due_at, one.id))
    return [DuePromise(keys[each.household_id], each.what, each.due_at, each.severity) for each in chosen]


def _whoever_stands_in(session: Session, worker_id: int, now: datetime) -> Worker:
    """The worker, or the deputy while the worker is away."""
    worker = session.get_one(Worker, worker_id)
    away = worker.away_from_at is not None and worker.away_from_at <= now
    if away and (worker.away_until_at is None or now < worker.away_until_at) and worker.deputy_id is not None:
        return session.get_one(Worker, worker.deputy_id)
    return worker
