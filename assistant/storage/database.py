"""The one door to the database: opened by URL, brought up to date, and then used in transactions.

    database = Database.open("sqlite:////var/lib/weiguang/weiguang.db")
    with database.writing() as session: ...     # commits at the end; BEGIN IMMEDIATE on SQLite
    with database.reading() as session: ...     # sees one state of things, changes nothing

SQLite runs with a write-ahead log and ``synchronous=FULL``: what was committed survives a power cut. A writing
transaction takes the write lock at its start, since here a read nearly always decides a write. What the file system or
the server refuses (read-only, full, gone) comes out as ``StorageError`` in the operator's words.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from assistant.domain.errors import StorageError
from assistant.storage.ledger import write_lines
from assistant.storage.migrate import bring_up_to_date
from assistant.storage.turnstile import Turnstile

#: how long a writer waits for another one before it gives up, in milliseconds
_BUSY_TIMEOUT_MS = 15_000
#: pages that each connection keeps: with SQLite's own 2 MB a search of 100,000 households reads from the disk's cache
_PAGES_KEPT_KIB = 16_384


class Database:
    """An open database. Safe to share between threads; a session is not."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._turnstile = Turnstile()
        self._writing = engine.execution_options(weiguang_writes=True)
        self._reading = engine if self.is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")

    @classmethod
    def open(cls, url: str | URL, *, migrated: bool = True) -> "Database":
        """Connect, and bring the tables up to date unless ``migrated`` is False.

        Raises DatabaseIsNewer when a newer program wrote it, StorageError when it can't be opened or written.
        """
        address = make_url(url)
        with _in_our_words(address):
            engine = _engine(address)
            if migrated:
                try:
                    bring_up_to_date(engine)
                except BaseException:
                    engine.dispose()
                    raise
            return cls(engine)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self, within: float = _BUSY_TIMEOUT_MS / 1000) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back on any exception.

        On SQLite the writers of this process take turns; raises StorageError where that takes longer than ``within``
        seconds, as when it is called inside another one.
        """
        with (
            self._own_turn(within),
            _in_our_words(self.engine.url),
            Session(self._writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
            write_lines(session)

    @contextmanager
    def _own_turn(self, within: float) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._turnstile.passed(within) as is_mine:
            if not is_mine:
                raise StorageError("数据库一直在忙,这一次没有写成。")
            yield

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state of the database and is never committed."""
        with _in_our_words(self.engine.url), Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def take_turns(session: Session, at: str) -> None:
    """Until the transaction ends, nobody else gets past this call with the same ``at``; on SQLite no writer at all."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.blake2b(at.encode(), digest_size=8).digest(), "big", signed=True)
        session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({number})")


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
            _make_folder(Path(url.database).parent)
        engine = sa.create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return sa.create_engine(url, pool_pre_ping=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"数据目录 {folder} 建不了:{error.strerror}。请检查目录权限,或用 WEIGUANG_DATA_DIR 换一个目录。"
        raise StorageError(said) from error


def _set_up_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # transactions are begun by _begin_sqlite: the driver's own way starts them late and never around DDL
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    # a file that can't be written can still be read: then WAL can't be switched on, and the first write says why
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size={-_PAGES_KEPT_KIB}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("weiguang_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _in_our_words(url: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        said = _in_words(error, url)
        if said is None:
            raise
        raise StorageError(said) from error


def _in_words(error: DBAPIError, url: URL) -> str | None:
    """What a person should be told of an error that is no fault of the program; None for the others."""
    cause = str(error.orig)
    shown = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    if "readonly database" in cause or "read-only" in cause:
        return f"数据库 {shown} 只读,写不进去。刚才的内容没有保存,渠道会再送一次;请检查文件和目录的写权限。"
    if "disk is full" in cause or "No space left" in cause:
        return f"磁盘已满,数据库 {shown} 写不进去。刚才的内容没有保存,渠道会再送一次;请先腾出空间。"
    if "unable to open database file" in cause:
        return f"数据库 {shown} 打不开。请检查目录是否存在、是否可写。"
    if "disk I/O error" in cause:
        return f"数据库 {shown} 读写出错({cause})。请检查磁盘。"
    if "file is not a database" in cause or "malformed" in cause:
        return f"{shown} 不是可用的数据库文件({cause})。请从备份恢复,原文件不要覆盖。"
    if "database is locked" in cause:
        return f"数据库 {shown} 被别的程序占用超过 {_BUSY_TIMEOUT_MS // 1000} 秒。"
    if isinstance(error, OperationalError) and url.get_backend_name() != "sqlite":
        return f"数据库 {shown} 连不上或中断了({cause.splitlines()[0]})。"
    return None
