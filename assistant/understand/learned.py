"""A second opinion on what the lexicon read, from the model that learned from examples (``knowledge/learned.py``).

Worded as nobody foresaw, a danger still sounds like the examples of it: where the model is sure and the lexicon says
nothing of the kind, the kind is claimed at the words that speak most for it, and its surroundings decide its state like
that of any other claim. Where the model finds next to nothing of a kind in the sentences, the lexicon's words stood
there for something else, and the claim is dropped. Where a story sounds as if it ended well, its claims are resolved.
The model hears no doors: where something is must not change what it is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from assistant.domain.reports import EvidenceState, Severity
from assistant.understand.address import DoorMention
from assistant.understand.claims import Claim, claims_of
from assistant.understand.clauses import Clauses
from assistant.understand.lexicon import Lexicon, Match, Span
from assistant.understand.polarity import Polarity
from knowledge.book import Book, Pattern
from knowledge.learned import ANYTHING, OVER, LearnedModel, Opinion

#: From this likelihood on a kind is claimed that the lexicon did not read: where it read nothing at all, something
#: else, or another kind of the same theme, which mostly is what the words mean. Why: docs/decisions.md.
ALONE, BESIDE_OTHERS, BESIDE_ITS_KIN = 0.55, 0.75, 0.85
#: Where no door is named and the lexicon read nothing, it mostly is talk.
ALONE_SOMEWHERE = 0.7
#: What may cost a life or somebody's savings is claimed sooner beside something else.
URGENT_BESIDE_OTHERS = 0.6
#: Below this likelihood the lexicon's own claim is dropped; who names a door mostly reports, and is believed more.
DOUBTFUL = 0.1
DOUBTFUL_AT_A_DOOR = 0.03
#: What may cost a life or somebody's savings is dropped only where next to nothing of its whole theme is heard.
DOUBTFUL_WHEN_URGENT = 0.04
DOUBTFUL_WHEN_URGENT_AT_A_DOOR = 0.02
#: A message sounds clearly like a kind from the first; another kind that is less likely in it than the second (the
#: third where it is urgent), and in its own clause than the fourth, is not what its words mean.
CLEAR, BESIDE_A_CLEAR, BESIDE_A_CLEAR_URGENT, OWN_CLEAR = 0.6, 0.25, 0.1, 0.6
#: A kind is added only to a message that is likely to state anything, unless it names a door and is all but certain.
STATES_ANYTHING, CERTAIN = 0.55, 0.9
#: Where something is surely stated and nothing was read, the likeliest kind is claimed from the second on, an urgent
#: one from the third.
SURELY_STATES, LIKELIEST, LIKELIEST_WHEN_URGENT = 0.92, 0.3, 0.45
#: Below this likelihood of stating anything a message is talk.
TALK = 0.25
#: At a door it is talk when both together, that it states anything and that it states the claimed kind, are below the
#: first; below the second where it is urgent: a false alarm is the lesser harm.
TALK_AT_A_DOOR, URGENT_TALK_AT_A_DOOR = 0.3, 0.2
#: Sentences are put together to the length of a message, which is what the examples are.
LONGEST = 100
#: How it ended is looked for so far from where it began.
LONGEST_STORY = 250
#: Shorter sentences (a door, an exclamation) are no ground for an opinion of their own.
SHORTEST = 8
#: From this likelihood on a matter is over; where being wrong may cost a life, from the second.
IS_OVER, IS_OVER_WHEN_URGENT = 0.55, 0.65
#: What is calm for the moment is not over; from this likelihood on more is told than that (带走,保护令,一个月没露面).
IS_SURELY_OVER = 0.95
_MOSTLY_CALM = frozenset(
    {"health.self_harm", "dispute.violence_threat", "child.abuse", "elder.neglect_abuse", "tenancy.vacant"}
)
#: What numbers decide, read by rules over the values, is not for a model that sees no values.
_BY_VALUE = frozenset({"health.bp_high", "health.glucose_abnormal"})
_OTHERWISE = frozenset({EvidenceState.NEGATED, EvidenceState.PLANNED})
_STAGE = "stage:"
_SOME_SCAM = "fraud.unspecified"
#: Refused is an inspection only where one is spoken of: who lets nobody in may have refused a visit.
_REFUSAL, _OF_WHAT = "gas.inspection_refused", "inspects"
_MISSED, _NO_CONTACT = "visit:missed", "elder.no_contact"
#: what stands around words and is none
_MARKS = " ,。;:!?、\n"
_LETTER = re.compile(r"[^\W\d_]")


class SecondOpinion:
    """The model of one book, with a pattern of its own for each target; shared by all threads."""

    def __init__(self, book: Book, model: LearnedModel) -> None:
        self._model = model
        self._patterns = {
            target: Pattern(target, (), written="", file="learned.npz")
            for target in model.targets
            if target in book.entries and target not in _BY_VALUE and not target.startswith(_STAGE)
        }
        self._kin: dict[str, list[str]] = defaultdict(list)
        for target in model.targets:
            self._kin[target.split(".")[0]].append(target)
        self._urgent = frozenset(
            target
            for target in model.targets
            if target in book.kinds and (target.startswith("fraud.") or book.kinds[target].severity is Severity.P0)
        )
        self._kin["fraud"] += [target for target in model.targets if target.startswith(_STAGE)]

    def tells(self, text: str) -> float:
        """How likely a whole text without doors tells of something that is so, whoever it is about.

        A text that surely sounds like one kind (灯亮,狗叫,手机在响) tells more than how it opens lets one think.
        """
        likely = self._model.of(text).likely
        best = max(likely[target] for target in self._patterns if "." in target)
        return max(likely[ANYTHING], (likely[ANYTHING] + best) / 2)

    def of_scams(self, spans: Sequence[Span], text: str, clauses: Clauses) -> Mapping[str, float]:
        """How likely each scheme (``fraud.…``) and each stage (``stage:…``) is in one stretch."""
        opinions = [self._model.of(text[span.start : span.end]).likely for span in _windows(spans, clauses)]
        return {target: max((likely[target] for likely in opinions), default=0.0) for target in self._kin["fraud"]}

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
        not_so: Set[str] = frozenset(),
    ) -> list[Claim]:
        """The claims on one stretch (``spans`` of ``text``) without the doubtful ones, and with what was missed.

        ``not_so`` are the targets whose words stand there but do not hold (a tale, what one had thought).
        """
        opinions = [(span, self._model.of(text[span.start : span.end])) for span in _windows(spans, clauses)]
        kept = [claim for claim in claims if not self._doubts(claim, opinions, text, clauses, names_door=names_door)]
        told = {claim.target for claim in claims} | not_so
        if not polarity.cue(_OF_WHAT):
            told.add(_REFUSAL)
        if _MISSED in told:
            told.add(_NO_CONTACT)  # a miss alone is no finding; from when on it is one, rules count
        active = {claim.target for claim in kept if "." in claim.target and claim.state.is_active}
        themes = {target.split(".")[0] for target in active - {_SOME_SCAM}}
        best = self._best(opinions)
        missed = [
            target
            for target, (_, opinion) in best.items()
            if target not in told
            and opinion.likely[target] >= self._enough(target, themes, names_door=names_door)
            and (opinion.likely[ANYTHING] >= STATES_ANYTHING or (names_door and opinion.likely[target] >= CERTAIN))
        ]
        if not missed and not active:
            missed = [target for target in self._likeliest(opinions) if target not in told]
        own = [self._match(clauses, target, *best[target]) for target in missed]
        new = [claim for claim in map(_not_denied, claims_of(own, polarity, lexicon)) if claim.state.is_active]
        stories = [*opinions, *self._stories(opinions, text)]
        settled = [self._over(claim, stories, polarity) for claim in (*kept, *new)]
        return sorted(settled, key=lambda claim: (claim.position, -claim.weight))

    def _best(self, opinions: Sequence[tuple[Span, Opinion]]) -> Mapping[str, tuple[Span, Opinion]]:
        """For each target the stretch that sounds most like it; nothing where no stretch was long enough."""
        if len(opinions) == 1:
            return dict.fromkeys(self._patterns, opinions[0])
        return {target: max(opinions, key=lambda pair: pair[1].likely[target]) for target in self._patterns if opinions}

    def _likeliest(self, opinions: Iterable[tuple[Span, Opinion]]) -> Iterator[str]:
        """The likeliest kind of each stretch of sentences that surely states something."""
        for _, opinion in opinions:
            target = max(self._patterns, key=lambda target: opinion.likely[target])
            enough = LIKELIEST_WHEN_URGENT if target in self._urgent else LIKELIEST
            if opinion.likely[ANYTHING] >= SURELY_STATES and opinion.likely[target] >= enough:
                yield target

    def _stories(self, opinions: Sequence[tuple[Span, Opinion]], text: str) -> Iterator[tuple[Span, Opinion]]:
        """What stands from each of several windows to the end: how it ended is often told sentences later."""
        for span, _ in opinions[:-1]:
            whole = Span(span.start, min(opinions[-1][0].end, span.start + LONGEST_STORY))
            yield whole, self._model.of(text[whole.start : whole.end])

    def _over(self, claim: Claim, opinions: Iterable[tuple[Span, Opinion]], polarity: Polarity) -> Claim:
        """The claim, resolved where its sentences sound like what is mended, cleared, found or put out."""
        if "." not in claim.target or claim.target.startswith("fraud.") or not claim.state.is_active:
            return claim
        enough = IS_OVER_WHEN_URGENT if claim.target in self._urgent else IS_OVER
        if claim.target in _MOSTLY_CALM:
            enough = IS_SURELY_OVER
        about = [(span, one) for span, one in opinions if span.start <= claim.position < span.end]
        ended = [span for span, one in about if one.likely.get(OVER, 0.0) >= enough]
        if not ended or polarity.is_unfinished(claim.match, max(span.end for span, _ in about)):
            return claim
        return replace(claim, state=EvidenceState.RESOLVED)

    def _doubts(
        self, claim: Claim, opinions: Sequence[tuple[Span, Opinion]], text: str, clauses: Clauses, *, names_door: bool
    ) -> bool:
        """Does neither the message nor the claim's own clause sound like the kind?

        Where the message clearly sounds like another kind (a likelier one beside it), less doubt is enough: the words
        stood there for something else. Which scam it is, is for the words to say.
        """
        if claim.target not in self._patterns or "." not in claim.target or claim.state in _OTHERWISE:
            return False
        heard = [opinion.likely for _, opinion in opinions]
        if not heard:
            return False  # a cry (漏气了!) is too short for an opinion, and stands
        urgent = claim.target in self._urgent
        at_a_door = URGENT_TALK_AT_A_DOOR if urgent else TALK_AT_A_DOOR
        if all(_is_talk(likely, claim.target, at_a_door if names_door else None) for likely in heard):
            return claim.state.is_active
        if urgent:
            enough = DOUBTFUL_WHEN_URGENT_AT_A_DOOR if names_door else DOUBTFUL_WHEN_URGENT
        else:
            enough = DOUBTFUL_AT_A_DOOR if names_door else DOUBTFUL
        kin = self._kin[claim.target.split(".")[0]] if urgent else [claim.target]
        most = max(likely[kind] for likely in heard for kind in kin)
        beside = BESIDE_A_CLEAR_URGENT if urgent else BESIDE_A_CLEAR
        is_beside = most < beside and any(self._is_clear(likely) for likely in heard)
        if most >= enough and not is_beside:
            return False
        own = self._model.of(text[clauses.at(claim.match.start).start : clauses.at(claim.match.end - 1).end]).likely
        return max(own[kind] for kind in kin) < (OWN_CLEAR if is_beside else enough)

    def _is_clear(self, likely: Mapping[str, float]) -> bool:
        return any(likely[target] >= CLEAR for target in self._patterns if "." in target)

    def _enough(self, target: str, themes: Set[str], *, names_door: bool) -> float:
        """How likely a kind must be to be claimed beside what the lexicon read."""
        if target.split(".")[0] in themes:
            return BESIDE_ITS_KIN
        if not names_door and not themes:
            return ALONE_SOMEWHERE
        if not themes:
            return ALONE
        return URGENT_BESIDE_OTHERS if target in self._urgent else BESIDE_OTHERS

    def _match(self, clauses: Clauses, target: str, span: Span, opinion: Opinion) -> Match:
        """What speaks most for it, of one clause alone: people read these words as the reason."""
        first, last = opinion.strongest(target)
        start, end = span.start + first, span.start + last
        clause = max(
            (clauses.at(position) for position in range(start, end)),
            key=lambda one: min(end, one.end) - max(start, one.start),
        )
        start, end = max(start, clause.start), min(end, clause.end)
        words = clauses.text[start:end]
        start, end = start + len(words) - len(words.lstrip(_MARKS)), end - len(words) + len(words.rstrip(_MARKS))
        return Match(self._patterns[target], (Span(start, end),))


def _is_talk(likely: Mapping[str, float], target: str, at_a_door: float | None) -> bool:
    if at_a_door is not None:
        return likely[ANYTHING] + likely[target] < at_a_door
    return likely[ANYTHING] < TALK and likely[target] < 0.5


def without_doors(text: str, doors: Iterable[DoorMention]) -> str:
    """``text`` with a space for each character of a door: where it is tells nothing of what it is (楼上 does)."""
    for door in doors:
        if door.keys and door.said and door.relation is None:
            text = text[: door.start] + " " * (door.end - door.start) + text[door.end :]
    return text


def _not_denied(claim: Claim) -> Claim:
    """The model has heard the denial too (没碰开关) and finds the kind all the same."""
    return replace(claim, state=EvidenceState.SEEN) if claim.state is EvidenceState.NEGATED else claim


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
