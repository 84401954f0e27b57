"""No cell of ours is ever run by the program that opens it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from assistant.exchange.tables import Table
from assistant.exchange.writing import could_run, write_csv, write_excel
from tests.console.world import NOW

EVIL = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "  =1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＠SUM(A1)",
    "'=1+1",
    "|calc",
    '"=1+1',
]


@pytest.mark.parametrize("text", EVIL)
def test_a_csv_has_an_apostrophe_before_whatever_could_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "表.csv"

    write_csv(Table("表", ("话",), iter([(text,)])), path)

    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", EVIL)
def test_a_workbook_marks_it_as_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "表.xlsx"

    write_excel(Table("表", ("话",), iter([(text,)])), path, [], NOW)

    cell = load_workbook(path)["表"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix is True


@pytest.mark.parametrize("text", ["软管老化", "3-2-501", "他说=没事", "", "82岁"])
def test_usual_words_stay_as_they_are(text: str) -> None:
    assert not could_run(text)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
@settings(max_examples=30)
def test_whatever_somebody_wrote_can_be_written_and_no_cell_becomes_a_formula(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("out") / "表.xlsx"

    write_excel(Table("表", ("话",), iter([(text,) for text in texts])), path, [], NOW)

    assert not [cell for (cell,) in load_workbook(path)["表"].iter_rows(min_row=2) if cell.data_type == "f"]
