"""Facts: numbers become limits that are met, and what nobody told is left out."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.decide.around import building_of, concerned, floor_said
from assistant.decide.facts import FactMaker
from assistant.domain.reports import (
    CareGrade,
    CaseReading,
    EvidenceState,
    FoundBefore,
    KnownHousehold,
    Measurement,
    OpenMatter,
    PersonOnRecord,
    PersonSaid,
    Quote,
    VisitOutcome,
)
from rules.engine.reference import ReferenceMatcher
from tests.decide.conftest import finding, told

DAY = date(2026, 3, 2)


@pytest.fixture
def maker(matcher: ReferenceMatcher) -> FactMaker:
    return FactMaker(matcher.book.on(DAY), matcher.book.vocabulary)


def of_type(
    maker: FactMaker, type_: str, case: CaseReading, record: KnownHousehold | None = None
) -> list[dict[str, object]]:
    return [fact for fact in maker.gather(case, record, DAY).facts if fact["type"] == type_]


@pytest.mark.parametrize(
    ("place", "floor"),
    [
        ("13栋18楼楼道", 18),
        ("十八楼过道", 18),
        ("二十层电梯口", 20),
        ("3号楼门口", None),
        ("8栋楼道", None),
        ("架空层", None),
        ("12栋", None),
    ],
)
def test_the_floor_that_a_place_names(place: str, floor: int | None) -> None:
    assert floor_said(place) == floor


@pytest.mark.parametrize(
    ("said", "recorded", "found"),
    [
        ([], ["李婆婆", "王师傅"], ["李婆婆", "王师傅"]),
        (["李婆婆"], ["李婆婆", "王师傅"], ["李婆婆"]),
        (["婆婆"], ["李婆婆", "王师傅"], ["婆婆"]),
        (["小宇"], ["李婆婆"], ["小宇", "李婆婆"]),
        (["小宇"], [], ["小宇"]),
    ],
    ids=["nobody named", "named", "a form of address", "a stranger", "nobody on record"],
)
def test_whom_a_case_concerns(said: list[str], recorded: list[str], found: list[str]) -> None:
    people = concerned([PersonSaid(each) for each in said], [PersonOnRecord(each) for each in recorded])

    assert [each.name for each in people] == found


def test_what_was_said_goes_before_the_record() -> None:
    (person,) = concerned([PersonSaid("李婆婆", 81)], [PersonOnRecord("李婆婆", 80, True, False)])

    assert person == PersonOnRecord("李婆婆", 81, True, False)


def test_a_number_is_only_the_limits_that_it_meets(maker: FactMaker) -> None:
    case = CaseReading("1-1-101", measurements=(Measurement("glucose", {"glucose": 3.9}, Quote("3.9", 0, 3)),))

    (fact,) = of_type(maker, "measurement", case)

    assert fact["glucose_at_most_3_9"] is True
    assert "glucose_at_least_16_7" not in fact
    assert all(not isinstance(value, float) for value in fact.values())


def test_what_nobody_told_of_a_person_is_not_written_down_as_no(maker: FactMaker) -> None:
    case = CaseReading("1-1-101", people=(PersonSaid("李婆婆", lives_alone=False),))

    (fact,) = of_type(maker, "person", case)

    assert fact["lives_alone"] == "denied"
    assert "disabled" not in fact


def test_a_circumstance_that_is_only_planned_or_over_is_neither_said_nor_denied(maker: FactMaker) -> None:
    case = CaseReading(
        "1-1-101",
        circumstances=(told("trapped", EvidenceState.RESOLVED), told("symptoms", EvidenceState.PLANNED)),
    )

    assert of_type(maker, "circumstance", case) == []


def test_said_goes_before_denied(maker: FactMaker) -> None:
    case = CaseReading("1-1-101", circumstances=(told("symptoms", EvidenceState.NEGATED), told("symptoms")))

    assert {fact["said"] for fact in of_type(maker, "circumstance", case)} == {True}


@pytest.mark.parametrize(
    ("since", "before"), [(date(2026, 3, 1), True), (DAY, False)], ids=["reported yesterday", "reported today"]
)
def test_a_finding_is_open_from_before_when_it_was_reported_on_an_earlier_day(
    maker: FactMaker, since: date, before: bool
) -> None:
    case = CaseReading("1-1-101", findings=(finding("gas.hose"),))

    (fact,) = of_type(maker, "finding", case, KnownHousehold("1-1-101", open=(OpenMatter("gas.hose", since),)))

    assert fact["open_before"] is before


def test_without_a_record_it_is_not_known_what_was_open_before(maker: FactMaker) -> None:
    (fact,) = of_type(maker, "finding", CaseReading("1-1-101", findings=(finding("gas.hose"),)))

    assert "open_before" not in fact


@pytest.mark.parametrize(
    ("visit", "before", "second"),
    [
        (VisitOutcome.MISSED, 1, True),
        (VisitOutcome.MISSED, 0, False),
        (VisitOutcome.MET, 5, False),
        (VisitOutcome.PHONE, 5, False),
        (VisitOutcome.STATION, 5, False),
        (VisitOutcome.REFUSED, 2, True),
        (VisitOutcome.NONE, 2, True),
    ],
)
def test_how_a_visit_goes_on_with_the_row_of_misses(
    maker: FactMaker, visit: VisitOutcome, before: int, second: bool
) -> None:
    case = CaseReading("1-1-101", visit=visit)

    (fact,) = of_type(maker, "history", case, KnownHousehold("1-1-101", misses_in_a_row=before))

    assert ("misses_in_a_row_at_least_2" in fact) is second


def test_every_fact_has_a_number_of_its_own(maker: FactMaker) -> None:
    case = CaseReading(
        "place:13栋18楼", findings=(finding("fire.clutter"), finding("fire.clutter")), circumstances=(told("presence"),)
    )

    numbers = [fact["n"] for fact in maker.gather(case, None, DAY).facts]

    assert numbers == list(range(1, len(numbers) + 1))


LATELY = tuple(FoundBefore("fraud.rebate", f"{n}-1-101", date(2026, 3, 1)) for n in range(1, 3))


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        (LATELY, True),
        (LATELY[:1], False),
        ((LATELY[0], replace(LATELY[1], on=date(2026, 2, 16))), False),
        ((LATELY[0], replace(LATELY[1], on=date(2026, 2, 17))), True),
        ((LATELY[0], replace(LATELY[1], kind="fraud.romance")), False),
        ((LATELY[0], replace(LATELY[1], key="9-9-901")), False),
    ],
    ids=["two others", "one other", "too long ago", "just in time", "another scam", "the same door"],
)
def test_a_finding_counts_the_households_of_the_estate_that_have_the_same(
    maker: FactMaker, found: tuple[FoundBefore, ...], counts: bool
) -> None:
    case = CaseReading("9-9-901", findings=(finding("fraud.rebate"),))

    (fact,) = of_type(maker, "finding", case, KnownHousehold("9-9-901", found=found))

    assert ("nearby_households_at_least_3_within_14" in fact) is counts


@pytest.mark.parametrize(
    ("key", "building"),
    [
        ("8-1-1203", "8"),
        ("A-0-1203", "A"),
        ("?-?-701", None),
        ("place:8栋楼下", "8"),
        ("place:a座大厅", "A"),
        ("place:北门", None),
        ("no key", None),
    ],
)
def test_the_building_of_a_key(key: str, building: str | None) -> None:
    assert building_of(key) == building


@pytest.mark.parametrize(
    ("last", "visit", "overdue"),
    [
        (date(2026, 1, 31), VisitOutcome.NONE, True),
        (date(2026, 2, 1), VisitOutcome.NONE, False),
        (None, VisitOutcome.NONE, False),
        (date(2026, 1, 1), VisitOutcome.MET, False),
        (date(2026, 1, 1), VisitOutcome.MISSED, True),
        (date(2026, 3, 9), VisitOutcome.NONE, False),
    ],
    ids=["thirty days", "twenty-nine", "not on record", "met now", "a miss is no contact", "after this report"],
)
def test_the_days_since_somebody_was_seen(
    maker: FactMaker, last: date | None, visit: VisitOutcome, overdue: bool
) -> None:
    case = CaseReading("1-1-101", visit=visit)

    (fact,) = of_type(maker, "history", case, KnownHousehold("1-1-101", last_contact_on=last))

    assert ("days_since_contact_at_least_30" in fact) is overdue


@pytest.mark.parametrize(
    ("day", "names"),
    [(date(2026, 10, 1), {"holiday"}), (date(2026, 6, 20), {"heat", "holiday", "checkup"}), (date(2026, 3, 2), set())],
)
def test_a_day_is_what_the_calendar_says(matcher: ReferenceMatcher, day: date, names: set[str]) -> None:
    maker = FactMaker(matcher.book.on(day), matcher.book.vocabulary)

    (fact,) = [fact for fact in maker.gather(CaseReading("1-1-101"), None, day).facts if fact["type"] == "day"]

    assert {name for name, value in fact.items() if value is True} == names


@pytest.mark.parametrize(
    ("said", "grades"),
    [
        ((), ["red", None]),
        ((PersonSaid("余婆婆", 84),), ["red"]),
        ((PersonSaid("来耍的娃儿", 9),), [None, "red", None]),
    ],
    ids=["nobody named", "named", "somebody else named"],
)
def test_a_grade_of_care_is_a_fact_of_whom_the_record_gives_it_to(
    maker: FactMaker, said: tuple[PersonSaid, ...], grades: list[str | None]
) -> None:
    record = KnownHousehold(
        "1-1-101", (PersonOnRecord("余婆婆", 84, care_grade=CareGrade.RED), PersonOnRecord("余爷爷", 85))
    )

    facts = of_type(maker, "person", CaseReading("1-1-101", people=said), record)

    assert [fact.get("care_grade") for fact in facts] == grades
