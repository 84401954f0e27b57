"""Find the patterns of the knowledge book in a text: candidates by Aho-Corasick, boundaries by jieba.

hits = lexicon.hits(text, boundaries, numbers)          # every word of the book that stands there
matches = lexicon.matches(hits, clauses, 0, len(text))  # every pattern whose words stand together
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import ahocorasick_rs

from assistant.understand.clauses import Clauses
from assistant.understand.hits import Hits
from assistant.understand.homophones import Homophones
from assistant.understand.matching import Compiled, Match, match_at
from assistant.understand.parts import Parts
from assistant.understand.segment import Boundaries
from assistant.understand.spans import Span, longest
from knowledge.book import Book
from knowledge.wordlists import NUMBER_WORD

__all__ = ["Hits", "Lexicon", "Match", "Span"]


class Lexicon:
    """A book compiled for matching; immutable, shared by all threads."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._terms: dict[frozenset[str], int] = {}
        self.cues = {name: self._term(words) for name, words in book.cues.items()}
        never = {code: self._term(entry.never) for code, entry in book.entries.items() if entry.never}
        self.topics = {code: self._term(entry.topic) for code, entry in book.entries.items() if entry.topic}
        self._by_head: dict[int, list[Compiled]] = defaultdict(list)
        self._intents_by_head: dict[int, list[Compiled]] = defaultdict(list)
        parts: set[int] = set()
        for pattern in book.patterns:
            terms = tuple(self._term(slot.words) for slot in pattern.slots)
            vetoes = tuple(self._term(veto) for veto in pattern.vetoes)
            parts |= {term for term, slot in zip(terms, pattern.slots, strict=True) if slot.is_part}
            by_head = self._intents_by_head if pattern.target.startswith("intent:") else self._by_head
            by_head[terms[-1]].append(Compiled(pattern, terms, frozenset(terms), vetoes, never.get(pattern.target)))
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
        by_head: dict[int, list[Compiled]],
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
                        match = match_at(compiled, head, hits, parts, clauses)
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
