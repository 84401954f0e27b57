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


def test_what_is_sent_again_under_the_same_key_is_shown_once(terminal: Terminal, shown: list[str]) -> None:
    terminal.send(Outgoing("liu", "3-2-501：已记。", "reply:1"))
    terminal.send(Outgoing("liu", "3-2-501：已记。", "reply:1"))

    assert len(shown) == 1


def test_an_earlier_chat_stands_above_the_new_one_without_its_buttons(terminal: Terminal, shown: list[str]) -> None:
    terminal.recall("3栋软管老化", is_own=True)
    terminal.recall("哪个单元？\n几楼？", is_own=False)

    assert shown == ["您 ▸ 3栋软管老化", "微光 ▸ 哪个单元？\n       几楼？"]
    assert terminal.incoming("1").reply_to is None


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        pytest.param("3栋2单元501软管老化了\x7f\r", ["3栋2单元501软管老化"], id="a wide character goes at one key"),
        pytest.param("软老化\x1b[D\x1b[D管\r", ["软管老化"], id="the cursor steps over wide characters"),
        pytest.param("老化\x1b[H软管\x1b[F了\r", ["软管老化了"], id="to the beginning and to the end"),
        pytest.param("王婆婆😟\x7f没开门\r", ["王婆婆没开门"], id="a picture is one character"),
        pytest.param("\x1b[A\x1b[A\r", ["昨天的第一句"], id="lines of the chat before come back"),
        pytest.param("打错了\x15漏气\r", ["漏气"], id="a whole line is taken back"),
        pytest.param("\r   \r", [], id="an empty line says nothing"),
    ],
)
def test_lines_are_handed_over_as_they_were_edited(keys: str, said: list[str], terminal: Terminal) -> None:
    received: list[Incoming] = []

    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        typed.send_text(keys + "\x04")
        talk(terminal, received.append, ["昨天的第一句", "昨天的第二句"])

    assert [message.text for message in received] == said
