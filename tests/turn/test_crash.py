"""A process that is killed (kill -9) at any step loses no message that was acknowledged and doubles no effect."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlmodel import SQLModel

from assistant import intake
from assistant.channels.base import Incoming, Outgoing
from assistant.outbox.deliver import deliver_next
from assistant.storage.database import Database
from assistant.storage.tables import (
    Action,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    IntakeItem,
    IntakeState,
    Matter,
    OutboxMessage,
    Purpose,
    ReadingMade,
    Report,
    Resident,
    Visit,
)
from tests.turn.rehearsal import REPLIES, START, Rehearsal, settle_community

STEPS = ("attempted", "held", "locked", "read", "decided", "recorded", "replied", "about to commit", "committed")
EFFECTS = (Report, ReadingMade, Household, Resident, Visit, Matter, FindingRow, Flag, FollowUp, OutboxMessage, Action)
WORDS = "3-2-501 gas.leak; ?-?-701 (李婆婆) met gas.hose"


@pytest.fixture
def url(database_url: str) -> str:
    database = Database.open(database_url)
    settle_community(database)
    database.close()
    return database_url


@pytest.fixture
def after(url: str) -> Iterator[Callable[[], Rehearsal]]:
    """Start the program again, on what the killed one left."""
    opened: list[Database] = []

    def start() -> Rehearsal:
        opened.append(Database.open(url))
        return Rehearsal(opened[-1])

    yield start
    for database in opened:
        database.close()


@pytest.fixture(scope="module")
def undisturbed(sqlite_template: object, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the message leads to when nothing happens."""
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('undisturbed') / 'weiguang.db'}")
    settle_community(database)
    rehearsal = Rehearsal(database)
    rehearsal.worker_says(WORDS, message_id="m")
    found = outcome(rehearsal)
    database.close()
    return found


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_of_the_turn_changes_nothing_of_what_follows(
    url: str, after: Callable[[], Rehearsal], undisturbed: dict[str, object], step: str
) -> None:
    def work() -> None:
        rehearsal = Rehearsal(Database.open(url), checkpoint=lambda here: kill_myself() if here == step else None)
        rehearsal.worker_says(WORDS, message_id="m")

    killed(work)
    rehearsal = after()
    rehearsal.clock.move_on(timedelta(seconds=2))
    rehearsal.run()

    assert outcome(rehearsal) == undisturbed


def test_a_kill_between_keeping_a_message_and_acknowledging_it_makes_no_second_one(
    url: str, after: Callable[[], Rehearsal], undisturbed: dict[str, object]
) -> None:
    def work() -> None:
        Rehearsal(Database.open(url)).send("liu", WORDS, message_id="m")
        kill_myself()

    killed(work)
    rehearsal = after()
    rehearsal.worker_says(WORDS, message_id="m")  # the channel was not told, so it sends it again

    assert outcome(rehearsal) == undisturbed


def test_a_kill_while_keeping_a_message_leaves_none_and_it_can_be_sent_again(
    url: str, after: Callable[[], Rehearsal], undisturbed: dict[str, object]
) -> None:
    def work() -> None:
        database = Database.open(url)
        with database.writing() as session:
            session.add(intake.queue._row(session, Incoming("test", "m", "liu", WORDS, START), START))
            session.flush()
            kill_myself()

    killed(work)
    rehearsal = after()
    rows = len(rehearsal.rows(IntakeItem))
    rehearsal.worker_says(WORDS, message_id="m")

    assert rows == 0
    assert outcome(rehearsal) == undisturbed


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_around_the_sending_sends_it_again_under_the_same_key(
    url: str, after: Callable[[], Rehearsal], when: str
) -> None:
    keys_told = os.pipe()

    class Deadly:
        def send(self, outgoing: Outgoing) -> str:
            if when == "after":
                os.write(keys_told[1], f"{outgoing.key}\n".encode())
            kill_myself()
            raise AssertionError

    def work() -> None:
        rehearsal = Rehearsal(Database.open(url))
        rehearsal.send("liu", "3-2-501 met", message_id="m")
        rehearsal.turn.handle_next()
        deliver_next(rehearsal.database, "test", Deadly(), rehearsal.clock)

    killed(work)
    os.close(keys_told[1])
    before = os.read(keys_told[0], 1000).decode().split()
    rehearsal = after()
    rehearsal.run()
    at_once = len(rehearsal.channel.sent)
    rehearsal.clock.move_on(timedelta(seconds=30))
    rehearsal.run()

    assert at_once == 0  # nobody knows yet whether the first try went out
    assert [each.key for each in rehearsal.channel.sent] == ["reply:1"]
    assert set(before) <= {"reply:1"}


