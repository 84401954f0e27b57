"""Sending: in order, once under one key, again when it fails, and never to somebody who is gone."""

from collections import deque
from datetime import timedelta

import pytest
from sqlmodel import col, select

from assistant.channels.base import Outgoing, SendFailed
from assistant.outbox import counts, deliver_next, enqueue
from assistant.storage.tables import Account, OutboxMessage, Purpose
from tests.turn.rehearsal import START, Rehearsal


class Moody:
    """A channel that fails as it is told to, once for each mood, and else sends."""

    def __init__(self, *moods: Exception) -> None:
        self.moods = deque(moods)
        self.sent: list[str] = []

    def send(self, outgoing: Outgoing) -> str:
        if self.moods:
            raise self.moods.popleft()
        self.sent.append(outgoing.text)
        return f"id-{len(self.sent)}"


def put(rehearsal: Rehearsal, key: str, address: str = "liu", **more: object) -> OutboxMessage | None:
    with rehearsal.database.writing() as session:
        return enqueue(
            session,
            key=key,
            purpose=more.pop("purpose", Purpose.REPLY),  # type: ignore[arg-type]
            area_id=1,
            channel="test",
            address=address,
            text=key,
            now=START,
            **more,  # type: ignore[arg-type]
        )


def send_all(rehearsal: Rehearsal, channel: Moody, **later: float) -> list[str]:
    rehearsal.clock.move_to(START + timedelta(**later))
    while deliver_next(rehearsal.database, "test", channel, rehearsal.clock):
        pass
    return channel.sent


def test_what_waits_is_sent_in_order_and_noted(rehearsal: Rehearsal) -> None:
    for key in ("a", "b", "c"):
        put(rehearsal, key)

    assert send_all(rehearsal, Moody()) == ["a", "b", "c"]
    assert [(row.sent_at, row.sent_as) for row in rehearsal.outbox()] == [
        (START, "id-1"),
        (START, "id-2"),
        (START, "id-3"),
    ]


def test_the_same_key_is_the_same_message(rehearsal: Rehearsal) -> None:
    put(rehearsal, "a")

    assert put(rehearsal, "a") is None
    assert send_all(rehearsal, Moody()) == ["a"]


def test_a_message_of_another_channel_is_left_to_it(rehearsal: Rehearsal) -> None:
    put(rehearsal, "a")

    assert deliver_next(rehearsal.database, "telegram", Moody(), rehearsal.clock) is False


def test_a_send_that_fails_is_tried_again_later_and_those_behind_it_wait(rehearsal: Rehearsal) -> None:
    channel = Moody(SendFailed("line is busy"))
    put(rehearsal, "a")
    put(rehearsal, "b")
    put(rehearsal, "elsewhere", address="li")

    at_once = list(send_all(rehearsal, channel))
    later = send_all(rehearsal, channel, seconds=2)

    assert at_once == ["elsewhere"]
    assert later == ["elsewhere", "a", "b"]
    assert rehearsal.outbox()[0].attempts == 2


def test_a_channel_that_says_when_to_come_back_is_heard(rehearsal: Rehearsal) -> None:
    channel = Moody(SendFailed("too many", retry_after=90))
    put(rehearsal, "a")

    early = list(send_all(rehearsal, channel, seconds=0)) + list(send_all(rehearsal, channel, seconds=89))

    assert early == []
    assert send_all(rehearsal, channel, seconds=90) == ["a"]


def test_a_message_that_is_put_off_however_often_is_not_set_aside(rehearsal: Rehearsal) -> None:
    channel = Moody(*[SendFailed("one a second", retry_after=1)] * 20)
    put(rehearsal, "alarm", purpose=Purpose.ALARM)
    for second in range(20):
        send_all(rehearsal, channel, seconds=second)

    assert send_all(rehearsal, channel, seconds=20) == ["alarm"]
    assert rehearsal.outbox()[0].attempts == 1


def test_a_message_that_is_put_off_is_not_overtaken(rehearsal: Rehearsal) -> None:
    channel = Moody(SendFailed("one a second", retry_after=1))
    for key in ("a", "b"):
        put(rehearsal, key)
    put(rehearsal, "elsewhere", address="li")

    at_once = list(send_all(rehearsal, channel))

    assert at_once == ["elsewhere"]
    assert send_all(rehearsal, channel, seconds=1) == ["elsewhere", "a", "b"]


