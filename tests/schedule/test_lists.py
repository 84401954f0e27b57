"""The lists of the morning and of the week, and how often a day somebody is told."""

from datetime import datetime, timedelta

from sqlmodel import select

from assistant.domain.access import AreaLevel
from assistant.storage.columns import new
from assistant.storage.tables import Area, Household, OutboxMessage, Purpose
from tests.turn.rehearsal import ZONE, Rehearsal


def sent(rehearsal: Rehearsal, who: str, purpose: Purpose) -> list[OutboxMessage]:
    return [each for each in rehearsal.outbox(purpose) if each.address == who]


def to_moment(rehearsal: Rehearsal, text: str) -> None:
    """Let time pass, with everything running, until the community's clock shows ``text``."""
    span = datetime.fromisoformat(text).replace(tzinfo=ZONE) - rehearsal.clock.now()
    rehearsal.wait(seconds=span.total_seconds())


def test_in_the_morning_a_worker_is_told_what_is_due_today(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter; 1-1-101 fire.clutter")

    to_moment(rehearsal, "2026-03-12T08:00")

    [day] = sent(rehearsal, "liu", Purpose.LIST)
    assert day.text.splitlines()[1:] == [
        "【3栋】",
        "3-2-501 楼道堆东西，复查fire.clutter（今天）",
        "【1栋】",
        "1-1-101 楼道堆东西，复查fire.clutter（今天）",
    ]
    assert day.buttons == []


def test_a_worker_who_has_nothing_due_today_gets_no_list(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")

    to_moment(rehearsal, "2026-03-11T20:00")

    assert sent(rehearsal, "liu", Purpose.LIST) == []


def test_what_was_reported_this_morning_is_not_told_again_as_due_today(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    assert sent(rehearsal, "liu", Purpose.LIST) == []


def test_the_list_is_made_once_also_after_a_restart_and_with_the_clock_set_back(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    to_moment(rehearsal, "2026-03-12T08:30")

    again = Rehearsal(rehearsal.database)
    again.clock.move_to(datetime(2026, 3, 12, 7, 30, tzinfo=ZONE))
    again.wait(hours=2)

    assert len(sent(again, "liu", Purpose.LIST)) == 1


def test_what_fell_due_at_night_and_what_is_due_today_are_one_message(rehearsal: Rehearsal) -> None:
    rehearsal.clock.move_on(timedelta(hours=13))  # 23:00
    rehearsal.worker_says("3-2-501 elder.fall")
    to_moment(rehearsal, "2026-03-06T09:00")
    rehearsal.worker_says("3-2-502 elder.fall")

    to_moment(rehearsal, "2026-03-07T08:00")

    [message] = sent(rehearsal, "liu", Purpose.PROMPT)
    assert all(each.created_at < message.created_at for each in sent(rehearsal, "liu", Purpose.LIST))
    late, today = message.text.split("今天还有")
    assert ("3-2-501" in late, "3-2-502" in today) == (True, True)


def test_a_worker_is_asked_three_times_a_day_at_most_and_of_the_rest_the_next_morning(rehearsal: Rehearsal) -> None:
    for hour in range(6):
        rehearsal.worker_says(f"3-2-{500 + hour} elder.fall")
        rehearsal.wait(hours=1)
    to_moment(rehearsal, "2026-03-06T20:59")
    on_the_day = sent(rehearsal, "liu", Purpose.PROMPT)

    to_moment(rehearsal, "2026-03-07T08:00")

    [next_morning] = sent(rehearsal, "liu", Purpose.PROMPT)[len(on_the_day) :]
    asked = [door for door in range(500, 506) if any(f"3-2-{door}" in each.text for each in on_the_day)]
    assert (len(on_the_day), asked) == (3, [500, 501, 502])
    assert all(f"3-2-{door}" in next_morning.text for door in (503, 504, 505))


def test_a_p0_is_asked_however_often_somebody_was_asked_that_day(rehearsal: Rehearsal) -> None:
    for hour in range(3):
        rehearsal.worker_says(f"3-2-{500 + hour} elder.fall")
        rehearsal.wait(hours=1)
    to_moment(rehearsal, "2026-03-06T14:00")
    before = len(sent(rehearsal, "liu", Purpose.PROMPT))
    rehearsal.worker_says("3-2-601 gas.leak")

    rehearsal.wait(minutes=10)

    assert (before, len(sent(rehearsal, "liu", Purpose.PROMPT))) == (3, 4)


def test_on_monday_the_coordinator_is_told_what_stands_open(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall; 3-2-502 fire.clutter; 1-1-101 gas.service")

    to_moment(rehearsal, "2026-03-09T08:00")

    [week] = sent(rehearsal, "wang", Purpose.LIST)
    head, *lines = week.text.splitlines()
    assert "紧急0件、当日1件、限期1件、一般1件，其中超期1件" in head
    assert [line.split()[:2] for line in lines] == [["P1", "3-2-501"], ["P2", "3-2-502"], ["P3", "1-1-101"]]
    assert "已超期" in lines[0]


def test_the_week_begins_with_the_first_working_day(rehearsal: Rehearsal) -> None:
    holiday = datetime(2026, 3, 9, tzinfo=ZONE).date()
    rehearsal.watch.lists.is_working_day = lambda day: day.weekday() < 5 and day != holiday  # type: ignore[method-assign]
    rehearsal.worker_says("3-2-502 fire.clutter")

    to_moment(rehearsal, "2026-03-09T20:00")
    on_the_holiday = sent(rehearsal, "wang", Purpose.LIST)
    to_moment(rehearsal, "2026-03-10T08:00")

    assert (on_the_holiday, len(sent(rehearsal, "wang", Purpose.LIST))) == ([], 1)


def test_a_responder_hears_of_a_routine_matter_in_the_list_of_the_next_working_day(rehearsal: Rehearsal) -> None:
    to_moment(rehearsal, "2026-03-06T17:00")  # a Friday
    rehearsal.worker_says("3-2-501 gas.hose")

    to_moment(rehearsal, "2026-03-08T20:00")
    at_the_weekend = rehearsal.told("gas")
    to_moment(rehearsal, "2026-03-09T08:00")

    assert at_the_weekend == []
    [theirs] = rehearsal.told("gas")
    assert ("3-2-501" in theirs, "刘大姐" in theirs) == (True, True)


def test_a_responder_is_asked_on_the_day_it_is_due_or_the_working_day_after_and_once(rehearsal: Rehearsal) -> None:
    to_moment(rehearsal, "2026-03-07T10:00")  # a Saturday: due on the next one
    rehearsal.worker_says("3-2-501 gas.hose")

    to_moment(rehearsal, "2026-03-15T20:00")
    by_the_weekend = sent(rehearsal, "gas", Purpose.PROMPT)
    to_moment(rehearsal, "2026-03-20T20:00")

    [asked] = sent(rehearsal, "gas", Purpose.PROMPT)
    assert by_the_weekend == []
    assert asked.created_at.astimezone(ZONE) == datetime(2026, 3, 16, 8, tzinfo=ZONE)
    assert asked.buttons[:2] == ["已处理", "还没"]


def test_the_deadline_itself_is_not_moved_by_a_weekend(rehearsal: Rehearsal) -> None:
    to_moment(rehearsal, "2026-03-06T10:00")
    rehearsal.worker_says("3-2-501 elder.fall")

    to_moment(rehearsal, "2026-03-07T10:00")  # Saturday

    assert len(sent(rehearsal, "liu", Purpose.PROMPT)) == 1


def test_many_doors_are_several_messages_each_of_them_named(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("; ".join(f"9-1-{100 + number} elder.fall" for number in range(40)))

    rehearsal.wait(days=1)

    prompts = sent(rehearsal, "liu", Purpose.PROMPT)
    named = [f"9-1-{100 + number}" in "".join(each.text for each in prompts) for number in range(40)]
    assert (len(prompts), all(named)) == (2, True)


def test_doors_of_another_grid_stand_on_no_list(rehearsal: Rehearsal) -> None:
    with rehearsal.database.writing() as session:
        elsewhere = new(Area, level=AreaLevel.GRID, name="第二网格", path="/99/")
        session.add(elsewhere)
        session.flush()
        for door in session.exec(select(Household).where(Household.key == "3-2-501")):
            door.area_id = elsewhere.id or 0
    rehearsal.worker_says("3-2-501 gas.hose")

    to_moment(rehearsal, "2026-03-09T09:00")

    assert rehearsal.told("wang") == rehearsal.told("gas") == []
