"""What falls due: when a worker is reminded of it, how often, and what an answer does."""

from datetime import timedelta

import pytest

from assistant.domain.followups import FollowUpState
from assistant.storage.tables import FollowUp, OutboxMessage, Purpose, Worker
from tests.turn.rehearsal import REPLIES, START, Rehearsal

DONE = REPLIES.buttons.done
OVERDUE = FollowUpState.OVERDUE


def prompts_to_liu(rehearsal: Rehearsal) -> list[OutboxMessage]:
    return [each for each in rehearsal.outbox(Purpose.PROMPT) if each.address == "liu"]


def test_nothing_is_said_before_it_is_due(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")

    rehearsal.wait(hours=23)

    assert rehearsal.outbox(Purpose.PROMPT) == []  # the morning's list alone names it
    assert rehearsal.follow_ups(OVERDUE) == []


def test_what_falls_due_is_overdue_and_the_worker_is_reminded_of_door_and_deed(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")

    rehearsal.wait(hours=24)

    assert rehearsal.follow_ups(OVERDUE) == ["3-2-501 worker elder.fall overdue x1"]
    prompt = rehearsal.told("liu")[-1]
    assert "3-2-501" in prompt
    assert "复查elder.fall" in prompt


def test_a_prompt_is_sent_once(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")

    rehearsal.wait(days=5)

    assert len(rehearsal.outbox(Purpose.PROMPT)) == 1


def test_all_that_falls_due_at_once_for_a_worker_is_one_message_with_a_line_a_door(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose; 3-2-502 fire.clutter")

    rehearsal.wait(days=7)

    [prompt] = prompts_to_liu(rehearsal)
    assert len(prompt.text.splitlines()) == 3
    assert ("3-2-501" in prompt.text, "3-2-502" in prompt.text) == (True, True)
    assert len(prompt.follow_up_ids) == 3  # two for the hose, and one


def test_each_worker_is_reminded_of_their_own(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.send("li", "3-2-502 elder.fall")
    rehearsal.run()

    rehearsal.wait(hours=24)

    assert "3-2-501" in rehearsal.told("liu")[-1]
    assert "3-2-502" in rehearsal.told("li")[-1]


def test_a_p0_is_not_said_again_right_after_the_reply_but_ten_minutes_later(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")
    at_once = len(rehearsal.outbox(Purpose.PROMPT))

    rehearsal.clock.move_on(timedelta(minutes=10))
    rehearsal.run()

    assert (at_once, len(rehearsal.outbox(Purpose.PROMPT))) == (0, 1)


def test_in_quiet_hours_nothing_is_sent_and_all_of_it_in_one_message_in_the_morning(rehearsal: Rehearsal) -> None:
    rehearsal.clock.move_on(timedelta(hours=12))  # 22:00
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.clock.move_on(timedelta(hours=2))  # midnight
    rehearsal.worker_says("3-2-502 elder.fall")

    rehearsal.wait(hours=31, minutes=59)  # 07:59 of the second morning
    at_night = len(rehearsal.outbox(Purpose.PROMPT))
    rehearsal.wait(minutes=1)

    assert at_night == 0
    [prompt] = rehearsal.outbox(Purpose.PROMPT)
    assert ("3-2-501" in prompt.text, "3-2-502" in prompt.text) == (True, True)


def test_a_p0_is_sent_in_quiet_hours_too(rehearsal: Rehearsal) -> None:
    rehearsal.clock.move_on(timedelta(hours=13))
    rehearsal.worker_says("3-2-501 gas.leak")

    rehearsal.clock.move_on(timedelta(minutes=10))
    rehearsal.run()

    assert len(rehearsal.outbox(Purpose.PROMPT)) == 1


def test_what_fell_due_while_the_service_was_down_is_sent_once_when_it_is_up_again(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall; 3-2-502 gas.hose")
    rehearsal.clock.move_on(timedelta(days=20))

    rehearsal.run()
    rehearsal.wait(days=1)

    [prompt] = prompts_to_liu(rehearsal)
    assert ("3-2-501" in prompt.text, "3-2-502" in prompt.text) == (True, True)


def test_a_clock_that_is_set_back_sends_nothing_again(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=24)

    rehearsal.clock.move_on(timedelta(days=-2))
    rehearsal.wait(days=4)

    assert len(rehearsal.outbox(Purpose.PROMPT)) == 1


def test_an_answer_that_it_is_done_ends_a_p2_and_what_hung_on_it(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.wait(days=7)

    answer = rehearsal.worker_says(DONE)

    assert answer is not None
    assert "已办结" in answer
    assert rehearsal.open_flags() == []
    assert rehearsal.follow_ups(FollowUpState.OPEN, OVERDUE) == []


def test_an_answer_that_a_p1_is_done_waits_for_the_coordinator(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=24)

    rehearsal.worker_says("办好了")
    rehearsal.worker_says("close 3-2-501 elder.fall")

    assert rehearsal.open_flags() == ["3-2-501 elder.fall P1 x1"]
    assert rehearsal.follow_ups(OVERDUE) == []
    assert "同意办结" in rehearsal.told("wang")[-1]


def test_a_button_answers_the_message_that_bore_it(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=1)
    rehearsal.worker_says("3-2-502 fire.clutter")
    rehearsal.wait(days=7)
    first = prompts_to_liu(rehearsal)[0]

    answer = rehearsal.worker_says(DONE, reply_to=first.sent_as)

    assert answer is not None
    assert answer.startswith("3-2-501"), "a P1 is asked what was seen, at the door of that prompt"
    assert rehearsal.follow_ups(FollowUpState.DONE) == []


def test_done_said_with_nothing_asked_closes_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")

    rehearsal.worker_says(DONE)

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]


def test_a_later_report_that_resolves_it_ends_it_before_it_is_due(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.worker_says("close 3-2-501 gas.hose")

    rehearsal.wait(days=8)

    assert rehearsal.outbox(Purpose.PROMPT) == []


def test_a_prompt_follows_the_door_when_the_report_is_corrected(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("move 3-2-501 3-2-502")

    rehearsal.wait(hours=24)

    [prompt] = rehearsal.outbox(Purpose.PROMPT)
    assert ("3-2-501" in prompt.text, "3-2-502" in prompt.text) == (False, True)


def test_the_deputy_is_reminded_while_the_worker_is_away(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    with rehearsal.database.writing() as session:
        liu = session.get_one(Worker, 1)
        liu.away_from_at, liu.away_until_at, liu.deputy_id = START, START + timedelta(days=3), 2

    rehearsal.wait(hours=24)

    assert "3-2-501" in rehearsal.told("li")[-1]
    assert len(rehearsal.told("liu")) == 1  # the reply


@pytest.mark.parametrize("state", [state for state in FollowUpState if state.has_ended])
def test_a_follow_up_that_has_ended_never_falls_due(rehearsal: Rehearsal, state: FollowUpState) -> None:
    from assistant.storage.ledger import Ledger
    from assistant.storage.settle import end_follow_up

    rehearsal.worker_says("3-2-501 elder.fall")
    with rehearsal.database.writing() as session:
        end_follow_up(Ledger(session, START), session.get_one(FollowUp, 1), state, "a test")

    rehearsal.wait(days=2)

    assert rehearsal.outbox(Purpose.PROMPT) == []
    assert rehearsal.follow_ups() == [f"3-2-501 worker elder.fall {state} x1"]


def test_a_prompt_to_somebody_without_an_account_is_set_aside_where_it_is_seen(rehearsal: Rehearsal) -> None:
    from assistant.storage.tables import Account

    rehearsal.worker_says("3-2-501 elder.fall")
    with rehearsal.database.writing() as session:
        session.get_one(Account, 1).blocked_at = START

    rehearsal.wait(hours=24)

    [prompt] = rehearsal.outbox(Purpose.PROMPT)
    assert isinstance(prompt, OutboxMessage)
    assert prompt.set_aside_reason == "没有绑定账号"
    assert len(rehearsal.told("liu")) == 1  # the reply, before
