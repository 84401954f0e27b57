"""What a sentence of ``replies.yaml`` may ask for in braces, and the form that its entries share."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True)
class Slots:
    """The words that a sentence may ask for in braces."""

    names: frozenset[str]

    @classmethod
    def of(cls, *names: str) -> "Slots":
        return cls(frozenset(names))


Plain = Annotated[str, Slots.of()]
Door = Annotated[str, Slots.of("door")]
Doors = Annotated[str, Slots.of("doors")]
DoorWhat = Annotated[str, Slots.of("door", "what")]
DoorWhatByReason = Annotated[str, Slots.of("door", "what", "by", "reason")]


class Entry(BaseModel):
    """An entry of the file: no key that the program does not know, and nothing changes it once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
