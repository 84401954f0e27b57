"""A running service follows what is published, and nothing else."""

from pathlib import Path

import pytest

from assistant.publishing.publishing import keep_draft
from assistant.publishing.running import RulesInUse
from rules.engine.edition import read_texts, unpack, version_of
from rules.engine.vocabulary import load_vocabulary
from tests.publishing.conftest import OLDER, Office, texts


@pytest.fixture
def in_use(office: Office, tmp_path: Path) -> RulesInUse:
    return RulesInUse(
        office.rehearsal.database,
        office.matcher(texts()),
        version_of(texts()),
        tmp_path / "service",
        load_vocabulary(),
    )


def test_a_published_book_is_taken_up_between_turns(office: Office, in_use: RulesInUse) -> None:
    office.publish(OLDER)

    assert in_use.catch_up()
    assert in_use.version == version_of(OLDER)
    in_use.matcher.close()


def test_there_is_nothing_to_take_up_when_nothing_was_published(in_use: RulesInUse) -> None:
    assert not in_use.catch_up()
    assert in_use.version == version_of(texts())


def test_a_book_is_taken_up_once(office: Office, in_use: RulesInUse) -> None:
    office.publish(OLDER)
    in_use.catch_up()

    assert not in_use.catch_up()
    in_use.matcher.close()


def test_a_draft_is_never_taken_up(office: Office, in_use: RulesInUse) -> None:
    keep_draft(office.rehearsal.database, OLDER, office.rehearsal.clock.now(), 3)

    assert not in_use.catch_up()


def test_a_book_that_does_not_hold_here_leaves_the_old_one_in_use(office: Office, in_use: RulesInUse) -> None:
    office.publish(texts(gas_scenarios=texts()["gas.scenarios.yaml"].replace("P2", "P0")))

    assert not in_use.catch_up()
    assert in_use.version == version_of(texts())
    assert in_use.trouble is not None
    assert "用不起来" in in_use.trouble


def test_a_version_is_its_content(tmp_path: Path) -> None:
    folder = unpack(texts(), tmp_path)

    assert folder.name == version_of(texts()) != version_of(OLDER)
    assert read_texts(folder) == texts()


def test_a_folder_that_somebody_changed_by_hand_is_put_right(tmp_path: Path) -> None:
    folder = unpack(texts(), tmp_path)
    (folder / "parameters.yaml").write_text("p0_deadline: {}", encoding="utf-8")

    again = unpack(texts(), tmp_path)

    assert read_texts(again) == texts()
