"""A double of DingTalk on loopback: its server API and the gateway of its Stream mode, as documented.

double.gives(written("m1", "你好"))     a callback frame; unanswered, it comes again on the next line
double.disconnects()                    the gateway says that it will go
double.forgets_tokens()                 every token that was given is stale
double.refuses(SEND, 403, "...")        the next call there is refused with that code
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

PERSON = "manager4001"
ROOM = "cidROOM=="
CLIENT_ID, CLIENT_SECRET, ROBOT = "dingtest", "shibboleth", "dingrobot"
#: 2026-03-05 10:00 in Shanghai, in milliseconds
DATE = 1772676000_000
TOKEN = "/v1.0/oauth2/accessToken"
OPEN = "/v1.0/gateway/connections/open"
SEND = "/v1.0/robot/oToMessages/batchSend"
SEND_IN_GROUP = "/v1.0/robot/groupMessages/send"
DOWNLOAD = "/v1.0/robot/messageFiles/download"
_PATIENCE = 10.0


class DingTalkDouble:
    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.said: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.lines = 0
        self.lasts = 7200
        self.controlled: deque[str] = deque()
        self.gone: set[str] = set()
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.url = ""
        self._gateway = ""
        self._tickets: set[str] = set()
        self._tokens: set[str] = set()
        self._given_tokens = 0
        self._refusals: dict[str, deque[tuple[int, str]]] = defaultdict(deque)
        self._frames = 0
        self._unanswered: dict[str, str] = {}
        self._line: ServerConnection | None = None
        self._heard = threading.Condition()

    def refuses(self, path: str, status: int, code: str) -> None:
        self._refusals[path].append((status, code))

    def forgets_tokens(self) -> None:
        self._tokens.clear()

    def count(self, path: str) -> int:
        return sum(each == path for each, _ in self.asked)

    def gives(self, data: Any) -> str:
        """A robot message; the id of its frame."""
        return self.frame("CALLBACK", "/v1.0/im/bot/messages/get", json.dumps(data))

    def frame(self, kind: str, topic: str, data: Any) -> str:
        self._frames += 1
        name = f"frame-{self._frames}"
        headers = {"contentType": "application/json", "messageId": name, "time": str(DATE), "topic": topic}
        text = json.dumps({"specVersion": "1.0", "type": kind, "headers": headers, "data": data})
        if kind == "CALLBACK":
            self._unanswered[name] = text
        self.raw(text)
        return name

    def raw(self, text: str) -> None:
        if self._line is not None:
            with suppress(ConnectionClosed):
                self._line.send(text)

    def disconnects(self) -> None:
        self.frame("SYSTEM", "disconnect", json.dumps({"reason": "connection is expired"}))

    def pings(self) -> str:
        """A ping on the newest line, once it stands; the id of its frame."""
        with self._heard:
            assert self._heard.wait_for(lambda: self._line is not None, _PATIENCE)
        return self.frame("SYSTEM", "ping", json.dumps({"opaque": "o-1"}))

    def is_answered(self, frame: str, within: float = _PATIENCE) -> bool:
        with self._heard:
            return self._heard.wait_for(lambda: frame in self.acknowledged, within)

    def answer(self, path: str, asked: dict[str, Any], token: str | None) -> tuple[int, dict[str, Any]]:
        self.asked.append((path, asked))
        if self._refusals[path]:
            status, code = self._refusals[path].popleft()
            return status, {"code": code, "message": "refused", "requestid": "R"}
        if path == TOKEN:
            if (asked["appKey"], asked["appSecret"]) != (CLIENT_ID, CLIENT_SECRET):
                return 400, {"code": "invalidClientIdOrSecret", "message": f"no such app: {asked['appSecret']}"}
            self._given_tokens += 1
            given = f"token-{self._given_tokens}"
            self._tokens.add(given)
            return 200, {"accessToken": given, "expireIn": self.lasts}
        if path == OPEN:
            if (asked["clientId"], asked["clientSecret"]) != (CLIENT_ID, CLIENT_SECRET):
                return 401, {"code": "authFailed", "message": "no such app"}
            ticket = f"t/{len(self.asked)}+="
            self._tickets.add(ticket)
            return 200, {"endpoint": self._gateway, "ticket": ticket}
        if token not in self._tokens:
            return 401, {"code": "InvalidAuthentication", "message": f"bad token {token}"}
        if path == DOWNLOAD:
            return 200, {"downloadUrl": f"{self.url}/files/{asked['downloadCode']}"}
        if path == SEND:
            invalid = [each for each in asked["userIds"] if each in self.gone]
            controlled = [self.controlled.popleft()] if self.controlled else []
            about = {"invalidStaffIdList": invalid, "flowControlledStaffIdList": controlled}
            if invalid or controlled:
                return 200, {"processQueryKey": "nobody", **about}
        else:
            about = {}
        self.said.append(asked | {"content": json.loads(asked["msgParam"])["content"]})
        return 200, {"processQueryKey": f"sent-{len(self.said)}", **about}

    def hold_line(self, line: ServerConnection) -> None:
        request = line.request
        assert request is not None
        [ticket] = parse_qs(urlsplit(request.path).query)["ticket"]
        if ticket not in self._tickets:
            line.close(1008, "ticket")
            return
        self._tickets.remove(ticket)
        with self._heard:
            self._line = line
            self.lines += 1
            self._heard.notify_all()
        with suppress(ConnectionClosed):
            for text in list(self._unanswered.values()):
                line.send(text)
            for said in line:
                answer = json.loads(said)
                with self._heard:
                    name = answer["headers"]["messageId"]
                    self.acknowledged[name] = answer
                    if answer["code"] == 200:
                        self._unanswered.pop(name, None)
                    self._heard.notify_all()

    @contextmanager
    def running(self) -> Iterator["DingTalkDouble"]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                status, said = double.answer(self.path, asked, self.headers.get("x-acs-dingtalk-access-token"))
                self._reply(status, json.dumps(said).encode())

            def do_GET(self) -> None:
                content = double.files.get(self.path.rsplit("/", 1)[1])
                self._reply(404 if content is None else 200, content or b"")

            def _reply(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """A test's output is its own."""

        api = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        gateway = serve(self.hold_line, "127.0.0.1", 0)
        threads = [
            threading.Thread(target=api.serve_forever, kwargs={"poll_interval": 0.02}),
            threading.Thread(target=gateway.serve_forever),
        ]
        for thread in threads:
            thread.start()
        self.url = f"http://127.0.0.1:{api.server_address[1]}"
        self._gateway = f"ws://127.0.0.1:{gateway.socket.getsockname()[1]}/connect"
        try:
            yield self
        finally:
            gateway.shutdown()
            api.shutdown()
            for thread in threads:
                thread.join()
            api.server_close()


def written(number: str, text: str, **more: Any) -> dict[str, Any]:
    """A private text to the robot, as DingTalk writes it."""
    return {
        "msgId": number,
        "msgtype": "text",
        "text": {"content": text},
        "createAt": DATE,
        "conversationType": "1",
        "conversationId": "cidPRIVATE==",
        "senderId": "$:LWCP_v1:$x",
        "senderStaffId": PERSON,
        "senderNick": "刘",
        "robotCode": ROBOT,
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=secret",
        "sessionWebhookExpiredTime": DATE + 5_400_000,
    } | more
