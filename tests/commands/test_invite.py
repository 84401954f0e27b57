"""``weiguang invite``: a code on standard output, once."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from assistant.cli import cli
from assistant.storage.database import Database
from assistant.storage.invitations import code_in
from assistant.storage.tables import Invitation, Worker
from tests.turn.rehearsal import settle_community


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("WEIGUANG_DATA_DIR", str(tmp_path))
    made = Database.open(f"sqlite:///{tmp_path / 'weiguang.db'}")
    settle_community(made)
    return made


def test_a_code_is_printed_for_the_one_who_is_named(database: Database) -> None:
    said = CliRunner().invoke(cli, ["invite", "刘大姐"])

    assert said.exit_code == 0
    assert code_in(said.stdout.splitlines()[0]) is not None
    with database.reading() as session:
        [row] = session.exec(select(Invitation)).all()
        assert session.get_one(Worker, row.worker_id).name == "刘大姐"


def test_somebody_who_is_not_on_the_list_gets_none(database: Database) -> None:
    said = CliRunner().invoke(cli, ["invite", "谁也不是"])

    assert said.exit_code == 1
    assert "名册里没有" in said.output
