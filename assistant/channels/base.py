"""The port that every channel fits: what comes in, what goes out, and what a channel can't do.

A channel hands each ``Incoming`` to intake and tells its own side that it has it only when intake has committed. It is
given an ``Outgoing`` from the outbox and says under which name it was sent. Nothing of a channel's own library passes
through here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Incoming:
    """One message as it came. ``message_id`` is the channel's own: a repeat has the same, and is one message.

    ``account`` is the channel's name for who wrote, ``chat`` for where (in a private chat they are the same). A tap on
    a button is a message whose text is the button's label and whose ``reply_to`` names the message that bore it.
    ``attachments`` are what came with it, as the channel describes them, never the file itself: each has a ``kind``
    (photo, voice, document, location); a file has a ``file_id`` by which it is fetched or, where it is in the folder of
    evidence already, its ``digest``, ``media_type`` and ``size``; where several messages are one album, they have the
    same ``group``. ``edits`` names the earlier message whose words these
    replace; the edit has an id of its own. ``sent_at`` is aware; an edit's is that of the message that it edits.
    """

    channel: str
    message_id: str
    account: str
    text: str
    sent_at: datetime
    chat: str = ""
    attachments: tuple[Mapping[str, Any], ...] = ()
    reply_to: str | None = None
    is_group: bool = False
    edits: str | None = None

    @property
    def where(self) -> str:
        """The chat whose messages keep their order."""
        return self.chat or self.account


@dataclass(frozen=True)
class OutgoingFile:
    """A file to send, under the name that the person sees."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """One message to send. ``key`` is the same each time that it is tried; ``buttons`` are labels, a tap says one.

    ``replaces`` is the channel's id of an earlier message whose place these words take; where a channel can't, or
    that message is gone, they are sent anew. ``file`` goes with the words, only where ``limits.has_files``.
    """

    address: str
    text: str
    key: str
    buttons: tuple[str, ...] = ()
    replaces: str | None = None
    file: OutgoingFile | None = None


@dataclass(frozen=True)
class Limits:
    """What a channel can carry. A text that is longer goes out in pieces; buttons it lacks become words."""

    text_length: int
    buttons: int
    has_groups: bool = False
    has_edits: bool = False
    has_files: bool = False
    #: can it be told not to send the same key twice?
    is_idempotent: bool = False


@dataclass
class SendFailed(Exception):
    """A channel could not send. ``retry_after`` is in seconds; ``for_good`` says that trying again is no use."""

    why: str
    retry_after: float | None = None
    for_good: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.why


class Channel(Protocol):
    """Where messages are sent. ``send`` may block; it is called from one thread at a time for one address."""

    name: str
    limits: Limits

    def send(self, outgoing: Outgoing) -> str | None:
        """Send it, and give the channel's own id of what was sent (None where it has none). Raises SendFailed."""
        ...
