"""Telegram: kept before it is acknowledged, once for each message, and nobody is told twice where we can avoid it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from assistant.channels.base import Incoming, Outgoing, SendFailed
from assistant.channels.telegram import (
    WEBHOOK_PATH,
    Api,
    Commands,
    Polling,
    TelegramChannel,
    webhook_route,
)
from assistant.domain.errors import StorageError
from tests.channels.telegram_double import CHAT, DATE, TOKEN, TelegramDouble, tap, written

#: python-telegram-bot 22 warns of its own reading of retry_after while it makes the error
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")

NOW = datetime.fromtimestamp(DATE + 300, UTC)
COMMANDS: Commands = {"why": "为什么", "start": "你好"}
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "shibboleth"}


class Keeper:
    """Keeps messages; ``is_full`` lets it fail as a database does whose disk is full."""

    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.is_full = False

    def __call__(self, incoming: Incoming) -> None:
        if self.is_full:
            raise StorageError("磁盘满了")
        self.kept.append(incoming)

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.kept]


class Poster:
    """Posts to the route as Telegram does."""

    def __init__(self, site: Starlette) -> None:
        self._site = site

    def post(self, path: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self._site), base_url="http://us") as client:
                return await client.post(path, **more)

        return asyncio.run(ask())


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    with TelegramDouble().running() as running:
        yield running


@pytest.fixture
def api(double: TelegramDouble) -> Iterator[Api]:
    with Api(TOKEN, double.url) as running:
        yield running


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def polling(api: Api, keeper: Keeper) -> Polling:
    return Polling(api, keeper, COMMANDS, lambda: NOW, wait=0)


@pytest.fixture
def channel(api: Api) -> TelegramChannel:
    return TelegramChannel(api, lambda: 0.0, seconds_between=0)


@pytest.fixture
def hook(api: Api, keeper: Keeper) -> Poster:
    return Poster(Starlette(routes=[webhook_route(api, keeper, COMMANDS, lambda: NOW, "shibboleth")]))


MALFORMED: list[Any] = [None, [], "update", {}, {"update_id": "1"}, {"update_id": 1, "message": {"text": "无头"}}]


# long poll


def test_an_update_is_acknowledged_only_when_it_is_kept(
    polling: Polling, double: TelegramDouble, keeper: Keeper
) -> None:
    double.gives(written(11, "一"), written(12, "二"))
    keeper.is_full = True
    with pytest.raises(StorageError):
        polling.look()
    keeper.is_full = False

    polling.look()
    polling.look()

    assert keeper.texts == ["一", "二"]
    assert double.offsets == [None, None, 13]


def test_a_malformed_update_holds_up_nobody(polling: Polling, double: TelegramDouble, keeper: Keeper) -> None:
    double.gives({"update_id": 20, "message": {"text": "无头"}}, written(21, "后面的"))

    polling.look()

    assert (keeper.texts, polling.unreadable) == (["后面的"], 1)
    assert polling.look() is False


def test_a_lower_number_after_a_higher_one_moves_nothing_back(
    polling: Polling, double: TelegramDouble, keeper: Keeper
) -> None:
    double.gives(written(31, "后"), written(30, "先"))

    polling.look()
    polling.look()

    assert (keeper.texts, double.offsets) == (["后", "先"], [None, 32])


@pytest.mark.parametrize(("status", "said"), [(409, "Conflict: terminated by other getUpdates"), (502, "Bad Gateway")])
def test_a_poll_that_is_refused_fails_and_can_be_made_again(
    status: int, said: str, polling: Polling, double: TelegramDouble, keeper: Keeper
) -> None:
    double.refuses("getUpdates", status, said)
    double.gives(written(1, "还在"))
    with pytest.raises(SendFailed):
        polling.look()

    polling.look()

    assert keeper.texts == ["还在"]


def test_a_tap_is_shown_as_arrived_and_its_buttons_go(polling: Polling, double: TelegramDouble, keeper: Keeper) -> None:
    double.refuses("editMessageReplyMarkup", 400, "Bad Request: message is not modified")
    double.gives(tap(5, "已处理", under=501, labels={"已处理": "已处理"}))

    polling.look()

    assert keeper.texts == ["已处理"]
    assert [each["callback_query_id"] for each in double.asked("answerCallbackQuery")] == ["q5"]
    assert [each["message_id"] for each in double.asked("editMessageReplyMarkup")] == ["501"]


@pytest.mark.parametrize("is_full", [False, True])
def test_all_that_came_is_kept_before_a_tap_is_answered(is_full: bool, api: Api, double: TelegramDouble) -> None:
    answered: list[int] = []

    def keep(incoming: Incoming) -> None:
        answered.append(len(double.asked("answerCallbackQuery")))
        if is_full and incoming.text == "漏气":
            raise StorageError("磁盘满了")

    double.gives(tap(5, "已处理", under=501, labels={"已处理": "已处理"}), written(6, "漏气"))

    with suppress(StorageError):
        Polling(api, keep, COMMANDS, lambda: NOW, wait=0).look()

    assert answered == [0, 0]
    assert [each["callback_query_id"] for each in double.asked("answerCallbackQuery")] == ["q5"]


# webhook


def test_a_posted_update_is_kept_before_it_is_acknowledged(hook: Poster, keeper: Keeper) -> None:
    keeper.is_full = True
    refused = hook.post(WEBHOOK_PATH, json=written(1, "漏气"), headers=SECRET)
    keeper.is_full = False

    taken = hook.post(WEBHOOK_PATH, json=written(1, "漏气"), headers=SECRET)

    assert (refused.status_code, taken.status_code) == (503, 200)
    assert keeper.texts == ["漏气"]


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}])
def test_who_does_not_know_the_secret_is_not_heard(headers: dict[str, str], hook: Poster, keeper: Keeper) -> None:
    assert hook.post(WEBHOOK_PATH, json=written(1, "漏气"), headers=headers).status_code == 403
    assert keeper.kept == []


@pytest.mark.parametrize("update", MALFORMED)
def test_a_malformed_update_is_not_asked_for_again(update: Any, hook: Poster, keeper: Keeper) -> None:
    assert hook.post(WEBHOOK_PATH, content=json.dumps(update), headers=SECRET).status_code == 200
    assert keeper.kept == []


def test_a_body_that_is_no_json_or_too_long_is_refused(hook: Poster) -> None:
    broken, long = (hook.post(WEBHOOK_PATH, content=body, headers=SECRET) for body in (b"{", b" " * 1_000_001))

    assert (broken.status_code, long.status_code) == (400, 413)


def test_a_webhook_without_a_secret_is_not_opened(api: Api, keeper: Keeper) -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook_route(api, keeper, COMMANDS, lambda: NOW, "")


# sending


def out(text: str = "3-2-501：漏气", key: str = "reply:1", buttons: tuple[str, ...] = ()) -> Outgoing:
    return Outgoing(str(CHAT), text, key, buttons)


def test_what_is_sent_bears_its_buttons_and_the_chats_number(channel: TelegramChannel, double: TelegramDouble) -> None:
    sent_as = channel.send(out(buttons=("已处理", "还没")))

    (asked,) = double.asked("sendMessage")
    assert (sent_as, asked["chat_id"], asked["text"]) == ("501", str(CHAT), "3-2-501：漏气")
    assert "reply_markup" in asked


def test_the_same_key_is_sent_once(channel: TelegramChannel, double: TelegramDouble) -> None:
    assert channel.send(out()) == channel.send(out())
    assert len(double.asked("sendMessage")) == 1


def test_a_long_text_goes_in_pieces_and_a_retry_sends_only_the_rest(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    text = "\n".join(f"第{number}行" + "长" * 1000 for number in range(6))
    channel.send(out("先一条", "reply:0"))
    channel.send(out(text))

    pieces = [each["text"] for each in double.asked("sendMessage")[1:]]
    assert "\n".join(pieces) == text
    assert max(len(piece) for piece in pieces) <= 4096


def test_a_piece_that_failed_is_not_preceded_by_the_others_again(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    emoji = "🔥" * 3000
    double.refuses("sendMessage", 500, "Internal Server Error")
    with pytest.raises(SendFailed):
        channel.send(out(emoji))

    channel.send(out(emoji))

    assert [len(each["text"]) for each in double.asked("sendMessage")] == [2048, 2048, 952]


@pytest.mark.parametrize(
    ("status", "said", "parameters", "retry_after", "for_good"),
    [
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, 7.0, False),
        (403, "Forbidden: bot was blocked by the user", {}, None, True),
        (400, "Bad Request: chat not found", {}, None, True),
        (400, "Bad Request: message text is empty", {}, None, False),
        (500, "Internal Server Error", {}, None, False),
    ],
)
def test_a_refusal_says_whether_and_when_to_come_back(
    status: int,
    said: str,
    parameters: dict[str, Any],
    retry_after: float | None,
    for_good: bool,
    channel: TelegramChannel,
    double: TelegramDouble,
) -> None:
    double.refuses("sendMessage", status, said, **parameters)

    with pytest.raises(SendFailed) as failed:
        channel.send(out())

    assert (failed.value.retry_after, failed.value.for_good) == (retry_after, for_good)


def test_a_chat_that_was_just_written_to_waits_and_others_do_not(api: Api, double: TelegramDouble) -> None:
    channel = TelegramChannel(api, lambda: 10.0)
    channel.send(out())

    with pytest.raises(SendFailed) as early:
        channel.send(out(key="reply:2"))
    channel.send(Outgoing("4002", "别人的", "reply:3"))

    assert early.value.retry_after == 1.0
    assert [each["chat_id"] for each in double.asked("sendMessage")] == [str(CHAT), "4002"]


def test_a_group_takes_twenty_a_minute(api: Api, double: TelegramDouble) -> None:
    channel = TelegramChannel(api, lambda: 10.0)
    channel.send(Outgoing("-1001", "已记", "reply:1"))

    with pytest.raises(SendFailed) as early:
        channel.send(Outgoing("-1001", "已记", "reply:2"))

    assert early.value.retry_after == 3.0


def test_words_for_a_message_that_is_gone_are_sent_anew(channel: TelegramChannel, double: TelegramDouble) -> None:
    double.refuses("editMessageText", 400, "Bad Request: message to edit not found")

    sent_as = channel.send(Outgoing(str(CHAT), "已办结", "reply:2", replaces="77"))

    assert sent_as == "501"
    assert [each["text"] for each in double.said()] == ["已办结"]


def test_words_that_stand_there_already_are_not_sent_again(channel: TelegramChannel, double: TelegramDouble) -> None:
    double.refuses("editMessageText", 400, "Bad Request: message is not modified")

    sent_as = channel.send(Outgoing(str(CHAT), "已办结", "reply:2", replaces="77"))

    assert sent_as == "77"
    assert double.said() == []
