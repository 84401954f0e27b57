"""How the contact with a household went, from what one stretch says."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.places import UNSAID
from assistant.domain.reports import EvidenceState, VisitOutcome
from assistant.understand.address import DoorMention
from assistant.understand.claims import Claim
from assistant.understand.findings import Statements
from assistant.understand.polarity import Polarity
from assistant.understand.stretches import Stretch
from knowledge.book import Book

_PREFIX = "visit:"
_TOLD_ONLY = frozenset({EvidenceState.HEARSAY, EvidenceState.PLANNED})


@dataclass(frozen=True)
class Outcome:
    """A visit's outcome, with the claim that tells it where words do."""

    outcome: VisitOutcome
    claim: Claim | None = None


def outcome_of(
    claims: Sequence[Claim],
    statements: Statements,
    stretch: Stretch,
    book: Book,
    polarity: Polarity,
    *,
    met_person: bool,
) -> Outcome | None:
    """The outcome that the words tell; None where nothing is said of a visit and no door or person is named."""
    if stretch.is_place:
        return Outcome(VisitOutcome.NONE)
    told = _told(claims, polarity)
    answered = any(one.code == "answered" and one.state.is_active for one in statements.circumstances)
    for outcome in (VisitOutcome.STATION, VisitOutcome.REFUSED, VisitOutcome.MISSED, VisitOutcome.PHONE):
        if outcome not in told:
            continue
        if outcome is VisitOutcome.MISSED and answered:
            return Outcome(VisitOutcome.PHONE, told[outcome])
        return Outcome(outcome, told[outcome])
    if VisitOutcome.NONE in told:
        return Outcome(VisitOutcome.NONE, told[VisitOutcome.NONE])
    if any(mention.whole_unit for mention in stretch.mentions):
        return Outcome(VisitOutcome.NONE)
    findings = [finding for finding in statements.findings if finding.state is not EvidenceState.PLANNED]
    stayed_away = _TOLD_ONLY if met_person or stretch.mentions else _TOLD_ONLY | {EvidenceState.UNVERIFIED}
    if findings and all(finding.state in stayed_away for finding in findings) and not polarity.cue("kin"):
        return Outcome(VisitOutcome.NONE)
    active = [finding for finding in findings if finding.state.is_active]
    usual = {book.entries[finding.kind].visit for finding in active}
    if usual and None not in usual:
        return Outcome(VisitOutcome(next(iter(usual)) or VisitOutcome.NONE))
    if not met_person and stretch.mentions and not any(_names_rooms(mention) for mention in stretch.mentions):
        return Outcome(VisitOutcome.NONE)
    if findings or met_person or VisitOutcome.MET in told or any(mention.names_a_door for mention in stretch.mentions):
        return Outcome(VisitOutcome.MET, told.get(VisitOutcome.MET))
    return None


def _names_rooms(mention: DoorMention) -> bool:
    """Is a room or floor named, so that there was a door to knock at?"""
    return any(key.room != UNSAID for key in mention.keys)


def _told(claims: Sequence[Claim], polarity: Polarity) -> dict[str, Claim]:
    """The outcomes the words name, without those of another day; who was met after a miss was met."""
    told: dict[str, Claim] = {}
    for claim in claims:
        if not claim.target.startswith(_PREFIX) or claim.state in _NOT_SO:
            continue
        clause = polarity.clauses.at(claim.match.start)
        was_earlier = any(clause.start <= cue.start < claim.match.start for cue in polarity.cue("earlier"))
        if not was_earlier or claim.target == f"{_PREFIX}{VisitOutcome.MET}":
            told[claim.target.removeprefix(_PREFIX)] = claim
    met = told.get(VisitOutcome.MET)
    for outcome in (VisitOutcome.MISSED, VisitOutcome.REFUSED):
        if met is not None and outcome in told and told[outcome].position < met.position:
            del told[outcome]
    return told


#: A miss that is denied, over, or only talked of is none. What somebody else tells of it stands.
_NOT_SO = frozenset({EvidenceState.NEGATED, EvidenceState.RESOLVED, EvidenceState.PLANNED})
