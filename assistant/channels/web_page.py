"""What the web chat's page shows, and what it asks of the records.

The channel knows no table: whoever builds the site hands it a ``Record``. A message is shown as a ``Bubble``; a page
says what it has (``Have``), and is given what came since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from assistant.channels.base import Incoming

PAGE_PATH = "/chat"
POST_PATH = "/chat/messages"
NEWS_PATH = "/chat/news"
EARLIER_PATH = "/chat/earlier"
PASS_PATH = "/chat/pass"
PHOTO_PATH = "/chat/photos/{number:int}/{at:int}"

LONGEST_TEXT = 20_000
#: buttons under one message
MOST_BUTTONS = 8


@dataclass(frozen=True)
class Account:
    """Who writes on this page: the channel's name for them, and how the page calls them.

    ``opens_for`` is the worker whose account it becomes with the first message; None where it is one already.
    """

    address: str
    name: str
    role: str = "微网格员"
    opens_for: int | None = None


@dataclass(frozen=True)
class Have:
    """What a page shows: the highest row of each side, and the newest moment on it. Rows are 0 where it has none."""

    received: int
    sent: int
    until: datetime | None = None


class PhotoRefused(Exception):
    """A picture that is not kept; its words say why, for the worker."""


class Line(Protocol):
    """One message of the chat as it stands on record; ``at`` is aware."""

    @property
    def row_id(self) -> int: ...
    @property
    def is_received(self) -> bool: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def is_set_aside(self) -> bool: ...
    @property
    def buttons(self) -> tuple[str, ...]: ...
    @property
    def photos(self) -> tuple[int, ...]: ...


class Record(Protocol):
    """Where the chat's messages stand. Each call blocks on the database or the disk."""

    def keep(self, account: Account, incoming: Incoming) -> int:
        """Keep a message for good and give its number. Raises StorageError when it can't be kept."""
        ...

    def keep_photo(self, content: bytes) -> Mapping[str, Any]:
        """Keep a picture for good and give it as an attachment. Raises PhotoRefused, StorageError."""
        ...

    def photo(self, address: str, number: int, at: int) -> tuple[Path, str] | None:
        """The file and media type of a picture that this address sent; None for any other."""
        ...

    def received(self, number: int) -> Line:
        """The message of that number."""
        ...

    def lines(self, address: str, have: Have | None) -> tuple[Iterable[Line], bool]:
        """The chat in order of time, and whether there is more; with ``have`` what came since, oldest first."""
        ...

    def earlier(self, address: str, before: Have) -> tuple[Iterable[Line], bool]:
        """The newest of what is older than what the page has, in order of time, and whether there is more."""
        ...


class Render(Protocol):
    """Makes a page of a template; one ``is_anybodys`` begins no session and carries no token."""

    def __call__(
        self, request: Request, template: str, status: int = 200, *, is_anybodys: bool = False, **context: object
    ) -> Response: ...


@dataclass(frozen=True)
class Bubble:
    """One message as the page shows it: an own one, or a reply in lines. ``at`` is in the community's zone."""

    row_id: int
    is_mine: bool
    at: datetime
    at_said: str
    text: str
    lines: tuple[str, ...]
    name: str
    is_set_aside: bool
    buttons: tuple[str, ...]
    is_urgent: bool
    #: where its pictures are
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Chat:
    """What the chat's template shows. ``account`` is None on the shell that opens without a line."""

    account: Account | None
    feed: tuple[Bubble, ...]
    has_earlier: bool
    greeting: str
    examples: tuple[str, ...]
    next_id: str
    #: a browser keeps the shell of this version for when there is no line
    shell_version: str
    paths: Mapping[str, str] = field(
        default_factory=lambda: {"post": POST_PATH, "news": NEWS_PATH, "earlier": EARLIER_PATH, "pass": PASS_PATH}
    )
    longest: int = LONGEST_TEXT


def bubble_of(line: Line, now: datetime, urgent_prefix: str) -> Bubble:
    """One message as it is shown at the aware moment ``now``."""
    at = line.at.astimezone(now.tzinfo)
    return Bubble(
        row_id=line.row_id,
        is_mine=line.is_received,
        at=at,
        at_said=f"{at:%H:%M}" if at.date() == now.date() else f"{at.month}月{at.day}日 {at:%H:%M}",
        text=line.text,
        lines=tuple(line.text.splitlines()),
        # a page's own id, without the account that makes it unlike anybody else's
        name=line.name.partition(":")[2] if line.is_received else line.name,
        is_set_aside=line.is_set_aside,
        buttons=line.buttons,
        is_urgent=line.text.startswith(urgent_prefix),
        photos=tuple(f"/chat/photos/{line.row_id}/{at}" for at in line.photos),
    )
