"""A second opinion on what the lexicon read, from the model that learned from examples (``knowledge/learned.py``).

Worded as nobody foresaw, a danger still sounds like the examples of it: where the model is sure and the lexicon says
nothing of the kind, the kind is claimed at the words that speak most for it, and its surroundings decide its state like
that of any other claim. Where the model finds next to nothing of a kind in the sentences, the lexicon's words stood
there for something else, and the claim is dropped.
"""

from collections.abc import Iterable, Sequence

from assistant.understand.claims import Claim, claims_of
from assistant.understand.clauses import Clauses
from assistant.understand.lexicon import Lexicon, Match, Span
from assistant.understand.polarity import Polarity
from knowledge.book import Book, Pattern
from knowledge.learned import LearnedModel, Opinion

#: From this likelihood on a kind is claimed that the lexicon did not read, and below that one the lexicon's is dropped.
#: Both were set on tests/practice, see docs/decisions.md.
SURE = 0.4
DOUBTFUL = 0.03


class SecondOpinion:
    """The model of one book, with a pattern of its own for each target; shared by all threads."""

    def __init__(self, book: Book, model: LearnedModel) -> None:
        self._model = model
        self._patterns = {
            target: Pattern(target, (), written="", file="learned.npz")
            for target in model.targets
            if target in book.entries
        }

    def revised(
        self,
        claims: Sequence[Claim],
        spans: Sequence[Span],
        text: str,
        clauses: Clauses,
        polarity: Polarity,
        lexicon: Lexicon,
    ) -> list[Claim]:
        """The claims on one stretch (``spans`` of ``text``) without the doubtful ones, and with what was missed."""
        opinions = [(span, self._model.of(text[span.start : span.end])) for span in _sentences(spans, clauses)]
        kept = [claim for claim in claims if not self._doubts(claim, opinions)]
        told = {claim.target for claim in claims}
        missed = [
            self._match(target, *max(opinions, key=lambda pair: pair[1].likely[target]))
            for target in self._patterns
            if target not in told and any(opinion.likely[target] >= SURE for _, opinion in opinions)
        ]
        new = [claim for claim in claims_of(missed, polarity, lexicon) if claim.state.is_active]
        return sorted([*kept, *new], key=lambda claim: (claim.position, -claim.weight))

    def _doubts(self, claim: Claim, opinions: Iterable[tuple[Span, Opinion]]) -> bool:
        if claim.target not in self._patterns or "." not in claim.target or not claim.state.is_active:
            return False
        return all(opinion.likely[claim.target] < DOUBTFUL for _, opinion in opinions)

    def _match(self, target: str, span: Span, opinion: Opinion) -> Match:
        start, end = opinion.strongest(target)
        return Match(self._patterns[target], (Span(span.start + start, span.start + end),))


def _sentences(spans: Sequence[Span], clauses: Clauses) -> list[Span]:
    """The sentences of each span, and each span as a whole."""
    found: dict[Span, None] = {}
    for span in spans:
        if span.end > span.start:
            found[Span(*span)] = None
        position = span.start
        while position < span.end:
            end = min(span.end, clauses.sentence_span(position).end)
            if clauses.text[position:end].strip():
                found[Span(position, end)] = None
            position = end
    return list(found)
