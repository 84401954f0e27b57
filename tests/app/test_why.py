"""为什么 and 为什么没有, asked in the chat of the real assistant."""

import pytest
from sqlmodel import select

from assistant.app import App
from assistant.channels.base import Incoming
from assistant.storage.tables import Report
from tests.app.test_app import say
from tests.turn.rehearsal import Telegraph


def ask(app: App, text: str, who: str = "liu", **more: object) -> str:
    channel = Telegraph()
    app.receive(Incoming("test", f"why-{who}-{text}", who, text, app.now(), **more))  # type: ignore[arg-type]
    app.settle_down({"test": channel})
    return [each.text for each in channel.sent if each.address == more.get("chat", who)][-1]


def test_why_is_answered_with_the_reason_of_the_flag(app: App) -> None:
    say(app, "3-2-502软管老化,不愿意换")

    answer = ask(app, "为什么标?")

    assert answer.startswith("3-2-502标了")
    assert "不愿更换" in answer
    assert "\n" not in answer


def test_why_not_is_answered_with_what_was_lacking(app: App) -> None:
    say(app, "3-2-502软管老化")

    answer = ask(app, "3-2-502为什么没有标紧急")

    assert answer.startswith("3-2-502没有按")
    assert "\n" not in answer


def test_a_door_without_a_flag_says_why_not(app: App) -> None:
    say(app, "3-2-502今天见到人了,都好")

    assert "3-2-502" in ask(app, "为什么?")


@pytest.mark.parametrize(("who", "told"), [("wang", True), ("li", False)])
def test_a_coordinator_may_ask_of_all_doors_a_worker_only_of_the_own(app: App, who: str, told: bool) -> None:
    say(app, "3-2-502软管老化,不愿意换")

    answer = ask(app, "3-2-502为什么标了", who)

    assert ("不愿更换" in answer) is told


def test_asking_changes_nothing(app: App) -> None:
    say(app, "3-2-502软管老化")

    ask(app, "为什么没有")

    with app.database.reading() as session:
        assert len(session.exec(select(Report)).all()) == 1


def test_in_a_group_no_door_is_spoken_of(app: App) -> None:
    say(app, "3-2-502软管老化")

    assert "单独问我" in ask(app, "为什么?", chat="the-group", is_group=True)