def test_a_message_that_kills_the_process_each_time_is_set_aside_and_stops_nobody_else(
    url: str, after: Callable[[], Rehearsal]
) -> None:
    def work() -> None:
        victim = Rehearsal(Database.open(url), checkpoint=lambda here: kill_myself() if here == "read" else None)
        victim.clock.move_to(rehearsal.clock.now())
        victim.run()

    rehearsal = after()
    rehearsal.send("liu", "3-2-501 gas.leak", message_id="deadly")
    for _ in range(3):
        killed(work)
        rehearsal.clock.move_on(timedelta(seconds=2))
    rehearsal.send("liu", "3-2-502 gas.leak", message_id="next")
    rehearsal.run()

    first, second = rehearsal.rows(IntakeItem)
    assert isinstance(first, IntakeItem)
    assert isinstance(second, IntakeItem)
    assert (first.state, second.state) == (IntakeState.SET_ASIDE, IntakeState.DONE)
    assert rehearsal.told("liu")[0] == REPLIES.sayings.kept_but_set_aside
    assert rehearsal.open_flags() == ["3-2-502 gas.leak P0 x1"]
    assert [report.text for report in rehearsal.rows(Report)] == [  # type: ignore[attr-defined]
        "3-2-501 gas.leak",
        "3-2-502 gas.leak",
    ]


def test_a_kill_between_falling_due_and_reminding_reminds_once(url: str, after: Callable[[], Rehearsal]) -> None:
    rehearsal = after()
    rehearsal.worker_says("3-2-501 elder.fall")

    def work() -> None:
        late = Rehearsal(Database.open(url))
        late.clock.move_on(timedelta(days=1))

        object.__setattr__(late.watch.reminder, "replies", Dies())
        late.run()

    killed(work)
    rehearsal.wait(days=2)

    assert len(rehearsal.outbox(Purpose.PROMPT)) == 1


def outcome(rehearsal: Rehearsal) -> dict[str, object]:
    """All that followed: how many rows of each table, the flags and follow-ups, and what was told to whom.

    Without ids: PostgreSQL skips those of a transaction that did not end.
    """
    found: dict[str, object] = {table.__tablename__: len(rehearsal.rows(table)) for table in EFFECTS}  # type: ignore[attr-defined]
    found["flags"] = rehearsal.open_flags()
    found["promises"] = rehearsal.follow_ups()
    found["ledger"] = [(line.verb, line.subject) for line in _lines(rehearsal)]
    found["told"] = [(row.purpose, row.address, row.text) for row in rehearsal.outbox()]
    found["intake"] = [row.state for row in rehearsal.rows(IntakeItem)]  # type: ignore[attr-defined]
    return found


def _lines(rehearsal: Rehearsal) -> list[Action]:
    rows: list[SQLModel] = rehearsal.rows(Action)
    return [row for row in rows if isinstance(row, Action)]


class Dies:
    """Words that end the process when they are wanted."""

    @property
    def sayings(self) -> None:
        kill_myself()

    @property
    def buttons(self) -> None:
        kill_myself()


def kill_myself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[], None]) -> None:
    """Do ``work`` in a child that is killed in the middle of it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child came to its end alive"
    assert os.WTERMSIG(status) == signal.SIGKILL
