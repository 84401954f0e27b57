"""How the contact with a household went, from what one stretch says."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.reports import EvidenceState, VisitOutcome
from assistant.understand.findings import Claim, Statements
from assistant.understand.stretches import Stretch
from knowledge.book import Book

_PREFIX = "visit:"
_STAYED_AWAY = frozenset({EvidenceState.HEARSAY, EvidenceState.PLANNED, EvidenceState.UNVERIFIED})


@dataclass(frozen=True)
class Outcome:
    """A visit's outcome, with the claim that tells it where words do."""

    outcome: VisitOutcome
    claim: Claim | None = None


def outcome_of(claims: Sequence[Claim], statements: Statements, stretch: Stretch, book: Book) -> Outcome | None:
    """The outcome that the words tell; None where nothing is said of a visit and no door is named."""
    said = {claim.target.removeprefix(_PREFIX): claim for claim in claims if claim.target.startswith(_PREFIX)}
    told = {outcome: claim for outcome, claim in said.items() if claim.state not in _NOT_SO}
    if stretch.is_place:
        return Outcome(VisitOutcome.NONE)
    answered = any(one.code == "answered" and one.state.is_active for one in statements.circumstances)
    for outcome in (VisitOutcome.STATION, VisitOutcome.REFUSED, VisitOutcome.MISSED, VisitOutcome.PHONE):
        if outcome not in told:
            continue
        if outcome is VisitOutcome.MISSED and answered:
            return Outcome(VisitOutcome.PHONE, told[outcome])
        return Outcome(outcome, told[outcome])
    if VisitOutcome.NONE in told:
        return Outcome(VisitOutcome.NONE, told[VisitOutcome.NONE])
    findings = [finding for finding in statements.findings if finding.state is not EvidenceState.PLANNED]
    if findings and all(finding.state in _STAYED_AWAY for finding in findings):
        return Outcome(VisitOutcome.NONE)
    active = [finding for finding in findings if finding.state.is_active]
    usual = {book.entries[finding.kind].visit for finding in active}
    if usual and None not in usual:
        return Outcome(VisitOutcome(next(iter(usual)) or VisitOutcome.NONE))
    if findings or any(mention.names_a_door for mention in stretch.mentions):
        return Outcome(VisitOutcome.MET)
    return None


#: A miss that is denied, over, or only talked of is none. What somebody else tells of it stands.
_NOT_SO = frozenset({EvidenceState.NEGATED, EvidenceState.RESOLVED, EvidenceState.PLANNED})
