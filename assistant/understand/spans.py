"""Stretches of the folded text, and which of them lie inside others."""

from bisect import bisect_left, bisect_right
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


def starting_within(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of ``spans`` (left to right) that begin at ``start`` or later and before ``end``."""
    if not spans:
        return ()
    return spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]


def longest(spans: Iterable[Span]) -> list[Span]:
    """Drop what lies inside another one; left to right."""
    kept: list[Span] = []
    last_start = last_end = -1
    for span in sorted(spans):
        start, end = span
        if end <= last_end:
            continue
        if start == last_start:
            kept[-1] = span
        else:
            kept.append(span)
        last_start, last_end = start, end
    return kept
