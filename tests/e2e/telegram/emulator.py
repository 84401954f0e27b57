"""The npm package ``telegram-test-api``, started for a test: an implementation of the Bot API that is not ours.

    with running_emulator() as emulator:
        emulator.writes(7, "您好", date)                the bot's next update
        emulator.said_to(7)                             what the bot has said there, with its buttons

It is installed once, from the lock beside this file, below ``build/``; whoever installs it at the same moment does not
see it before it is whole. Where node is missing the test is skipped with the reason, in CI it fails (``tools/debian.sh
node`` installs it). ``emulator.js`` says what the package lacks.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.missing import say_missing

_HERE = Path(__file__).parent
_BUILD = _HERE.parents[2] / "build"
TOKEN = "42:EMULATED"
_INSTALL_TAKES_AT_MOST = 300


class Emulator:
    """A Telegram with one bot; people are numbers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url)

    def writes(self, who: int, text: str, date: int, **more: Any) -> None:
        """Somebody writes to the bot; with ``chat`` in a group."""
        chat = more.pop("chat", who)
        kind = "private" if chat > 0 else "group"
        message = {"botToken": TOKEN, "date": date, "text": text, "from": _person(who)}
        self._post("/sendMessage", message | {"chat": {"id": chat, "type": kind}} | more)

    def edits(self, who: int, message_id: int, text: str, date: int) -> None:
        """Somebody changes what they wrote under that number."""
        self.writes(who, text, date, edits=message_id, edit_date=date + 60)

    def taps(self, who: int, message_id: int, label: str) -> None:
        """Somebody presses the button of that label under that message of the bot."""
        said = next(each for each in self.said_to(who) if each["messageId"] == message_id)
        markup = said["message"]["reply_markup"]
        button = next(each for row in markup["inline_keyboard"] for each in row if each["text"] == label)
        message = {"message_id": message_id, "date": 0, "chat": {"id": who, "type": "private"}, "reply_markup": markup}
        query = {"botToken": TOKEN, "from": _person(who), "message": message, "data": button["callback_data"]}
        self._post("/sendCallback", query)

    def said_to(self, who: int) -> list[dict[str, Any]]:
        """What the bot has said in that chat, oldest first."""
        told = self._post("/getUpdatesHistory", {"token": TOKEN})
        return [each for each in told if str(each.get("message", {}).get("chat_id")) == str(who)]

    def last_written_by(self, who: int) -> int:
        """The number of the message that this person wrote last."""
        return int(self._client.get(f"/lastWrittenBy/{who}").json()["result"])

    def close(self) -> None:
        self._client.close()

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._client.post(path, json=body).raise_for_status().json()["result"]


def _person(who: int) -> dict[str, Any]:
    return {"id": who, "is_bot": False, "first_name": "网格员"}


@contextmanager
def running_emulator() -> Iterator[Emulator]:
    """The emulator on a free port, until the block ends."""
    package = _installed()
    process = subprocess.Popen(
        ["node", str(_HERE / "emulator.js"), str(package)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        emulator = Emulator(f"http://127.0.0.1:{int(process.stdout.readline())}")
        yield emulator
        emulator.close()
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(10)


def _installed() -> Path:
    """The package's folder, installed from the lock where it is not there yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        say_missing("no node and npm for the Telegram emulator: tools/debian.sh node")
    lock = (_HERE / "package-lock.json").read_bytes()
    folder = _BUILD / f"telegram-emulator-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not folder.exists():
        _install(folder)
    return folder / "node_modules" / "telegram-test-api"


def _install(folder: Path) -> None:
    _BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_BUILD) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, made / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", str(Path(scratch) / "cache")]
        done = subprocess.run(
            command, cwd=made, capture_output=True, text=True, timeout=_INSTALL_TAKES_AT_MOST, check=False
        )
        if done.returncode != 0:
            say_missing(f"npm could not install the Telegram emulator: {done.stderr.strip()[-300:]}")
        try:
            made.rename(folder)
        except OSError:
            # another process was first
            if not folder.exists():
                raise
