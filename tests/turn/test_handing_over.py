"""A worker who is ill hands over: who is reminded then, who hears of it, and when it comes back."""

from datetime import datetime, timedelta

import pytest

from assistant.storage.tables import Action, Report, Worker
from tests.turn.rehearsal import REPLIES, START, ZONE, Rehearsal


def worker(rehearsal: Rehearsal, number: int) -> Worker:
    with rehearsal.database.reading() as session:
        return session.get_one(Worker, number)


def test_while_she_is_away_the_colleague_she_named_is_reminded_and_afterwards_she_herself(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=22)
    rehearsal.worker_says("我今天请假,李大姐帮我")
    rehearsal.worker_says("3-2-502 elder.fall")

    rehearsal.wait(hours=24)

    assert any("3-2-501" in each for each in rehearsal.told("li"))
    assert "3-2-502" in rehearsal.told("liu")[-1]
    assert "3-2-502" not in "".join(rehearsal.told("li"))


def test_deputy_and_coordinator_hear_of_it_and_the_reply_says_until_when(rehearsal: Rehearsal) -> None:
    reply = rehearsal.worker_says("我这两天住院，李大姐帮我顶一下")

    assert reply == "3月5日到3月6日您的提醒先发给李大姐，到时自动转回；早回来就说“我回来了”。"
    assert rehearsal.told("li") == ["刘大姐3月5日到3月6日不在，请您顶：提醒先发给您。"]
    assert rehearsal.told("wang") == ["刘大姐3月5日到3月6日不在，由李大姐顶。"]


def test_nobody_named_means_the_coordinator_who_is_asked_to_arrange_it(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=23)
    rehearsal.worker_says("我今天请假")

    rehearsal.wait(hours=1)

    assert any("3-2-501" in each and "没说谁顶" not in each for each in rehearsal.told("wang")[1:])
    assert any("没说谁顶" in each for each in rehearsal.told("wang"))


def test_a_coordinators_word_hands_over_for_a_worker(rehearsal: Rehearsal) -> None:
    reply = rehearsal.coordinator_says("刘大姐病了，李大姐帮她")

    assert reply == "好的，刘大姐3月5日到3月7日的提醒先发给李大姐。"
    assert (worker(rehearsal, 1).deputy_id, worker(rehearsal, 1).away_from_at) == (2, START)
    assert rehearsal.told("liu") == ["刘大姐3月5日到3月7日不在，由李大姐顶。"]


def test_a_colleagues_word_alone_hands_nothing_over(rehearsal: Rehearsal) -> None:
    rehearsal.send("li", "刘大姐病了，王主任帮她")
    rehearsal.run()

    assert rehearsal.told("li") == [REPLIES.sayings.away_not_yours_to_say.format(who="刘大姐")]
    assert worker(rehearsal, 1).away_from_at is None


def test_from_tomorrow_means_from_midnight(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("明天我请假，李大姐帮我看到")

    away = worker(rehearsal, 1)
    midnight = datetime(2026, 3, 6, tzinfo=ZONE)
    assert (away.away_from_at, away.away_until_at) == (midnight, midnight + timedelta(days=1))


def test_who_comes_back_early_is_reminded_again(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("我这几天请假，李大姐帮我")
    rehearsal.wait(hours=3)

    reply = rehearsal.worker_says("我回来了")
    rehearsal.wait(hours=21)

    assert reply == REPLIES.sayings.back_again
    assert rehearsal.told("li")[-1] == "刘大姐回来了，提醒转回给本人。"
    assert "3-2-501" in rehearsal.told("liu")[-1]


def test_it_stands_on_the_ledger_and_the_words_are_kept(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("我今天病了,李大姐帮我")

    lines = [row for row in rehearsal.rows(Action) if isinstance(row, Action) and row.subject == "workers"]
    assert [(line.verb, line.worker_id) for line in lines] == [("handed_over", 1)]
    assert [row.text for row in rehearsal.rows(Report) if isinstance(row, Report)] == ["我今天病了,李大姐帮我"]


def test_two_deputies_who_are_both_away_leave_it_to_the_coordinator(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("我这两天病了，李大姐帮我")
    rehearsal.send("li", "我这两天也病了，刘大姐帮我")
    rehearsal.run()

    rehearsal.wait(hours=24)

    assert any("3-2-501" in each for each in rehearsal.told("wang")[3:])
    assert "3-2-501" not in "".join(rehearsal.told("li"))


@pytest.mark.parametrize(
    ("says", "begins", "last"),
    [
        ("我周六之前都请假，李大姐帮我", "2026-03-05T10:00", "2026-03-07"),
        ("我下周一到下周三请假，李大姐帮我", "2026-03-09T00:00", "2026-03-11"),
        ("我请假三天，李大姐帮我", "2026-03-05T10:00", "2026-03-07"),
    ],
)
def test_until_when_is_what_was_said(rehearsal: Rehearsal, says: str, begins: str, last: str) -> None:
    rehearsal.worker_says(says)

    away = worker(rehearsal, 1)
    midnight = datetime.fromisoformat(last).replace(tzinfo=ZONE) + timedelta(days=1)
    assert away.away_from_at == datetime.fromisoformat(begins).replace(tzinfo=ZONE)
    assert away.away_until_at == midnight
