"""What the channel suite asks of a channel: a rig, which is the channel with its double on the other side of the line.

A rig stands for the vendor and the person there: ``writes`` is somebody writing, ``shows`` what they see. What comes
in goes to ``keeper``, which may be full. Each file in ``rigs/`` has ``RIGS``: names, each with a context that opens a
rig. What a channel can't do is left out of ``can``, and the suite leaves it alone.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from assistant.channels.base import Channel, Incoming
from assistant.domain.errors import StorageError


class Can(StrEnum):
    """What not every channel can do."""

    #: gives a message again until it is acknowledged
    REPEAT = "repeat"
    #: shows buttons, or something that stands for them
    TAP = "tap"
    #: lets people change what they have written
    EDIT = "edit"
    #: carries photos
    PHOTO = "photo"
    #: has chats of several people
    GROUP = "group"
    #: says when it has had enough for now
    BUSY = "busy"
    #: says that somebody can't be reached any more
    BLOCKED = "blocked"
    #: puts other words in the place of what it has sent
    CHANGE = "change"
    #: sends files
    FILE = "file"
    #: hears what is no message at all
    GARBAGE = "garbage"


@dataclass(frozen=True)
class Shown:
    """One message as the person sees it."""

    text: str
    buttons: tuple[str, ...] = ()
    file: str | None = None


@dataclass
class Keeper:
    """Keeps what comes in, each message once, as intake does; ``is_full`` is a disk that takes nothing."""

    kept: list[Incoming] = field(default_factory=list)
    is_full: bool = False

    def __call__(self, incoming: Incoming) -> int:
        if self.is_full:
            raise StorageError("磁盘满了")
        ids = [each.message_id for each in self.kept]
        if incoming.message_id not in ids:
            self.kept.append(incoming)
            ids.append(incoming.message_id)
        return ids.index(incoming.message_id)


class Rig(Protocol):
    """A channel with its double. A call of something that is not in ``can`` is never made."""

    keeper: Keeper
    can: frozenset[Can]
    #: where ``channel.send`` reaches the person
    address: str

    @property
    def channel(self) -> Channel: ...

    def writes(self, text: str) -> None:
        """The person writes; what the vendor then does with it, it does."""
        ...

    def is_acknowledged(self) -> bool:
        """Does the vendor hold the last message for received?"""
        ...

    def gives_again(self) -> None:
        """The vendor gives the last message once more, as it does when it is not sure."""
        ...

    def shows(self) -> list[Shown]:
        """What the person has been shown, in order."""
        ...

    def taps(self, label: str) -> None:
        """The person presses a button of the newest message that has it."""
        ...

    def edits(self, text: str) -> None:
        """The person changes the last message into ``text``."""
        ...

    def photographs(self, caption: str) -> None:
        """The person sends a photo with words."""
        ...

    def writes_in_group(self, text: str) -> None:
        """The person writes where others read along."""
        ...

    def is_busy_once(self, seconds: int) -> None:
        """The next message that is sent is refused for so long."""
        ...

    def is_blocked(self) -> None:
        """The person can't be reached from now on."""
        ...

    def hears_garbage(self) -> None:
        """Something arrives that is no message, in every way that this channel's line allows."""
        ...


RigOpener = Callable[[], AbstractContextManager[Rig]]
Rigs = Mapping[str, RigOpener]
