"""A second opinion on what the lexicon read, from the model that learned from examples (``knowledge/learned.py``).

Worded as nobody foresaw, a danger still sounds like the examples of it: where the model is sure and the lexicon says
nothing of the kind, the kind is claimed at the words that speak most for it, and its surroundings decide its state like
that of any other claim. Where the model finds next to nothing of a kind in the sentences, the lexicon's words stood
there for something else, and the claim is dropped.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from assistant.understand.claims import Claim, claims_of
from assistant.understand.clauses import Clauses
from assistant.understand.lexicon import Lexicon, Match, Span
from assistant.understand.polarity import Polarity
from knowledge.book import Book, Pattern
from knowledge.learned import ANYTHING, LearnedModel, Opinion

#: From this likelihood on a kind is claimed that the lexicon did not read, and below that one the lexicon's is dropped.
#: Both were set on tests/practice, see docs/decisions.md.
SURE = 0.4
DOUBTFUL = 0.06
#: Who names a door mostly reports: the lexicon is believed more.
DOUBTFUL_AT_A_DOOR = 0.02
#: Below this likelihood of stating anything a message is talk.
TALK = 0.25
#: Sentences are put together to the length of a message, which is what the examples are.
LONGEST = 100
#: Shorter sentences (a door, an exclamation) are no ground for an opinion of their own.
SHORTEST = 4
#: What numbers decide, read by rules over the values, is not for a model that sees no values.
_BY_VALUE = frozenset({"health.bp_high", "health.glucose_abnormal"})
_LETTER = re.compile(r"[^\W\d_]")


class SecondOpinion:
    """The model of one book, with a pattern of its own for each target; shared by all threads."""

    def __init__(self, book: Book, model: LearnedModel) -> None:
        self._model = model
        self._patterns = {
            target: Pattern(target, (), written="", file="learned.npz")
            for target in model.targets
            if target in book.entries and target not in _BY_VALUE
        }
        self._kin: dict[str, list[str]] = defaultdict(list)
        for target in model.targets:
            self._kin[target.split(".")[0]].append(target)
        self._kin["fraud"] += [target for target in model.targets if target.startswith("stage:")]

    def revised(
        self,
        claims: Sequence[Claim],
        spans: Sequence[Span],
        text: str,
        clauses: Clauses,
        polarity: Polarity,
        lexicon: Lexicon,
        *,
        names_door: bool,
    ) -> list[Claim]:
        """The claims on one stretch (``spans`` of ``text``) without the doubtful ones, and with what was missed."""
        opinions = [(span, self._model.of(text[span.start : span.end])) for span in _windows(spans, clauses)]
        kept = [claim for claim in claims if not self._doubts(claim, opinions, text, clauses, names_door=names_door)]
        told = {claim.target for claim in claims}
        missed = [
            self._match(target, *max(opinions, key=lambda pair: pair[1].likely[target]))
            for target in self._patterns
            if target not in told
            and any(opinion.likely[target] >= SURE and opinion.likely[ANYTHING] >= SURE for _, opinion in opinions)
        ]
        own = [match for match in missed if not any(claim.match.overlaps(match.head) for claim in claims)]
        new = [claim for claim in claims_of(own, polarity, lexicon) if claim.state.is_active]
        return sorted([*kept, *new], key=lambda claim: (claim.position, -claim.weight))

    def _doubts(
        self, claim: Claim, opinions: Iterable[tuple[Span, Opinion]], text: str, clauses: Clauses, *, names_door: bool
    ) -> bool:
        """Does neither the message nor the claim's own clause sound like the kind, or like its theme?

        Which scam it is, or which fault of a gas pipe, is for the words to say: a likelier kind beside it is no doubt.
        """
        if claim.target not in self._patterns or "." not in claim.target or not claim.state.is_active:
            return False
        heard = [opinion.likely for _, opinion in opinions]
        if not heard:
            return False  # a cry (漏气了!) is too short for an opinion, and stands
        if not names_door and all(likely[ANYTHING] < TALK and likely[claim.target] < 0.5 for likely in heard):
            return True
        own = text[clauses.at(claim.match.start).start : clauses.at(claim.match.end - 1).end]
        enough = DOUBTFUL_AT_A_DOOR if names_door else DOUBTFUL
        kin = self._kin[claim.target.split(".")[0]]
        return all(likely[kind] < enough for likely in (*heard, self._model.of(own).likely) for kind in kin)

    def _match(self, target: str, span: Span, opinion: Opinion) -> Match:
        start, end = opinion.strongest(target)
        return Match(self._patterns[target], (Span(span.start + start, span.start + end),))


def _windows(spans: Sequence[Span], clauses: Clauses) -> list[Span]:
    """What to ask the model about: each span as a whole where it is short, else its sentences, a few at a time."""
    found: list[Span] = []
    for span in spans:
        start = span.start
        while start < span.end:
            end = min(span.end, clauses.sentence_span(start).end)
            while end < span.end and clauses.sentence_span(end).end - start <= LONGEST:
                end = min(span.end, clauses.sentence_span(end).end)
            found.append(Span(start, end))
            start = end
    told = [span for span in found if len(_LETTER.findall(clauses.text[span.start : span.end])) >= SHORTEST]
    return told
