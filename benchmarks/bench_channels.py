"""200 chats send 5,000 messages to Telegram's webhook while the program is killed twice.

``make bench`` (or ``python -m benchmarks.bench_channels 5000``) starts the real ``weiguang serve`` on SQLite with a
double of Telegram, ends it by SIGKILL after a third and after two thirds of the messages, and checks that every message
was answered, in the order of its chat. Once each: what was on its way to Telegram when the program died may be told
again, because Telegram takes no key, and is counted.

It prints how fast updates were taken (kept, then acknowledged) while the program was up, as a ratio to a floor measured
in the same run: a route that only commits one row of plain sqlite3 (WAL, synchronous=FULL) before it answers. And how
fast they were answered, the time for starting again included.
"""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.progress import Progress
from sqlalchemy import func, insert
from sqlmodel import col, select

from assistant.channels.telegram import WEBHOOK_PATH, webhook_secret
from assistant.domain.access import AreaLevel, Role
from assistant.storage.database import Database
from assistant.storage.tables import Account, Area, Estate, IntakeItem, IntakeState, OutboxMessage, Purpose, Worker
from tests.channels.telegram_double import TOKEN, TelegramDouble, written

MESSAGES, CHATS = 5_000, 200
KILLS = 2
_AT_ONCE = 16
_FIRST_CHAT = 10_000
_SECRET = "a secret of the benchmark's own, long enough"
_STARTS_WITHIN, _ANSWERS_WITHIN = 120.0, 3_600.0
_DOOR = re.compile(r"\d+-\d+-\d+")


@dataclass
class Measured:
    """What came of one run; rates are a second."""

    taken: float
    answered: float
    floor: float
    told_again: int = 0
    missing: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    unsent: int = 0

    def __str__(self) -> str:
        return (
            f"taken {self.taken:.0f}/s = {self.taken / self.floor:.2f} of the floor ({self.floor:.0f}/s), "
            f"answered {self.answered:.1f}/s, told again {self.told_again}, missing {len(self.missing)}, "
            f"out of order {len(self.out_of_order)}, unsent {self.unsent}"
        )


def door_of(chat: int, number: int) -> str:
    """The door that a chat's message of that number is about: no two messages share one."""
    return f"{chat % 40 + 1}-{chat // 40 + 1}-{101 + number}"


def run(messages: int = MESSAGES, chats: int = CHATS) -> Measured:
    """All of it. Raises where the program does not start or stops answering."""
    with tempfile.TemporaryDirectory(prefix="weiguang-bench-") as folder, TelegramDouble().running() as double:
        data = Path(folder)
        floor = asyncio.run(_floor(data, min(messages, 1_000), chats))
        _settle(data, chats)
        port = _free_port()
        server = _Server(data, port, double.url)
        server.start()
        try:
            begun = time.perf_counter()
            asyncio.run(_send(port, messages, chats, server))
            taken = messages / (time.perf_counter() - begun - server.down)
            _wait_for_answers(data, messages)
            answered = messages / (time.perf_counter() - begun)
        finally:
            server.stop()
        return _look(data, double, messages, chats, Measured(taken, answered, floor))


