"""A case to decide, said in few words: ``case(finding("gas.hose"), …)``, decided by the project's own rules."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from assistant.decide import decide
from assistant.domain.casework import Decision
from assistant.domain.reports import (
    CaseReading,
    Circumstance,
    EvidenceState,
    Finding,
    FraudStage,
    Intent,
    KnownHousehold,
    Quote,
    Reading,
)
from rules.engine.book import load_rules
from rules.engine.reference import ReferenceMatcher

AT = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=8)))

#: decides one case with what is on record
DecideOne = Callable[..., Decision]


def finding(
    kind: str,
    state: EvidenceState = EvidenceState.SEEN,
    *circumstances: str,
    stage: FraudStage | None = None,
    quote: Quote | None = None,
) -> Finding:
    return Finding(kind, state, quote or Quote("软管老化", 7, 11), stage, frozenset(circumstances))


def told(code: str, state: EvidenceState = EvidenceState.SEEN, words: str = "") -> Circumstance:
    return Circumstance(code, state, Quote(words, 0, len(words)))


@pytest.fixture(scope="session")
def matcher() -> ReferenceMatcher:
    return ReferenceMatcher(load_rules())


@pytest.fixture
def decide_one(matcher: ReferenceMatcher) -> DecideOne:
    def one(case: CaseReading, *records: KnownHousehold) -> Decision:
        (decision,) = decide(Reading(Intent.REPORT, (case,)), records, AT, matcher)
        return decision

    return one
