"""From a sheet to rows as they were meant: pure, without a look at what is on record.

    written = read_form(Form.ADDRESSES, open_sheet(content), today)
    written.rows, written.faults

Raises Refused where the file or its heading can't be used at all. Reading goes on after a faulty row, so that one look
tells everything that is wrong.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from assistant.domain.reports import CareGrade
from assistant.exchange.cells import CellReader
from assistant.exchange.columns import Column, Form, find_heading
from assistant.exchange.faults import Fault, Problem, Refused
from assistant.exchange.opening import Cell, Merged, Sheet

#: a list longer than this helps nobody: the rest is counted
MOST_FAULTS = 2_000
_MOST_REMARKS = 200
_MOST_MERGED = 1_000
_TELL_EVERY = 500

#: told how many of how many rows are done
Progress = Callable[[int, int], None]


def tells_nobody(done: int, of: int) -> None:
    """A Progress for whoever does not look."""


@dataclass(frozen=True)
class PersonWritten:
    """A resident as the sheet tells of them; None for what it does not tell or what can't be read."""

    called: str
    sex: str | None = None
    birth_year: int | None = None
    age: int | None = None
    lives_alone: bool | None = None
    disabled: bool | None = None
    care_grade: CareGrade | None = None
    agrees_to_doctor_list: bool | None = None


@dataclass(frozen=True)
class RowWritten:
    """One row whose door could be read. ``unit`` is empty where nothing stood there; an address book has no person."""

    line: int
    estate: str
    building: str
    unit: str
    room: str
    floor: str = ""
    area: str = ""
    person: PersonWritten | None = None


@dataclass
class Findings:
    """What was wrong, and what was read otherwise than it stands there; each list has an end, the counts have not."""

    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    remark_count: int = 0

    def add(self, found: Iterable[Fault]) -> None:
        for each in found:
            if each.is_fault:
                self.fault_count += 1
                if len(self.faults) < MOST_FAULTS:
                    self.faults.append(each)
            else:
                self.remark_count += 1
                if len(self.remarks) < _MOST_REMARKS:
                    self.remarks.append(each)


@dataclass(frozen=True)
class Written:
    """A whole sheet as it was meant. ``count`` is how many rows had anything in them."""

    form: Form
    rows: tuple[RowWritten, ...]
    count: int
    found: Findings


def read_form(form: Form, sheet: Sheet, today: date, on_progress: Progress = tells_nobody) -> Written:
    """Read every row below the heading. Raises Refused for what is wrong with the file as a whole."""
    all_rows = sheet.rows()
    first = list(islice(all_rows, 10))
    heading = find_heading(form, first)
    found = Findings()
    found.add(heading.remarks)
    if sheet.other_sheets:
        found.add([Fault(None, None, Problem.OTHER_SHEETS, sheet.name)])
    merged = [each for each in sheet.merged if each.last > heading.line]
    found.add(Fault(max(each.first, heading.line + 1), None, Problem.MERGED, each.name) for each in merged)
    is_merged = _lines_of(merged[:_MOST_MERGED])
    rows: list[RowWritten] = []
    count = 0
    swaps = _Swaps()
    for line, cells in chain(((line, cells) for line, cells in first if line > heading.line), all_rows):
        if count % _TELL_EVERY == 0:
            on_progress(count, max(sheet.about, count))
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            continue
        count += 1
        picked = heading.pick(cells)
        swaps.look_at(picked)
        if is_merged(line):
            continue
        reader = CellReader(line)
        row = _read_row(form, reader, picked, today)
        found.add(reader.faults)
        if row is not None:
            rows.append(row)
    if not count:
        raise Refused(Problem.NO_ROWS)
    swapped = swaps.columns(count)
    if swapped is not None:
        found = Findings()
        found.add([Fault(heading.line, None, Problem.SWAPPED, swapped)])
    on_progress(count, count)
    return Written(form, tuple(rows), count, found)