class _Server:
    """``weiguang serve``, killed and started again."""

    def __init__(self, data: Path, port: int, telegram: str) -> None:
        self._command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
        self._health = f"http://127.0.0.1:{port}/health"
        self._environment = os.environ | {
            "WEIGUANG_DATA_DIR": str(data),
            "WEIGUANG_SECRET": _SECRET,
            "WEIGUANG_TELEGRAM_TOKEN": TOKEN,
            "WEIGUANG_TELEGRAM_API": telegram,
            "WEIGUANG_TELEGRAM_WEBHOOK": f"http://127.0.0.1:{port}",
        }
        self._process: subprocess.Popen[bytes] | None = None
        #: for how many seconds it was not there
        self.down = 0.0

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, env=self._environment, stdout=subprocess.DEVNULL)
        _until(self._is_up, _STARTS_WITHIN)

    def kill_and_start(self) -> None:
        begun = time.perf_counter()
        self._end(signal.SIGKILL)
        self.start()
        self.down += time.perf_counter() - begun

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(30)

    def _is_up(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError("the program does not start")
        try:
            return httpx.get(self._health).status_code == 200
        except httpx.HTTPError:
            return False


async def _send(port: int, messages: int, chats: int, server: _Server) -> None:
    """Each chat's messages one after the other, each until it is acknowledged; the program is killed in between."""
    kills = [messages * (each + 1) // (KILLS + 1) for each in range(KILLS)]
    taken, killing = 0, asyncio.Lock()
    headers = {"X-Telegram-Bot-Api-Secret-Token": webhook_secret(_SECRET)}
    slots = asyncio.Semaphore(_AT_ONCE)
    with Progress() as progress:
        bar = progress.add_task("sent", total=messages)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

            async def one(chat: int) -> None:
                nonlocal taken
                for number in range(messages // chats):
                    who, update = _FIRST_CHAT + chat, chat * 1_000 + number + 1
                    text = f"{door_of(chat, number)}软管老化"
                    body = written(update, text, number + 1, user=who, chat=who)
                    async with slots:
                        await _post_until_taken(client, body, headers)
                    taken += 1
                    progress.update(bar, completed=taken)
                    async with killing:
                        if kills and taken >= kills[0]:
                            kills.pop(0)
                            await asyncio.to_thread(server.kill_and_start)

            await asyncio.gather(*(one(chat) for chat in range(chats)))


async def _post_until_taken(client: httpx.AsyncClient, body: object, headers: dict[str, str]) -> None:
    while True:
        try:
            if (await client.post(WEBHOOK_PATH, json=body, headers=headers)).status_code == 200:
                return
        except httpx.HTTPError:
            pass  # it was killed: Telegram posts again
        await asyncio.sleep(0.05)


async def _floor(data: Path, posts: int, chats: int) -> float:
    """Posts a second to a route that commits one row of plain sqlite3 and answers."""
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.durable_floor", str(data / "floor.db"), str(port)])
    try:
        slots = asyncio.Semaphore(_AT_ONCE)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            await _post_until_taken(client, {}, {})
            begun = time.perf_counter()

            async def one(chat: int) -> None:
                for number in range(posts // chats):
                    async with slots:
                        await _post_until_taken(client, written(number, "软管老化", chat=chat), {})

            await asyncio.gather(*(one(chat) for chat in range(chats)))
            return posts // chats * chats / (time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(30)


def _settle(data: Path, chats: int) -> None:
    """One grid with its estate; each chat is that of a worker with a micro-grid of their own, as in a street."""
    now = datetime.now(UTC)
    same = {"retention": "standing"}
    of_chat = {each: each + 2 for each in range(chats)}
    with _opened(data) as database, database.writing() as session:
        session.execute(insert(Area), [{"id": 1, "level": AreaLevel.GRID, "name": "网格", "path": "/1/"}])
        areas = [
            {"id": area, "level": AreaLevel.MICRO_GRID, "name": f"{each}号", "path": f"/1/{area}/", "parent_id": 1}
            for each, area in of_chat.items()
        ]
        session.execute(insert(Area), areas)
        session.execute(insert(Estate), [{"id": 1, "area_id": 1, "name": "小区"}])
        people = [
            {**same, "area_id": area, "id": each + 1, "name": f"网格员{each}", "role": Role.WORKER}
            for each, area in of_chat.items()
        ]
        session.execute(insert(Worker), people)
        accounts = [
            {
                **same,
                "area_id": area,
                "worker_id": each + 1,
                "channel": "telegram",
                "address": str(_FIRST_CHAT + each),
                "bound_at": now,
            }
            for each, area in of_chat.items()
        ]
        session.execute(insert(Account), accounts)


def _wait_for_answers(data: Path, messages: int) -> None:
    with _opened(data) as database, Progress() as progress:
        bar = progress.add_task("answered", total=messages)

        def are_all_there() -> bool:
            with database.reading() as session:
                query = select(func.count()).select_from(OutboxMessage)
                sent = session.exec(
                    query.where(OutboxMessage.purpose == Purpose.REPLY, col(OutboxMessage.sent_at).is_not(None))
                ).one()
            progress.update(bar, completed=sent)
            return sent >= messages

        _until(are_all_there, _ANSWERS_WITHIN)


def _look(data: Path, double: TelegramDouble, messages: int, chats: int, measured: Measured) -> Measured:
    """What Telegram was given, chat by chat."""
    told: dict[int, list[str]] = defaultdict(list)
    for asked in double.said():
        door = _DOOR.match(asked["text"])
        if door is not None:
            told[int(asked["chat_id"]) - _FIRST_CHAT].append(door.group())
    for chat in range(chats):
        wanted = [door_of(chat, number) for number in range(messages // chats)]
        answers = list(dict.fromkeys(each for each in told[chat] if each in wanted))
        measured.missing += [each for each in wanted if each not in answers]
        if answers != [each for each in wanted if each in answers]:
            measured.out_of_order.append(str(chat))
        measured.told_again += sum(each in wanted for each in told[chat]) - len(answers)
    with _opened(data) as database, database.reading() as session:
        received = select(func.count()).select_from(IntakeItem)
        done = session.exec(received.where(IntakeItem.state == IntakeState.DONE)).one()
        measured.unsent = messages - min(done, session.exec(received).one())
    return measured


@contextmanager
def _opened(data: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{data / 'weiguang.db'}")
    try:
        yield database
    finally:
        database.close()


def _until(came: Callable[[], bool], within: float) -> None:
    end = time.monotonic() + within
    while not came():
        if time.monotonic() > end:
            raise TimeoutError("the program did not get there")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_every_message_is_answered_once_in_its_order_though_the_program_is_killed_twice() -> None:
    measured = run()

    print(measured)
    assert (measured.missing, measured.out_of_order, measured.unsent) == ([], [], 0)
    assert measured.told_again <= KILLS


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES))
