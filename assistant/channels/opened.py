"""What a channel that is set up brings along; whoever serves runs it.

opened = open_telegram(...)
opened.sender          what the outbox sends on
opened.steps           what is done over and over, each in a loop of its own (asking for messages, fetching photos)
opened.routes          what the web server answers for it (a webhook)
opened.leave()         ends what waits for messages; what is on its way out still goes
opened.close()         lets go of its connections
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from starlette.routing import BaseRoute

from assistant.channels.base import Channel, Incoming


def _nothing() -> None:
    """What a channel without connections lets go of, and one that never waits leaves."""


@dataclass(frozen=True)
class Opened:
    """A channel at work. A step says whether there was anything to do, and raises what a later try may mend."""

    sender: Channel
    steps: Mapping[str, Callable[[], bool]] = field(default_factory=dict)
    routes: Sequence[BaseRoute] = ()
    leave: Callable[[], None] = _nothing
    close: Callable[[], None] = _nothing


class WantedFile(Protocol):
    """A file that came with a message and is still at the channel; ``reference`` is the channel's name for it."""

    @property
    def number(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def came_with(self) -> Incoming: ...


class Files(Protocol):
    """Where the files that came with messages are kept. Each call blocks on the database and the disk."""

    @property
    def at_most(self) -> int:
        """So many bytes a file may have."""
        ...

    def next_wanted(self, channel: str) -> WantedFile | None:
        """The next file to fetch."""
        ...

    def keep(self, number: int, content: bytes) -> str | None:
        """It was fetched: its media type. One of a kind that we don't take is refused here (None)."""
        ...

    def refuse(self, number: int, why: str) -> None:
        """It can't be fetched, now or later."""
        ...

    def put_off(self, number: int, why: str, after: float | None) -> None:
        """It can't be fetched now; the channel said after how many seconds, or didn't."""
        ...