def _read_row(form: Form, reader: CellReader, cells: dict[Column, Cell], today: date) -> RowWritten | None:
    """One row, as far as it can be held against the record in the same look; None where its door can't be read."""
    estate = reader.text(Column.ESTATE, cells.get(Column.ESTATE))
    door = _read_door(reader, cells)
    floor: str | None = ""
    area = ""
    person = None
    if form is Form.ADDRESSES:
        floor = reader.floor(Column.FLOOR, cells.get(Column.FLOOR))
        area = reader.text(Column.AREA, cells.get(Column.AREA))
    else:
        person = _read_person(reader, cells, today)
    return None if door is None else RowWritten(reader.line, estate, *door, floor or "", area, person)


def _read_door(reader: CellReader, cells: dict[Column, Cell]) -> tuple[str, str, str] | None:
    has_parts = cells.get(Column.BUILDING) is not None or cells.get(Column.ROOM) is not None
    if Column.DOOR in cells and not has_parts:
        return reader.door(Column.DOOR, cells[Column.DOOR])
    building = reader.building(Column.BUILDING, cells.get(Column.BUILDING))
    unit = reader.unit(Column.UNIT, cells.get(Column.UNIT))
    room = reader.room(Column.ROOM, cells.get(Column.ROOM))
    return None if building is None or unit is None or room is None else (building, unit, room)


def _read_person(reader: CellReader, cells: dict[Column, Cell], today: date) -> PersonWritten:
    called = reader.called(Column.CALLED, cells.get(Column.CALLED))
    return PersonWritten(
        called or "",
        sex=reader.sex(Column.SEX, cells.get(Column.SEX)),
        birth_year=reader.birth_year(Column.BIRTH_YEAR, cells.get(Column.BIRTH_YEAR), today),
        age=reader.age(Column.AGE, cells.get(Column.AGE)),
        lives_alone=reader.yes_or_no(Column.LIVES_ALONE, cells.get(Column.LIVES_ALONE)),
        disabled=reader.yes_or_no(Column.DISABLED, cells.get(Column.DISABLED)),
        care_grade=reader.care_grade(Column.CARE_GRADE, cells.get(Column.CARE_GRADE)),
        agrees_to_doctor_list=reader.yes_or_no(Column.DOCTOR_LIST, cells.get(Column.DOCTOR_LIST)),
    )


@dataclass
class _Swaps:
    """Counts rows that would make sense with two columns the other way round: one fault, not one for each row."""

    unit_and_room: int = 0
    name_and_sex: int = 0

    def look_at(self, cells: dict[Column, Cell]) -> None:
        unit, room = _bare(cells.get(Column.UNIT)), _bare(cells.get(Column.ROOM))
        self.unit_and_room += unit.isdecimal() and room.isdecimal() and len(unit) >= 3 > len(room)
        self.name_and_sex += _bare(cells.get(Column.CALLED)) in ("男", "女") and bool(_bare(cells.get(Column.SEX)))

    def columns(self, of: int) -> str | None:
        """The two columns that most rows have the wrong way round; None where most have not."""
        if self.unit_and_room * 2 > of:
            return f"{Column.UNIT}”和“{Column.ROOM}"
        if self.name_and_sex * 2 > of:
            return f"{Column.CALLED}”和“{Column.SEX}"
        return None


def _bare(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip().removesuffix("室").removesuffix("单元") if isinstance(cell, str | int) else ""


def _lines_of(merged: Iterable[Merged]) -> Callable[[int], bool]:
    spans: list[tuple[int, int]] = sorted((each.first, each.last) for each in merged)

    def is_merged(line: int) -> bool:
        return any(first <= line <= last for first, last in _from(spans, line))

    return is_merged


def _from(spans: list[tuple[int, int]], line: int) -> Iterator[tuple[int, int]]:
    for span in spans:
        if span[0] > line:
            return
        yield span
