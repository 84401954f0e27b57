"""Who is on duty changes by the word of both, by a coordinator's, or because somebody can't come."""

from datetime import date, datetime, timedelta

import pytest

from tests.asides.neighbourhood import ZONE, Neighbourhood, holder, on_duty

FRIDAY, SATURDAY, MONDAY, TUESDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9), date(2026, 3, 10)


def on(place: Neighbourhood, day: date) -> str | None:
    with place.app.database.reading() as session:
        return holder(session, day)


@pytest.mark.parametrize(
    "asks",
    ["我来接刘大姐明天的班", "刘大姐明天的班我来值", "明天我帮刘大姐顶一天班", "6号我替刘姐值班", "我来接刘大姐的班"],
)
def test_who_wants_to_take_over_waits_for_the_other(asks: str, place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐", MONDAY: "李大姐"})

    said = place.says("li", asks)

    assert "已问刘大姐" in said
    assert place.told("liu")[-1] == "李大姐想接您3月6日（周五）的班，行不行？"
    assert on(place, FRIDAY) == "刘大姐"


@pytest.mark.parametrize("yes", ["要得", "可以", "同意", "好嘛，麻烦你了", "行", "没问题", "好的，谢谢哈", "得行"])
def test_a_yes_in_any_words_makes_the_change_and_all_are_told(yes: str, place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐"})
    place.says("li", "我来接刘大姐明天的班")

    said = place.says("liu", yes)

    assert said == "换好了：3月6日（周五）李大姐值班。"
    assert on(place, FRIDAY) == "李大姐"
    assert "换好了" in place.told("li")[-1]
    assert place.told("wang")[-1] == "双方同意换班：3月6日（周五）李大姐值班。"
    assert place.verbs("duty_slots")[-2:] == ["offered", "assigned"]


@pytest.mark.parametrize("no", ["不行", "要不得", "不同意，我能来", "算了", "不换", "我没空换"])
def test_a_no_leaves_everything_as_it_was(no: str, place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐"})
    place.says("li", "我来接刘大姐明天的班")

    place.says("liu", no)

    assert on(place, FRIDAY) == "刘大姐"
    assert place.told("li")[-1] == "刘大姐没答应（3月6日（周五）），还是刘大姐值班。"
    assert place.verbs("duty_slots")[-1] == "declined"


def test_a_button_answers_as_words_do(place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐"})
    place.says("li", "我来接刘大姐明天的班")

    place.taps("liu", "同意换班")

    assert on(place, FRIDAY) == "李大姐"


def test_nobody_says_yes_for_the_other(place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐"})
    place.says("li", "我来接刘大姐明天的班")

    place.says("li", "同意")
    place.says("wang", "同意")

    assert on(place, FRIDAY) == "刘大姐"


def test_the_one_on_duty_asks_for_somebody_to_stand_in(place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: "刘大姐"})

    place.says("liu", "9号我有事，请李姐帮我值班")
    place.says("li", "要得")

    assert on(place, MONDAY) == "李大姐"


def test_two_turns_are_traded_by_one_yes(place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: "刘大姐", TUESDAY: "李大姐"})

    said = place.says("liu", "9号我跟李姐换10号的班")
    asked = place.told("li")[-1]
    place.says("li", "可以")

    assert "已问李大姐" in said
    assert asked == "刘大姐想跟您换班：3月9日（周一）换3月10日（周二），行不行？"
    assert (on(place, MONDAY), on(place, TUESDAY)) == ("李大姐", "刘大姐")


def test_the_contracts_words_find_the_turn_of_the_day(place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: "李大姐"})

    place.says("liu", "9号我跟李姐换班")
    place.says("li", "要得")

    assert on(place, MONDAY) == "刘大姐"


def test_an_empty_turn_is_taken_without_asking_anybody(place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: None})

    said = place.says("liu", "9号的班没人，我来值")

    assert "您值班" in said
    assert on(place, MONDAY) == "刘大姐"
    assert place.told("wang")[-1] == "3月9日（周一）空着的班，刘大姐来值。"


def test_who_can_not_come_leaves_a_gap_that_the_coordinator_hears_of_at_once(place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: "刘大姐"})

    said = place.says("liu", "9号的班我来不到")

    assert "王主任" in said
    assert on(place, MONDAY) is None
    assert place.told("wang")[-1] == "刘大姐3月9日（周一）值不了班，还没人接，请安排。"


