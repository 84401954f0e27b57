"""Which households a list should hold, and in which order: what filters, saved views and the page's address say."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.casework import Responder
from assistant.domain.reports import Severity


class Stands(StrEnum):
    """How matters stand."""

    OPEN = "open"
    #: a worker says that it is over
    PROPOSED = "proposed"
    #: something falls due today or is late
    DUE = "due"
    #: nobody has seen it: hearsay or a guess
    UNSURE = "unsure"


class Order(StrEnum):
    """What comes first."""

    URGENT = "urgent"
    NEWEST = "newest"
    DUE = "due"
    DOOR = "door"


@dataclass(frozen=True)
class Wanted:
    """The filters; what is None or empty filters nothing. ``everyone``: also households with nothing open, by door."""

    theme: str | None = None
    severity: Severity | None = None
    stands: Stands | None = None
    owner: Responder | None = None
    estate_id: int | None = None
    building: str | None = None
    worker_id: int | None = None
    text: str = ""
    since: datetime | None = None
    order: Order = Order.URGENT
    everyone: bool = False


#: no more words of a search are looked at, nor longer ones
_WORDS, _LONGEST_WORD = 5, 40
_PARTS = re.compile(r"号楼|单元|[栋幢座]")
_TAIL = re.compile(r"[号室]$")
_DOOR = re.compile(r"[0-9A-Za-z?]+(?:-[0-9A-Za-z?]*){0,2}")


@dataclass(frozen=True)
class Word:
    """One word of a search. ``door`` is it as the beginning of a key (3栋2单元 → ``3-2-``), where it can be one."""

    text: str
    door: str | None


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a search, each of which must be found. Full-width digits are digits."""
    found = []
    for word in unicodedata.normalize("NFKC", text).split()[:_WORDS]:
        word = word[:_LONGEST_WORD]
        door = _TAIL.sub("", _PARTS.sub("-", word))
        is_door = _DOOR.fullmatch(door) is not None and any(character.isdigit() for character in door)
        found.append(Word(word, door if is_door else None))
    return tuple(found)
