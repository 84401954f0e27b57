"""What residents ask for goes from a report to a yes or no, and those who asked hear of each step."""

from datetime import date, datetime

import pytest

from assistant.domain.requests import RequestStage
from assistant.storage.tables import FollowUp, Matter, Report, RequestVoice, ResidentRequest
from tests.asides.neighbourhood import ZONE, Neighbourhood

WISH = "小区群里好多人反映娃娃没得地方耍，想要个乒乓室"


def only(place: Neighbourhood) -> ResidentRequest:
    [request] = place.rows(ResidentRequest)
    assert isinstance(request, ResidentRequest)
    return request


@pytest.mark.parametrize(
    ("wish", "about"),
    [
        (WISH, "乒乓室"),
        ("2栋3单元的居民想在楼下加几把休闲椅", "休闲椅"),
        ("居民希望加装电梯", "电梯"),
        ("3栋居民反映没得健身器材", "健身器材"),
        ("3-2-501张大爷说希望社区弄个晾衣区", "晾衣区"),
    ],
)
def test_a_wish_opens_a_request_under_its_name(wish: str, about: str, place: Neighbourhood) -> None:
    place.says("liu", wish)

    request = only(place)
    assert (request.about, request.stage, request.due_on) == (about, RequestStage.ASKED, date(2026, 3, 19))


def test_the_same_wish_joins_the_running_request(place: Neighbourhood) -> None:
    place.says("liu", WISH)
    place.says("li", "3-2-601的王孃孃也想要个乒乓室")

    assert only(place).about == "乒乓室"
    assert len(place.rows(RequestVoice)) == 2


def test_each_step_is_dated_on_the_ledger_and_told_to_those_who_asked(place: Neighbourhood) -> None:
    place.says("liu", WISH)
    told = []
    for day, words in (
        (8, "乒乓室的事开始征求意见，到3月20日"),
        (18, "乒乓室的方案：3栋架空层隔一间"),
        (25, "乒乓室大家同意了"),
        (30, "乒乓室建好了，开放了"),
    ):
        place.wait_until(datetime(2026, 3, day, 10, tzinfo=ZONE))
        place.told("liu")
        place.says("wang", words)
        told.append(place.told("liu")[-1])

    assert told == [
        "“乒乓室”的事，正在征求大家意见，3月20日前有下文。请转告当初提的居民。",
        "“乒乓室”的事，有方案了，正在商量，4月8日前有下文。请转告当初提的居民。",
        "“乒乓室”的事，大家同意了，接下来去办，5月24日前有下文。请转告当初提的居民。",
        "“乒乓室”的事，办成了。请转告当初提的居民。",
    ]
    assert place.verbs("resident_requests") == ["asked", "consulting", "options", "consented", "done"]
    assert only(place).ended_at is not None


def test_at_the_end_the_matter_and_its_promises_end_too(place: Neighbourhood) -> None:
    place.says("liu", WISH)

    place.says("wang", "乒乓室建好了，开放了")

    assert {row.state for row in place.rows(Matter)} == {"settled"}  # type: ignore[attr-defined]
    assert {row.state for row in place.rows(FollowUp)} == {"done"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("no", ["乒乓室办不成，消防不允许", "乒乓室的事没通过，一楼反对", "乒乓室不建了"])
def test_a_no_is_told_as_kindly_and_its_promises_failed(no: str, place: Neighbourhood) -> None:
    place.says("liu", WISH)

    place.says("wang", no)

    assert only(place).stage is RequestStage.DECLINED
    assert "办不成" in place.told("liu")[-1]
    assert {row.state for row in place.rows(FollowUp)} == {"failed"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "ask", ["乒乓室的事咋样了", "乒乓室那个事到哪一步了", "诉求1有没得下文", "乒乓室好久能弄好，有进展没"]
)
def test_anybody_may_ask_how_far_it_is(ask: str, place: Neighbourhood) -> None:
    place.says("liu", WISH)
    place.says("wang", "乒乓室的事开始征求意见")

    said = place.says("li", ask)

    assert said == "乒乓室（诉求1）：3月5日提出，1条反映，在征求意见，3月26日前有下文。"


def test_what_has_ended_does_not_move_again(place: Neighbourhood) -> None:
    place.says("liu", WISH)
    place.says("wang", "乒乓室建好了")

    said = place.says("wang", "乒乓室征求意见")

    assert only(place).stage is RequestStage.DONE
    assert "征求" not in said


def test_a_request_nobody_stands_behind_any_more_is_none(place: Neighbourhood) -> None:
    place.says("liu", WISH)
    place.says("liu", "刚才那条撤回")

    said = place.says("wang", "乒乓室的事开始征求意见")

    assert "征求" not in said
    assert only(place).stage is RequestStage.ASKED


def test_one_of_several_is_asked_for_by_number(place: Neighbourhood) -> None:
    place.says("liu", "3栋居民想要个活动室打牌")
    place.says("liu", "2栋居民想要个活动角")

    said = place.says("wang", "活动的事开始征求意见")

    assert "是哪一件" in said
    assert "诉求1" in said


def test_a_step_that_takes_too_long_is_asked_after_once(place: Neighbourhood) -> None:
    place.says("liu", WISH)

    place.wait_until(datetime(2026, 3, 23, 12, tzinfo=ZONE))

    reminded = [said for said in place.told("wang") if "没动静" in said]
    assert reminded == ["诉求没动静了：乒乓室（诉求1）已提出，本该3月19日前有下文，请跟一下，给提的人回个话。"]


def test_a_step_is_no_report_and_its_words_are_kept(place: Neighbourhood) -> None:
    place.says("liu", WISH)

    place.says("wang", "乒乓室的方案：3栋架空层隔一间")

    step = place.rows(Report)[-1]
    assert step.intent == "other"  # type: ignore[attr-defined]
    assert "隔一间" in step.text  # type: ignore[attr-defined]
    assert [row.kind for row in place.rows(Matter)] == ["request.public_space"]  # type: ignore[attr-defined]


def test_a_real_report_beside_the_name_of_a_request_is_filed(place: Neighbourhood) -> None:
    place.says("liu", WISH)

    place.says("liu", "乒乓室那边3-2-501闻到煤气味，方案还没定")

    assert "gas.leak" in [row.kind for row in place.rows(Matter)]  # type: ignore[attr-defined]
