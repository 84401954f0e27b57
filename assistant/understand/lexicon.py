"""Find the patterns of the knowledge book in a text: candidates by Aho-Corasick, boundaries by jieba.

A pattern's words must stand together: within a clause (any distance up to its gap), or the thing in one clause and
what is wrong with it in a clause after it, as long as no other thing stands between (the nearest part counts:
“软管没问题,灶具老化了” says nothing bad of the hose).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import ahocorasick_rs

from assistant.understand.clauses import Clauses
from assistant.understand.homophones import Homophones
from assistant.understand.parts import Parts
from assistant.understand.segment import Boundaries
from assistant.understand.spans import Span, longest, starting_within
from knowledge.book import Book, Pattern, Slot
from knowledge.wordlists import NUMBER_WORD

__all__ = ["Hits", "Lexicon", "Match", "Span"]

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
        return self.pattern.target.startswith(("fraud.", "stage:"))

    def overlaps(self, span: Span) -> bool:
        """Does ``span`` share a character with the pattern's own words?"""
        return any(own.start < span.end and span.start < own.end for own in self.spans)

    def covers(self, span: Span) -> bool:
        """Is ``span`` inside one of the pattern's own words?"""
        return any(own.start <= span.start and span.end <= own.end for own in self.spans)


class Hits:
    """Where the words of each word list (a *term*) stand in one text."""

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


class _Compiled(NamedTuple):
    pattern: Pattern
    terms: tuple[int, ...]
    #: the same as a set
    needs: frozenset[int]
    vetoes: tuple[int, ...]
    never: int | None


