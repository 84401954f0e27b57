"""The doctor's list holds who agreed and has something to be seen, and goes only to those who may have it."""

from datetime import datetime

import pytest

from assistant.storage.tables import Resident, Visit
from tests.asides.neighbourhood import ZONE, Neighbourhood, lives_at


def consents(place: Neighbourhood) -> dict[str, bool | None]:
    return {row.called: row.agrees_to_doctor_list for row in place.rows(Resident)}  # type: ignore[attr-defined]


def test_only_who_agreed_and_has_something_is_on_the_list(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", True))
    lives_at(place, "2-1-302", ("谢叔叔", None))
    lives_at(place, "3-2-502", ("周婆婆", True))
    place.says("liu", "1-1-101李婆婆血压168/96")
    place.says("liu", "2-1-302谢叔叔血压165/95")
    place.says("liu", "3-2-502周婆婆精神好")

    listed = place.says("wang", "家医名单发我")

    assert listed == "家医明天来，愿意给家医看的1位：\n1-1-101李婆婆：血压高\n只给家医看，不转发，用完请删。"


def test_nobody_is_on_it_while_somebody_who_lives_there_has_not_agreed(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", True), ("李大爷", None))
    place.says("liu", "1-1-101李婆婆血压168/96")

    assert place.says("wang", "家医名单") == "现在没有要请家医看、本人又同意的人。"


@pytest.mark.parametrize(
    ("says", "agrees"),
    [
        ("1-1-101李婆婆同意上家医名单", True),
        ("李婆婆愿意给家医看，加到家医名单", True),
        ("1-1-101李婆婆不愿意上家医名单", False),
        ("李婆婆从家医名单里去掉，她不想上了", False),
    ],
)
def test_consent_is_put_down_as_it_was_said_and_is_no_visit(says: str, agrees: bool, place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", None))

    said = place.says("liu", says)

    assert "李婆婆" in said
    assert consents(place)["李婆婆"] is agrees
    assert place.rows(Visit) == []


def test_consent_of_nobody_in_particular_is_asked_back(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", None))

    assert "哪一位" in place.says("liu", "她同意上家医名单")
    assert consents(place)["李婆婆"] is None


def test_another_responder_gets_no_list(place: Neighbourhood) -> None:
    assert place.says("gas", "家医名单发我") == "家医名单只给家医、网格长和管这片的微网格员。"


def test_a_worker_gets_the_list_of_the_own_area_only(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", True))
    place.says("liu", "1-1-101李婆婆血压168/96")

    assert "李婆婆" in place.says("liu", "家医名单有哪些人")
    assert "李婆婆" not in place.says("li", "家医名单有哪些人")


def test_the_list_is_never_given_in_a_group(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", True))
    place.says("liu", "1-1-101李婆婆血压168/96")

    said = place.says("wang", "家医名单发我", chat="group", is_group=True)

    assert "李婆婆" not in said
    assert all("李婆婆" not in one for one in place.told("group"))


def test_the_doctor_has_it_on_the_morning_of_the_day_once(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", True))
    place.says("liu", "1-1-101李婆婆血压168/96")

    place.wait_until(datetime(2026, 3, 6, 7, tzinfo=ZONE))
    before = [said for said in place.told("wei") if "愿意" in said]
    place.wait_until(datetime(2026, 3, 6, 20, tzinfo=ZONE))

    assert before == []
    assert [said.splitlines()[1] for said in place.told("wei") if "愿意" in said] == ["1-1-101李婆婆：血压高"]


def test_a_walk_in_at_the_station_is_a_visit_of_that_household(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", None))

    said = place.says("liu", "今天在站里李婆婆来量了血压158/92")

    assert said.startswith("1-1-101")
    assert [row.outcome for row in place.rows(Visit)] == ["station"]  # type: ignore[attr-defined]


def test_whoever_is_on_duty_knows_the_walk_ins_of_the_whole_estate(place: Neighbourhood) -> None:
    lives_at(place, "1-1-101", ("李婆婆", None))

    said = place.says("li", "李婆婆来站里量了血压158/92")

    assert said.startswith("1-1-101")
