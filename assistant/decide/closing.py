"""Which open matters a report settles: proposed, a person confirms (severity.md, "Resolved").

A matter is settled by a finding of its kind that is resolved or negated and that the worker or a responder saw, or by
what a rule's ``settled_when`` names. Somebody's word alone settles nothing, and nothing is settled that is said to
stand.
"""

from collections.abc import Iterable

from assistant.decide.facts import FactSheet
from assistant.domain.reports import CaseReading, EvidenceState, Finding, KnownHousehold
from rules.engine.inforce import RulesInForce
from rules.engine.matcher import Match

_OVER = frozenset({EvidenceState.RESOLVED, EvidenceState.NEGATED})


def closes(
    case: CaseReading,
    findings: Iterable[Finding],
    record: KnownHousehold | None,
    rules: RulesInForce,
    settled: Iterable[Match],
) -> tuple[str, ...]:
    """The kinds, in the record's order."""
    if record is None:
        return ()
    findings = list(findings)
    standing = {each.kind for each in findings if each.state.is_active}
    over = {each.kind for each in findings if each.state in _OVER} | set(case.closes)
    only_told = {each.kind for each in findings if "word_only" in each.circumstances}
    # 他说换了: the words may belong to the whole household rather than to the one finding
    if any(each.code == "word_only" and each.state.is_active for each in case.circumstances):
        only_told |= over
    for match in settled:
        over |= set(rules.by_id[match.rule].codes("kind"))
    open_kinds = dict.fromkeys(matter.kind for matter in record.open)
    return tuple(kind for kind in open_kinds if kind in over - standing - only_told)


def settles(record: KnownHousehold | None, settled: Iterable[Match]) -> tuple[str, ...]:
    """The rules whose standing flag speaks of no finding and whose ``settled_when`` holds, in the record's order."""
    over = {match.rule for match in settled}
    return tuple(rule for rule in record.open_rules if rule in over) if record is not None else ()


def needs_settling(sheet: FactSheet, record: KnownHousehold | None) -> bool:
    """Is anything open that could be settled at all?"""
    return record is not None and bool(record.open or record.open_rules) and bool(sheet.facts)
