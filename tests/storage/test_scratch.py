"""Databases to try things in: new ones, beside those that hold anybody's records."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel import select

from assistant.domain.errors import StorageError
from assistant.storage.database import Database
from assistant.storage.scratch import scratch_database
from assistant.storage.tables import Area


def is_empty(url: str) -> bool:
    database = Database.open(url)
    with database.reading() as session:
        found = session.exec(select(Area)).all()
    database.close()
    return not found


def test_a_throw_away_one_has_tables_and_nothing_in_them(tmp_path: Path) -> None:
    with scratch_database(None, tmp_path, 1) as one, scratch_database(None, tmp_path, 2) as other:
        assert one != other
        assert is_empty(one)
        assert is_empty(other)


def test_a_file_that_is_there_is_never_written_to(tmp_path: Path) -> None:
    there = tmp_path / "mine.db"
    there.write_bytes(b"somebody's")

    with scratch_database(f"sqlite:///{there}", tmp_path, 1) as url:
        assert make_url(url).database == str(tmp_path / "mine-2.db")
        assert is_empty(url)

    assert there.read_bytes() == b"somebody's"
    assert (tmp_path / "mine-2.db").exists()


@pytest.mark.postgres
def test_on_postgres_it_is_a_schema_that_goes(postgres_url: str, tmp_path: Path) -> None:
    with scratch_database(postgres_url, tmp_path, 1) as url:
        assert is_empty(url)
        assert "search_path" in url

    engine = sa.create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        schemas = connection.exec_driver_sql("SELECT nspname FROM pg_namespace").scalars().all()
    engine.dispose()
    assert not [name for name in schemas if name.startswith("weiguang_rehearsal")]


@pytest.mark.parametrize("url", ["nonsense", "postgresql://nobody@127.0.0.1:1/none"])
def test_an_address_where_nothing_may_be_made_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError), scratch_database(url, tmp_path, 1):
        pass
