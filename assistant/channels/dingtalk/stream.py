"""The line on which DingTalk gives messages: each is kept before its frame is acknowledged.

One that can't be kept is held and tried again before anything else is read, whether or not DingTalk gives it again.
What can't be read is counted, acknowledged and passed by: it would come again for ever.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import ClientConnection, connect

from assistant.channels.base import Incoming, SendFailed
from assistant.channels.dingtalk.api import TOPIC, Api
from assistant.channels.dingtalk.reading import read_message
from assistant.domain.errors import NotUnderstood

_log = logging.getLogger(__name__)
_OPENS_WITHIN = 10.0
_CLOSES_WITHIN = 2.0


@dataclass(frozen=True)
class _Held:
    """A message that is not kept yet, and what its frame is acknowledged by."""

    frame: dict[str, Any]
    incoming: Incoming


class Stream:
    """One reader of one robot's messages. ``receive`` keeps a message, committed when it returns."""

    def __init__(self, api: Api, receive: Callable[[Incoming], object], wait: float = 5.0) -> None:
        self._api = api
        self._receive = receive
        self._wait = wait
        self._line: ClientConnection | None = None
        self._held: _Held | None = None
        self.unreadable = 0

    def look(self) -> bool:
        """Take the next frame, waiting for one. True while the line is open: the waiting is the rest.

        Raises StorageError (then the same message is tried again) and SendFailed.
        """
        if self._held is not None:
            self._keep(self._held)
            return True
        line = self._line or self._open()
        try:
            said = line.recv(timeout=self._wait)
        except TimeoutError:
            return True
        except ConnectionClosed as gone:
            self._hang_up()
            raise SendFailed("和钉钉的连接断了") from gone
        self._take(said)
        return True

    def close(self) -> None:
        """Let the line go."""
        self._hang_up()

    def _open(self) -> ClientConnection:
        address = self._api.line()
        try:
            opened = connect(address, open_timeout=_OPENS_WITHIN, close_timeout=_CLOSES_WITHIN, legacy=True)
        except (OSError, InvalidHandshake, InvalidURI) as failure:
            # the address bears a ticket, and so do these errors' words
            raise SendFailed(f"连不上钉钉:{type(failure).__name__}") from None
        if not isinstance(opened, ClientConnection):
            raise TypeError("websockets gave no connection")
        self._line = opened
        return opened

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _take(self, said: str | bytes) -> None:
        try:
            frame = json.loads(said)
            headers, kind = frame["headers"], frame["type"]
            topic, _ = headers["topic"], headers["messageId"]
        except (ValueError, KeyError, TypeError):
            self._pass_by("不是钉钉的帧")
            return
        if kind == "SYSTEM" and topic == "disconnect":
            # nothing more comes on this line: the next look opens another
            self._hang_up()
        elif kind == "SYSTEM":
            self._answer(frame, frame.get("data"))
        elif kind == "CALLBACK" and topic == TOPIC:
            self._take_message(frame)
        else:
            self._acknowledge(frame)

    def _take_message(self, frame: dict[str, Any]) -> None:
        try:
            incoming = read_message(json.loads(frame["data"]))
        except (NotUnderstood, ValueError, KeyError, TypeError) as fault:
            self._pass_by(fault.what if isinstance(fault, NotUnderstood) else "消息不是 JSON")
            self._acknowledge(frame)
            return
        if incoming is None:
            self._acknowledge(frame)
        else:
            self._keep(_Held(frame, incoming))

    def _keep(self, held: _Held) -> None:
        self._held = held
        self._receive(held.incoming)
        self._held = None
        self._acknowledge(held.frame)

    def _acknowledge(self, frame: dict[str, Any]) -> None:
        self._answer(frame, json.dumps({"response": None}))

    def _answer(self, frame: dict[str, Any], data: Any) -> None:
        if self._line is None:
            return
        headers = {"contentType": "application/json", "messageId": frame["headers"]["messageId"]}
        try:
            self._line.send(json.dumps({"code": 200, "headers": headers, "message": "OK", "data": data}))
        except ConnectionClosed:
            # what is kept stays kept: if it is given again, it is the same message
            self._hang_up()

    def _pass_by(self, why: str) -> None:
        self.unreadable += 1
        _log.warning("dingtalk: %s", why)
