"""The one question: when it is asked, and for what."""

import pytest

from assistant.dialogue import question
from assistant.domain.reports import Intent, Missing, Severity
from knowledge.replies import Replies
from tests.dialogue.world import case, found, reading_of

LEAK = (found("gas.leak"),)


def asked_about(key: str, replies: Replies, *people: str, severity: Severity = Severity.P1) -> str | None:
    reading, decisions = reading_of(case(key, *people, findings=LEAK, severity=severity))
    return question(reading, decisions, replies)


@pytest.mark.parametrize("key", ["3-2-501", "A-0-1203", "?-?-?", "3-?-?"])
def test_what_is_only_recorded_is_never_asked_about(key: str, replies: Replies) -> None:
    assert asked_about(key, replies, severity=Severity.RECORD) is None
    assert asked_about(key, replies, severity=Severity.P3) is None


@pytest.mark.parametrize("key", ["3-2-501", "A-0-1203", "3-0-501", "place:8栋楼道"])
def test_a_complete_door_or_a_place_is_not_asked_about(key: str, replies: Replies) -> None:
    assert asked_about(key, replies) is None


def test_a_whole_unit_is_complete_without_a_room(replies: Replies) -> None:
    reading, decisions = reading_of(
        case("5-2-?", findings=(found("electric.overload"),), severity=Severity.P2, is_whole_unit=True)
    )

    assert question(reading, decisions, replies) is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("?-?-?", "是哪一户？请说几栋、几单元、几号。"),
        ("3-?-?", "3栋是几单元、几号？"),
        ("3-?-6F", "3栋6楼是几单元、几号？"),
        ("3-1-?", "3栋1单元是几号房？"),
        ("7-2-11F", "7栋2单元11楼是几号房？"),
        ("1-?-101", "1栋101是几单元？"),
        ("?-?-701", "701是几栋几单元？"),
        ("?-?-3201", "3201是几栋几单元？"),
        ("?-3-11", "3单元11号是几栋？"),
        ("?-2-?", "2单元是哪一户？请说几栋、几单元、几号。"),
        ("?-?-6F", "6楼是哪一户？请说几栋、几单元、几号。"),
    ],
)
def test_the_question_names_what_is_known_and_asks_only_for_the_rest(key: str, expected: str, replies: Replies) -> None:
    assert asked_about(key, replies, severity=Severity.P0) == expected


def test_a_person_without_a_door_is_asked_for_by_how_they_were_called(replies: Replies) -> None:
    assert asked_about("?-?-?", replies, "李婆婆") == "李婆婆是哪一户？请说几栋、几单元、几号。"


def test_two_households_that_fit_are_both_named_whatever_the_severity(replies: Replies) -> None:
    reading, decisions = reading_of(case("2-1-302", "李婆婆", also_fits=("5-1-402",)))

    assert question(reading, decisions, replies) == "2-1-302李婆婆、5-1-402李婆婆，说的是哪一家？"


def test_of_two_gaps_the_more_urgent_one_is_asked_about(replies: Replies) -> None:
    reading, decisions = reading_of(
        case("3-?-?", findings=(found("gas.hose"),), severity=Severity.P2),
        case("8-?-?", findings=LEAK, severity=Severity.P0),
    )

    asked = question(reading, decisions, replies)

    assert asked is not None
    assert asked.startswith("8栋")


@pytest.mark.parametrize("missing", list(Missing))
def test_whatever_the_message_leaves_open_is_asked(missing: Missing, replies: Replies) -> None:
    reading, decisions = reading_of(intent=Intent.CORRECTION, missing=missing)

    assert question(reading, decisions, replies)


def test_a_wish_to_record_many_visits_is_asked_for_each_door(replies: Replies) -> None:
    reading, decisions = reading_of(intent=Intent.OTHER, missing=Missing.DOOR)

    assert question(reading, decisions, replies) == replies.sayings.ask_visits


def test_a_rude_form_of_address_is_not_said_back(replies: Replies) -> None:
    assert asked_about("?-?-?", replies, "那个瓜婆娘") == replies.sayings.ask_door
