"""What understands, decides and speaks, as the turn needs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from assistant.domain.casework import Decision
from assistant.domain.pace import Pace
from assistant.domain.reports import CaseReading, KnownHousehold, Message, Reading
from assistant.storage.records import EstateBook
from assistant.turn.hearing import Beside
from knowledge.replies import Replies


class Reads(Protocol):
    """Understands a message: ``understand.read`` with the book given."""

    def __call__(self, message: Message, addresses: EstateBook) -> Reading: ...


class Decides(Protocol):
    """Says what follows: one decision a case, in their order. ``known`` holds the households that are on record."""

    def __call__(self, reading: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]: ...


@dataclass(frozen=True)
class Minds:
    """Everything that thinks, with the versions that go on record beside what it says."""

    read: Reads
    decide: Decides
    replies: Replies
    #: do these words alone say that what was asked for is done (已处理)?
    says_done: Callable[[str], bool]
    knowledge_version: str
    rule_book_version: str
    #: what the nearest rule that would have said more lacked, in one sentence; None where no rule is near
    explain_silence: Callable[[CaseReading, KnownHousehold, datetime], str | None] | None = None
    #: what is said beside reports; None: nothing of it is heard
    beside: Beside | None = None
    #: findings at one household within this span are one episode
    episode_window: timedelta = timedelta(days=14)
    #: a P0 that nobody acknowledged for so long is told again
    acknowledge_within: timedelta = Pace().acknowledge
    #: the first moment from the given one at which what is not urgent may be sent
    not_at_night: Callable[[datetime], datetime] = lambda now: now
    #: is somebody there who makes words of voice messages?
    hears_voices: bool = False
