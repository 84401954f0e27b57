"""A double of WeCom on loopback: it answers as its documents say, and fails as it is told to.

double.refuses("message/send", 45009)      the next such call is refused
double.ends_tokens()                       the token that it gave is good no more (42001)
double.seal(xml)                           a callback as it posts it: query and body
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from assistant.channels.wecom import Codec

CORP, AGENT, SECRET = "wwdouble", 1000002, "s3cret-of-the-app"
TOKEN, KEY = "callbacktoken", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
MEMBER = "LiuFang"
#: 2026-03-05 10:00 in Shanghai
DATE = 1772676000


class WeComDouble:
    def __init__(self) -> None:
        self.codec = Codec(TOKEN, KEY, CORP)
        self.url = ""
        self.sent: list[dict[str, Any]] = []
        self.updated: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.members = {MEMBER}
        self.tokens_given = 0
        self.token_lasts = 7200
        self._token = ""
        self._ended: dict[str, int] = {}
        self._refusals: dict[str, deque[int]] = defaultdict(deque)
        self._tasks: set[str] = set()

    def refuses(self, call: str, code: int) -> None:
        self._refusals[call].append(code)

    def ends_tokens(self, code: int = 42001) -> None:
        self._ended[self._token] = code

    def answer(self, call: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any] | bytes:
        if self._refusals[call]:
            return _error(self._refusals[call].popleft())
        if call == "gettoken":
            return self._gives_token(query)
        token = query.get("access_token", "")
        if not token:
            return _error(41001)
        if token in self._ended or token != self._token:
            return _error(self._ended.get(token, 40014))
        if call == "message/send":
            return self._sends(body)
        if call == "message/update_template_card":
            self.updated.append(body)
            return _error(0)
        if call == "media/get":
            self.fetched.append(query["media_id"])
            return self.files.get(query["media_id"], b"") or _error(40007)
        raise AssertionError(f"no such call: {call}")

    def _gives_token(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("corpid") != CORP:
            return _error(40013)
        if query.get("corpsecret") != SECRET:
            return _error(40001)
        self.tokens_given += 1
        self._token = f"token-{self.tokens_given}"
        return _error(0) | {"access_token": self._token, "expires_in": self.token_lasts}

    def _sends(self, body: dict[str, Any]) -> dict[str, Any]:
        assert body["agentid"] == AGENT
        if body["touser"] not in self.members:
            return _error(81013) | {"invaliduser": body["touser"].lower()}
        if body["msgtype"] == "text":
            # what is longer is cut without a word
            content = body["text"]["content"].encode()[:2048].decode(errors="ignore")
            self.sent.append({"text": content, "buttons": ()})
        else:
            card = body["template_card"]
            keys = [button["key"] for button in card["button_list"]]
            is_well_made = card["main_title"]["title"] and 1 <= len(keys) <= 6 and len(set(keys)) == len(keys)
            if card["task_id"] in self._tasks or not 1 <= len(card["task_id"]) <= 128:
                return _error(42014)
            if not is_well_made:
                return _error(40058)
            self._tasks.add(card["task_id"])
            lines = [card["main_title"]["title"], card.get("sub_title_text", "")]
            buttons = tuple(button["text"] for button in card["button_list"])
            self.sent.append({"text": "\n".join(filter(None, lines)), "buttons": buttons, "task": card["task_id"]})
        return _error(0) | {"msgid": f"m{len(self.sent)}"}

    def seal(self, xml: str) -> tuple[dict[str, str], str]:
        """A callback's query and body."""
        query, envelope = self._signed(xml)
        body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        return query, f"{body}<Encrypt><![CDATA[{envelope}]]></Encrypt></xml>"

    def echo(self, text: str) -> dict[str, str]:
        """The query by which it asks whether the address is ours."""
        query, envelope = self._signed(text)
        return query | {"echostr": envelope}

    def _signed(self, text: str) -> tuple[dict[str, str], str]:
        envelope = self.codec.seal(text)
        signature = self.codec.signature(str(DATE), "nonce", envelope)
        return {"msg_signature": signature, "timestamp": str(DATE), "nonce": "nonce"}, envelope

    @contextmanager
    def running(self) -> Iterator["WeComDouble"]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self._answer(json.loads(self.rfile.read(int(self.headers.get("content-length", 0)))))

            def do_GET(self) -> None:
                self._answer({})

            def _answer(self, body: dict[str, Any]) -> None:
                path = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(path.query).items()}
                said = double.answer(path.path.removeprefix("/cgi-bin/"), query, body)
                content = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(200)
                self.send_header("content-type", "image/jpeg" if isinstance(said, bytes) else "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """A test's output is its own."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _error(code: int) -> dict[str, Any]:
    return {"errcode": code, "errmsg": "ok" if code == 0 else f"refused, hint: [{SECRET}]"}


_numbers = count(7)


def message(kind: str, *, who: str = MEMBER, number: str | None = None, **more: str) -> str:
    """One message or event as WeCom writes it; only messages have a number."""
    about = {"ToUserName": CORP, "FromUserName": who, "CreateTime": str(DATE), "MsgType": kind} | more
    if kind != "event":
        about["MsgId"] = number or str(next(_numbers))
    about["AgentID"] = str(AGENT)
    return f"<xml>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in about.items())}</xml>"


def tap(task: str, label: str, *, response_code: str = "once") -> str:
    return message(
        "event",
        Event="template_card_event",
        EventKey=label,
        TaskId=task,
        CardType="button_interaction",
        ResponseCode=response_code,
    )
