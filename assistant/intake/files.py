"""The files that channels still keep for us, as a channel asks for them: ``channels.opened.Files`` on our tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.channels.base import Incoming
from assistant.storage import evidence
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder, FileRefused
from assistant.storage.tables import Evidence, IntakeItem


@dataclass(frozen=True)
class Wanted:
    """A file to fetch, and the message with which it came (its words aside)."""

    number: int
    reference: str
    kind: str
    came_with: Incoming


@dataclass(frozen=True)
class FetchedFiles:
    """Keeps what is fetched in ``folder``. ``now`` is aware. A file that is fetched twice is kept once."""

    database: Database
    folder: EvidenceFolder
    now: Callable[[], datetime]

    @property
    def at_most(self) -> int:
        return self.folder.at_most

    def next_wanted(self, channel: str) -> Wanted | None:
        """The file of this channel that has waited longest."""
        with self.database.reading() as session:
            row = evidence.next_waiting(session, channel, self.now())
            if row is None or row.id is None:
                return None
            item = session.get_one(IntakeItem, row.intake_id)
            came_with = Incoming(
                item.channel, item.message_id, item.author, "", item.sent_at, item.chat, is_group=item.is_group
            )
            return Wanted(row.id, row.reference or "", row.kind, came_with)

    def keep(self, number: int, content: bytes) -> str | None:
        """On disk first, then on record: a file without a line is harmless, a line without its file is not."""
        try:
            kept = self.folder.keep(content)
        except FileRefused as refused:
            self.refuse(number, str(refused))
            return None
        with self.database.writing() as session:
            evidence.keep(session.get_one(Evidence, number), kept)
        return kept.media_type

    def refuse(self, number: int, why: str) -> None:
        """It will never be there."""
        with self.database.writing() as session:
            evidence.refuse(session.get_one(Evidence, number), why)

    def put_off(self, number: int, why: str, after: float | None) -> None:
        """It is tried again later."""
        with self.database.writing() as session:
            evidence.try_again(session.get_one(Evidence, number), why, self.now(), after)
