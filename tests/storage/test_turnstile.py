"""Writers of one process take turns in the order in which they asked."""

import threading
from pathlib import Path

from assistant.domain.errors import StorageError
from assistant.storage.database import Database
from assistant.storage.turnstile import Turnstile


def wait_until_queued(turnstile: Turnstile, count: int) -> None:
    while turnstile.waiting < count:
        threading.Event().wait(0.001)


def test_who_asked_first_is_next_even_before_one_who_asks_again() -> None:
    turnstile, order = Turnstile(), []

    def come(name: str) -> None:
        with turnstile.passed(30):
            order.append(name)

    with turnstile.passed(30):
        threads = []
        for number, name in enumerate(("first", "second", "third"), start=1):
            threads.append(threading.Thread(target=come, args=(name,)))
            threads[-1].start()
            wait_until_queued(turnstile, number)
    with turnstile.passed(30):
        order.append("again")
    for thread in threads:
        thread.join()

    assert order == ["first", "second", "third", "again"]


def test_who_gives_up_leaves_the_queue_and_holds_up_nobody() -> None:
    turnstile = Turnstile()

    with turnstile.passed(30):
        given = threading.Thread(target=lambda: came.append(gave_up(turnstile)))
        came: list[bool] = []
        given.start()
        given.join()

    assert came == [False]
    assert turnstile.waiting == 0
    with turnstile.passed(0.01) as is_mine:
        assert is_mine


def gave_up(turnstile: Turnstile) -> bool:
    with turnstile.passed(0.01) as is_mine:
        return is_mine


def test_a_writer_that_waits_too_long_hears_that_the_database_is_busy(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'weiguang.db'}")
    failures: list[Exception] = []

    def write() -> None:
        try:
            with database.writing(within=0.01):
                pass
        except StorageError as error:
            failures.append(error)

    with database.writing():
        other = threading.Thread(target=write)
        other.start()
        other.join()

    database.close()
    assert len(failures) == 1
    assert "忙" in str(failures[0])
