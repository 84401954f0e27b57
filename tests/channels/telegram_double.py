"""A double of the Bot API on loopback: it answers as documented, and fails as it is told to.

double.gives(written(7, "你好"))              an update for the next poll
double.refuses("sendMessage", 429, {...})     the next call of that method is refused
double.asked("sendMessage")                   what was asked, in order
double.is_waiting                             is set once a poll waits for updates, where ``holds_polls``
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHAT = 4001
TOKEN = "42:TEST"
#: 2026-03-05 10:00 in Shanghai
DATE = 1772676000


class TelegramDouble:
    def __init__(self) -> None:
        self.updates: list[Any] = []
        self.offsets: list[int | None] = []
        self._calls: list[tuple[str, dict[str, str]]] = []
        self._refusals: dict[str, deque[tuple[int, str, dict[str, Any]]]] = defaultdict(deque)
        self._said: list[dict[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.url = ""
        #: a poll for which there is nothing waits as long as it asks to, as Telegram's does
        self.holds_polls = False
        self.is_waiting = threading.Event()
        self._is_over = threading.Event()

    def gives(self, *updates: Any) -> None:
        self.updates.extend(updates)

    def refuses(self, method: str, status: int, said: str, **parameters: Any) -> None:
        self._refusals[method].append((status, said, parameters))

    def asked(self, method: str) -> list[dict[str, str]]:
        return [asked for name, asked in self._calls if name == method]

    def said(self) -> list[dict[str, str]]:
        """The messages that were taken, in order: the first stands under the number 501."""
        return self._said

    def answer(self, method: str, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self._calls.append((method, asked))
        if self._refusals[method]:
            status, said, parameters = self._refusals[method].popleft()
            return status, {"ok": False, "error_code": status, "description": said, "parameters": parameters}
        if method == "getUpdates":
            offset = int(asked["offset"]) if "offset" in asked else None
            self.offsets.append(offset)
            if offset is not None:
                self.updates = [each for each in self.updates if _number(each) >= offset]
            if self.holds_polls and not self.updates:
                self.is_waiting.set()
                self._is_over.wait(float(asked["timeout"]))
            return 200, {"ok": True, "result": self.updates}
        if method == "sendMessage":
            self._said.append(asked)
            chat = {"id": int(asked["chat_id"]), "type": "private"}
            sent = {"message_id": 500 + len(self._said), "date": DATE, "chat": chat, "text": asked["text"]}
            return 200, {"ok": True, "result": sent}
        if method == "sendDocument":
            self._said.append({"chat_id": asked["chat_id"], "text": "", "file": asked["filename"]})
            about = {"message_id": 500 + len(self._said), "date": DATE, "chat": {"id": CHAT, "type": "private"}}
            return 200, {"ok": True, "result": about}
        if method == "editMessageText":
            self._said[int(asked["message_id"]) - 501] |= {"reply_markup": "{}"} | asked
            return 200, {"ok": True, "result": True}
        if method == "getFile":
            name = asked["file_id"]
            file = {"file_id": name, "file_unique_id": name, "file_path": name, "file_size": len(self.files[name])}
            return 200, {"ok": True, "result": file}
        return 200, {"ok": True, "result": True}

    @contextmanager
    def running(self) -> Iterator["TelegramDouble"]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                path = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(path.query).items()}
                asked |= _form(self.headers.get("content-type", ""), body)
                status, said = double.answer(path.path.rsplit("/", 1)[1], asked)
                content = json.dumps(said).encode()
                with suppress(ConnectionError):
                    self.send_response(status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def do_GET(self) -> None:
                content = double.files[urlsplit(self.path).path.rsplit("/", 1)[1]]
                self.send_response(200)
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
            self._is_over.set()
            server.shutdown()
            thread.join()
            server.server_close()


def _form(content_type: str, body: bytes) -> dict[str, str]:
    """What a form says; of a file its name only."""
    if not content_type.startswith("multipart/"):
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}
    mail = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=default)
    said = {}
    for part in mail.iter_parts():
        name, filename = (part.get_param(each, header="content-disposition") for each in ("name", "filename"))
        said[str(name)] = str(part.get_content()).strip() if filename is None else str(filename)
        if filename is not None:
            said["filename"] = str(filename)
    return said


def _number(update: Any) -> int:
    return update["update_id"] if isinstance(update, dict) and "update_id" in update else 0


def message(text: str | None, number: int = 1, *, user: int = CHAT, chat: int = CHAT, **more: Any) -> dict[str, Any]:
    """One message as Telegram writes it."""
    kind = "private" if chat > 0 else "supergroup"
    about = {
        "message_id": number,
        "date": DATE,
        "from": {"id": user, "is_bot": False, "first_name": "刘"},
        "chat": {"id": chat, "type": kind},
    }
    return about | ({"text": text} if text is not None else {}) | more


def written(update: int, text: str | None, number: int | None = None, **more: Any) -> dict[str, Any]:
    """An update with a new message; its number is the update's unless it is given."""
    return {"update_id": update, "message": message(text, update if number is None else number, **more)}


def edited(update: int, text: str, number: int, at: int = DATE + 60) -> dict[str, Any]:
    return {"update_id": update, "edited_message": message(text, number, edit_date=at)}


def tap(update: int, data: str, under: int, labels: dict[str, str]) -> dict[str, Any]:
    """A tap on the button that bears ``data``; ``labels`` are the buttons of the message ``under``."""
    rows = [[{"text": label, "callback_data": each}] for each, label in labels.items()]
    bearer = message("提醒", under, reply_markup={"inline_keyboard": rows})
    who = {"id": CHAT, "is_bot": False, "first_name": "刘"}
    query = {"id": f"q{update}", "from": who, "chat_instance": "1", "data": data, "message": bearer}
    return {"update_id": update, "callback_query": query}
