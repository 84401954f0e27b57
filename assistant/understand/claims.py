"""Claims: what each match says once its surroundings have had their word, and how claims of one kind are weighed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.reports import EvidenceState
from assistant.understand.lexicon import Lexicon, Match
from assistant.understand.polarity import Polarity
from assistant.understand.spans import Span

#: Themes where a thing can be mended or taken away, so that 换了, 搬走了 settle what was said before.
_PHYSICAL = frozenset({"gas", "electric", "fire", "place"})


@dataclass(frozen=True)
class Claim:
    """One match with the state its surroundings give it."""

    match: Match
    state: EvidenceState
    #: only points back at what was told before (昨天说昏过去那个): what is said now counts more
    refers_back: bool = False

    @property
    def target(self) -> str:
        return self.match.pattern.target

    @property
    def position(self) -> int:
        return self.match.head.start

    @property
    def weight(self) -> int:
        """How much the words say: more slots and longer words weigh more."""
        return sum(2 + span.end - span.start for span in self.match.spans)


def claims_of(matches: Iterable[Match], polarity: Polarity, lexicon: Lexicon) -> list[Claim]:
    """Each match with its evidence state, left to right; what does not hold is left out."""
    claims = []
    for match in matches:
        entry = lexicon.book.entries[match.pattern.target]
        state = polarity.state_of(match, entry.default)
        if state is not None:
            claims.append(Claim(match, state, polarity.refers_back(match)))
    return sorted(claims, key=lambda claim: (claim.position, -claim.weight))


def settle(claims: list[Claim], within: Sequence[Span], polarity: Polarity) -> list[Claim]:
    """Let each “弄好了” settle the active claims before it, in its sentence or the one just before."""
    covered = [span for claim in claims if "." in claim.target for span in claim.match.spans]
    settlements = polarity.settlements(covered, within)
    if not settlements:
        return claims
    general = set(polarity.cue("over"))
    settled = []
    for claim in claims:
        if claim.state.is_active and any(
            _settles(span, claim, polarity, is_general=span in general) for span in settlements
        ):
            claim = Claim(claim.match, EvidenceState.RESOLVED)
        settled.append(claim)
    return settled


def _settles(span: Span, claim: Claim, polarity: Polarity, *, is_general: bool) -> bool:
    theme = claim.target.split(".")[0]
    if not is_general and theme not in _PHYSICAL:
        return False
    if ":" in claim.target or "." not in claim.target or span.start < claim.match.end:
        return False
    between = polarity.clauses.sentence(span.start) - polarity.clauses.sentence(claim.position)
    return between == 0 or (between == 1 and polarity.clauses.sentence_span(span.start).start >= span.start - 6)


_ONLY_SAID = (EvidenceState.HEARSAY, EvidenceState.UNVERIFIED)


def weigh(own: Sequence[Claim]) -> Claim:
    """The one claim that stands for all claims of a kind."""
    active = [claim for claim in own if claim.state.is_active]
    over = [claim for claim in own if claim.state is EvidenceState.RESOLVED]
    denied = [claim for claim in own if claim.state is EvidenceState.NEGATED]
    if active and over:
        return over[-1] if over[-1].position >= active[-1].position else active[-1]
    if active:
        only_said = all(claim.refers_back or claim.state in _ONLY_SAID for claim in active)
        if denied and only_said and denied[-1].position > active[-1].position:
            return denied[-1]
        return max(active, key=lambda claim: (claim.state is not EvidenceState.UNVERIFIED, claim.weight))
    if over:
        return over[-1]
    return max(denied or own, key=lambda claim: claim.weight)


def distinct(own: Sequence[Claim]) -> list[Claim]:
    """Claims that do not rest on the same words."""
    kept: list[Claim] = []
    for claim in sorted(own, key=lambda claim: -claim.weight):
        if not any(claim.match.start < other.match.end and other.match.start < claim.match.end for other in kept):
            kept.append(claim)
    return kept
