"""Which thing a fault is said of: the nearest one, or each of a list.

软管没问题,灶具老化了      the stove
软管、灶具都老化了         both: joined by 、 or 和
灶具阀门胶管都超期         all three: side by side, and 都 says that it is a list
灶具连接软管老化           the hose: what is only the front of a longer name is no thing of its own
"""

from bisect import bisect_left, bisect_right
from itertools import pairwise

from assistant.understand.clauses import Clauses
from assistant.understand.idioms import idioms
from assistant.understand.spans import Span


class Parts:
    """The things named in one text; ``spans`` are the longest names, left to right."""

    def __init__(self, spans: list[Span], clauses: Clauses) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._clauses = clauses
        self._rivals = [span for span in spans if self._can_be_meant(span)]
        self._rival_starts = [span.start for span in self._rivals]

    def keep_off(self, part: Span, head: Span) -> bool:
        """Does another thing stand between ``part`` and its predicate, or is it only the front of a longer name?"""
        if self._is_front(part):
            return True
        low, high = (part.end, head.start) if part.end <= head.start else (head.end, part.start)
        first, last = bisect_left(self._rival_starts, low), bisect_left(self._rival_starts, high)
        between = [other for other in self._rivals[first:last] if other.end <= high]
        return any(not self._joined(part, other, between) for other in between)

    def _can_be_meant(self, span: Span) -> bool:
        """Can something be said of it? 里头 is no thing, and what stands behind 在 (长在管子上) only says where."""
        text = self._clauses.text
        if text[span.start : span.end] in idioms().words.inside_of:
            return False
        return not text[max(0, span.start - 2) : span.start].endswith(idioms().words.beside_the_point)

    def _is_front(self, part: Span) -> bool:
        at = bisect_right(self._starts, part.start) - 1
        if at < 0 or part.end >= self._spans[at].end:
            return False
        return self._clauses.text[part.end : self._spans[at].end] not in idioms().words.inside_of

    def _joined(self, part: Span, other: Span, between: list[Span]) -> bool:
        if self._clauses.joined(part, other):
            return True
        run = [part, *between]
        pairs = [*pairwise(run)]
        if not all(_touch(*pair) or self._clauses.joined(*pair) for pair in pairs):
            return False
        if not self._clauses.text.startswith(idioms().words.each_of_them, run[-1].end):
            return False
        return not _touch(*pairs[0]) or not self._is_listed(run)

    def _is_listed(self, run: list[Span]) -> bool:
        """Are the things listed with 、 or 和, so that two side by side are one name (软管和热水器烟管都坏了)?"""
        at = bisect_left(self._starts, run[0].start)
        before = [(self._spans[at - 1], run[0])] if at else []
        return any(self._clauses.joined(*pair) for pair in (*before, *pairwise(run)))


def _touch(one: Span, other: Span) -> bool:
    return one.end == other.start
