"""The retention round: once a day what has come to the end of its time goes, and requests that waited are carried on.

It takes small batches, so that messages and prompts never wait for more than one of them. Nothing is sent.
"""

from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from assistant.domain.retention import Periods
from assistant.schedule.clock import Clock
from assistant.storage.database import Database
from assistant.storage.erasure import complete_waiting
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.expiring import take_away
from assistant.storage.forgetting import let_go_of_files
from assistant.storage.ledger import Ledger


@dataclass
class RetentionRound:
    """``at`` is the community's time of day from which it goes; None: never by itself."""

    database: Database
    clock: Clock
    folder: EvidenceFolder
    periods: Periods
    zone: ZoneInfo
    at: time | None
    _done_on: date | None = field(default=None)

    def look(self) -> bool:
        """Take one batch, if today's round is not over. Was there one?"""
        now = self.clock.now().astimezone(self.zone)
        if self.at is None or now.time() < self.at or self._done_on == now.date():
            return False
        if self.take_batch():
            return True
        self._done_on = now.date()
        return False

    def take_batch(self, worker_id: int | None = None) -> int:
        """Take one batch at the word of this worker, or of the clock. How many rows and requests it ended."""
        now = self.clock.now().astimezone(self.zone)
        with self.database.writing() as session:
            ledger = Ledger(session, now, worker_id)
            ended = take_away(ledger, self.periods, now.date()) + complete_waiting(ledger)
        return ended + let_go_of_files(self.database, self.folder)
