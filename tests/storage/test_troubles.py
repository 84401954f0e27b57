"""A database that can't be written: a clear error in Chinese, nothing lost, and all is well when the cause is gone."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from assistant import intake
from assistant.channels.base import Incoming
from assistant.domain.errors import StorageError
from assistant.storage.database import Database
from assistant.storage.tables import IntakeItem

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
ORDINARY_USER = 65534


def _message(number: int, text: str = "3-2-501软管老化") -> Incoming:
    return Incoming(channel="web", message_id=str(number), account="liu", text=text, sent_at=NOW)


def test_a_full_disk_refuses_a_message_and_keeps_all_that_it_has(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    kept = [number for number in range(3) if intake.put(database, _message(number), NOW)[1]]
    with database.writing() as session:
        # the file may not grow any more
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")

    error = _keep_until_refused(database, kept)

    with database.writing() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count=1000000")
        rows = session.exec(select(IntakeItem.message_id).order_by(IntakeItem.id)).all()  # type: ignore[arg-type]
    assert re.search(r"磁盘已满.*没有保存", str(error))
    assert rows == [str(number) for number in kept]
    assert intake.put(database, _message(5000), NOW)[1]
    database.close()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_database_says_so_and_can_still_be_read(common_folder: Path, what: str) -> None:
    path = common_folder / "weiguang.db"
    database = Database.open(f"sqlite:///{path}")
    intake.put(database, _message(1), NOW)
    database.close()
    path.chmod(0o444 if what == "file" else 0o666)
    common_folder.chmod(0o777 if what == "file" else 0o555)

    said = _as_ordinary_user(path)

    assert said.startswith("StorageError:"), said
    assert "只读" in said or "打不开" in said
    database = Database.open(f"sqlite:///{path}")
    with database.reading() as session:
        assert len(session.exec(select(IntakeItem)).all()) == 1
    database.close()


def test_a_data_folder_that_can_not_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands in the way", encoding="utf-8")

    with pytest.raises(StorageError, match=r"数据目录 .*taken.* 建不了.*WEIGUANG_DATA_DIR"):
        Database.open(f"sqlite:///{tmp_path / 'taken' / 'weiguang.db'}")


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "weiguang.db"
    path.write_bytes(b"this is a letter, not a database\n" * 200)

    with pytest.raises(StorageError, match="不是可用的数据库文件"):
        Database.open(f"sqlite:///{path}")

    assert path.read_bytes() == b"this is a letter, not a database\n" * 200


def _keep_until_refused(database: Database, kept: list[int]) -> StorageError:
    for number in range(100, 1000):
        try:
            intake.put(database, _message(number, "漏气" * 2000), NOW)
        except StorageError as error:
            return error
        kept.append(number)
    raise AssertionError("the disk never filled")


def _as_ordinary_user(path: Path) -> str:
    """What is said when somebody who is no superuser tries to keep a message: nothing is read-only to root."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(ORDINARY_USER)
                os.setuid(ORDINARY_USER)
            os.write(there, _try_to_keep(path).encode())
        finally:
            os._exit(0)
    os.close(there)
    with os.fdopen(here, encoding="utf-8") as said:
        text = said.read()
    os.waitpid(child, 0)
    return text


def _try_to_keep(path: Path) -> str:
    try:
        intake.put(Database.open(f"sqlite:///{path}"), _message(2), NOW)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "kept"