class Lexicon:
    """A book compiled for matching; immutable, shared by all threads."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._terms: dict[frozenset[str], int] = {}
        self.cues = {name: self._term(words) for name, words in book.cues.items()}
        never = {code: self._term(entry.never) for code, entry in book.entries.items() if entry.never}
        self.topics = {code: self._term(entry.topic) for code, entry in book.entries.items() if entry.topic}
        self._by_head: dict[int, list[_Compiled]] = defaultdict(list)
        self._intents_by_head: dict[int, list[_Compiled]] = defaultdict(list)
        parts: set[int] = set()
        for pattern in book.patterns:
            terms = tuple(self._term(slot.words) for slot in pattern.slots)
            vetoes = tuple(self._term(veto) for veto in pattern.vetoes)
            parts |= {term for term, slot in zip(terms, pattern.slots, strict=True) if slot.is_part}
            by_head = self._intents_by_head if pattern.target.startswith("intent:") else self._by_head
            by_head[terms[-1]].append(_Compiled(pattern, terms, frozenset(terms), vetoes, never.get(pattern.target)))
        self._parts = frozenset(parts)
        by_word: dict[str, list[int]] = defaultdict(list)
        for words, term in self._terms.items():
            for word in words:
                by_word[word].append(term)
        self.words = sorted(by_word)
        self._terms_of_word = [tuple(by_word[word]) for word in self.words]
        self._numbers = {
            word.removeprefix(NUMBER_WORD): index for index, word in enumerate(self.words) if word[0] == NUMBER_WORD
        }
        parts_by_name = {
            word for pattern in book.patterns for slot in pattern.slots if slot.is_part for word in slot.words
        }
        self._homophones = Homophones(
            self.words, sorted(parts_by_name), book.slips, book.function_characters, book.syllables
        )
        self._automaton = ahocorasick_rs.AhoCorasick(self.words)

    def _term(self, words: frozenset[str]) -> int:
        return self._terms.setdefault(words, len(self._terms))

    def hits(
        self, text: str, boundaries: Boundaries, numbers: Mapping[str, Sequence[Span]], doors: Sequence[Span] = ()
    ) -> Hits:
        """Every word of the book in the text, also where it was typed by its sound; ``numbers`` by their name.

        What is part of a door (五楼一号) is no word of anything else.
        """
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        found += self._homophones.find(text, boundaries, found)
        if doors:
            in_door = bytearray(len(text) + 1)
            for number, door in enumerate(doors, start=1):
                in_door[door.start : door.end] = bytes([number % 256]) * (door.end - door.start)
            found = [one for one in found if not in_door[one[1]] or in_door[one[1]] != in_door[one[2] - 1]]
        by_word: dict[int, list[Span]] = {
            number: [*numbers[name]] for name, number in self._numbers.items() if numbers.get(name)
        }
        everything: list[Span] = []
        refused = []
        for word, start, end in found:
            span = Span(start, end)
            if boundaries.allow(start, end):
                if boundaries.is_closed(start, end):
                    everything.append(span)
                by_word.setdefault(word, []).append(span)
            elif end - start > 1:
                refused.append((word, span))
        tiles = _Tiles([(start, end) for _, start, end in found if end - start > 1]) if refused else None
        for word, span in refused:
            if tiles is not None and tiles.account_for(span, boundaries):
                everything.append(span)
                by_word[word] = sorted([*by_word.get(word, ()), span])
        return self._of_lists(by_word, longest(everything))

    def _of_lists(self, by_word: Mapping[int, list[Span]], longest_words: list[Span]) -> Hits:
        """The spans of each list that holds one of the words."""
        by_term: dict[int, list[Span]] = {}
        nested: dict[int, list[Span]] = {}
        several = set()
        for word, spans in by_word.items():
            for term in self._terms_of_word[word]:
                if term in by_term:
                    by_term[term] = by_term[term] + spans
                    several.add(term)
                else:
                    by_term[term] = spans
        for term in several:
            spans = by_term[term]
            by_term[term] = longest(spans)
            if len(by_term[term]) < len(spans):
                nested[term] = sorted(spans)
        return Hits(by_term, longest_words, nested)

    def matches(self, hits: Hits, clauses: Clauses, start: int, end: int) -> list[Match]:
        """Every pattern of a finding, circumstance or visit whose words stand together within ``start:end``."""
        is_whole = start == 0 and end >= len(clauses.text)
        return self._all(self._by_head, hits if is_whole else hits.inside(start, end), clauses)

    def intents(self, hits: Hits, clauses: Clauses) -> list[Match]:
        """Every pattern of an intent, over the whole text."""
        return self._all(self._intents_by_head, hits, clauses)

    def _all(
        self,
        by_head: dict[int, list[_Compiled]],
        hits: Hits,
        clauses: Clauses,
    ) -> list[Match]:
        inside = hits.by_term
        parts = Parts(longest([span for term in inside.keys() & self._parts for span in inside[term]]), clauses)
        found: list[Match] = []
        present = set(inside)
        for head_term in present & by_head.keys():
            for compiled in by_head[head_term]:
                if compiled.needs <= present:
                    for head in inside[head_term]:
                        match = _match(compiled, head, hits, parts, clauses)
                        if match is not None:
                            found.append(match)
        return found


class _Tiles:
    """Words of ours by where they begin and end, to see whether two side by side fill a dictionary word."""

    def __init__(self, found: Iterable[tuple[int, int]]) -> None:
        self._first_start: dict[int, int] = {}
        self._last_end: dict[int, int] = {}
        for start, end in found:
            self._first_start[end] = min(start, self._first_start.get(end, start))
            self._last_end[start] = max(end, self._last_end.get(start, end))

    def account_for(self, span: Span, boundaries: Boundaries) -> bool:
        """Do words of ours next to ``span`` account for the word that straddles its edge (软管|接头 for 管接头)?"""
        low, high = boundaries.straddling(span.start, span.end)
        left = low == span.start or self._first_start.get(span.start, span.start) <= low
        right = high == span.end or self._last_end.get(span.end, span.end) >= high
        return left and right


def _match(
    compiled: _Compiled,
    head: Span,
    hits: Hits,
    parts: Parts,
    clauses: Clauses,
) -> Match | None:
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
