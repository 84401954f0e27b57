"""What follows from a reading and the record, beyond what the rules' own scenarios show."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.decide import decide
from assistant.domain.casework import Responder
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    Finding,
    FraudStage,
    Intent,
    KnownHousehold,
    Measurement,
    OpenMatter,
    PersonOnRecord,
    PersonSaid,
    Quote,
    Reading,
    Severity,
    VisitOutcome,
)
from rules.engine.book import load_rules
from rules.engine.reference import ReferenceMatcher
from rules.engine.scenarios import Scenario, load_scenarios, reading_of, record_in, sent_at
from tests.decide.conftest import AT, DecideOne, finding, told

DOOR = "3-2-501"
MET = VisitOutcome.MET
ALONE = PersonOnRecord("余婆婆", 84, True, False)


def test_cases_are_decided_in_their_order(matcher: ReferenceMatcher) -> None:
    cases = tuple(CaseReading(f"1-1-10{i}", visit=MET) for i in range(5))

    decisions = decide(Reading(Intent.REPORT, cases), (), AT, matcher)

    assert [each.key for each in decisions] == [each.key for each in cases]


def test_the_same_reading_gives_the_same_decision(matcher: ReferenceMatcher) -> None:
    case = CaseReading(DOOR, visit=MET, findings=(finding("gas.hose"), finding("gas.leak"), finding("fire.clutter")))
    reading = Reading(Intent.REPORT, (case,))

    assert decide(reading, (), AT, matcher) == decide(reading, (), AT, matcher)


def test_a_case_without_findings_is_for_the_record_only(decide_one: DecideOne) -> None:
    decision = decide_one(CaseReading(DOOR, visit=MET))

    assert (decision.severity, decision.flags, decision.follow_ups) == (Severity.RECORD, (), ())


def test_a_flag_points_at_the_words_it_came_from(decide_one: DecideOne) -> None:
    case = CaseReading(DOOR, visit=MET, findings=(finding("gas.hose", quote=Quote("软管老化", 7, 11)),))

    (flag,) = decide_one(case).flags

    assert (flag.quote_start, flag.quote_end) == (7, 11)
    assert (flag.kind, flag.theme) == ("gas.hose", "gas")
    assert "软管老化" in flag.why


def test_the_most_urgent_flag_comes_first_and_makes_the_severity(decide_one: DecideOne) -> None:
    case = CaseReading(
        DOOR, visit=MET, findings=(finding("place.sanitation"), finding("gas.leak"), finding("gas.hose"))
    )

    decision = decide_one(case)

    assert decision.severity is Severity.P0
    assert [flag.severity for flag in decision.flags] == [Severity.P0, Severity.P2, Severity.P3]


def test_two_findings_of_one_kind_make_one_flag(decide_one: DecideOne) -> None:
    case = CaseReading(DOOR, visit=MET, findings=(finding("gas.hose"), finding("gas.hose", EvidenceState.HEARSAY)))

    assert [flag.rule for flag in decide_one(case).flags] == ["gas.hose"]


def test_one_rule_about_two_kinds_makes_a_flag_for_each(decide_one: DecideOne) -> None:
    paid = {"stage": FraudStage.PAID}
    case = CaseReading(DOOR, findings=(finding("fraud.rebate", **paid), finding("fraud.shopping", **paid)))

    assert {flag.kind for flag in decide_one(case).flags} == {"fraud.rebate", "fraud.shopping"}


def test_a_raised_flag_is_due_as_its_new_severity_says(decide_one: DecideOne) -> None:
    case = CaseReading(DOOR, visit=MET, findings=(finding("gas.hose"),))

    plain, raised = decide_one(case), decide_one(case, KnownHousehold(DOOR, (ALONE,)))

    assert [each.due - AT for each in plain.follow_ups] == [timedelta(days=7)]
    assert [each.due - AT for each in raised.follow_ups] == [timedelta(hours=24)]


def test_a_raise_lifts_only_the_finding_that_it_is_about(decide_one: DecideOne) -> None:
    refused = finding("gas.no_flameout", EvidenceState.SEEN, "refused")
    case = CaseReading(DOOR, visit=MET, findings=(refused, finding("gas.appliance_expired")))

    severities = {flag.kind: flag.severity for flag in decide_one(case).flags}

    assert severities == {"gas.no_flameout": Severity.P1, "gas.appliance_expired": Severity.P2}


@pytest.mark.parametrize("state", list(EvidenceState))
def test_only_active_findings_have_consequences(decide_one: DecideOne, state: EvidenceState) -> None:
    decision = decide_one(CaseReading(DOOR, visit=MET, findings=(finding("gas.leak", state),)))

    assert (decision.severity is Severity.P0) == state.is_active


def test_a_derived_finding_carries_the_words_state_and_values_it_came_from(decide_one: DecideOne) -> None:
    measured = Measurement(
        "blood_pressure", {"systolic": 182, "diastolic": 108}, Quote("182比108", 5, 12), EvidenceState.SELF_REPORTED
    )

    decision = decide_one(CaseReading(DOOR, visit=MET, measurements=(measured,)))

    (derived,) = decision.findings
    assert derived == Finding(
        "health.bp_high",
        EvidenceState.SELF_REPORTED,
        measured.quote,
        None,
        frozenset(),
        {"systolic": 182, "diastolic": 108},
    )
    assert "182/108" in decision.flags[0].why


def test_what_the_report_states_itself_is_not_derived_again(decide_one: DecideOne) -> None:
    stated = finding("gas.co_symptom", EvidenceState.SELF_REPORTED)
    case = CaseReading(DOOR, visit=MET, findings=(stated,), circumstances=(told("dizzy_while_bathing"),))

    assert decide_one(case).findings == (stated,)


def test_what_the_report_says_is_over_is_not_found_again(decide_one: DecideOne) -> None:
    over = finding("elder.no_contact", EvidenceState.RESOLVED)
    case = CaseReading(DOOR, visit=VisitOutcome.MISSED, findings=(over,), circumstances=(told("missed_again"),))

    assert decide_one(case).findings == (over,)


def test_values_on_a_finding_count_where_nothing_was_measured_apart(decide_one: DecideOne) -> None:
    high = replace(finding("health.bp_high"), values={"systolic": 190})

    assert decide_one(CaseReading(DOOR, visit=MET, findings=(high,))).severity is Severity.P1


def test_a_second_miss_that_only_the_record_tells_names_the_words_of_the_visit(decide_one: DecideOne) -> None:
    case = CaseReading(DOOR, visit=VisitOutcome.MISSED, visit_quote=Quote("没人", 7, 9))

    decision = decide_one(case, KnownHousehold(DOOR, misses_in_a_row=1))

    assert [each.kind for each in decision.findings] == ["elder.no_contact"]
    assert decision.findings[0].quote == Quote("没人", 7, 9)


def test_a_call_that_was_answered_ends_the_row_of_misses(decide_one: DecideOne) -> None:
    known = KnownHousehold(DOOR, misses_in_a_row=2)

    assert decide_one(CaseReading(DOOR, visit=VisitOutcome.PHONE), known).flags == ()


# ----- the record


def test_an_incomplete_key_takes_the_one_record_that_fits(decide_one: DecideOne) -> None:
    case = CaseReading("3-?-501", visit=MET, findings=(finding("gas.hose"),))
    other = KnownHousehold("4-1-101")

    assert decide_one(case, KnownHousehold(DOOR, (ALONE,)), other).severity is Severity.P1


@pytest.mark.parametrize(
    ("case", "records"),
    [
        (CaseReading("3-?-501", visit=MET), ["3-1-501", "3-2-501"]),
        (CaseReading("?-?-?", visit=MET), ["3-2-501"]),
        (CaseReading("3-?-501", visit=MET, also_fits=("3-1-501",)), ["3-2-501"]),
        (CaseReading("3-2-?", visit=MET, is_whole_unit=True), ["3-2-501"]),
        (CaseReading("3-2-502", visit=MET), ["3-2-501"]),
        (CaseReading("place:3栋", visit=MET), ["3-2-501"]),
        (CaseReading("3-?-501", visit=MET), ["3-501"]),
    ],
    ids=[
        "two records fit",
        "no door was said",
        "another fits too",
        "a whole unit",
        "another door",
        "a place",
        "no key",
    ],
)
def test_no_record_is_guessed(decide_one: DecideOne, case: CaseReading, records: list[str]) -> None:
    case = replace(case, findings=(finding("gas.hose"),))

    decision = decide_one(case, *(KnownHousehold(key, (ALONE,)) for key in records))

    assert decision.severity is Severity.P2


def test_only_the_person_concerned_counts(decide_one: DecideOne) -> None:
    record = KnownHousehold(DOOR, (PersonOnRecord("李叔叔", 50), ALONE))
    case = CaseReading(DOOR, visit=MET, findings=(finding("health.unwell"),))

    of_the_son = decide_one(replace(case, people=(PersonSaid("李叔叔"),)), record)
    of_her = decide_one(replace(case, people=(PersonSaid("婆婆"),)), record)

    assert (of_the_son.severity, of_her.severity) == (Severity.P2, Severity.P1)


def test_what_is_told_of_somebody_here_goes_with_the_one_person(decide_one: DecideOne) -> None:
    case = CaseReading(
        DOOR, (PersonSaid("婆婆", 86),), MET, (finding("gas.hose"),), circumstances=(told("lives_alone", words="独居"),)
    )

    (flag,) = decide_one(case).flags

    assert "独居" in flag.why
    assert "86岁" in flag.why


# ----- closing

OPEN = KnownHousehold(
    DOOR, open=(OpenMatter("gas.hose", date(2026, 2, 20)), OpenMatter("gas.valve_faulty", date(2026, 2, 1)))
)


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        ((finding("gas.hose", EvidenceState.RESOLVED),), ("gas.hose",)),
        ((finding("gas.hose", EvidenceState.NEGATED),), ("gas.hose",)),
        ((finding("gas.hose", EvidenceState.RESOLVED, "word_only"),), ()),
        ((finding("gas.hose", EvidenceState.RESOLVED), finding("gas.hose")), ()),
        ((finding("gas.hose"),), ()),
        ((finding("gas.leak", EvidenceState.RESOLVED),), ()),
        (
            (finding("gas.valve_faulty", EvidenceState.RESOLVED), finding("gas.hose", EvidenceState.RESOLVED)),
            ("gas.hose", "gas.valve_faulty"),
        ),
    ],
    ids=["seen to be over", "seen not to be there", "only told", "another stands", "stands", "not open", "two"],
)
def test_what_settles_an_open_matter(decide_one: DecideOne, said: tuple[Finding, ...], closed: tuple[str, ...]) -> None:
    assert decide_one(CaseReading(DOOR, visit=MET, findings=said), OPEN).closes == closed


def test_what_the_reading_proposes_is_closed_only_where_it_is_open(decide_one: DecideOne) -> None:
    case = CaseReading(DOOR, visit=MET, closes=("gas.hose", "gas.leak"))

    assert decide_one(case, OPEN).closes == ("gas.hose",)


def test_somebodys_word_leaves_a_relook_for_the_worker(decide_one: DecideOne) -> None:
    case = CaseReading(DOOR, visit=MET, findings=(finding("gas.hose", EvidenceState.RESOLVED, "word_only"),))

    decision = decide_one(case, OPEN)

    assert decision.severity is Severity.P3
    assert [each.owner for each in decision.follow_ups] == [Responder.WORKER]


# ----- sentences


def test_words_that_are_not_known_are_replaced_by_the_label(decide_one: DecideOne) -> None:
    case = CaseReading(DOOR, visit=VisitOutcome.MISSED, circumstances=(told("presence"), told("unreachable")))

    why = decide_one(case).flags[0].why

    assert "联系不上、敲门不应" in why
    assert "屋里有动静" in why


@pytest.mark.parametrize("scenario", load_scenarios(load_rules()), ids=lambda each: each.entry.scenario)
def test_a_sentence_has_no_hole(matcher: ReferenceMatcher, scenario: Scenario) -> None:
    entry = scenario.entry
    decisions = decide(reading_of(entry), record_in(entry), sent_at(entry), matcher)

    for words in [flag.why for each in decisions for flag in each.flags] + [
        follow_up.what for each in decisions for follow_up in each.follow_ups
    ]:
        assert not re.search(r"[{}]|““|“”|、、|,,|血压:|血糖:|^[,:]", words), words
