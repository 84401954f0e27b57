"""Stretches of the folded text, and which of them lie inside others."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the folded text."""

    start: int
    end: int


def longer_word(words: Sequence[Span], span: Span) -> Span | None:
    """The word of the lexicon that ``span`` is only a part of: 没 of 没人应 says nothing of what stands behind it.

    ``words`` are the longest words of the text, left to right (``Hits.longest``).
    """
    at = bisect_right(words, (span.start, 1 << 30)) - 1
    if at < 0:
        return None
    longer = words[at]
    return longer if longer.start <= span.start and span.end <= longer.end and longer != span else None


def longest(spans: Iterable[Span]) -> list[Span]:
    """Drop what lies inside another one; left to right."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span.start, -span.end)):
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return kept
