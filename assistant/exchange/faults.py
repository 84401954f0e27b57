"""What can be wrong with a spreadsheet that somebody brings, each with its remedy, in words for a coordinator.

    Fault(12, "房号", Problem.NOT_A_ROOM, "5O1")        # line 12, what stands there, how it should look
    Refused(Problem.OLD_EXCEL)                          # the file as a whole: nothing of it was read

A fault stops the whole import; a ``Remark`` (is_fault False) only says how something was read.
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.errors import WeiguangError


class Problem(StrEnum):
    """Every kind of fault; ``SAID`` has its words."""

    # the file
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    OLD_EXCEL = "old_excel"
    ENCRYPTED = "encrypted"
    BOMB = "bomb"
    WEB_PAGE = "web_page"
    OTHER_FILE = "other_file"
    BROKEN = "broken"
    NO_ENCODING = "no_encoding"
    TOO_MANY_ROWS = "too_many_rows"
    # the heading
    NO_HEADING = "no_heading"
    MISSING_COLUMN = "missing_column"
    COLUMN_TWICE = "column_twice"
    SWAPPED = "swapped"
    NO_ROWS = "no_rows"
    # a cell, whatever it says
    MERGED = "merged"
    FORMULA = "formula"
    CELL_ERROR = "cell_error"
    BECAME_DATE = "became_date"
    # a door
    UNKNOWN_ESTATE = "unknown_estate"
    WHICH_ESTATE = "which_estate"
    NOT_A_BUILDING = "not_a_building"
    NOT_A_UNIT = "not_a_unit"
    NO_UNIT = "no_unit"
    NOT_A_ROOM = "not_a_room"
    NOT_A_DOOR = "not_a_door"
    FLOOR_DISAGREES = "floor_disagrees"
    DOOR_TWICE = "door_twice"
    UNKNOWN_AREA = "unknown_area"
    WHICH_AREA = "which_area"
    NO_AREA = "no_area"
    OTHER_AREA = "other_area"
    UNKNOWN_BUILDING = "unknown_building"
    UNKNOWN_DOOR = "unknown_door"
    # a resident
    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    NUMBER_IN_NAME = "number_in_name"
    PERSON_TWICE = "person_twice"
    NOT_A_SEX = "not_a_sex"
    NOT_A_YEAR = "not_a_year"
    NOT_AN_AGE = "not_an_age"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_GRADE = "not_a_grade"
    # how something was read: no fault
    FULL_WIDTH = "full_width"
    LEADING_ZERO = "leading_zero"
    OTHER_SHEETS = "other_sheets"
    LEFT_OUT = "left_out"


_SAVE_AS_XLSX = "请在 Excel 或 WPS 里打开，另存为“Excel 工作簿（.xlsx）”"

#: what is wrong → how to mend it; {it} is what stands in the cell or what the fault is about
SAID: dict[Problem, tuple[str, str]] = {
    Problem.EMPTY_FILE: ("文件是空的", "请确认选对了文件"),
    Problem.TOO_LARGE: ("文件太大（{it}）", "请删掉图片和不用的工作表，或按楼栋分成几份"),
    Problem.OLD_EXCEL: (
        "这是旧版 Excel（.xls）文件，改后缀没有用",
        _SAVE_AS_XLSX,
    ),
    Problem.ENCRYPTED: ("文件加了密码，打不开", "请去掉密码，再存一份"),
    Problem.BOMB: ("文件解开后太大（{it}），不像正常的表格", "请把内容复制到新的工作簿再存"),
    Problem.WEB_PAGE: ("这是网页，只是后缀写成了表格", _SAVE_AS_XLSX),
    Problem.OTHER_FILE: ("这不是表格文件（{it}）", "请给 .xlsx 或 .csv"),
    Problem.BROKEN: ("文件坏了，读不出来", "请在 Excel 或 WPS 里打开，另存一份再试"),
    Problem.NO_ENCODING: ("文字认不出来（编码不对）", "请另存为“CSV UTF-8”，或直接给 .xlsx"),
    Problem.TOO_MANY_ROWS: ("超过 {it} 行", "请按楼栋分成几份"),
    Problem.NO_HEADING: ("前 10 行里没找到表头", "表头要有这几列：{it}。可以下载模板对照"),
    Problem.MISSING_COLUMN: ("缺“{it}”这一列", "请加上这一列，可以下载模板对照"),
    Problem.COLUMN_TWICE: ("“{it}”有两列", "请只留一列"),
    Problem.SWAPPED: ("“{it}”两列像是填反了", "请把两列的表头对调"),
    Problem.NO_ROWS: ("表头下面没有内容", "请确认选对了文件和工作表"),
    Problem.MERGED: ("{it} 是合并的格子", "请取消合并，每一行都填上"),
    Problem.FORMULA: ("这一格是公式", "请复制后“选择性粘贴”成数值"),
    Problem.CELL_ERROR: ("这一格是“{it}”，表格自己算错了", "请填上该有的内容"),
    Problem.BECAME_DATE: ("被表格软件变成了日期（{it}）", "请把这一列设成“文本”，再重新填"),
    Problem.UNKNOWN_ESTATE: ("没有“{it}”这个小区，或者不在您的范围里", "请照系统里的名字写"),
    Problem.WHICH_ESTATE: ("没写是哪个小区", "您的范围里不止一个小区，请加“小区”一列"),
    Problem.NOT_A_BUILDING: ("楼栋“{it}”认不出来", "写成 3、3栋 或 A座"),
    Problem.NOT_A_UNIT: ("单元“{it}”认不出来", "写成 2 或 2单元；不分单元的写 0"),
    Problem.NO_UNIT: ("没写单元，同一栋别的行写了", "请补上；不分单元的整栋都空着"),
    Problem.NOT_A_ROOM: ("房号“{it}”认不出来", "写成 501 或 501室"),
    Problem.NOT_A_DOOR: ("门牌“{it}”认不出来", "写成 3-2-501 或 3栋2单元501"),
    Problem.FLOOR_DISAGREES: ("楼层“{it}”和房号对不上", "请看看哪一个写错了；楼层可以空着"),
    Problem.DOOR_TWICE: ("和第 {it} 行是同一户", "请删掉一行，或改正门牌"),
    Problem.UNKNOWN_AREA: ("没有“{it}”这个微网格，或者不在您的范围里", "请照系统里的名字写"),
    Problem.WHICH_AREA: ("叫“{it}”的微网格不止一个", "写成 网格/微网格，例如 第一网格/{it}"),
    Problem.NO_AREA: ("没写归哪个微网格，这一栋也没有在册的户可以参照", "请补上微网格"),
    Problem.OTHER_AREA: ("这一户在册归“{it}”，和这里写的不一样", "请照在册的写，或删掉这一行"),
    Problem.UNKNOWN_BUILDING: ("地址簿里没有这一栋（{it}）", "请改正；是新楼就先导入地址簿"),
    Problem.UNKNOWN_DOOR: ("地址簿里没有 {it}", "请改正；是新的一户就先导入地址簿"),
    Problem.NO_NAME: ("没写称呼", "写平时怎么叫，例如 张大爷；空户不用写"),
    Problem.NAME_TOO_LONG: ("称呼太长", "只写怎么叫，别的话不要写在这里"),
    Problem.NUMBER_IN_NAME: ("称呼里像有电话或证件号", "请删掉号码，微光不存这些"),
    Problem.PERSON_TWICE: ("和第 {it} 行是同一户的同一个人", "请删掉一行；两个人就写成不同的称呼"),
    Problem.NOT_A_SEX: ("性别“{it}”认不出来", "写 男 或 女，不知道就空着"),
    Problem.NOT_A_YEAR: ("出生年“{it}”不对", "写四位年份，例如 1944；不知道就空着"),
    Problem.NOT_AN_AGE: ("年龄“{it}”不对", "写 0 到 130 的数；不知道就空着"),
    Problem.NOT_YES_OR_NO: ("“{it}”认不出来", "写 是 或 否，不知道就空着"),
    Problem.NOT_A_GRADE: ("照护等级“{it}”认不出来", "写 红、黄 或 蓝，取消等级写 无，不知道就空着"),
    Problem.FULL_WIDTH: ("全角的“{it}”按半角读", ""),
    Problem.LEADING_ZERO: ("“{it}”前面的 0 去掉了", ""),
    Problem.OTHER_SHEETS: ("只读了工作表“{it}”，别的没有读", ""),
    Problem.LEFT_OUT: ("不导入的列：{it}", "微光不存证件号、电话，也不认识的列不读"),
}
_REMARKS = frozenset({Problem.FULL_WIDTH, Problem.LEADING_ZERO, Problem.OTHER_SHEETS, Problem.LEFT_OUT})
#: a cell is shown no longer than this
_SHOWN = 30


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. ``line`` is the row as the spreadsheet numbers it; None for the file as a whole."""

    line: int | None
    column: str | None
    problem: Problem
    it: str = ""

    @property
    def is_fault(self) -> bool:
        """Does it stop the import? The others only say how something was read."""
        return self.problem not in _REMARKS

    @property
    def what(self) -> str:
        return SAID[self.problem][0].format(it=_short(self.it))

    @property
    def mend(self) -> str:
        return SAID[self.problem][1].format(it=_short(self.it))

    def __str__(self) -> str:
        where = "" if self.line is None else f"第{self.line}行"
        where += f"“{self.column}”" if self.column else ""
        said = f"{where}：{self.what}" if where else self.what
        return f"{said}。{self.mend}" if self.mend else said


class Refused(WeiguangError):
    """The file as a whole can't be read; ``fault`` says why."""

    def __init__(self, problem: Problem, it: str = "") -> None:
        self.fault = Fault(None, None, problem, it)
        super().__init__(str(self.fault))


def _short(it: str) -> str:
    return it if len(it) <= _SHOWN else it[:_SHOWN] + "…"
