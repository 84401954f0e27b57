"""Cut a text into clauses and sentences, also where the writer left out every comma.

A clause ends at punctuation or a space, before a word that opens a new thought (但是, 就是, 另外, 我看) and before a
door. A sentence ends at 。;!? and line breaks. Lists joined by 、 stay in one clause.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

_CLAUSE_END = re.compile(r"[,。;!?\n: …~]+|(?<![\d一二三四五六七八九十a-z])\.")
_SENTENCE_END = re.compile(r"[。;!?\n]+|\.{3,}|(?<=\D)\.(?!\d)")
_JOINT = re.compile(r"[、和跟与及或以及,还有\s]*")


class Clause(NamedTuple):
    """``start:end`` in the folded text."""

    start: int
    end: int


class Clauses:
    """The clauses and sentences of one text."""

    def __init__(self, text: str, openers: Iterable[int] = ()) -> None:
        self.text = text
        cuts = {0, *(match.end() for match in _CLAUSE_END.finditer(text)), *openers}
        self.starts = sorted(cut for cut in cuts if cut < len(text) or cut == 0)
        self.ends = [*self.starts[1:], len(text)]
        self.sentence_starts = sorted({0, *(match.end() for match in _SENTENCE_END.finditer(text))})
        self._clauses = [Clause(start, end) for start, end in zip(self.starts, self.ends, strict=True)]
        ends = [*self.sentence_starts[1:], len(text)]
        self._sentences = [Clause(start, end) for start, end in zip(self.sentence_starts, ends, strict=True)]

    def index(self, position: int) -> int:
        """Which clause ``position`` lies in, counted from 0."""
        return bisect_right(self.starts, position) - 1

    def at(self, position: int) -> Clause:
        """The clause that ``position`` lies in."""
        return self._clauses[bisect_right(self.starts, position) - 1]

    def sentence(self, position: int) -> int:
        """Which sentence ``position`` lies in, counted from 0."""
        return bisect_right(self.sentence_starts, position) - 1

    def sentence_span(self, position: int) -> Clause:
        """The sentence that ``position`` lies in."""
        return self._sentences[bisect_right(self.sentence_starts, position) - 1]

    def same_sentence(self, one: int, other: int) -> bool:
        """Do both lie in one sentence?"""
        return self.sentence(one) == self.sentence(other)

    def joined(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Are the two joined as items of a list (软管、灶具 / 软管和灶具)?"""
        low, high = (one[1], other[0]) if one[1] <= other[0] else (other[1], one[0])
        between = self.text[low:high]
        return bool(between) and _JOINT.fullmatch(between) is not None and "," not in between
