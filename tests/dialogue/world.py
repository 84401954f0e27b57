"""Small hand-made readings and decisions, so that the dialogue is tested apart from understanding and rules."""

from assistant.domain.casework import Decision, FlagDecided, FollowUpDecided
from assistant.domain.reports import (
    CaseReading,
    Circumstance,
    EvidenceState,
    Finding,
    FraudStage,
    Intent,
    PersonSaid,
    Quote,
    Reading,
    Severity,
    VisitOutcome,
)

NO_QUOTE = Quote("", 0, 0)


def found(
    kind: str,
    state: EvidenceState = EvidenceState.SEEN,
    stage: FraudStage | None = None,
    circumstances: frozenset[str] = frozenset(),
) -> Finding:
    return Finding(kind, state, NO_QUOTE, stage, circumstances)


def case(
    key: str,
    *people: str,
    findings: tuple[Finding, ...] = (),
    severity: Severity = Severity.RECORD,
    visit: VisitOutcome = VisitOutcome.MET,
    circumstances: tuple[str, ...] = (),
    also_fits: tuple[str, ...] = (),
    is_whole_unit: bool = False,
    follow_ups: tuple[FollowUpDecided, ...] = (),
) -> tuple[CaseReading, Decision]:
    """One case with what was decided of it; each active finding is flagged with the case's severity."""
    reading = CaseReading(
        key,
        tuple(PersonSaid(called) for called in people),
        visit,
        findings,
        tuple(Circumstance(code, EvidenceState.SEEN, NO_QUOTE) for code in circumstances),
        also_fits=also_fits,
        is_whole_unit=is_whole_unit,
    )
    flags = tuple(
        FlagDecided(f"test.{finding.kind}", finding.theme, severity, "", finding.kind)
        for finding in findings
        if finding.state.is_active
    )
    return reading, Decision(key, findings, severity, flags, follow_ups)


def reading_of(
    *cases: tuple[CaseReading, Decision], intent: Intent = Intent.REPORT, **fields: object
) -> tuple[Reading, list[Decision]]:
    reading = Reading(intent, tuple(each for each, _ in cases), **fields)  # type: ignore[arg-type]
    return reading, [decision for _, decision in cases]
