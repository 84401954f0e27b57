"""Telegram against an implementation that is not ours (npm ``telegram-test-api``), by long poll and by webhook.

The conversations of the casework play through it with their buttons; joining, the commands and an edit are played by
hand. Photos and files are the emulator's blind spot: our own double has them (``tests/channels``).
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from assistant.app import App, Files, build
from assistant.commands.channels import channels
from assistant.domain.followups import MatterState
from assistant.rehearsing.reading import read_file
from assistant.settings import Settings
from assistant.storage.invitations import invite
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag, Household, Worker
from tests.e2e.telegram.emulator import TOKEN, Emulator, running_emulator
from tests.e2e.telegram.player import TelegramRun, running_through
from tests.e2e.waiting import wait_until
from tests.turn.rehearsal import settle_community

FOLDER = Path(__file__).resolve().parents[1] / "conversations"
#: what is said and tapped: the files whose steps are words, buttons, waiting
PLAYED = ("buttons", "contract", "corrections")
CONVERSATIONS = {f"{name}: {each.conversation}": each for name in PLAYED for each in read_file(FOLDER / f"{name}.yaml")}
ME = 70_001


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with running_emulator() as running:
        yield running


@pytest.fixture(scope="module")
def run(emulator: Emulator) -> Iterator[TelegramRun]:
    with running_through(emulator) as made:
        yield made


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation_goes_through_telegram_as_its_file_says(name: str, run: TelegramRun) -> None:
    faults = run.play(CONVERSATIONS[name])

    assert not faults, "\n".join(faults)


# the whole program, by hand


@dataclass
class Chat:
    """One person's chat with the bot."""

    emulator: Emulator
    clock: Callable[[], int]

    def says(self, text: str) -> str:
        return self._answer_to(lambda: self.emulator.writes(ME, text, self.clock()))

    def edits_last(self, text: str) -> str:
        """The bot's last message, once it has changed in its place."""
        number, before, count = self.emulator.last_written_by(ME), self._last(), len(self.told())
        self.emulator.edits(ME, number, text, self.clock())
        wait_until(lambda: self._last() != before)
        assert len(self.told()) == count
        return self._last()

    def taps(self, label: str) -> str:
        bearing = [each for each in self.told() if label in str(each["message"].get("reply_markup"))]
        return self._answer_to(lambda: self.emulator.taps(ME, bearing[-1]["messageId"], label))

    def told(self) -> list[dict[str, Any]]:
        return self.emulator.said_to(ME)

    def _answer_to(self, act: Callable[[], None]) -> str:
        before = len(self.told())
        act()
        wait_until(lambda: len(self.told()) > before)
        return self._last()

    def _last(self) -> str:
        return str(self.told()[-1]["message"]["text"])


@pytest.fixture(scope="module")
def files() -> Files:
    return Files.read(Settings())


@pytest.fixture(params=["by long poll", "by webhook"])
def opened(request: pytest.FixtureRequest, emulator: Emulator, files: Files, tmp_path: Path) -> Iterator[App]:
    """The program at work, with the emulator as its Telegram."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        data_dir=tmp_path,
        telegram_token=SecretStr(TOKEN),
        telegram_api=emulator.url,
        telegram_webhook=f"http://127.0.0.1:{port}" if request.param == "by webhook" else None,
    )
    app = build(settings, files=files)
    settle_community(app.database, app.now())
    try:
        with channels(app, "site secret") as made, served([r for each in made.values() for r in each.routes], port):
            senders = {name: each.sender for name, each in made.items()}
            steps = {name: step for each in made.values() for name, step in each.steps.items()}
            with app.running(senders, also=steps):
                yield app
    finally:
        app.close()


@contextmanager
def served(routes: list[BaseRoute], port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started)
    yield
    server.should_exit = True
    thread.join()


def test_a_worker_joins_reports_corrects_and_takes_back(opened: App, emulator: Emulator) -> None:
    chat = Chat(emulator, lambda: int(opened.now().timestamp()))
    sayings = opened.replies.sayings
    with opened.database.writing() as session:
        worker = session.exec(select(Worker).where(Worker.name == "刘大姐")).one()
        code = invite(Ledger(session, opened.clock.now()), worker)

    assert chat.says("/start") == sayings.unknown_account
    assert chat.says(f"/start {code}") == sayings.joined.format(name="刘大姐")
    assert chat.says("/start") == sayings.greeting
    assert chat.says("/today") == sayings.nothing_due
    assert chat.says("/help") == sayings.help
    assert "3-2-501" in chat.says("3栋2单元501燃气软管老化了")
    assert "软管" in chat.says("/why")
    chat.says("3栋2单元502燃气软管老化了")
    assert "3-2-601" in chat.edits_last("3栋2单元601燃气软管老化了")
    assert chat.says("/undo") == sayings.withdrawn
    assert standing(opened) == ["3-2-501"]
    assert chat.says("3栋2单元601燃气软管老化了").startswith("3-2-601")
    assert chat.taps("撤回") == sayings.withdrawn
    assert standing(opened) == ["3-2-501"]


def standing(app: App) -> list[str]:
    with app.database.reading() as session:
        return list(
            session.exec(
                select(Household.key)
                .join(Flag, col(Flag.household_id) == Household.id)
                .where(Flag.state == MatterState.OPEN)
                .distinct()
            )
        )
