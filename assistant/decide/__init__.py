"""What follows from a reading: derived findings, flags, follow-ups, severity and what it settles, by rules.

    decisions = decide(reading, records, at, matcher)      # one for each case, in the same order

Pure: no clock, no database, no network; the same inputs give the same decisions. First the rules that *find* are
matched (a second miss in a row is ``elder.no_contact``), once; then those that flag, raise and call in, over all
findings. A case without an active finding is P-, unless a rule speaks of the visit.
"""

from collections.abc import Sequence
from datetime import date, datetime

from assistant.decide.closing import closes, needs_settling, settles
from assistant.decide.facts import FactMaker, FactSheet
from assistant.decide.flags import AtALossForWords, Conclusions
from assistant.domain.casework import Decision
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import CaseReading, EvidenceState, Finding, KnownHousehold, Quote, Reading, worst
from rules.engine.inforce import Group, RulesInForce
from rules.engine.matcher import Match, Matcher

__all__ = ["decide", "record_of"]

_NO_WORDS = Quote("", 0, 0)


def decide(reading: Reading, records: Sequence[KnownHousehold], at: datetime, matcher: Matcher) -> tuple[Decision, ...]:
    """What follows for each case. ``at`` (aware) is when the report was sent: its day's rules, deadlines from then."""
    rules = matcher.book.on(at.date())
    return tuple(decide_case(case, record_of(case, records), at, rules, matcher)[0] for case in reading.cases)


def record_of(case: CaseReading, records: Sequence[KnownHousehold]) -> KnownHousehold | None:
    """What is on record about this door: by its exact key, or where the parts that were said fit one record only."""
    exact = next((record for record in records if record.key == case.key), None)
    if exact or case.also_fits or is_place(case.key):
        return exact
    key = _household(case.key)
    if key is None or key.is_complete or key.is_empty or case.is_whole_unit:
        return None
    fitting = [each for each in records if (other := _household(each.key)) and key.fits(other)]
    return fitting[0] if len(fitting) == 1 else None


def _household(key: str) -> HouseholdKey | None:
    """None for a place, and for a key that came in from outside in another form: it fits nothing."""
    try:
        return None if is_place(key) else HouseholdKey.parse(key)
    except ValueError:
        return None


def decide_case(
    case: CaseReading,
    record: KnownHousehold | None,
    at: datetime,
    rules: RulesInForce,
    matcher: Matcher,
    at_a_loss_for_words: AtALossForWords | None = None,
) -> tuple[Decision, FactSheet]:
    """One case, with the facts that it was decided on: what an explanation starts from."""
    vocabulary = matcher.book.vocabulary
    on: date = at.date()
    maker = FactMaker(rules, vocabulary)
    sheet = maker.gather(case, record, on)
    for finding in _derived(matcher.match(rules, Group.FINDS, sheet.facts), rules, sheet):
        maker.add_finding(sheet, finding, record, on)
    findings = tuple(sheet.findings.values())
    conclusions = Conclusions(rules, vocabulary, rules.members, sheet, case, at, at_a_loss_for_words)
    flags, follow_ups = conclusions.of(matcher.match(rules, Group.FLAGS, sheet.facts))
    settled = matcher.match(rules, Group.SETTLES, sheet.facts) if needs_settling(sheet, record) else ()
    decision = Decision(
        case.key,
        findings,
        worst([flag.severity for flag in flags]),
        flags,
        follow_ups,
        closes(case, findings, record, rules, settled),
        settles(record, settled),
    )
    return decision, sheet


def _derived(matches: Sequence[Match], rules: RulesInForce, sheet: FactSheet) -> list[Finding]:
    """One finding for each kind that rules find and that the report does not state itself (standing or settled)."""
    stated = {
        each.kind for each in sheet.findings.values() if each.state.is_active or each.state is EvidenceState.RESOLVED
    }
    best: dict[str, tuple[int, Match]] = {}
    for match in matches:
        kind = rules.by_id[match.rule].then.finds
        if kind is None or kind in stated:
            continue
        starts = [sheet.words[n].start for n in match.facts if n in sheet.words and sheet.words[n].text]
        rank = min(starts, default=1 << 30)
        if kind not in best or rank < best[kind][0]:
            best[kind] = (rank, match)
    return [_finding(kind, match, rules, sheet) for kind, (_, match) in best.items()]


def _finding(kind: str, match: Match, rules: RulesInForce, sheet: FactSheet) -> Finding:
    then = rules.by_id[match.rule].then
    quote = next((sheet.words[n] for n in match.facts if n in sheet.words and sheet.words[n].text), _NO_WORDS)
    state = then.state or next((sheet.states[n] for n in match.facts if n in sheet.states), EvidenceState.SEEN)
    values = next((sheet.values[n] for n in match.facts if n in sheet.values), {})
    return Finding(kind, state, quote, then.stage, frozenset(), values)
