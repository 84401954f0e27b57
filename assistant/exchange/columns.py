"""The columns of the forms that can be brought in, and where they stand in somebody's sheet.

A heading is known by any of its names, wherever it stands in the first rows; a title above it does not matter.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.exchange.faults import Fault, Problem, Refused
from assistant.exchange.opening import Cell

_LOOK_AT = 10


class Form(StrEnum):
    """What can be brought in."""

    ADDRESSES = "addresses"
    RESIDENTS = "residents"

    @property
    def name_said(self) -> str:
        return {Form.ADDRESSES: "地址簿", Form.RESIDENTS: "居民"}[self]


class Column(StrEnum):
    """A column by its heading in our own templates."""

    ESTATE = "小区"
    DOOR = "门牌"
    BUILDING = "楼栋"
    UNIT = "单元"
    ROOM = "房号"
    FLOOR = "楼层"
    AREA = "微网格"
    CALLED = "称呼"
    SEX = "性别"
    BIRTH_YEAR = "出生年"
    AGE = "年龄"
    LIVES_ALONE = "独居"
    DISABLED = "残疾"
    CARE_GRADE = "照护等级"
    DOCTOR_LIST = "同意上医生名单"


_OTHER_NAMES: dict[Column, tuple[str, ...]] = {
    Column.ESTATE: ("小区名称", "院落", "楼盘", "小区名"),
    Column.DOOR: ("门牌号", "地址", "详细地址", "住址"),
    Column.BUILDING: ("栋", "楼", "楼号", "幢", "栋号", "楼栋号", "楼幢"),
    Column.UNIT: ("单元号",),
    Column.ROOM: ("房间", "房间号", "室", "户号", "室号", "房屋号"),
    Column.FLOOR: ("层", "层数", "所在楼层"),
    Column.AREA: ("网格", "所属微网格", "微网格名称", "所属网格"),
    Column.CALLED: ("姓名", "户主", "住户", "居民", "名字", "居民姓名", "户主姓名"),
    Column.SEX: ("男女",),
    Column.BIRTH_YEAR: ("出生年份", "生年", "出生年月"),
    Column.AGE: ("岁数", "周岁"),
    Column.LIVES_ALONE: ("是否独居", "独居老人"),
    Column.DISABLED: ("是否残疾", "残障", "残疾人"),
    Column.CARE_GRADE: ("关爱等级", "照护级别", "三色等级", "三色分级"),
    Column.DOCTOR_LIST: ("是否同意上医生名单", "家庭医生名单", "同意家医名单"),
}
_DOOR_COLUMNS = (Column.ESTATE, Column.DOOR, Column.BUILDING, Column.UNIT, Column.ROOM)
COLUMNS: dict[Form, tuple[Column, ...]] = {
    Form.ADDRESSES: (*_DOOR_COLUMNS, Column.FLOOR, Column.AREA),
    Form.RESIDENTS: (
        *_DOOR_COLUMNS,
        Column.CALLED,
        Column.SEX,
        Column.BIRTH_YEAR,
        Column.AGE,
        Column.LIVES_ALONE,
        Column.DISABLED,
        Column.CARE_GRADE,
        Column.DOCTOR_LIST,
    ),
}
_BY_NAME: dict[Form, dict[str, Column]] = {
    form: {name: column for column in columns for name in (column.value, *_OTHER_NAMES[column])}
    for form, columns in COLUMNS.items()
}
#: what a template has: the door in its parts, the year rather than an age that grows old
TEMPLATES: dict[Form, tuple[Column, ...]] = {
    form: tuple(column for column in columns if column not in (Column.DOOR, Column.AGE))
    for form, columns in COLUMNS.items()
}
EXAMPLES: dict[Form, tuple[tuple[str, ...], ...]] = {
    Form.ADDRESSES: (
        ("怡丽佳苑", "3", "2", "501", "5", "二号微网格"),
        ("怡丽佳苑", "3", "2", "502", "5", "二号微网格"),
    ),
    Form.RESIDENTS: (
        ("怡丽佳苑", "3", "2", "501", "张大爷", "男", "1944", "是", "", "黄", "否"),
        ("怡丽佳苑", "3", "2", "502", "李大姐", "女", "", "", "", "", ""),
    ),
}


@dataclass(frozen=True)
class Heading:
    """Which column of the sheet holds what; ``line`` is the heading's row."""

    line: int
    places: Mapping[Column, int]
    remarks: tuple[Fault, ...] = ()

    def pick(self, cells: Sequence[Cell]) -> dict[Column, Cell]:
        """A row's cells by their column; None for what the row or the sheet lacks."""
        return {column: cells[place] if place < len(cells) else None for column, place in self.places.items()}


def find_heading(form: Form, rows: Iterable[tuple[int, Sequence[Cell]]]) -> Heading:
    """The heading in the first rows. Raises Refused where there is none, or a column is missing or there twice."""
    best: tuple[int, Sequence[Cell], list[Column | None]] | None = None
    for line, cells in rows:
        if line > _LOOK_AT:
            break
        named = [_column_of(form, cell) for cell in cells]
        if best is None or _count(named) > _count(best[2]):
            best = line, cells, named
    if best is None or _count(best[2]) < 2:
        raise Refused(Problem.NO_HEADING, "、".join(TEMPLATES[form]))
    line, cells, named = best
    places: dict[Column, int] = {}
    for place, column in enumerate(named):
        if column is None:
            continue
        if column in places:
            raise Refused(Problem.COLUMN_TWICE, column)
        places[column] = place
    _require_columns(form, places)
    left_out = [_text(cell) for cell, column in zip(cells, named, strict=True) if column is None and _text(cell)]
    remarks = (Fault(line, None, Problem.LEFT_OUT, "、".join(left_out)),) if left_out else ()
    return Heading(line, places, remarks)


def _require_columns(form: Form, places: Mapping[Column, int]) -> None:
    needed = [] if Column.DOOR in places else [Column.BUILDING, Column.ROOM]
    if form is Form.RESIDENTS:
        needed.append(Column.CALLED)
    for column in needed:
        if column not in places:
            raise Refused(Problem.MISSING_COLUMN, column)


def _count(named: Sequence[Column | None]) -> int:
    return sum(column is not None for column in named)


def _column_of(form: Form, cell: Cell) -> Column | None:
    return _BY_NAME[form].get(_text(cell))


def _text(cell: Cell) -> str:
    """A heading without blanks, stars and what stands in brackets: ``＊称呼（必填）`` → ``称呼``."""
    if not isinstance(cell, str):
        return ""
    return re.sub(r"\(.*?\)|[\s*:]", "", unicodedata.normalize("NFKC", cell))
