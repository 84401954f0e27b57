"""How the contact with a household went, from what one stretch says."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.places import UNSAID
from assistant.domain.reports import EvidenceState, VisitOutcome
from assistant.understand.address import DoorMention
from assistant.understand.claims import Claim
from assistant.understand.findings import Statements
from assistant.understand.idioms import idioms
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
    told = _told(claims, statements, polarity)
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
    if VisitOutcome.MET in told:
        return Outcome(VisitOutcome.MET, told[VisitOutcome.MET])
    findings = [finding for finding in statements.findings if finding.state is not EvidenceState.PLANNED]
    stayed_away = _TOLD_ONLY if met_person or stretch.mentions else _TOLD_ONLY | {EvidenceState.UNVERIFIED}
    voices = {claim.target: set[EvidenceState | None]() for claim in claims}
    for claim in claims:
        voices[claim.target].add(polarity.voice_at(claim.position))
    heard = {target for target, states in voices.items() if states == {EvidenceState.HEARSAY}}
    only_told = all(
        finding.state in stayed_away or (finding.kind in heard and not finding.state.is_active) for finding in findings
    )
    if findings and only_told and not polarity.cue("kin"):
        return Outcome(VisitOutcome.NONE)
    active = [finding for finding in findings if finding.state.is_active]
    over = [finding for finding in findings if finding.kind in _WITHOUT_A_DOOR]
    if any(one.kind == _MISSED_AGAIN and one.state is EvidenceState.SEEN for one in active) and not answered:
        return Outcome(VisitOutcome.MISSED)
    if _speaks_at_own_door(stretch, polarity):
        return Outcome(VisitOutcome.MET)
    usual = {book.entries[finding.kind].visit for finding in active or (over if len(over) == len(findings) else ())}
    if usual and None not in usual:
        return Outcome(VisitOutcome(next(iter(usual)) or VisitOutcome.NONE))
    if not met_person and stretch.mentions and not any(_names_rooms(mention) for mention in stretch.mentions):
        return Outcome(VisitOutcome.NONE)
    went_along = any(_is_floor(mention) for mention in stretch.mentions) and _is_all_well(stretch, polarity)
    if findings or met_person or went_along or any(mention.names_a_door for mention in stretch.mentions):
        return Outcome(VisitOutcome.MET)
    return None


def _speaks_at_own_door(stretch: Stretch, polarity: Polarity) -> bool:
    """Does somebody of a door that is named tell of it themselves (3-3-502 爷叔讲楼上吵)?"""
    if not any(mention.names_a_door for mention in stretch.mentions):
        return False
    return any(
        voice.state is EvidenceState.SELF_REPORTED
        and any(span.start <= voice.start < span.end for span in stretch.spans)
        for voice in polarity.voices
    )


def _names_rooms(mention: DoorMention) -> bool:
    """Is a room or floor named, so that there was a door to knock at?"""
    return any(key.room != UNSAID for key in mention.keys)


def _is_floor(mention: DoorMention) -> bool:
    return bool(mention.keys) and all(key.is_floor_only for key in mention.keys)


def _is_all_well(stretch: Stretch, polarity: Polarity) -> bool:
    """9至11楼走完,正常: that is how a floor is told of where somebody went from door to door."""
    return any(idioms().all_well.search(polarity.clauses.text, span.start, span.end) for span in stretch.spans)


def _told(claims: Sequence[Claim], statements: Statements, polarity: Polarity) -> dict[str, Claim]:
    """The outcomes the words name; who was met after a miss was met, and a miss of another day counts alone."""
    themes = {finding.theme for finding in statements.findings if finding.state.is_active}
    said = [
        claim
        for claim in claims
        if claim.target.startswith(_PREFIX) and claim.state not in _NOT_SO and claim.match.pattern.unless not in themes
    ]
    earlier = [claim for claim in said if claim.target != _MET and _was_earlier(claim, polarity)]
    found_today = any(one.kind != _MISSED_AGAIN and one.state in _SEEN_NOW for one in statements.findings)
    if len(earlier) < len(said) or found_today or polarity.cue("this_visit"):
        said = [claim for claim in said if claim not in earlier]
    told = {claim.target.removeprefix(_PREFIX): claim for claim in said}
    if any(one.kind == _CHILD_FOUND and one.state is EvidenceState.SEEN for one in statements.findings):
        told.pop(VisitOutcome.MISSED, None)  # 爸妈电话打不通,没人回: the child was there
    met = told.get(VisitOutcome.MET)
    for outcome in (VisitOutcome.MISSED, VisitOutcome.REFUSED):
        if met is not None and outcome in told and not _came_later(told[outcome], met, polarity):
            del told[outcome]
    return told


def _was_earlier(claim: Claim, polarity: Polarity) -> bool:
    clause = polarity.clauses.at(claim.match.start)
    return any(clause.start <= cue.start < claim.match.start for cue in polarity.cue("earlier"))


def _came_later(miss: Claim, met: Claim, polarity: Polarity) -> bool:
    """Was nobody there on another try (上午碰到了,下午去又没人)? 推门进去,人喊不答应 is none."""
    if miss.position < met.position:
        return False
    return not polarity.clauses.same_sentence(miss.position, met.position) or any(
        met.position < cue.start <= miss.position for cue in polarity.cue("next_time")
    )


#: What ends elsewhere than at the door: who was lost is found, the police have looked.
_WITHOUT_A_DOOR = frozenset({"elder.wandering", "tenancy.suspicious"})
_CHILD_FOUND = "child.alone"
_MET = f"{_PREFIX}{VisitOutcome.MET}"
#: What a miss may be found as; it says nothing of another contact.
_MISSED_AGAIN = "elder.no_contact"
_SEEN_NOW = frozenset({EvidenceState.SEEN, EvidenceState.SELF_REPORTED, EvidenceState.NEGATED})
#: A miss that is denied, over, or only talked of is none. What somebody else tells of it stands.
_NOT_SO = frozenset({EvidenceState.NEGATED, EvidenceState.RESOLVED, EvidenceState.PLANNED})
