"""How long each class of record is kept, and what stays in the place of words that are gone.

Nothing here reads a clock or a table. The periods stand in ``knowledge/retention.yaml``. Words go, codes stay: a report
that is expired or erased still says when it came, of which kind and how urgent it was, and no longer what was said.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.access import Retention

#: what people read where words stood
GONE = "（原话已按规定删除）"
#: what stands in the place of each character that was taken out of other words
HIDDEN = "＊"
#: doors as the assistant writes them
_DOORS = re.compile(r"(?<!\d)\d+-\d+-\d+(?!\d)")


@dataclass(frozen=True)
class Period:
    """One class: what it holds, from when its days are counted, how many (None: it is kept), and why.

    ``untouched`` says what of it is never taken, however old.
    """

    name: str
    holds: str
    counted_from: str
    days: int | None
    source: str
    untouched: str = ""
    #: fewer days than that no law allows
    at_least: int = 0


@dataclass(frozen=True)
class Reason:
    """Something that stays although a person asked to have it erased, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Periods:
    """All of them, and what erasing leaves, by a short code."""

    of: Mapping[Retention, Period]
    kept: Mapping[str, Reason]

    def cut(self, retention: Retention, now: datetime) -> datetime | None:
        """What came to its end before this moment goes; None where the class is kept."""
        days = self.of[retention].days
        return None if days is None else now - timedelta(days=days)


def blanked(text: str, words: Collection[str], spans: Collection[tuple[int, int]] = ()) -> str:
    """``text`` with each of ``words`` and each span made unreadable. Every other character keeps its place."""
    shown = list(text)
    for start, end in spans:
        shown[start:end] = HIDDEN * len(shown[start:end])
    made = "".join(shown)
    for word in sorted(filter(None, words), key=len, reverse=True):
        made = made.replace(word, HIDDEN * len(word))
    return made


def without_door(text: str, key: str, words: Collection[str]) -> str:
    """A message without what it says of the door ``key``: all of it, or where it names others too, the door's lines.

    A line that names several doors keeps what is not one of ``words``.
    """
    if not _names_others(text, key):
        return GONE
    lines = (
        GONE if key in line and not _names_others(line, key) else blanked(line, words) for line in text.split("\n")
    )
    return "\n".join(lines)


def _names_others(text: str, key: str) -> bool:
    return any(door != key for door in _DOORS.findall(text))


def without_words(value: object, words: Collection[str]) -> object:
    """A JSON value with each of ``words`` made unreadable wherever it stands in a text."""
    match value:
        case str():
            return blanked(value, words)
        case list():
            return [without_words(each, words) for each in value]
        case dict():
            return {name: without_words(each, words) for name, each in value.items()}
        case _:
            return value
