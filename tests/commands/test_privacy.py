"""``weiguang privacy expire``: counts first, takes away only when told to, and only for who may."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from assistant.cli import cli
from assistant.domain.access import Retention
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.tables import Report, RetentionRun, Worker
from tests.turn.rehearsal import START, settle_community


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("WEIGUANG_DATA_DIR", str(tmp_path))
    made = Database.open(f"sqlite:///{tmp_path / 'weiguang.db'}")
    settle_community(made)
    long_ago = START - timedelta(days=1000)
    with made.writing() as session:
        worker = session.exec(select(Worker).where(Worker.name == "刘大姐")).one()
        row = {"area_id": worker.area_id, "worker_id": worker.id, "retention": Retention.ROUTINE}
        where = {"channel": "test", "message_id": "1", "sent_at": long_ago, "received_at": long_ago}
        session.add(new(Report, **row, **where, text="3-2-501一切正常"))
    return made


def words_of(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Report)).one().text


def test_it_counts_and_takes_nothing_unless_told_to(database: Database) -> None:
    said = CliRunner().invoke(cli, ["privacy", "expire", "--by", "王主任"])

    assert said.exit_code == 0
    assert "平常的上报 1" in said.output
    assert "--apply" in said.output
    assert words_of(database) == "3-2-501一切正常"


def test_told_to_it_takes_away_and_says_who_did(database: Database) -> None:
    said = CliRunner().invoke(cli, ["privacy", "expire", "--by", "王主任", "--apply"])

    assert said.exit_code == 0
    assert "已删 1 项" in said.output
    assert "一切正常" not in words_of(database)
    with database.reading() as session:
        run = session.exec(select(RetentionRun)).one()
        assert run.worker_id is not None
        assert session.get_one(Worker, run.worker_id).name == "王主任"


def test_a_worker_may_not(database: Database) -> None:
    said = CliRunner().invoke(cli, ["privacy", "expire", "--by", "刘大姐", "--apply"])

    assert said.exit_code == 1
    assert words_of(database) == "3-2-501一切正常"
