"""Write a form as .xlsx or .csv, so that nothing in it is ever run when somebody opens it.

What a resident or worker wrote may begin like a formula (``=cmd|…``, ``+49…``). In a workbook such a cell is marked as
text; a CSV has no such mark, there the text gets an apostrophe before it (OWASP, "CSV Injection"). A CSV is UTF-8 with
the mark that Excel needs to see that.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from assistant.domain.errors import NotUnderstood
from assistant.exchange.tables import Table, Value

#: what Excel can hold
MOST_ROWS = 1_000_000
_LONGEST_TEXT = 32_000
_STARTS_A_FORMULA = re.compile(r"[\s'\"]*[=+\-@|]|[\t\r\n]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BOLD = Font(bold=True)
_HEADING = PatternFill("solid", fgColor="EFEAE0")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_WIDE = 46
_WIDTHS = {"描述": _WIDE, "巡查走访情况": _WIDE, "走访记录": _WIDE, "依据": _WIDE, "情况": _WIDE, "下一步": 36}
_USUAL_WIDTH, _SHORTEST_WIDTH = 16, 8


def could_run(text: str) -> bool:
    """Would a spreadsheet program take this text for a formula? Full-width signs count: some programs fold them."""
    return _STARTS_A_FORMULA.match(unicodedata.normalize("NFKC", text)) is not None


def write_csv(table: Table, path: Path) -> int:
    """Write the form, and give the number of its rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        return _write_rows(table, file)


def csv_bytes(table: Table) -> bytes:
    """A short list as the content of a .csv."""
    kept = io.StringIO(newline="")
    _write_rows(table, kept)
    return kept.getvalue().encode("utf-8-sig")


def _write_rows(table: Table, file: TextIO) -> int:
    writer = csv.writer(file)
    writer.writerow(table.columns)
    count = 0
    for row in table.rows:
        count = _one_more(count)
        writer.writerow([_as_text(value) for value in row])
    return count


def write_excel(table: Table, path: Path, about: Sequence[tuple[str, str]], now: datetime) -> int:
    """Write the form with a second sheet that says where it came from (``about``), and give the number of its rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name + ("(AI整理)" if table.is_summary else ""))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, 1):
        width = _WIDTHS.get(column, max(_SHORTEST_WIDTH, min(_USUAL_WIDTH, 2 * len(column) + 4)))
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_heading_cell(sheet, column) for column in table.columns])
    count = 0
    for row in table.rows:
        count = _one_more(count)
        sheet.append([_cell(sheet, value) for value in row])
    origin = book.create_sheet("说明")
    origin.column_dimensions["A"].width, origin.column_dimensions["B"].width = 18, 90
    for name, said in (*about, ("行数", str(count))):
        origin.append([_heading_cell(origin, name), _cell(origin, said)])
    properties = book.properties
    properties.creator, properties.title, properties.created = "微光", table.name, now.replace(tzinfo=None)
    properties.description = "；".join(f"{name}：{said}" for name, said in about)
    properties.keywords = "AI整理" if table.is_summary else None
    book.save(path)
    return count


def _one_more(count: int) -> int:
    if count >= MOST_ROWS:
        raise NotUnderstood(f"超过 {MOST_ROWS:,} 行，表格装不下", "请把日子分成几段")
    return count + 1


def _heading_cell(sheet: WriteOnlyWorksheet, said: str) -> Cell:
    cell = WriteOnlyCell(sheet, said)
    cell.font, cell.fill = _BOLD, _HEADING
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> Cell | Value:
    if not isinstance(value, str):
        return value
    text = _printable(value)
    cell = WriteOnlyCell(sheet, text)
    if could_run(text):
        # as text, whatever it begins with, also after somebody has edited the cell
        cell.data_type = "s"
        cell.quotePrefix = True
    cell.alignment = _WRAPPED
    return cell


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date) else str(value)
    text = _printable(value)
    return f"'{text}" if could_run(text) else text


def _printable(text: str) -> str:
    clean = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return clean if len(clean) <= _LONGEST_TEXT else clean[:_LONGEST_TEXT] + "……"
