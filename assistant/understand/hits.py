"""Where the words of each word list stand in one text."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import islice

from assistant.understand.spans import Span, starting_within


class Hits:
    """The spans of each word list, which is known by its number here (a *term*)."""

    def __init__(
        self, by_term: dict[int, list[Span]], longest_words: list[Span], nested: dict[int, list[Span]]
    ) -> None:
        self.by_term = by_term
        #: of lists that hold words inside others (拉, 拉根线): all of them, where ``by_term`` has the longest
        self.nested = nested
        #: the longest words of ours that no dictionary word straddles
        self.longest = longest_words

    def of(self, term: int) -> Sequence[Span]:
        """The spans of one term, left to right."""
        return self.by_term.get(term, ())

    def candidates(self, term: int) -> Sequence[Span]:
        """The spans of one term, also those inside longer words of the same list."""
        return self.nested[term] if term in self.nested else self.by_term.get(term, ())

    @cached_property
    def _in_order(self) -> list[tuple[Span, int]]:
        return sorted((span, term) for term, spans in self.by_term.items() for span in spans)

    def inside(self, start: int, end: int) -> "Hits":
        """The same for a stretch of the text: what stands in it from end to end."""
        found: dict[int, list[Span]] = {}
        at = bisect_left(self._in_order, ((start, 0), 0))
        for span, term in islice(self._in_order, at, None):
            if span.start >= end:
                break
            if span.end <= end:
                found.setdefault(term, []).append(span)
        nested = {
            term: [span for span in starting_within(spans, start, end) if span.end <= end]
            for term, spans in self.nested.items()
            if term in found
        }
        return Hits(found, self.longest, nested)
