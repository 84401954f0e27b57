"""DingTalk on its double, by Stream mode."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.channels.dingtalk import Api, DingTalkChannel, DingTalkSettings, Stream
from assistant.domain.errors import StorageError
from tests.channels.dingtalk_double import CLIENT_ID, CLIENT_SECRET, PERSON, ROBOT, ROOM, DingTalkDouble, written
from tests.channels.suite.rig import Can, Keeper, Rig, Rigs, Shown

_LOOKS = 40


class _DingTalk:
    can = frozenset({Can.REPEAT, Can.PHOTO, Can.GROUP, Can.BUSY, Can.BLOCKED, Can.GARBAGE})

    def __init__(self, double: DingTalkDouble, api: Api, stream: Stream, keeper: Keeper) -> None:
        self.double = double
        self.keeper = keeper
        self.channel = DingTalkChannel(api, "可以回复:{labels}")
        self.address = PERSON
        self._stream = stream
        self._number = 0
        self._last: dict[str, Any] = {}
        self._frame = ""
        self._open()

    def _open(self) -> None:
        """The line stands once it has carried a ping there and back."""
        self._look()
        self._reads(self.double.pings())

    def _look(self) -> bool:
        """Could what came be kept?"""
        try:
            self._stream.look()
        except StorageError:
            return False
        return True

    def _reads(self, frame: str) -> None:
        """Look until that frame is answered or can't be kept: on a slow machine it is on its way for a while."""
        for _ in range(_LOOKS):
            if not self._look() or self.double.is_answered(frame, within=0.05):
                return

    def _give(self, data: dict[str, Any]) -> None:
        self._last = data
        self._frame = self.double.gives(data)
        self._reads(self._frame)

    def _message(self, text: str, **more: Any) -> dict[str, Any]:
        self._number += 1
        return written(f"m{self._number}", text, **more)

    def writes(self, text: str) -> None:
        self._give(self._message(text))

    def is_acknowledged(self) -> bool:
        return self.double.is_answered(self._frame, within=0.3)

    def gives_again(self) -> None:
        self._look()  # what is held is kept before anything else is read
        self._give(self._last)

    def photographs(self, caption: str) -> None:
        rich = {"richText": [{"text": caption}, {"type": "picture", "downloadCode": "P1"}]}
        self._give(self._message("", msgtype="richText", content=rich))

    def writes_in_group(self, text: str) -> None:
        self._give(self._message(text, conversationType="2", conversationId=ROOM))

    def is_busy_once(self, seconds: int) -> None:
        self.double.controlled.append(PERSON)

    def is_blocked(self) -> None:
        self.double.gone.add(PERSON)

    def hears_garbage(self) -> None:
        self.double.raw("{")
        self.double.raw("[]")
        self.double.raw('{"type": "CALLBACK", "headers": {}}')
        self.double.frame("CALLBACK", "/v1.0/im/bot/messages/get", "{")
        self.double.frame("CALLBACK", "/v1.0/im/bot/messages/get", '{"msgtype": "text"}')
        self._reads(self.double.frame("EVENT", "org.user.add", "{}"))

    def shows(self) -> list[Shown]:
        return [Shown(each["content"]) for each in self.double.said]


@contextmanager
def _dingtalk() -> Iterator[Rig]:
    keeper = Keeper()
    with DingTalkDouble().running() as double:
        api = Api(DingTalkSettings(CLIENT_ID, CLIENT_SECRET, ROBOT, double.url), lambda: 0.0)
        stream = Stream(api, keeper, wait=0.2)
        try:
            yield _DingTalk(double, api, stream, keeper)  # type: ignore[misc]  # what it can't do is not in ``can``
        finally:
            stream.close()
            api.close()


RIGS: Rigs = {"dingtalk": _dingtalk}
