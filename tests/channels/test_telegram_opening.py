"""Telegram put together: what is arranged at the start, photos fetched, voices heard, and a token that nobody reads."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from assistant.channels.base import Incoming, Outgoing, SendFailed
from assistant.channels.opened import Opened, WantedFile
from assistant.channels.telegram import (
    WEBHOOK_PATH,
    Api,
    Surroundings,
    TelegramChannel,
    TelegramSettings,
    open_telegram,
    webhook_secret,
)
from assistant.channels.transcribing import hear
from tests.channels.telegram_double import CHAT, DATE, TOKEN, TelegramDouble, written

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")

NOW = datetime.fromtimestamp(DATE + 300, UTC)
SPOKEN = Incoming("telegram", f"{CHAT}:7", str(CHAT), "", NOW, str(CHAT))


@dataclass(frozen=True)
class Voice:
    number: int = 1
    reference: str = "F1"
    kind: str = "voice"
    came_with: Incoming = SPOKEN


@dataclass
class Files:
    """Keeps in memory what is fetched; ``wanted`` waits."""

    wanted: list[WantedFile] = field(default_factory=list)
    kept: dict[int, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    put_offs: list[float | None] = field(default_factory=list)
    at_most: int = 100

    def next_wanted(self, channel: str) -> WantedFile | None:
        return self.wanted[0] if self.wanted else None

    def keep(self, number: int, content: bytes) -> str | None:
        self.kept[number] = content
        del self.wanted[0]
        return "audio/ogg"

    def refuse(self, number: int, why: str) -> None:
        self.refused.append(why)
        del self.wanted[0]

    def put_off(self, number: int, why: str, after: float | None) -> None:
        self.put_offs.append(after)


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    with TelegramDouble().running() as running:
        yield running


@contextmanager
def opened(double: TelegramDouble, files: Files | None = None, **more: object) -> Iterator[Opened]:
    kept: list[Incoming] = []
    settings = TelegramSettings(TOKEN, double.url, more.pop("public", None), "site secret")  # type: ignore[arg-type]
    around = Surroundings(kept.append, lambda: NOW, lambda: 0.0, files or Files(), **more)  # type: ignore[arg-type]
    made = open_telegram(settings, around, {}, MENU)
    try:
        yield made
    finally:
        made.close()


MENU: Mapping[str, str] = {"today": "今天要办什么"}


def test_polling_first_takes_a_webhook_away_and_shows_the_menu(double: TelegramDouble) -> None:
    double.gives(written(1, "漏气"))
    with opened(double) as made:
        looked = [made.steps["telegram poll"]() for _ in range(3)]

    assert looked == [True, True, True]
    assert len(double.asked("deleteWebhook")) == len(double.asked("setMyCommands")) == len(double.offsets) == 1


def test_a_line_that_is_down_at_the_start_is_tried_again(double: TelegramDouble) -> None:
    double.refuses("deleteWebhook", 502, "Bad Gateway")
    with opened(double) as made:
        with pytest.raises(SendFailed):
            made.steps["telegram poll"]()

        assert made.steps["telegram poll"]() is True


def test_a_menu_that_can_not_be_shown_holds_up_no_message(double: TelegramDouble) -> None:
    double.refuses("setMyCommands", 400, "Bad Request: commands are too long")
    with opened(double) as made:
        looked = [made.steps["telegram poll"]() for _ in range(3)]

    assert looked == [True, True, False]
    assert len(double.offsets) == 1


def test_whoever_leaves_waits_for_no_more_messages_and_can_still_send(double: TelegramDouble) -> None:
    double.holds_polls = True
    found: list[bool] = []
    with opened(double) as made:
        poll = made.steps["telegram poll"]
        assert [poll(), poll()] == [True, True]
        waiting = threading.Thread(target=lambda: found.append(poll()))
        waiting.start()
        assert double.is_waiting.wait(10)

        made.leave()
        waiting.join(10)

        assert found == [False]
        assert poll() is False
        assert made.sender.send(Outgoing(str(CHAT), "好", "reply:1")) == "501"


def test_with_a_public_address_updates_are_posted_there_with_a_secret(double: TelegramDouble) -> None:
    with opened(double, public="https://grid.example/") as made:
        looked = [made.steps["telegram webhook"]() for _ in range(3)]

    [asked] = double.asked("setWebhook")
    assert looked == [True, True, False]
    assert asked["url"] == f"https://grid.example{WEBHOOK_PATH}"
    assert asked["secret_token"] == webhook_secret("site secret")
    assert [getattr(route, "path", "") for route in made.routes] == [WEBHOOK_PATH]


def test_a_photo_that_waits_is_fetched_once(double: TelegramDouble) -> None:
    double.files["F1"] = b"pixels"
    files = Files([Voice(kind="photo")])
    with opened(double, files) as made:
        looked = [made.steps["telegram files"]() for _ in range(2)]

    assert looked == [True, False]
    assert files.kept == {1: b"pixels"}


def test_a_file_that_is_too_big_is_refused_before_it_is_fetched(double: TelegramDouble) -> None:
    double.files["F1"] = b"x" * 101
    files = Files([Voice(kind="photo")])
    with opened(double, files) as made:
        made.steps["telegram files"]()

    assert files.kept == {}
    assert "太大" in files.refused[0]


def test_a_file_that_can_not_be_fetched_now_waits_as_long_as_telegram_says(double: TelegramDouble) -> None:
    double.refuses("getFile", 429, "Too Many Requests: retry after 5", retry_after=5)
    files = Files([Voice(kind="photo")])
    with opened(double, files) as made:
        made.steps["telegram files"]()

    assert files.put_offs == [5.0]


def test_a_voice_is_heard_once_it_is_here_and_comes_in_as_words(double: TelegramDouble) -> None:
    double.files["F1"] = b"OggS sound"
    said: list[Incoming] = []
    files = Files([Voice()])
    with opened(
        double, files, hear=lambda voice, content: hear(lambda *_: "3-2-501漏气", said.append, voice, content)
    ) as made:
        made.steps["telegram files"]()

    [words] = said
    assert (words.text, words.message_id, words.account) == ("3-2-501漏气", f"{CHAT}:7:words", str(CHAT))
    assert files.kept == {1: b"OggS sound"}


def test_a_voice_of_which_no_words_can_be_made_asks_for_them() -> None:
    said: list[Incoming] = []

    hear(lambda *_: None, said.append, Voice(), b"OggS noise")

    [asks] = said
    assert (asks.text, [dict(each) for each in asks.attachments]) == ("", [{"kind": "unheard_voice"}])


# the token


def test_no_log_line_bears_the_token(double: TelegramDouble, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Api(TOKEN, double.url) as api:
        TelegramChannel(api, lambda: 0.0).send(Outgoing(str(CHAT), "您好", "reply:1"))

    assert double.asked("sendMessage")
    assert TOKEN not in caplog.text
    assert "您好" not in caplog.text


def test_a_token_that_telegram_does_not_know_sets_no_message_aside_and_is_not_said(double: TelegramDouble) -> None:
    double.refuses("sendMessage", 401, "Unauthorized")
    with Api(TOKEN, double.url) as api, pytest.raises(SendFailed) as failed:
        TelegramChannel(api, lambda: 0.0).send(Outgoing(str(CHAT), "您好", "reply:1"))

    assert failed.value.for_good is False
    assert TOKEN not in str(failed.value)
