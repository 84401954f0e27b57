"""The retention round: once a day what has come to the end of its time goes, and requests that waited are carried on.

It takes small batches, so that messages and prompts never wait for more than one of them. Nothing is sent.
"""

from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from assistant.domain.retention import Periods
from assistant.schedule.clock import Clock
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.expiring import clear_out


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
        if clear_out(self.database, self.folder, self.periods, now):
            return True
        self._done_on = now.date()
        return False
