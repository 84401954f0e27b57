"""A running service follows what is published, and nothing else."""

from pathlib import Path

import pytest

from assistant.decide.careful import Trouble
from assistant.publishing.publishing import keep_draft
from assistant.publishing.running import RulesInUse
from assistant.storage import troubles
from assistant.storage.ledger import Ledger
from assistant.storage.tables import RuleTrouble
from rules.engine.edition import read_texts, unpack, version_of
from rules.engine.vocabulary import load_vocabulary
from tests.publishing.conftest import OLDER, Office, texts
from tests.rules.conftest import HOSE


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


def test_a_rule_is_called_by_its_title_in_the_book_in_use(in_use: RulesInUse) -> None:
    assert in_use.called("gas.hose") == in_use.matcher.book.by_id["gas.hose"].label
    assert in_use.called("gas.never") is None


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


def fail(in_use: RulesInUse, office: Office, rule: str | None, times: int, error: str = "KeyError") -> list[str]:
    """Let the service note so many failures of a rule, one a turn."""
    off: list[str] = []
    for number in range(times):
        in_use._troubles.append(Trouble(rule, f"3-2-50{number % 2 + 1}", error))
        off += in_use.note_troubles(office.rehearsal.clock.now())
    return off


def test_a_rule_that_fails_five_times_is_switched_off_and_the_others_go_on(office: Office, in_use: RulesInUse) -> None:
    off = fail(in_use, office, "gas.service", 5)

    assert off == ["gas.service"]
    assert in_use.catch_up()
    assert "gas.service" not in in_use.matcher.book.by_id
    assert "gas.hose" in in_use.matcher.book.by_id
    assert office.rehearsal.verbs("rule_troubles").count("switched_off") == 1
    in_use.matcher.close()


def test_a_rule_that_fails_four_times_is_only_counted(office: Office, in_use: RulesInUse) -> None:
    assert fail(in_use, office, "gas.service", 4) == []
    assert not in_use.catch_up()
    rows = [row for row in office.rehearsal.rows(RuleTrouble) if isinstance(row, RuleTrouble)]
    assert sorted(row.times for row in rows) == [2, 2]


def test_a_rule_that_calls_out_a_p0_is_never_switched_off(office: Office, in_use: RulesInUse) -> None:
    leak = texts(gas_rules=texts()["gas.rules.yaml"] + HOSE.replace("gas.hose", "gas.leak"))
    office.publish(leak)
    in_use.catch_up()

    assert fail(in_use, office, "gas.leak", 9) == []
    assert "gas.leak" in in_use.matcher.book.by_id
    in_use.matcher.close()


def test_a_rule_that_was_set_right_is_on_again(office: Office, in_use: RulesInUse) -> None:
    fail(in_use, office, "gas.service", 5)
    in_use.catch_up()
    with office.rehearsal.database.writing() as session:
        cleared = troubles.clear(Ledger(session, office.rehearsal.clock.now(), 3), "gas.service")

    assert cleared == 2
    assert in_use.catch_up()
    assert "gas.service" in in_use.matcher.book.by_id
    in_use.matcher.close()


def test_a_households_record_is_counted_but_switches_nothing_off(office: Office, in_use: RulesInUse) -> None:
    assert fail(in_use, office, None, 9) == []
    with office.rehearsal.database.reading() as session:
        keys = troubles.household_keys(session, troubles.uncleared(session))
    assert sorted(keys.values()) == ["3-2-501", "3-2-502"]


def test_a_fault_of_the_engine_is_on_record(office: Office, in_use: RulesInUse) -> None:
    in_use.engine_failed("crash")
    in_use.note_troubles(office.rehearsal.clock.now())

    [row] = office.rehearsal.rows(RuleTrouble)
    assert isinstance(row, RuleTrouble)
    assert (row.rule, row.error) == (troubles.THE_ENGINE, "crash")
