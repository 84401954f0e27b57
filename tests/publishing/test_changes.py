"""What a comparison of two books says, and how far a change reaches."""

from datetime import date
from pathlib import Path

import pytest

from assistant.publishing.changes import Changes, compare, dates_in_the_past
from assistant.publishing.replaying import backtest
from rules.engine.book import load_rules
from rules.engine.edition import unpack
from tests.publishing.conftest import OLDER, Office, texts
from tests.rules.conftest import HOSE, PARAMETERS
from tests.turn.rehearsal import START, ZONE

TODAY = date(2026, 3, 5)


def compared(new: dict[str, str], cache: Path) -> Changes:
    return compare(load_rules(unpack(texts(), cache)), load_rules(unpack(new, cache)), TODAY)


def test_the_same_book_differs_in_nothing(tmp_path: Path) -> None:
    assert compared(texts(), tmp_path).is_empty


def test_a_moved_number_is_told_with_its_days_and_reaches_the_rules_that_use_it(tmp_path: Path) -> None:
    changes = compared(OLDER, tmp_path)

    assert changes.rules == ()
    [line] = changes.parameters
    assert "very_old 高龄:2026-01-01 起 80岁 → 2026-01-01 起 80岁,2026-03-01 起 85岁" in line
    assert changes.reach.rules == {"gas.hose-old"}
    assert changes.reach.kinds == {"gas.hose"}
    assert not changes.reach.anybody
    assert changes.reach.fits("gas.hose")
    assert not changes.reach.fits("gas.leak")


def test_an_added_a_removed_and_a_changed_rule_are_told_in_words(tmp_path: Path) -> None:
    new = texts(gas_rules=HOSE.replace("severity: default", "severity: P1") + HOSE.replace("gas.hose", "gas.leak"))

    changes = compared(new, tmp_path)

    assert {each.rule: each.how for each in changes.rules} == {
        "gas.hose": "改动",
        "gas.hose-old": "去掉",
        "gas.leak": "新增",
        "gas.service": "去掉",
    }
    [changed] = [each for each in changes.rules if each.rule == "gas.hose"]
    assert changed.lines == (
        "- 结论:标记 P2;找燃气公司:换软管(按等级的期限)",
        "+ 结论:标记 P1;找燃气公司:换软管(按等级的期限)",
    )


def test_a_comment_is_no_change(tmp_path: Path) -> None:
    assert compared(texts(gas_rules="# 说明\n" + texts()["gas.rules.yaml"]), tmp_path).is_empty


def test_a_rule_that_names_no_finding_reaches_anybody(tmp_path: Path) -> None:
    miss = HOSE.replace("id: gas.hose", "id: gas.missed").replace("{finding: gas.hose}", "{visit: missed}")
    new = texts(gas_rules=texts()["gas.rules.yaml"] + miss.replace("severity: default", "severity: P3"))

    assert compared(new, tmp_path).reach.anybody


def test_a_number_set_back_in_time_is_refused_with_the_way_out(tmp_path: Path) -> None:
    new = texts(parameters=PARAMETERS.replace("{2026-01-01: 80}", "{2026-01-01: 85}"))

    [fault] = dates_in_the_past(load_rules(unpack(texts(), tmp_path)), load_rules(unpack(new, tmp_path)), TODAY)

    assert "parameters.yaml" in fault.file
    assert fault.line == 7
    assert "very_old" in str(fault)
    assert "另加一行 2026-03-05: 85" in str(fault)


def test_a_number_for_a_day_to_come_is_right(tmp_path: Path) -> None:
    new = texts(parameters=PARAMETERS.replace("{2026-01-01: 80}", "{2026-01-01: 80, 2026-03-05: 85}"))

    assert (
        list(dates_in_the_past(load_rules(unpack(texts(), tmp_path)), load_rules(unpack(new, tmp_path)), TODAY)) == []
    )


@pytest.mark.parametrize(
    ("new", "newly", "no_longer", "gas"),
    [
        (OLDER, ["gas.hose"], ["gas.hose-old"], (3, 3)),
        (texts(gas_rules=HOSE), ["gas.hose"], ["gas.hose-old", "gas.service"], (3, 2)),
        (texts(), [], [], (3, 3)),
    ],
    ids=["a threshold", "fewer rules", "the same"],
)
def test_a_backtest_tells_what_would_have_been_otherwise(
    office: Office, new: dict[str, str], newly: list[str], no_longer: list[str], gas: tuple[int, int]
) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose; 3-2-502 met gas.hose; 1-1-101 met gas.service")

    with office.rehearsal.database.reading() as session:
        result = backtest(session, office.matcher(texts()), office.matcher(new), START, ZONE)

    assert result.looked_at == 3
    assert [flag.rule for _, flag in result.newly] == newly
    assert sorted(flag.rule for _, flag in result.no_longer) == no_longer
    assert {owner.value: load for owner, load in result.by_owner.items()} == {"gas": gas}
    assert result.by_worker == {"刘大姐": (0, 0)}
