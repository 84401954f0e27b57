"""Read single cells: what a person meant by ``３栋``, ``501室``, ``是``.

    read = CellReader(12)                                   # one row
    building = read.building(Column.BUILDING, "３栋")        # "3", and a remark in read.faults

What can't be read is None and a fault, never a guess.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from assistant.domain.reports import CareGrade
from assistant.exchange.columns import Column
from assistant.exchange.faults import Fault, Problem
from assistant.exchange.opening import Cell

_BUILDING = re.compile(r"(?:第)?([A-Za-z]?\d{1,4}[A-Za-z]?|[A-Za-z])(?:栋|幢|座|号楼|楼|#|号)?")
_UNIT = re.compile(r"(?:第)?([A-Za-z]|\d{1,2})(?:单元)?")
_ROOM = re.compile(r"([A-Za-z]?\d{1,5}[A-Za-z]?)(?:室|房|号)?")
_FLOOR = re.compile(r"(?:第)?(-?\d{1,3})(?:层|楼|F|f)?")
_DOOR = re.compile(
    r"([A-Za-z]?\d{1,4}[A-Za-z]?|[A-Za-z])(?:栋|幢|座|号楼|-)"
    r"(?:([A-Za-z]|\d{1,2})(?:单元|-))?"
    r"([A-Za-z]?\d{1,5}[A-Za-z]?)(?:室|房|号)?"
)
_NO_UNIT = {"/", "无", "没有", "-", "—", "不分单元", "无单元"}
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_LONG_NUMBER = re.compile(r"\d{7}")
_LONGEST_NAME = 20
_SEXES = {"男": "m", "女": "f", "m": "m", "f": "f"}
_YES, _NO = {"是", "有", "1", "√", "✓", "y", "yes", "对"}, {"否", "无", "没有", "0", "×", "x", "n", "no", "不是"}
_GRADES = {grade.called: grade for grade in CareGrade}
_OLDEST, _MOST_YEARS = 1900, 130

Read = TypeVar("Read")


@dataclass
class CellReader:
    """Reads one row's cells and keeps what was wrong with them."""

    line: int
    faults: list[Fault] = field(default_factory=list)

    def finds(self, column: Column, problem: Problem, it: str = "") -> None:
        """Keep a fault or a remark about this row."""
        self.faults.append(Fault(self.line, column, problem, it))

    def text(self, column: Column, cell: Cell, *, is_number: bool = False) -> str:
        """What stands there without outer blanks, half-width where it is a number; empty where nothing does."""
        match cell:
            case None:
                return ""
            case bool():
                return "是" if cell else "否"
            case datetime() | date() | time():
                self.finds(column, Problem.BECAME_DATE, cell.isoformat()[:10])
                return ""
            case float():
                written = str(int(cell)) if cell.is_integer() else str(cell)
            case int():
                written = str(cell)
            case str():
                written = cell.strip().strip("\u200b\ufeff'").strip()
        if written in _ERRORS:
            self.finds(column, Problem.CELL_ERROR, written)
            return ""
        if isinstance(cell, str) and written.startswith("="):
            self.finds(column, Problem.FORMULA)
            return ""
        plain = unicodedata.normalize("NFKC", written)
        if is_number and plain != written:
            self.finds(column, Problem.FULL_WIDTH, written)
        return plain if is_number else written

    def building(self, column: Column, cell: Cell) -> str | None:
        """``3``, ``3栋``, ``A座``."""
        return self._part(column, cell, _BUILDING, Problem.NOT_A_BUILDING)

    def unit(self, column: Column, cell: Cell) -> str | None:
        """``2``, ``2单元``; ``0`` where it says that there are none; empty where nothing stands there."""
        written = self.text(column, cell, is_number=True)
        if not written:
            return ""
        return "0" if written in _NO_UNIT else self._part(column, cell, _UNIT, Problem.NOT_A_UNIT, written)

    def room(self, column: Column, cell: Cell) -> str | None:
        """``501``, ``501室``."""
        return self._part(column, cell, _ROOM, Problem.NOT_A_ROOM)

    def floor(self, column: Column, cell: Cell) -> str | None:
        """``5``, ``5楼``; empty where nothing stands there."""
        written = self.text(column, cell, is_number=True)
        if not written:
            return ""
        found = _FLOOR.fullmatch(written)
        if found is None:
            self.finds(column, Problem.FLOOR_DISAGREES, written)
            return None
        return found[1]

    def door(self, column: Column, cell: Cell) -> tuple[str, str, str] | None:
        """``3-2-501``, ``3栋2单元501室``, ``12栋301``: building, unit (may be empty), room."""
        written = self.text(column, cell, is_number=True).replace(" ", "")
        found = _DOOR.fullmatch(written)
        if found is None:
            if not self.faults or self.faults[-1].column != column or not self.faults[-1].is_fault:
                self.finds(column, Problem.NOT_A_DOOR, written)
            return None
        building, unit, room = (part or "" for part in found.groups())
        return self._plain(column, building), self._plain(column, unit), self._plain(column, room)

    def called(self, column: Column, cell: Cell) -> str | None:
        """How a resident is called; a phone or ID number does not belong there."""
        before = len(self.faults)
        written = " ".join(self.text(column, cell).split())
        if len(self.faults) > before:
            return None
        for is_wrong, problem in (
            (not written, Problem.NO_NAME),
            (_LONG_NUMBER.search(unicodedata.normalize("NFKC", written)) is not None, Problem.NUMBER_IN_NAME),
            (len(written) > _LONGEST_NAME, Problem.NAME_TOO_LONG),
        ):
            if is_wrong:
                self.finds(column, problem)
                return None
        return written

    def sex(self, column: Column, cell: Cell) -> str | None:
        return self._one_of(column, cell, lambda written: _SEXES.get(written.removesuffix("性")), Problem.NOT_A_SEX)

    def yes_or_no(self, column: Column, cell: Cell) -> bool | None:
        """True, False, or None where nothing stands there: that is never read as "no"."""

        def meant(written: str) -> bool | None:
            return True if written in _YES else False if written in _NO else None

        return self._one_of(column, cell, meant, Problem.NOT_YES_OR_NO)

    def care_grade(self, column: Column, cell: Cell) -> CareGrade | None:
        """``红``, ``黄色``, ``蓝级``; ``无`` takes a grade back. None where nothing stands there."""
        return self._one_of(column, cell, lambda written: _GRADES.get(written.rstrip("色级")), Problem.NOT_A_GRADE)

    def birth_year(self, column: Column, cell: Cell, today: date) -> int | None:
        """The year, also out of a full date of birth."""
        if isinstance(cell, date):
            cell = cell.year
        elif isinstance(cell, str) and (found := re.fullmatch(r"\s*(\d{4})\s*[-./年]\s*\d{1,2}.*", cell)):
            cell = found[1]
        return self._number(column, cell, _OLDEST, today.year, Problem.NOT_A_YEAR)

    def age(self, column: Column, cell: Cell) -> int | None:
        bare = cell.strip().removesuffix("岁") if isinstance(cell, str) else cell
        return self._number(column, bare, 0, _MOST_YEARS, Problem.NOT_AN_AGE)

    def _number(self, column: Column, cell: Cell, least: int, most: int, problem: Problem) -> int | None:
        def meant(written: str) -> int | None:
            is_number = written.isascii() and written.isdecimal() and len(written) <= 4
            return int(written) if is_number and least <= int(written) <= most else None

        return self._one_of(column, cell, meant, problem)

    def _one_of(self, column: Column, cell: Cell, meant: Callable[[str], Read | None], problem: Problem) -> Read | None:
        written = self.text(column, cell, is_number=True).lower()
        value = meant(written) if written else None
        if written and value is None:
            self.finds(column, problem, written)
        return value

    def _part(
        self, column: Column, cell: Cell, pattern: re.Pattern[str], problem: Problem, written: str | None = None
    ) -> str | None:
        before = len(self.faults)
        written = self.text(column, cell, is_number=True) if written is None else written
        found = pattern.fullmatch(written.replace(" ", ""))
        if found is None:
            if not any(fault.is_fault for fault in self.faults[before:]):
                self.finds(column, problem, written or "空着")
            return None
        return self._plain(column, found[1])

    def _plain(self, column: Column, part: str) -> str:
        """``0501`` → ``501``: as workers say and write it."""
        if part.isdecimal() and part != "0" and part.startswith("0"):
            plain = part.lstrip("0") or "0"
            self.finds(column, Problem.LEADING_ZERO, part)
            return plain
        return part.upper()