def test_a_message_that_was_put_off_was_never_tried_and_may_still_be_cancelled(rehearsal: Rehearsal) -> None:
    put(rehearsal, "a")

    send_all(rehearsal, Moody(SendFailed("one a second", retry_after=5)))

    row = rehearsal.outbox()[0]
    assert (row.attempts, row.last_error, row.sent_at) == (0, "one a second", None)


def test_a_message_that_goes_on_failing_holds_up_nobody_and_is_set_aside(rehearsal: Rehearsal) -> None:
    channel = Moody(*[SendFailed("no line")] * 4)
    put(rehearsal, "a")
    put(rehearsal, "b")
    for minute in range(3):
        send_all(rehearsal, channel, minutes=minute)
    after_three = list(send_all(rehearsal, channel, minutes=3))
    channel.moods.extend([SendFailed("no line")] * 10)
    for hour in range(1, 8):
        send_all(rehearsal, channel, hours=hour)

    assert after_three == ["b"]
    first = rehearsal.outbox()[0]
    assert (first.set_aside_reason, first.attempts) == ("no line", 8)


def test_a_refusal_for_good_sets_it_aside_at_once_and_blocks_the_account(rehearsal: Rehearsal) -> None:
    put(rehearsal, "a", account_id=1)
    put(rehearsal, "b", account_id=1)

    sent = send_all(rehearsal, Moody(SendFailed("blocked by the user", for_good=True)))

    assert sent == ["b"]
    assert rehearsal.outbox()[0].set_aside_reason == "blocked by the user"
    with rehearsal.database.reading() as session:
        assert session.get_one(Account, 1).blocked_at == START
        assert counts(session) == {"waiting": 0, "set_aside": 1}


def test_a_group_that_shuts_us_out_leaves_its_members_own_chat_open(rehearsal: Rehearsal) -> None:
    with rehearsal.database.reading() as session:
        account = session.exec(select(Account).order_by(col(Account.id))).first()
    assert account is not None
    put(rehearsal, "receipt", address="the group", account_id=account.id)

    send_all(rehearsal, Moody(SendFailed("kicked", for_good=True)))

    with rehearsal.database.reading() as session:
        assert session.get_one(Account, account.id).blocked_at is None


def test_a_channel_that_breaks_has_tried_and_is_tried_again_later(rehearsal: Rehearsal) -> None:
    put(rehearsal, "one")
    put(rehearsal, "two", address="wang")
    channel = Moody(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        send_all(rehearsal, channel)

    assert send_all(rehearsal, channel) == ["two"]
    assert send_all(rehearsal, channel, hours=1) == ["two", "one"]


def test_an_alarm_goes_ahead_of_all_that_waits_or_fails(rehearsal: Rehearsal) -> None:
    channel = Moody(SendFailed("line is busy"))
    for number in range(3):
        put(rehearsal, f"reply-{number}")
    send_all(rehearsal, channel)

    put(rehearsal, "alarm", purpose=Purpose.ALARM)

    assert send_all(rehearsal, channel)[0] == "alarm"


def test_a_message_that_waits_for_the_morning_holds_up_nobody(rehearsal: Rehearsal) -> None:
    put(rehearsal, "prompt", purpose=Purpose.PROMPT, not_before=START + timedelta(hours=8))
    put(rehearsal, "reply")

    assert send_all(rehearsal, Moody()) == ["reply"]
    assert send_all(rehearsal, Moody(), hours=8) == ["prompt"]


@pytest.mark.parametrize("column", ["cancelled_at", "set_aside_at", "sent_at"])
def test_what_has_come_to_its_end_is_not_sent(rehearsal: Rehearsal, column: str) -> None:
    row = put(rehearsal, "a")
    assert row is not None
    with rehearsal.database.writing() as session:
        setattr(session.get_one(OutboxMessage, row.id), column, START)

    assert send_all(rehearsal, Moody()) == []


def test_what_was_put_there_before_the_clock_was_set_back_is_sent_at_once(rehearsal: Rehearsal) -> None:
    put(rehearsal, "a")

    assert send_all(rehearsal, Moody(), hours=-5) == ["a"]
