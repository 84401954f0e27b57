"""A message that waits is not sent when its reason has gone; what is left of it is told anew."""

from assistant.outbox import enqueue
from assistant.storage.tables import FollowUp, OutboxMessage, Purpose
from tests.turn.rehearsal import REPLIES, START, Rehearsal


def wait_without_a_line(rehearsal: Rehearsal, **span: float) -> None:
    """Time passes and things fall due, but the channel takes nothing."""
    from datetime import timedelta

    rehearsal.clock.move_on(timedelta(**span))
    while rehearsal.turn.handle_next() or rehearsal.watch.look():
        pass


def handle(rehearsal: Rehearsal, author: str, text: str) -> None:
    rehearsal.send(author, text)
    while rehearsal.turn.handle_next():
        pass


def prompts(rehearsal: Rehearsal) -> list[OutboxMessage]:
    return [each for each in rehearsal.outbox(Purpose.PROMPT) if each.address == "liu"]


def test_a_prompt_whose_promise_has_ended_meanwhile_is_not_sent(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    wait_without_a_line(rehearsal, days=7)
    handle(rehearsal, "liu", "close 3-2-501 fire.clutter")

    rehearsal.run()

    [prompt] = prompts(rehearsal)
    assert (prompt.sent_at, prompt.cancelled_at) == (None, rehearsal.clock.now())


def test_what_is_left_of_a_merged_prompt_is_asked_anew(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter; 3-2-502 fire.clutter")
    wait_without_a_line(rehearsal, days=7)
    handle(rehearsal, "liu", "close 3-2-501 fire.clutter")

    rehearsal.run()

    sent = [each.text for each in prompts(rehearsal) if each.sent_at is not None]
    assert [("3-2-501" in text, "3-2-502" in text) for text in sent] == [(False, True)]


def test_an_alarm_of_a_report_that_was_withdrawn_before_it_could_be_sent_is_not_sent(rehearsal: Rehearsal) -> None:
    rehearsal.send("liu", "3-2-501 gas.leak")
    rehearsal.send("liu", "withdraw")
    while rehearsal.turn.handle_next():
        pass

    rehearsal.run()

    assert all(each.sent_at is None for each in rehearsal.outbox(Purpose.ALARM))


def test_a_second_call_is_not_sent_when_the_first_was_heard_meanwhile(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")
    wait_without_a_line(rehearsal, minutes=10)
    handle(rehearsal, "wang", REPLIES.buttons.acknowledge)

    rehearsal.run()

    alarms = [each for each in rehearsal.outbox(Purpose.ALARM) if each.address == "wang"]
    assert [each.sent_at is not None for each in alarms] == [True, False]


def test_a_prompt_that_was_tried_already_is_tried_again_under_its_key(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    with rehearsal.database.writing() as session:
        row = enqueue(
            session,
            key="tried",
            purpose=Purpose.PROMPT,
            area_id=1,
            channel="test",
            address="liu",
            text="tried",
            now=START,
            follow_up_ids=[1],
        )
        assert row is not None
        row.attempts = 1
        session.get_one(FollowUp, 1).state = "done"  # type: ignore[assignment]

    rehearsal.run()

    assert rehearsal.told("liu")[-1] == "tried"
