"""WeCom on its double."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from starlette.applications import Starlette

from assistant.channels.wecom import CALLBACK_PATH, Api, Choices, WeComChannel, callback_routes
from tests.channels.suite.rig import Can, Keeper, Rig, Rigs, Shown
from tests.channels.wecom_double import AGENT, CORP, MEMBER, SECRET, WeComDouble, message, tap


class _WeCom:
    #: a photo comes without words; nobody can change what was sent; an app has no group chats
    can = frozenset({Can.REPEAT, Can.TAP, Can.BUSY, Can.BLOCKED, Can.GARBAGE})

    def __init__(self, double: WeComDouble, api: Api) -> None:
        self.double = double
        self.keeper = Keeper()
        choices = Choices()
        self.channel = WeComChannel(api, lambda: 0.0, choices)
        self.address = MEMBER
        self.site = Starlette(routes=callback_routes(double.codec, api, self.keeper, choices, {}))
        self._last = ""
        self._is_acknowledged = False

    def writes(self, text: str) -> None:
        self._give(message("text", Content=text))

    def _give(self, xml: str) -> None:
        self._last = xml
        self.gives_again()

    def gives_again(self) -> None:
        query, body = self.double.seal(self._last)
        self._is_acknowledged = self._post(query, body.encode()).status_code == 200

    def _post(self, query: dict[str, str], body: bytes) -> httpx.Response:
        async def post() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.site), base_url="http://us") as client:
                return await client.post(CALLBACK_PATH, params=query, content=body)

        return asyncio.run(post())

    def is_acknowledged(self) -> bool:
        return self._is_acknowledged

    def shows(self) -> list[Shown]:
        return [Shown(each["text"], each["buttons"]) for each in self.double.sent]

    def taps(self, label: str) -> None:
        newest = next(each for each in reversed(self.double.sent) if label in each["buttons"])
        self._give(tap(newest["task"], label))

    def edits(self, text: str) -> None:
        raise NotImplementedError

    def photographs(self, caption: str) -> None:
        raise NotImplementedError

    def writes_in_group(self, text: str) -> None:
        raise NotImplementedError

    def is_busy_once(self, seconds: int) -> None:
        self.double.refuses("message/send", 45009)

    def is_blocked(self) -> None:
        self.double.members.clear()

    def hears_garbage(self) -> None:
        query, body = self.double.seal(message("text", Content="真的"))
        for other in (b"", b"<", b"<xml/>", b"\xff", b"<!DOCTYPE xml><xml><Encrypt>1</Encrypt></xml>"):
            self._post(query, other)
        self._post({}, body.encode())
        self._post(query | {"msg_signature": "0" * 40}, body.encode())
        for xml in ("", "<xml/>", message("event", Event="enter_agent"), message("text", Content="  ")):
            self._post(*((pair := self.double.seal(xml))[0], pair[1].encode()))


@contextmanager
def _opened() -> Iterator[Rig]:
    with WeComDouble().running() as double:
        api = Api(CORP, AGENT, SECRET, lambda: 0.0, double.url)
        try:
            yield _WeCom(double, api)
        finally:
            api.stop()


RIGS: Rigs = {"wecom": _opened}
