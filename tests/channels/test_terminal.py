"""The terminal as a channel."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from assistant.channels.base import Incoming, Outgoing
from assistant.channels.terminal import Terminal, talk

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def terminal(shown: list[str]) -> Terminal:
    return Terminal("liu", lambda: NOW, shown.append)


def test_what_is_typed_is_a_message_of_this_worker_with_an_id_of_its_own(terminal: Terminal) -> None:
    first, second = terminal.incoming("软管老化"), terminal.incoming("软管老化")

    assert (first.channel, first.account, first.text, first.sent_at) == ("terminal", "liu", "软管老化", NOW)
    assert first.message_id != second.message_id


def test_a_reply_is_shown_with_its_buttons_numbered(terminal: Terminal, shown: list[str]) -> None:
    terminal.send(Outgoing("liu", "3-2-501：软管隐患。\n换波纹管", "reply:1", ("已处理", "还没")))

    (text,) = shown
    assert text.startswith("微光 ▸ 3-2-501：软管隐患。\n")
    assert text.endswith("[1] 已处理  [2] 还没")


def test_a_buttons_number_is_a_tap_on_it(terminal: Terminal) -> None:
    terminal.send(Outgoing("liu", "提醒", "prompt:1", ("已处理", "还没")))

    tap = terminal.incoming(" 2 ")

    assert (tap.text, tap.reply_to) == ("还没", "prompt:1")


@pytest.mark.parametrize("typed", ["3", "501", "0", "²"])
def test_a_number_that_no_button_has_is_just_words(typed: str, terminal: Terminal) -> None:
    terminal.send(Outgoing("liu", "提醒", "prompt:1", ("已处理", "还没")))

    assert terminal.incoming(typed).text == typed
    assert terminal.incoming(typed).reply_to is None


def test_what_is_sent_to_somebody_else_is_not_shown_here(terminal: Terminal, shown: list[str]) -> None:
    terminal.send(Outgoing("he", "3-2-501张大爷……", "alarm:1"))

    assert shown == []


def test_lines_are_handed_over_as_they_were_edited_until_the_user_ends_it(terminal: Terminal) -> None:
    received: list[Incoming] = []

    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        # a wide character is taken back in one key press, an empty line says nothing
        keys.send_text("3栋2单元501软管老化了\x7f\r   \r\x04")
        talk(terminal, received.append)

    assert [message.text for message in received] == ["3栋2单元501软管老化"]
