"""What a coordinator decides on the pages, as one ledger entry each: right or not, over or not, whose, and until when.

    decided = Deciding(ledger, viewer)
    decided.dismiss(held, "看过了，是隔壁炒菜的味道")
    anew = decided.reopen(held, "又有味道了")              # the promises that somebody has anew

Each asks first whether the viewer may (NotAllowed), and does nothing to what has changed meanwhile (False, or nothing
given back). Reasons are kept as comments: the ledger itself holds no words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from assistant.domain.casework import Responder
from assistant.domain.errors import NotAllowed
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity
from assistant.domain.rights import Right, Subject, Viewer, require
from assistant.storage import settle
from assistant.storage.columns import new
from assistant.storage.handing import hand_on
from assistant.storage.ledger import Ledger
from assistant.storage.settle import Held
from assistant.storage.tables import Area, Comment, Flag, FollowUp, Household, Matter, Worker
from assistant.storage.verdicts import judge
from assistant.storage.viewing import subject_of

#: how far from now a promise may be put off; a P0 may not be at all (本项目建议)
LONGEST_DELAY = {
    Severity.P1: timedelta(days=3),
    Severity.P2: timedelta(days=30),
    Severity.P3: timedelta(days=90),
    Severity.RECORD: timedelta(days=90),
}
_DISMISSED = "dismissed"
_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)


@dataclass(frozen=True)
class Deciding:
    """Decisions of one viewer within one transaction."""

    ledger: Ledger
    viewer: Viewer

    def take(self, held: Held) -> bool:
        """Acknowledge its alarms: the viewer takes care of it."""
        self._require(Right.COMMENT, held)
        taken = [flag for flag in self._flags(held) if flag.severity is Severity.P0 and flag.acknowledged_at is None]
        for flag in taken:
            settle.acknowledge(self.ledger, flag)
        return bool(taken)

    def confirm(self, held: Held) -> bool:
        """The flags that stand are right."""
        self._require(Right.DECIDE, held)
        flags = self._flags(held)
        for flag in flags:
            judge(self.ledger, flag, is_right=True)
        return bool(flags)

    def dismiss(self, held: Held, reason: str) -> bool:
        """A false alarm: the flags were not right, it ends, and what was promised for it is called off."""
        self._require(Right.DECIDE, held)
        if not held.state.stands:
            return False
        for flag in self._flags(held):
            judge(self.ledger, flag, is_right=False, reason=reason)
        for follow_up in self._follow_ups(held):
            if follow_up.state in _RUNNING:
                settle.end_follow_up(self.ledger, follow_up, FollowUpState.CANCELLED, _DISMISSED)
        settle.agree_to_close(self.ledger, held)
        self._keep(held, _DISMISSED, reason)
        return True

    def close(self, held: Held, seen: str = "") -> bool:
        """It is over. ``seen`` tells how that is known; it may be empty only where a worker proposed it."""
        self._require(Right.DECIDE, held)
        if not held.state.stands or (held.state is MatterState.OPEN and not seen):
            return False
        settle.agree_to_close(self.ledger, held)
        self._keep(held, "settled", seen)
        return True

    def send_back(self, held: Held, reason: str) -> list[FollowUp] | None:
        """What a worker proposed for closing is not over. Gives the new promises; None where nothing was proposed."""
        self._require(Right.DECIDE, held)
        if held.state is not MatterState.PROPOSED:
            return None
        anew = settle.send_back(self.ledger, held)
        self._keep(held, "sent_back", reason)
        return anew

    def reopen(self, held: Held, reason: str) -> list[FollowUp] | None:
        """Take up again what was closed or dismissed. Gives the new promises; None where it is not closed."""
        self._require(Right.DECIDE, held)
        if held.state is not MatterState.SETTLED:
            return None
        ended_at = held.settled_at if isinstance(held, Matter) else held.ended_at
        anew = [*settle.reopen(self.ledger, held), *self._take_up_dismissed(held, ended_at)]
        self._keep(held, "reopened", reason)
        return anew

    def comment(self, about: Household | Held, text: str) -> None:
        """Write something down, for whoever reads this household's page later."""
        if isinstance(about, Household):
            require(self.viewer, Right.COMMENT, subject_of(self.ledger.session, self.viewer, about))
            self._write(about, "commented", text, household_id=about.id)
        else:
            self._require(Right.COMMENT, about)
            self._keep(about, "commented", text)

    def postpone(self, follow_up: FollowUp, until: datetime, reason: str) -> FollowUp | None:
        """Give it until then. An overdue promise ends and a new one takes its place. None where it is over.

        Raises ValueError for a moment that lies too near or too far for its severity; a P0 can't wait at all.
        """
        require(self.viewer, Right.DECIDE, subject_of(self.ledger.session, self.viewer, follow_up))
        if follow_up.state not in _RUNNING:
            return None
        longest = LONGEST_DELAY.get(follow_up.severity)
        if longest is None or not self.ledger.at < until <= self.ledger.at + longest:
            raise ValueError(f"{follow_up.severity} can't wait until {until.isoformat()}")
        verb = "postponed"
        if follow_up.state is FollowUpState.OPEN:
            self.ledger.changes(follow_up, verb, due_at=until, look_at=until, prompted_at=None)
            moved: FollowUp | None = follow_up
        else:
            settle.end_follow_up(self.ledger, follow_up, FollowUpState.CANCELLED, verb)
            moved = settle.take_up_again(self.ledger, follow_up, until)
        self._write(follow_up, verb, reason, household_id=follow_up.household_id, **_hangs_on(follow_up))
        return moved

    def assign(self, follow_up: FollowUp, to: Worker) -> FollowUp | None:
        """Give it to a person of the viewer's area. None where it is over, theirs already, or owed by an office."""
        session = self.ledger.session
        require(self.viewer, Right.DECIDE, subject_of(session, self.viewer, follow_up))
        require(self.viewer, Right.DECIDE, Subject(session.get_one(Area, to.area_id).path))
        if to.left_at is not None:
            raise NotAllowed("这个人已经不在了。")
        is_theirs = follow_up.owner is Responder.WORKER and follow_up.worker_id == to.id
        if is_theirs or follow_up.owner not in (Responder.WORKER, Responder.COORDINATOR):
            return None
        return next(iter(hand_on(self.ledger, [follow_up], to, Responder.WORKER)), None)

    def refer(self, follow_up: FollowUp, body: Responder, to: Worker | None, reason: str) -> FollowUp | None:
        """Hand it to an office, reminded by ``to`` if anybody acts for it here. None where it is over or theirs."""
        require(self.viewer, Right.DECIDE, subject_of(self.ledger.session, self.viewer, follow_up))
        if follow_up.owner is body:
            return None
        handed = next(iter(hand_on(self.ledger, [follow_up], to, body)), None)
        if handed is not None:
            self._write(follow_up, "referred", reason, household_id=follow_up.household_id, **_hangs_on(follow_up))
        return handed

    def _require(self, right: Right, held: Held) -> None:
        session = self.ledger.session
        if isinstance(held, Flag):
            require(self.viewer, right, subject_of(session, self.viewer, held))
            return
        given = [subject_of(session, self.viewer, flag).is_given for flag in self._flags(held)]
        path = session.get_one(Area, held.area_id).path
        require(self.viewer, right, Subject(path, held.sensitivity, any(given)))

    def _flags(self, held: Held) -> list[Flag]:
        """Its flags that stand."""
        if isinstance(held, Flag):
            return [held] if held.state.stands else []
        of_it = select(Flag).where(Flag.matter_id == held.id).order_by(col(Flag.id))
        return [flag for flag in self.ledger.session.exec(of_it) if flag.state.stands]

    def _follow_ups(self, held: Held) -> list[FollowUp]:
        hangs_on = FollowUp.matter_id == held.id if isinstance(held, Matter) else FollowUp.flag_id == held.id
        return list(self.ledger.session.exec(select(FollowUp).where(hangs_on).order_by(col(FollowUp.id))))

    def _take_up_dismissed(self, held: Held, ended_at: datetime | None) -> list[FollowUp]:
        anew = self.ledger.at + settle.time_anew(held.severity)
        called_off = [
            each for each in self._follow_ups(held) if each.ended_because == _DISMISSED and each.ended_at == ended_at
        ]
        again = (settle.take_up_again(self.ledger, each, max(each.due_at, anew)) for each in called_off)
        return [each for each in again if each is not None]

    def _keep(self, held: Held, verb: str, text: str) -> None:
        hangs_on = {"matter_id": held.id} if isinstance(held, Matter) else {"flag_id": held.id}
        self._write(held, verb, text, household_id=held.household_id, **hangs_on)

    def _write(self, about: Household | Held | FollowUp, verb: str, text: str, **hangs_on: int | None) -> None:
        if not text:
            return
        classed = {} if isinstance(about, Household) else {"sensitivity": about.sensitivity}
        row = new(
            Comment,
            area_id=about.area_id,
            worker_id=self.viewer.worker_id,
            verb=verb,
            text=text,
            at=self.ledger.at,
            **classed,
            **hangs_on,
        )
        self.ledger.adds(row, "commented")


def _hangs_on(follow_up: FollowUp) -> dict[str, int | None]:
    return {"matter_id": follow_up.matter_id, "flag_id": None if follow_up.matter_id else follow_up.flag_id}
