"""A spreadsheet with something wrong in it: the list says where and how to mend it, and nothing is written."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.exchange.bringing import bring_in, look_at
from assistant.exchange.columns import Form
from assistant.exchange.faults import Problem, Refused
from assistant.exchange.opening import open_sheet
from assistant.exchange.reading import read_form
from assistant.storage.database import Database
from tests.console.world import NOW, World
from tests.exchange.conftest import Record
from tests.exchange.sheets import (
    ADDRESSES,
    OLD_EXCEL,
    RESIDENTS,
    WITH_PASSWORD,
    bomb,
    excel,
    text,
    with_entities,
)

A, R = Form.ADDRESSES, Form.RESIDENTS
GOOD = ("怡丽佳苑", 5, 1, 101, 1, "一号微网格")
WANG = ("怡丽佳苑", 3, 2, 501, "王婆婆", "女", 1944, "是", None, None, None)


def door(**changed: object) -> tuple[object, ...]:
    return tuple((dict(zip(ADDRESSES, GOOD, strict=True)) | changed).values())


def person(**changed: object) -> tuple[object, ...]:
    return tuple((dict(zip(RESIDENTS, WANG, strict=True)) | changed).values())


#: what is wrong: form, rows below the heading, (line, column, problem)
IN_A_ROW: dict[str, tuple[Form, Sequence[tuple[Any, ...]], tuple[int, str, Problem]]] = {
    "an unknown estate": (A, [door(小区="别的小区")], (2, "小区", Problem.UNKNOWN_ESTATE)),
    "no building": (A, [door(楼栋=None)], (2, "楼栋", Problem.NOT_A_BUILDING)),
    "a building in words": (A, [door(楼栋="东边那栋")], (2, "楼栋", Problem.NOT_A_BUILDING)),
    "a letter O for a zero": (A, [door(房号="5O1室")], (2, "房号", Problem.NOT_A_ROOM)),
    "a unit that is none": (A, [door(单元="左边")], (2, "单元", Problem.NOT_A_UNIT)),
    "a unit left out": (A, [GOOD, door(单元=None, 房号=102)], (3, "单元", Problem.NO_UNIT)),
    "a floor that disagrees": (A, [door(楼层=7)], (2, "楼层", Problem.FLOOR_DISAGREES)),
    "a door twice": (A, [GOOD, door(房号="101室")], (3, "房号", Problem.DOOR_TWICE)),
    "an unknown micro-grid": (A, [door(微网格="九号微网格")], (2, "微网格", Problem.UNKNOWN_AREA)),
    "another grid's area": (A, [door(微网格="第二网格")], (2, "微网格", Problem.UNKNOWN_AREA)),
    "no micro-grid": (A, [door(微网格=None)], (2, "微网格", Problem.NO_AREA)),
    "a door of another micro-grid": (
        A,
        [door(楼栋=3, 单元=2, 房号=501, 楼层=5, 微网格="二号微网格")],
        (2, "微网格", Problem.OTHER_AREA),
    ),
    "a door that became a date": (A, [door(房号=date(2026, 5, 1))], (2, "房号", Problem.BECAME_DATE)),
    "a formula": (A, [door(房号="=A1+1")], (2, "房号", Problem.FORMULA)),
    "a broken formula's result": (A, [door(房号="#REF!")], (2, "房号", Problem.CELL_ERROR)),
    "an unknown building": (R, [person(楼栋=99)], (2, "楼栋", Problem.UNKNOWN_BUILDING)),
    "an unknown door": (R, [person(房号=909)], (2, "房号", Problem.UNKNOWN_DOOR)),
    "no name": (R, [person(称呼=None)], (2, "称呼", Problem.NO_NAME)),
    "a phone number in the name": (R, [person(称呼="王婆婆13800000000")], (2, "称呼", Problem.NUMBER_IN_NAME)),
    "a story for a name": (
        R,
        [person(称呼="住在三栋那个经常去买菜的王婆婆她女儿在外地")],
        (2, "称呼", Problem.NAME_TOO_LONG),
    ),
    "a person twice": (R, [WANG, WANG], (3, "称呼", Problem.PERSON_TWICE)),
    "a sex that is none": (R, [person(性别="老人")], (2, "性别", Problem.NOT_A_SEX)),
    "a year that is none": (R, [person(出生年=82)], (2, "出生年", Problem.NOT_A_YEAR)),
    "neither yes nor no": (R, [person(独居="有时候")], (2, "独居", Problem.NOT_YES_OR_NO)),
    "a grade that is none": (R, [person(照护等级="橙")], (2, "照护等级", Problem.NOT_A_GRADE)),
}


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """What is wrong with a sheet hangs on no server."""
    opened = Database.open(sqlite_url)
    yield opened
    opened.close()


HEADED = {A: ADDRESSES, R: RESIDENTS}


@pytest.mark.parametrize(
    ("what", "make"),
    # a CSV has no dates: there the cell is only text
    [(what, make) for what in IN_A_ROW for make in (excel, text) if make is excel or "date" not in what],
)
def test_a_faulty_row_is_named_with_its_remedy_and_nothing_is_written(
    world: World, record: Record, what: str, make: Any
) -> None:
    form, rows, expected = IN_A_ROW[what]
    before = record()

    plan = bring_in(world.database, world.viewer(), form, make([HEADED[form], *rows]), NOW, file_name="来自社区的表格")

    assert [(fault.line, fault.column, fault.problem) for fault in plan.found.faults] == [expected]
    assert plan.found.faults[0].mend
    assert record() == before


WORKBOOK = excel([ADDRESSES, *[door(房号=100 * floor + 1, 楼层=floor) for floor in range(1, 20)]])

REFUSED: dict[str, tuple[bytes, Problem]] = {
    "nothing": (b"", Problem.EMPTY_FILE),
    "an .xls that was renamed": (OLD_EXCEL, Problem.OLD_EXCEL),
    "a workbook with a password": (WITH_PASSWORD, Problem.ENCRYPTED),
    "a zip bomb": (bomb(), Problem.BOMB),
    "entities that grow": (with_entities(), Problem.BOMB),
    "half a workbook": (excel([ADDRESSES, GOOD])[:2000], Problem.BROKEN),
    "a web page": (b"<html><table><tr><td>1</td></tr></table></html>", Problem.WEB_PAGE),
    "a PDF": (b"%PDF-1.7 ...", Problem.OTHER_FILE),
    "no text that can be read": (b"\xff\x81\xff\xff,1", Problem.NO_ENCODING),
    "a sheet of 31 MB": (b"a," * (31 * 512 * 1024), Problem.TOO_LARGE),
    "no heading": (excel([("一", "二"), ("三", "四")]), Problem.NO_HEADING),
    "a heading alone": (excel([ADDRESSES]), Problem.NO_ROWS),
    "a column that is missing": (
        excel([("小区", "楼栋", "微网格"), ("怡丽佳苑", 3, "一号微网格")]),
        Problem.MISSING_COLUMN,
    ),
    "a column twice": (excel([(*ADDRESSES, "房间号"), (*GOOD, 102)]), Problem.COLUMN_TWICE),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_can_not_be_used_is_refused_as_a_whole(world: World, record: Record, what: str) -> None:
    content, problem = REFUSED[what]
    before = record()

    with pytest.raises(Refused) as refused:
        bring_in(world.database, world.viewer(), A, content, NOW, file_name="地址簿.xlsx")

    assert refused.value.fault.problem is problem
    assert refused.value.fault.mend
    assert record() == before


def test_swapped_columns_are_one_fault_and_not_one_for_each_row(world: World) -> None:
    rows = [("怡丽佳苑", 5, 100 * floor + 1, 1, floor, "一号微网格") for floor in range(1, 7)]

    plan = look_at(world.database, world.viewer(), A, excel([ADDRESSES, *rows]), NOW.date())

    assert [str(fault) for fault in plan.found.faults] == ["第1行：“单元”和“房号”两列像是填反了。请把两列的表头对调"]


def test_names_and_sexes_the_wrong_way_round_are_told_too(world: World) -> None:
    plan = look_at(world.database, world.viewer(), R, excel([RESIDENTS, person(称呼="女", 性别="王婆婆")]), NOW.date())

    assert [fault.problem for fault in plan.found.faults] == [Problem.SWAPPED]


def test_merged_cells_in_the_rows_are_a_fault_and_a_merged_title_is_none(world: World) -> None:
    title = ("怡丽佳苑住户登记表", *[None] * 5)
    rows = [title, ADDRESSES, GOOD, door(楼栋=None, 房号=102), door(房号=103)]

    plan = look_at(world.database, world.viewer(), A, excel(rows, merged=["A1:F1", "B3:B4"]), NOW.date())

    assert [str(fault) for fault in plan.found.faults] == ["第3行：B3:B4 是合并的格子。请取消合并，每一行都填上"]


def test_full_width_digits_and_leading_zeros_are_read_and_told(world: World) -> None:
    plan = look_at(world.database, world.viewer(), A, excel([ADDRESSES, door(楼栋="５栋", 房号="0101室")]), NOW.date())

    assert not plan.found.fault_count
    assert str(plan.doors[0].key) == "5-1-101"
    assert {remark.problem for remark in plan.found.remarks} == {Problem.FULL_WIDTH, Problem.LEADING_ZERO}


def test_numbers_that_are_not_kept_are_told_of(world: World) -> None:
    rows = [(*RESIDENTS, "身份证号"), (*WANG, "510000194401010000")]

    plan = look_at(world.database, world.viewer(), R, excel(rows), NOW.date())

    assert [str(remark) for remark in plan.found.remarks] == [
        "第1行：不导入的列：身份证号。微光不存证件号、电话，也不认识的列不读"
    ]


def test_all_that_is_wrong_with_a_row_is_told_in_one_look(world: World) -> None:
    row = person(房号=909, 性别="老人", 独居="有时候")

    plan = look_at(world.database, world.viewer(), R, excel([RESIDENTS, row]), NOW.date())

    assert {fault.column for fault in plan.found.faults} == {"房号", "性别", "独居"}


def test_a_faulty_row_among_good_ones_keeps_all_of_them_out(world: World, record: Record) -> None:
    rows = [door(房号=100 * floor + 1, 楼层=floor) for floor in range(1, 40)]
    before = record()

    plan = bring_in(
        world.database,
        world.viewer(),
        A,
        excel([ADDRESSES, *rows, door(微网格="九号微网格", 房号=4101, 楼层=41)]),
        NOW,
        file_name="地址簿.xlsx",
    )

    assert len(plan.doors) == 39
    assert plan.found.fault_count == 1
    assert record() == before


def test_a_long_list_of_faults_ends_and_the_rest_is_counted(world: World) -> None:
    rows = [door(微网格="九号微网格", 房号=str(number)) for number in range(100, 2_700)]

    plan = look_at(world.database, world.viewer(), A, text([ADDRESSES, *rows]), NOW.date())

    assert plan.found.fault_count == 2_600
    assert len(plan.found.faults) == 2_000


@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=60)
def test_a_damaged_workbook_is_read_or_refused_and_never_breaks_the_program(damage: list[tuple[int, int]]) -> None:
    content = bytearray(WORKBOOK)
    for place, byte in damage:
        content[place] = byte

    with suppress(Refused):
        assert read_form(A, open_sheet(bytes(content)), NOW.date()).count


def test_too_many_rows_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="200,000"):
        look_at(world.database, world.viewer(), A, text([ADDRESSES]) + b"\n" * 200_001 + text([GOOD]), NOW.date())
