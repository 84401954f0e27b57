"""Take messages from the intake and handle each in one transaction, whatever it does to us.

A turn is idempotent: a message that is handled already does nothing. When anything fails, nothing of it stays but the
message itself, which is tried again and then set aside: its words go on record as a report that a person must look at,
the worker is told so, and it stops nobody else. A test gives a ``checkpoint`` to learn of each step, or to end there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from assistant import intake
from assistant.domain.errors import StorageError
from assistant.schedule.clock import Clock
from assistant.storage.database import Database
from assistant.storage.tables import IntakeItem, IntakeState
from assistant.turn.course import Course
from assistant.turn.failing import give_up
from assistant.turn.minds import Minds
from assistant.turn.reporting import take_in


def _go_on(_: str) -> None:
    """The checkpoint of a program at work."""


@dataclass(frozen=True)
class Turn:
    """Handles what waits in the intake. Safe to use from several threads and processes at once."""

    database: Database
    clock: Clock
    minds: Minds
    zone: ZoneInfo
    default_estate: str | None = None
    checkpoint: Callable[[str], None] = _go_on

    def handle_next(self) -> bool:
        """Handle the next message that waits. Was there one?

        Raises StorageError when the database can't be used: the message waits as it was.
        """
        with self.database.reading() as session:
            item_id = intake.next_waiting(session, self.clock.now())
        if item_id is None:
            return False
        self.handle(item_id)
        return True

    def handle(self, item_id: int) -> None:
        """Handle one message of the intake; nothing when it is handled already."""
        now = self.clock.now()
        with self.database.writing() as session:
            if intake.attempt(session, item_id, now) is None:
                item = session.get(IntakeItem, item_id)
                if item is not None and item.state is IntakeState.SET_ASIDE:
                    give_up(self._course(session, item, now))
                return
        self.checkpoint("attempted")
        try:
            with self.database.writing() as session:
                item = intake.hold(session, item_id)
                if item is None:
                    return
                self.checkpoint("held")
                take_in(self._course(session, item, now))
                intake.finish(item, now)
                session.flush()
                self.checkpoint("about to commit")
        except StorageError:
            self._count_no_attempt(item_id)
            raise
        except Exception as error:  # kept with its reason, tried again, then set aside and shown
            self._note_failure(item_id, error)
        self.checkpoint("committed")

    def _course(self, session: Session, item: IntakeItem, now: datetime) -> Course:
        return Course(
            minds=self.minds,
            session=session,
            item=item,
            now=now,
            at=item.sent_at.astimezone(self.zone),
            default_estate=self.default_estate,
            checkpoint=self.checkpoint,
        )

    def _count_no_attempt(self, item_id: int) -> None:
        with self.database.writing() as session:
            item = intake.hold(session, item_id)
            if item is not None:
                intake.count_no_attempt(item, self.clock.now())

    def _note_failure(self, item_id: int, error: Exception) -> None:
        now = self.clock.now()
        with self.database.writing() as session:
            item = intake.hold(session, item_id)
            if item is not None and intake.fail(item, error, now):
                give_up(self._course(session, item, now))
