"""Does a pattern of the book stand at one place of a text: all its words, near enough, in order, without its vetoes?

A pattern's words must stand together: within a clause (any distance up to its gap), or the thing in one clause and
what is wrong with it in a clause after it, as long as no other thing stands between (the nearest part counts:
“软管没问题,灶具老化了” says nothing bad of the hose).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.understand.clauses import Clauses
from assistant.understand.hits import Hits
from assistant.understand.parts import Parts
from assistant.understand.spans import Span, starting_within
from knowledge.book import Pattern, Slot

#: Characters that may stand between two words of a pattern in one clause, and across clauses, where it says no other.
GAP = 12
GAP_ACROSS = 30
#: No word is so long, and no gap so wide, that what stands further from a pattern's words could belong to them.
_FARTHEST = 80
#: What may stand behind a predicate that ends its clause.
_PARTICLES = " ,。;!?:~…\n了的哦啊哈呢嘛啦喽哟咯呀吧哩着在家里头屋"
#: How many clauses back a thing may have been named.
CLAUSES_BACK = 3


@dataclass(frozen=True, slots=True)
class Match:
    """One place where a pattern's words stand together. ``head`` is its last slot, the predicate."""

    pattern: Pattern
    spans: tuple[Span, ...]

    @property
    def head(self) -> Span:
        return self.spans[-1]

    @property
    def start(self) -> int:
        return min(span.start for span in self.spans)

    @property
    def end(self) -> int:
        return max(span.end for span in self.spans)

    @property
    def is_of_scam(self) -> bool:
        """Does it speak of a scam or of how far one has got?"""
        return self.pattern.target.startswith(("fraud.", "stage:", "screen_shared"))

    def overlaps(self, span: Span) -> bool:
        """Does ``span`` share a character with the pattern's own words?"""
        return any(own.start < span.end and span.start < own.end for own in self.spans)

    def covers(self, span: Span) -> bool:
        """Is ``span`` inside one of the pattern's own words?"""
        return any(own.start <= span.start and span.end <= own.end for own in self.spans)


class Compiled(NamedTuple):
    """A pattern with its word lists as terms. The last term is the predicate."""

    pattern: Pattern
    terms: tuple[int, ...]
    #: the same as a set
    needs: frozenset[int]
    vetoes: tuple[int, ...]
    never: int | None


def match_at(
    compiled: Compiled,
    head: Span,
    hits: Hits,
    parts: Parts,
    clauses: Clauses,
) -> Match | None:
    """The match whose predicate is ``head``; None where some word is missing, too far, or a veto stands by."""
    pattern = compiled.pattern
    spans: list[Span] = [head]
    following = head
    for position in range(len(compiled.terms) - 2, -1, -1):
        slot = pattern.slots[position]
        ordered = pattern.slots[position + 1].after_previous
        best = _nearest(
            hits.candidates(compiled.terms[position]),
            head,
            following,
            spans,
            slot,
            pattern,
            parts,
            clauses,
            ordered=ordered,
        )
        if best is None:
            return None
        spans.append(best)
        following = best
    spans.reverse()
    match = Match(pattern, tuple(spans))
    if compiled.never is not None and any(
        veto.start < span.end and span.start < veto.end for veto in hits.of(compiled.never) for span in spans
    ):
        return None
    clause = clauses.at(head.start)
    if pattern.ends and clauses.text[head.end : clause.end].strip(_PARTICLES):
        return None
    for veto, is_wide in zip(compiled.vetoes, pattern.wide_vetoes, strict=True):
        reach = clauses.sentence_span(head.start) if is_wide else clause
        if any(not match.covers(span) for span in starting_within(hits.of(veto), reach.start, reach.end)):
            return None
    return match


def _nearest(
    candidates: Sequence[Span],
    head: Span,
    following: Span,
    taken: list[Span],
    slot: Slot,
    pattern: Pattern,
    parts: Parts,
    clauses: Clauses,
    *,
    ordered: bool,
) -> Span | None:
    """The candidate that goes best with the head: in its clause and near, else in a clause before it."""
    gap = pattern.gap if pattern.gap is not None else GAP
    here = clauses.index(head.start)
    best, best_cost = None, 1_000
    if pattern.within != "case":  # nothing counts that is further away
        low, high = min(taken).start - _FARTHEST, max(taken).end + _FARTHEST
        candidates = starting_within(candidates, low, high)
    for span in candidates:
        if any(span.start < other.end and other.start < span.end for other in taken):
            continue
        if ordered and span.end > following.start:
            continue
        distance = min(_distance(span, other) for other in taken)
        back = here - clauses.index(span.start)
        if back == 0:
            if distance > gap:
                continue
            cost = distance
        elif 0 < back <= CLAUSES_BACK and pattern.within != "clause" and clauses.same_sentence(span.start, head.start):
            if distance > GAP_ACROSS:
                continue
            cost = 100 + distance
        elif pattern.within == "case":
            cost = 200 + abs(distance)
        else:
            continue
        if cost < best_cost and not (slot.is_part and parts.keep_off(span, head)):
            best, best_cost = span, cost
    return best


def _distance(one: Span, other: Span) -> int:
    return other.start - one.end if one.end <= other.start else one.start - other.end
