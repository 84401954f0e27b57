"""WeCom against its double: what its documents ask for beyond the suite that every channel passes."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from assistant.channels.base import Outgoing, SendFailed
from assistant.channels.wecom import CALLBACK_PATH, Api, Choices, WeComChannel, callback_routes
from tests.channels.suite.rig import Keeper
from tests.channels.wecom_double import AGENT, CORP, MEMBER, SECRET, WeComDouble, message


class Clock:
    """Seconds that only the test lets pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class World:
    """One app: the double, what we send by, what takes callbacks, and what was kept."""

    def __init__(self, double: WeComDouble, api: Api, clock: Clock) -> None:
        self.double, self.clock, self.keeper, choices = double, clock, Keeper(), Choices()
        self.channel = WeComChannel(api, clock, choices)
        self.api = api
        self._site = Starlette(routes=callback_routes(double.codec, api, self.keeper, choices, {}))

    def asked(self, query: dict[str, str]) -> httpx.Response:
        return asyncio.run(self._ask("GET", query, ""))

    def called(self, xml: str) -> httpx.Response:
        return asyncio.run(self._ask("POST", *self.double.seal(xml)))

    async def _ask(self, method: str, query: dict[str, str], body: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._site), base_url="http://us") as client:
            return await client.request(method, CALLBACK_PATH, params=query, content=body)


@pytest.fixture
def world() -> Iterator[World]:
    clock = Clock()
    with WeComDouble().running() as double:
        api = Api(CORP, AGENT, SECRET, clock, double.url)
        try:
            yield World(double, api, clock)
        finally:
            api.stop()


def say(text: str, *buttons: str, key: str = "k") -> Outgoing:
    return Outgoing(address=MEMBER, text=text, key=key, buttons=buttons)


def test_the_address_is_confirmed_by_what_wecom_wrote_and_by_nothing_else(world: World) -> None:
    query = world.double.echo("12345")

    assert world.asked(query).text == "12345"
    assert world.asked(query | {"msg_signature": "0" * 40}).status_code == 403


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_that_has_ended_is_renewed_and_the_message_goes_out_once(world: World, code: int) -> None:
    world.channel.send(say("一", key="1"))
    world.double.ends_tokens(code)

    world.channel.send(say("二", key="2"))

    assert [each["text"] for each in world.double.sent] == ["一", "二"]
    assert world.double.tokens_given == 2


def test_a_card_that_went_before_the_program_was_killed_is_not_told_again(world: World) -> None:
    first = world.channel.send(say("换好了吗?", "已处理", "还没"))
    started_anew = WeComChannel(world.api, world.clock, Choices())

    again = started_anew.send(say("换好了吗?", "已处理", "还没"))

    assert first == again
    assert [each["text"] for each in world.double.sent] == ["换好了吗?"]


def test_where_cards_are_refused_labels_stand_numbered_and_a_typed_number_is_a_tap(world: World) -> None:
    world.double.refuses("message/send", 40058)
    sent_as = world.channel.send(say("换好了吗?", "已处理", "还没"))

    world.called(message("text", Content="2"))

    assert world.double.sent[-1]["text"] == "1. 已处理\n2. 还没"
    assert (world.keeper.kept[-1].text, world.keeper.kept[-1].reply_to) == ("还没", sent_as)


def test_a_number_is_a_number_again_once_something_else_was_said(world: World) -> None:
    world.double.refuses("message/send", 40058)
    world.channel.send(say("换好了吗?", "已处理", "还没", key="1"))
    world.channel.send(say("收到", key="2"))

    world.called(message("text", Content="2"))

    assert world.keeper.kept[-1].text == "2"


def test_what_wecom_would_drop_without_a_word_is_put_off(world: World) -> None:
    for number in range(12):
        world.channel.send(say("句", key=str(number)))

    with pytest.raises(SendFailed) as failure:
        world.channel.send(say("句", key="12"))
    world.clock.now += failure.value.retry_after or 0
    world.channel.send(say("句", key="12"))

    assert len(world.double.sent) == 13


def test_nothing_of_a_long_text_is_cut(world: World) -> None:
    text = "\n".join(f"{number}栋软管老化,已告知" for number in range(300))

    world.channel.send(say(text))

    assert len(world.double.sent) > 1
    assert "\n".join(each["text"].strip("\n") for each in world.double.sent) == text


def test_the_apps_secret_stands_in_no_error(world: World) -> None:
    world.double.refuses("message/send", 60020)

    with pytest.raises(SendFailed) as failure:
        world.channel.send(say("一"))

    assert SECRET not in str(failure.value)
    assert not failure.value.for_good
