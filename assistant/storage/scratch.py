"""Databases to try things in, beside those that hold anybody's records and never mixed with them.

SQLite: a new file. PostgreSQL: a new schema of the database that is named, which goes when it is let go of; what stands
in the database's other schemas is neither read nor changed.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from assistant.domain.errors import StorageError
from assistant.storage.database import Database


@contextmanager
def scratch_database(url: str | None, folder: Path, number: int) -> Iterator[str]:
    """The address of an empty database. A SQLite file that is named is kept, under the first free name.

    Raises StorageError when the address is none, or nothing may be made there.
    """
    if url is None:
        path = folder / f"{number}.db"
        # tables are made once: making them takes longer than most of what is tried in them
        shutil.copy(_with_tables(), path)
        yield f"sqlite:///{path}"
        return
    try:
        address = make_url(url)
    except ArgumentError as fault:
        said = "写成 sqlite:///文件 或 postgresql://用户:密码@主机/库"
        raise StorageError(f"--db 的地址不对:{url}。{said}") from fault
    if address.get_backend_name() == "sqlite":
        yield address.set(database=str(_free_name(Path(address.database or "rehearsal.db")))).render_as_string()
        return
    with _schema(address) as inside:
        yield inside.render_as_string(hide_password=False)


@cache
def _with_tables() -> Path:
    """A SQLite file with tables and nothing in them, until this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="weiguang-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "empty.db"
    Database.open(f"sqlite:///{path}").close()
    return path


def _free_name(path: Path) -> Path:
    if not path.exists():
        return path
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(name for name in names if not name.exists())


@contextmanager
def _schema(address: URL) -> Iterator[URL]:
    name = f"weiguang_rehearsal_{uuid4().hex[:12]}"
    engine = sa.create_engine(address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        _run(engine, f'CREATE SCHEMA "{name}"')
        try:
            yield address.update_query_dict({"options": f"-csearch_path={name}"})
        finally:
            _run(engine, f'DROP SCHEMA "{name}" CASCADE')
    finally:
        engine.dispose()


def _run(engine: Engine, statement: str) -> None:
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except (OperationalError, ProgrammingError) as fault:
        shown = engine.url.render_as_string(hide_password=True)
        said = str(fault.orig).splitlines()[0]
        raise StorageError(f"数据库 {shown} 里建不了、删不了试演用的空间({said})") from fault
