"""The web chat's side of the records: who writes, what they wrote, what they were told, and their pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request

from assistant.channels import web
from assistant.channels.base import Incoming
from assistant.channels.web_page import Have, PhotoRefused
from assistant.console import conversation
from assistant.console.conversation import Line
from assistant.console.gate import Gate
from assistant.console.rendering import ROLES
from assistant.domain.access import Role
from assistant.domain.errors import StorageError
from assistant.domain.rights import Viewer
from assistant.storage.accounts import has_any_account, open_account, own_account
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder, FileRefused, media_type_of
from assistant.storage.ledger import Ledger
from assistant.storage.tables import IntakeItem, Worker

_PICTURES = ("image/jpeg", "image/png", "image/webp")
_LARGEST_ID = 2**62
#: who has something to say to the assistant; an auditor and an administrator only look
_SPEAK = frozenset({Role.WORKER, Role.COORDINATOR, Role.RESPONDER})


@dataclass(frozen=True)
class ChatRecord:
    """The web chat's messages in our database; ``receive`` keeps one, ``folder`` the pictures."""

    database: Database
    receive: Callable[[Incoming], int]
    now: Callable[[], datetime]
    folder: EvidenceFolder

    def keep(self, account: web.Account, incoming: Incoming) -> int:
        """Keep a message; the first one of somebody who is told things elsewhere makes them an account here."""
        if account.opens_for is not None:
            with self.database.writing() as session:
                worker = session.get_one(Worker, account.opens_for)
                open_account(Ledger(session, self.now(), worker.id), worker, web.NAME, account.address)
        return self.receive(incoming)

    def keep_photo(self, content: bytes) -> Mapping[str, Any]:
        """Keep a picture. Raises PhotoRefused for what is none, StorageError when the disk refuses."""
        if media_type_of(content) not in _PICTURES:
            raise PhotoRefused("这里只收照片（JPG、PNG、WebP）。")
        try:
            kept = self.folder.keep(content)
        except FileRefused as refused:
            raise PhotoRefused(str(refused)) from refused
        except OSError as error:
            raise StorageError(f"照片存不下来：{error.strerror}") from error
        return {"kind": "photo", "digest": kept.digest, "media_type": kept.media_type, "size": kept.size}

    def photo(self, address: str, number: int, at: int) -> tuple[Path, str] | None:
        """The picture, if this address sent it and it is still there."""
        if number > _LARGEST_ID:
            return None
        with self.database.reading() as session:
            item = session.get(IntakeItem, number)
            if item is None or (item.channel, item.author) != (web.NAME, address) or at >= len(item.attachments):
                return None
            sent = item.attachments[at]
        if sent.get("media_type") not in _PICTURES or sent.get("digest") is None:
            return None
        path = self.folder.path(sent["digest"], sent["media_type"])
        return (path, sent["media_type"]) if path.is_file() else None

    def received(self, number: int) -> Line:
        """The message of that number."""
        with self.database.reading() as session:
            return conversation.received_line(session, number)

    def lines(self, address: str, have: Have | None) -> tuple[list[Line], bool]:
        """The newest, or what came since."""
        with self.database.reading() as session:
            if have is None:
                return conversation.newest(session, web.NAME, address)
            now = self.now()
            until = min(have.until or now, now)
            return conversation.since(session, web.NAME, address, received=have.received, sent=have.sent, until=until)

    def earlier(self, address: str, before: Have) -> tuple[list[Line], bool]:
        """What is older than what a page has."""
        with self.database.reading() as session:
            return conversation.before(session, web.NAME, address, received=before.received, sent=before.sent)


@dataclass(frozen=True)
class Writers:
    """Who writes in the web chat: everybody who is logged in, under their own account."""

    gate: Gate

    def who(self, request: Request) -> web.Account | None:
        """The account of whoever is logged in. Blocks on the database.

        Somebody who can be told nothing anywhere is told things here from now on. For anybody else that begins with the
        first message that they write here: until then reminders stay where the worker reads them.
        """
        viewer = self.gate.who(request)
        return None if viewer is None or viewer.role not in _SPEAK else self._account_of(viewer)

    def _account_of(self, viewer: Viewer) -> web.Account:
        role = ROLES[viewer.role]
        with self.gate.database.reading() as session:
            own = own_account(session, viewer.worker_id, web.NAME)
            is_reached = has_any_account(session, viewer.worker_id)
        if own is not None:
            return web.Account(own.address, viewer.name, role)
        address = f"worker-{viewer.worker_id}"
        if is_reached:
            return web.Account(address, viewer.name, role, opens_for=viewer.worker_id)
        with self.gate.database.writing() as session:
            worker = session.get_one(Worker, viewer.worker_id)
            open_account(Ledger(session, self.gate.now(), viewer.worker_id), worker, web.NAME, address)
        return web.Account(address, viewer.name, role)
