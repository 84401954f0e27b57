"""Minds whose language is so plain that a test says exactly what is understood and decided.

    3-2-501 met gas.hose        met somebody there, a hose finding that was seen
    3-2-501 gas.hose:resolved   … in another evidence state
    a; b                        two cases
    close 3-2-501 gas.hose      the words settle what is open
    move 3-2-501 3-2-502        a correction (then kinds, if not all; `and` restates a case)
    withdraw                    a retraction
    boom                        an error

A missed visit raises a P3 that speaks of no finding and ends when somebody is met. A finding's severity is that of
``SEVERITY``, one higher when the same kind is open already; the worker and, for gas, the gas company follow up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain.casework import Decision, FlagDecided, FollowUpDecided, Responder
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    Finding,
    Intent,
    KnownHousehold,
    Message,
    Move,
    PersonSaid,
    Quote,
    Reading,
    Severity,
    VisitOutcome,
    worst,
)
from assistant.storage.records import EstateBook

SEVERITY = {
    "gas.leak": Severity.P0,
    "elder.fall": Severity.P1,
    "gas.hose": Severity.P2,
    "fire.clutter": Severity.P2,
    "health.unwell": Severity.P2,
    "gas.service": Severity.P3,
}
WITHIN = {
    Severity.P0: timedelta(0),
    Severity.P1: timedelta(days=1),
    Severity.P2: timedelta(days=7),
    Severity.P3: timedelta(days=30),
}


class Trouble(Exception):
    """What ``boom`` raises."""


def read(message: Message, addresses: EstateBook) -> Reading:
    """Understand the plain language; words that are none of it are chatter."""
    if "boom" in message.text:
        raise Trouble("this message can not be read")
    words = message.text.split()
    match words:
        case ["withdraw"]:
            return Reading(Intent.RETRACTION)
        case ["move", source, target, *rest]:
            kinds, _, restated = " ".join(rest).partition("and")
            cases = _cases(message, restated.strip()) or (CaseReading(target),)
            return Reading(Intent.CORRECTION, cases, (Move(source, target, tuple(kinds.split())),))
        case ["close", key, *kinds]:
            return Reading(Intent.REPORT, (CaseReading(key, visit=VisitOutcome.MET, closes=tuple(kinds)),))
    cases = _cases(message, message.text)
    return Reading(Intent.REPORT if cases else Intent.OTHER, cases)


def _cases(message: Message, text: str) -> tuple[CaseReading, ...]:
    cases = []
    for part in text.split(";"):
        key, *rest = part.split() or [""]
        if key.count("-") != 2 and not key.startswith("place:"):
            continue
        visits = [VisitOutcome(word) for word in rest if word in set(VisitOutcome)]
        people = tuple(PersonSaid(word.strip("()"), age=82) for word in rest if word.startswith("("))
        fits = tuple(word.removeprefix("or:") for word in rest if word.startswith("or:"))
        findings = tuple(_finding(message, word) for word in rest if "." in word)
        cases.append(
            CaseReading(
                key, people, visit=visits[0] if visits else VisitOutcome.NONE, findings=findings, also_fits=fits
            )
        )
    return tuple(cases)


def _finding(message: Message, word: str) -> Finding:
    kind, _, state = word.partition(":")
    start = message.text.index(word)
    return Finding(kind, EvidenceState(state or "seen"), Quote(kind, start, start + len(kind)))


def decide(reading: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]:
    """What follows by the table above."""
    return tuple(
        _decision(case, next((one for one in known if one.key == case.key), None), at) for case in reading.cases
    )


def _decision(case: CaseReading, known: KnownHousehold | None, at: datetime) -> Decision:
    open_kinds = {matter.kind for matter in known.open} if known else set()
    flags, follow_ups = [], []
    for finding in case.findings:
        if not finding.state.is_active:
            continue
        severity = SEVERITY[finding.kind]
        if finding.kind in open_kinds and severity in (Severity.P2, Severity.P3):
            severity = list(Severity)[severity.urgency - 1]
        flags.append(
            FlagDecided(
                finding.kind,
                finding.theme,
                severity,
                f"{finding.quote.text}要跟进",
                finding.kind,
                finding.quote.start,
                finding.quote.end,
            )
        )
        owners = [Responder.WORKER, *([Responder.GAS] if finding.theme == "gas" else [])]
        follow_ups += [
            FollowUpDecided(owner, at + WITHIN[severity], f"复查{finding.kind}", finding.kind, severity)
            for owner in owners
        ]
    if case.visit is VisitOutcome.MISSED:
        flags.append(FlagDecided("visit.missed", "visit", Severity.P3, "没见到人"))
        follow_ups.append(
            FollowUpDecided(Responder.WORKER, at + WITHIN[Severity.P3], "再去一次", "visit.missed", Severity.P3)
        )
    return Decision(
        case.key,
        case.findings,
        worst([flag.severity for flag in flags]),
        tuple(flags),
        tuple(follow_ups),
        tuple(kind for kind in case.closes if kind in open_kinds),
        known.open_rules if known and case.visit is VisitOutcome.MET else (),
    )
