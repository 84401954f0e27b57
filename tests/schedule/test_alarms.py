"""The fast lane: a P0 is told until somebody has heard it, one level higher each time, and every step is on record."""

from datetime import timedelta

import pytest

from assistant.domain.access import AreaLevel, Role
from assistant.storage import escalations
from assistant.storage.columns import new
from assistant.storage.tables import Account, Action, Area, Flag, Purpose, Worker
from tests.turn.rehearsal import REPLIES, START, Rehearsal

HEARD = REPLIES.buttons.acknowledge
GRID, COMMUNITY, STREET = AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET


@pytest.fixture
def whole_street(rehearsal: Rehearsal) -> Rehearsal:
    """The small community with a community and a street above it, each with somebody who answers for it."""
    with rehearsal.database.writing() as session:
        grid = session.get_one(Area, 1)
        above = "/"
        parent = None
        for level, name, address in ((STREET, "示例街道", "street"), (COMMUNITY, "怡丽社区", "community")):
            area = new(Area, level=level, name=name, parent_id=parent)
            session.add(area)
            session.flush()
            above, parent = f"{above}{area.id}/", area.id
            area.path = above
            worker = new(Worker, area_id=area.id, name=name, role=Role.COORDINATOR)
            session.add(worker)
            session.flush()
            session.add(
                new(Account, area_id=area.id, worker_id=worker.id, channel="test", address=address, bound_at=START)
            )
        grid.parent_id = parent
        for number in (1, 2, 3):
            area = session.get_one(Area, number)
            area.path = f"{above}{area.path[1:]}"
    return rehearsal


def minutes(rehearsal: Rehearsal, number: int) -> None:
    for _ in range(number):
        rehearsal.clock.move_on(timedelta(minutes=1))
        rehearsal.run()


def climbed(rehearsal: Rehearsal) -> list[tuple[str, str | None, AreaLevel, timedelta]]:
    with rehearsal.database.reading() as session:
        return [(step.key, step.kind, step.to, step.at - START) for step in escalations.since(session, 0)]


def alarms_to(rehearsal: Rehearsal, who: str) -> list[str]:
    return [each.text for each in rehearsal.outbox(Purpose.ALARM) if each.address == who]


def test_a_p0_is_told_at_once_to_coordinator_and_responder_with_a_button_to_acknowledge(
    whole_street: Rehearsal,
) -> None:
    whole_street.worker_says("3-2-501 gas.leak")

    alarms = whole_street.outbox(Purpose.ALARM)
    assert [(each.address, each.buttons) for each in alarms] == [("wang", [HEARD]), ("gas", [HEARD])]
    assert all("3-2-501" in each.text for each in alarms)


