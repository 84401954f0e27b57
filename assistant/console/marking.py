"""A report's words with those marked that each finding came from, each mark with its finding's number and state."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain.reports import EvidenceState
from assistant.storage.read.told import FoundShown

#: what a mark looks like where several findings share its words: the first of these
_STRONGEST = list(EvidenceState)


@dataclass(frozen=True)
class Stretch:
    """Some words. ``state`` is None where no finding came from them; ``ending`` numbers the findings that end here."""

    text: str
    state: EvidenceState | None = None
    ending: tuple[int, ...] = ()


def stretches(text: str, found: Sequence[FoundShown]) -> tuple[Stretch, ...]:
    """Cut ``text`` where marks begin and end; findings are numbered from 1 in their order. Joined, it is ``text``.

    A mark that lies outside the text (the words were erased since) is cut off, and so may be empty.
    """
    spans = [(max(0, each.start), min(len(text), each.end), number) for number, each in enumerate(found, start=1)]
    cuts = sorted({0, len(text), *(place for start, end, _ in spans if start < end for place in (start, end))})
    made = []
    for start, end in pairwise(cuts):
        covering = [number for first, last, number in spans if first <= start and end <= last]
        state = min((found[number - 1].state for number in covering), key=_STRONGEST.index, default=None)
        ending = tuple(number for first, last, number in spans if first < last == end)
        made.append(Stretch(text[start:end], state, ending))
    return tuple(made)