def test_a_coordinator_puts_somebody_on_duty_who_is_told(place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: None})

    place.says("wang", "9号让李大姐值班")

    assert on(place, MONDAY) == "李大姐"
    assert "王主任安排您3月9日（周一）在服务站值班" in place.told("li")[-1]


def test_a_worker_can_not_put_another_on_duty(place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: None})

    place.says("liu", "9号安排李大姐值班")

    assert on(place, MONDAY) is None


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ("我来接李大姐9号的班", "3月9日（周一）值班的是刘大姐，请核对。"),
        ("我来接李大姐11号的班", "值班表上没有3月11日（周三）的班。"),
        ("我来接李大姐的班", "值班表上近期没有李大姐的班，请说哪天。"),
    ],
)
def test_a_turn_that_is_not_so_is_said(asks: str, says: str, place: Neighbourhood) -> None:
    on_duty(place, {MONDAY: "刘大姐"})

    assert place.says("liu", asks) == says


def test_a_bare_yes_without_a_question_changes_nothing(place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐"})

    said = place.says("liu", "要得")

    assert "换" not in said
    assert place.verbs("duty_slots") == []


def test_an_offer_that_nobody_answered_ends_with_the_turn(place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐"})
    place.says("li", "我来接刘大姐明天的班")

    place.wait_until(datetime(2026, 3, 7, 9, tzinfo=ZONE))
    said = place.says("liu", "要得")

    assert "lapsed" in place.verbs("duty_slots")
    assert "换好了" not in said


def test_the_day_before_gaps_reach_the_coordinator_and_duty_its_worker_once(place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐", MONDAY: None, TUESDAY: "李大姐"})

    place.wait_until(datetime(2026, 3, 5, 18, tzinfo=ZONE))
    evening = (place.told("wang"), place.told("liu"))
    place.wait_until(datetime(2026, 3, 8, 18, tzinfo=ZONE))
    gap = place.told("wang")
    place.wait_until(datetime(2026, 3, 9, 18, tzinfo=ZONE))

    assert evening == ([], ["提醒：3月6日（周五）您在服务站值班（9:00–17:00）。来不了请说一声。"])
    assert gap == ["服务站3月9日（周一）还没人值班，请安排。"]
    assert [said for said in place.told("wang") if "还没人值班" in said and "3月9日" in said] == []
    assert len([said for said in place.told("li") if said.startswith("提醒：3月10日")]) == 1


def test_a_day_that_the_rota_forgot_is_a_gap_too_but_a_closed_one_is_none(place: Neighbourhood) -> None:
    on_duty(place, {date(2026, 3, 5): "刘大姐"})

    place.wait_until(datetime(2026, 3, 9, 12, tzinfo=ZONE))

    gaps = [said for said in place.told("wang") if "还没人值班" in said]
    assert gaps == ["服务站3月6日（周五）还没人值班，请安排。", "服务站3月9日（周一）还没人值班，请安排。"]


def test_a_service_that_was_down_in_the_afternoon_says_it_in_the_morning_and_never_at_night(
    place: Neighbourhood,
) -> None:
    on_duty(place, {FRIDAY: None})

    place.clock.move_to(datetime(2026, 3, 5, 23, tzinfo=ZONE))
    place.run()
    at_night = place.told("wang")
    place.clock.move_to(datetime(2026, 3, 6, 8, 1, tzinfo=ZONE))
    place.run()

    assert at_night == []
    assert [said for said in place.told("wang") if "值班" in said] == ["服务站3月6日（周五）还没人值班，请安排。"]


def test_a_swap_that_is_still_open_is_told_the_day_before(place: Neighbourhood) -> None:
    on_duty(place, {FRIDAY: "刘大姐"})
    place.says("li", "我来接刘大姐明天的班")

    place.wait_until(place.clock.now() + timedelta(hours=8))

    assert "刘大姐还没回话，换给李大姐没定，暂时还是刘大姐值班。" in place.told("wang")[-1]
