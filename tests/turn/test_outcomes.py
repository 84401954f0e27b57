"""The outcome comes back to whoever reported it."""

from dataclasses import replace
from datetime import timedelta

from assistant.storage.tables import Purpose
from tests.turn.rehearsal import Rehearsal


def notices(rehearsal: Rehearsal, who: str) -> list[str]:
    return [each.text for each in rehearsal.outbox(Purpose.NOTICE) if each.address == who]


def test_who_reported_it_hears_that_a_colleague_saw_to_it(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")

    rehearsal.send("li", "close 3-2-501 fire.clutter")
    rehearsal.run()

    assert notices(rehearsal, "liu") == ["3-2-501：楼道堆东西，李大姐办好了，已办结。"]


def test_who_closes_it_oneself_is_told_in_the_reply_alone(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")

    rehearsal.worker_says("close 3-2-501 fire.clutter")

    assert notices(rehearsal, "liu") == []


def test_who_reported_it_hears_that_the_coordinator_agrees(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("close 3-2-501 elder.fall")

    rehearsal.coordinator_says("同意办结")

    assert notices(rehearsal, "liu") == ["3-2-501：跌倒，王主任同意办结了。"]


def test_at_night_the_outcome_waits_for_the_morning(rehearsal: Rehearsal) -> None:
    quiet = rehearsal.watch.reminder.courtesy.quiet
    rehearsal.turn = replace(rehearsal.turn, minds=replace(rehearsal.turn.minds, not_at_night=quiet.not_in_them))
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.clock.move_on(timedelta(hours=13))  # 23:00

    rehearsal.send("li", "close 3-2-501 fire.clutter")
    rehearsal.run()
    at_night = len(rehearsal.told("liu"))
    rehearsal.wait(hours=9)

    assert (at_night, len(rehearsal.told("liu"))) == (1, 2)


def test_a_report_that_is_withdrawn_is_no_outcome(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.worker_says("withdraw")

    assert notices(rehearsal, "liu") == []
