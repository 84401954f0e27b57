"""What goes back to the person who brings a sheet: an empty template, and the list of what is wrong with theirs."""

import io
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from assistant.exchange.columns import EXAMPLES, TEMPLATES, Form
from assistant.exchange.faults import Fault
from assistant.exchange.matching import Plan
from assistant.exchange.tables import Table
from assistant.exchange.writing import write_csv

_FAULT_COLUMNS = ("行", "列", "问题", "怎么改")


def template_of(form: Form) -> bytes:
    """An .xlsx with the form's heading and two lines of example; every column is text, so that 3-2 becomes no date."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(form.name_said)
    sheet.freeze_panes = "A2"
    for place, _ in enumerate(TEMPLATES[form], 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width, column.number_format = 16, "@"
    for number, row in enumerate((TEMPLATES[form], *EXAMPLES[form])):
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            cell.number_format = "@"
            cell.font = Font(bold=number == 0)
        sheet.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def faults_as_csv(plan: Plan, path: Path) -> None:
    """Every fault and remark that was kept, a row each, to be mended beside the sheet."""
    write_csv(fault_table((*plan.found.faults, *plan.found.remarks)), path)


def fault_table(found: Iterable[Fault]) -> Table:
    """Faults as rows."""
    rows = ((each.line, each.column, each.what, each.mend) for each in found)
    return Table("问题", _FAULT_COLUMNS, rows)