def test_nobody_heard_it_so_it_is_told_again_and_climbs_to_the_street_each_step_timed(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")

    minutes(whole_street, 35)

    assert climbed(whole_street) == [
        ("3-2-501", "gas.leak", GRID, timedelta(minutes=10)),
        ("3-2-501", "gas.leak", COMMUNITY, timedelta(minutes=20)),
        ("3-2-501", "gas.leak", STREET, timedelta(minutes=30)),
    ]
    told = {who: len(alarms_to(whole_street, who)) for who in ("wang", "gas", "community", "street")}
    assert told == {"wang": 4, "gas": 4, "community": 2, "street": 1}
    assert "街道" in alarms_to(whole_street, "street")[0]
    assert "3-2-501" in alarms_to(whole_street, "street")[0]


def test_at_the_street_it_is_told_every_half_hour_until_somebody_hears_it(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    minutes(whole_street, 30)
    before = len(alarms_to(whole_street, "street"))

    minutes(whole_street, 60)
    after_an_hour = len(alarms_to(whole_street, "street"))
    whole_street.coordinator_says(HEARD)
    minutes(whole_street, 60)

    assert (before, after_an_hour, len(alarms_to(whole_street, "street"))) == (1, 3, 3)


def test_who_has_heard_it_stops_it(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    minutes(whole_street, 5)

    whole_street.coordinator_says(HEARD)
    minutes(whole_street, 60)

    assert climbed(whole_street) == []
    assert len(alarms_to(whole_street, "wang")) == 1


def test_it_is_told_at_night_too(whole_street: Rehearsal) -> None:
    whole_street.clock.move_on(timedelta(hours=16))  # 02:00
    whole_street.worker_says("3-2-501 gas.leak")

    minutes(whole_street, 20)

    assert len(alarms_to(whole_street, "community")) == 1


def test_a_report_that_is_withdrawn_calls_nobody_any_more(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    whole_street.worker_says("withdraw")

    minutes(whole_street, 30)

    assert climbed(whole_street) == []


def test_reported_once_more_before_anybody_heard_it_climbs_on_from_where_it_was(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    minutes(whole_street, 15)
    whole_street.worker_says("3-2-501 gas.leak")

    minutes(whole_street, 5)

    assert [to for _, _, to, _ in climbed(whole_street)] == [GRID, COMMUNITY]


def test_a_service_that_was_down_calls_again_at_once_when_it_is_up_and_one_level_higher(
    whole_street: Rehearsal,
) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    whole_street.clock.move_on(timedelta(hours=3))

    whole_street.run()

    assert [to for _, _, to, _ in climbed(whole_street)] == [GRID]


def test_a_clock_that_is_set_back_delays_no_alarm(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    whole_street.clock.move_on(timedelta(hours=-5))

    minutes(whole_street, 11)

    assert [to for _, _, to, _ in climbed(whole_street)] == [GRID, COMMUNITY]
    assert len(whole_street.told("community")) == 1


def test_where_there_is_nobody_above_the_grid_the_coordinator_is_told_on_and_on(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    minutes(rehearsal, 60)

    assert len(alarms_to(rehearsal, "wang")) == 5


def test_a_p1_is_no_alarm_and_climbs_no_ladder(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 elder.fall")

    minutes(whole_street, 60)

    assert whole_street.outbox(Purpose.ALARM) == []
    assert climbed(whole_street) == []


def test_each_call_leaves_a_line_on_the_ledger(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    minutes(whole_street, 90)

    lines = [row for row in whole_street.rows(Action) if isinstance(row, Action) and row.subject == Flag.__tablename__]
    assert [line.verb for line in lines] == ["raised", "called", "climbed", "climbed", "climbed", *["called_again"] * 2]


def test_who_reported_it_hears_that_somebody_takes_care_of_it_and_so_does_who_was_called_after(
    whole_street: Rehearsal,
) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    minutes(whole_street, 20)

    whole_street.coordinator_says(HEARD)

    assert [whole_street.told(who)[-1] for who in ("liu", "community")] == ["3-2-501：王主任收到了，在处理。"] * 2
    assert whole_street.told("gas")[-1] != "3-2-501：王主任收到了，在处理。"


def test_while_the_worker_says_that_it_is_over_nobody_is_called_and_sent_back_it_climbs_on(
    whole_street: Rehearsal,
) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    minutes(whole_street, 12)
    whole_street.worker_says("close 3-2-501 gas.leak")
    minutes(whole_street, 60)
    while_proposed = [to for _, _, to, _ in climbed(whole_street)]

    whole_street.coordinator_says("3-2-501退回,还在漏")
    minutes(whole_street, 11)

    assert while_proposed == [GRID]
    assert [to for _, _, to, _ in climbed(whole_street)] == [GRID, COMMUNITY]


def test_a_coordinator_who_is_away_is_called_and_so_is_the_deputy_who_may_hear_it(whole_street: Rehearsal) -> None:
    whole_street.coordinator_says("我今天病了，李大姐帮我")

    whole_street.worker_says("3-2-501 gas.leak")
    whole_street.send("li", HEARD)
    whole_street.run()
    minutes(whole_street, 30)

    assert [len(alarms_to(whole_street, who)) for who in ("wang", "li")] == [1, 1]
    assert climbed(whole_street) == []


def test_the_worker_who_is_nearest_is_called_when_somebody_else_found_it_and_told_what_to_do(
    whole_street: Rehearsal,
) -> None:
    whole_street.coordinator_says("3-2-501 gas.leak")

    [alarm] = alarms_to(whole_street, "liu")
    assert "3-2-501" in alarm
    assert "关阀" in alarm
    assert alarms_to(whole_street, "li") == []  # another micro-grid's
    assert alarms_to(whole_street, "wang") == []  # who wrote it has the reply


@pytest.mark.parametrize(("who", "words"), [("wang", "收到，我过来"), ("gas", "马上到"), ("wang", "晓得了，在路上")])
def test_who_says_in_other_words_that_it_was_heard_stops_it_too(whole_street: Rehearsal, who: str, words: str) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    whole_street.send(who, words)
    whole_street.run()

    minutes(whole_street, 30)

    assert climbed(whole_street) == []


def test_on_the_way_said_with_no_alarm_open_is_no_answer(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 elder.fall")

    answer = whole_street.coordinator_says("马上到")

    assert answer != REPLIES.sayings.answer_noted


def test_who_was_called_hears_that_the_report_was_withdrawn(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    minutes(whole_street, 20)

    whole_street.worker_says("withdraw")

    assert all("撤回" in whole_street.told(who)[-1] for who in ("wang", "gas"))


def test_heard_on_the_alarm_of_before_it_was_opened_again_counts_for_nothing(whole_street: Rehearsal) -> None:
    whole_street.worker_says("3-2-501 gas.leak")
    old = next(each for each in whole_street.outbox(Purpose.ALARM) if each.address == "wang")
    whole_street.coordinator_says(HEARD)
    whole_street.worker_says("close 3-2-501 gas.leak")
    whole_street.coordinator_says("3-2-501 同意办结")
    minutes(whole_street, 60)
    whole_street.coordinator_says("3-2-501 重新打开")

    answer = whole_street.coordinator_says(HEARD, reply_to=old.sent_as)
    minutes(whole_street, 11)

    assert "重新打开" in answer
    assert climbed(whole_street) != []
    whole_street.coordinator_says(HEARD)
    before = len(climbed(whole_street))
    minutes(whole_street, 60)
    assert len(climbed(whole_street)) == before
