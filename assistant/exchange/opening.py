"""Open a spreadsheet that somebody sends: .xlsx or .csv, told by its content, never by its name.

    sheet = open_sheet(content)                    # raises Refused: no spreadsheet, locked, far too large
    for line, cells in sheet.rows(): ...           # line as the spreadsheet numbers it, cells as they are

Nothing is unpacked before its size is known, no more rows or columns are read than anybody needs, and formulas are
never worked out: they come as they are written. The surprise: a password turns an .xlsx into the container of an old
.xls, so both begin alike.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from assistant.exchange.faults import Problem, Refused

#: what a person may send (本项目建议): 100,000 doors are about 4 MB as .xlsx
LARGEST_FILE = 30 * 1024 * 1024
MOST_ROWS = 200_000
_LARGEST_UNPACKED = 300 * 1024 * 1024
_MOST_PARTS = 5_000
_MOST_COLUMNS = 60
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {b"%PDF": "PDF", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片", b"Rar!": "压缩包"}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE html|<html|<table|<meta)", re.IGNORECASE)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_CHUNK = 1 << 20

#: what a cell holds; anything else that a spreadsheet may hold is a formula
Cell = str | int | float | bool | date | datetime | time | None


@dataclass(frozen=True)
class Merged:
    """Cells that were made into one: from the first to the last row, as the sheet names them."""

    first: int
    last: int
    name: str


@dataclass(frozen=True)
class Sheet:
    """The first sheet of a file. ``about`` is how many rows it has, as near as is known beforehand."""

    content: bytes
    is_csv: bool
    name: str = ""
    other_sheets: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()
    about: int = 0

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Each row with its number. Raises Refused where there are too many, or the file turns out to be broken."""
        for line, cells in self._csv_rows() if self.is_csv else self._excel_rows():
            if line > MOST_ROWS:
                raise Refused(Problem.TOO_MANY_ROWS, f"{MOST_ROWS:,}")
            yield line, cells

    def _csv_rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        text = _decoded(self.content)
        first = text[: text.find("\n")] if "\n" in text else text
        delimiter = max(",\t;，", key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for row in reader:
                yield reader.line_num, tuple(cell or None for cell in row[:_MOST_COLUMNS])
        except csv.Error as fault:
            raise Refused(Problem.BROKEN) from fault

    def _excel_rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        try:
            with closing(load_workbook(io.BytesIO(self.content), read_only=True, keep_links=False)) as book:
                rows = book[self.name].iter_rows(max_row=MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True)
                for line, cells in enumerate(rows, 1):
                    yield line, tuple([cell if cell is None else _plain(cell) for cell in cells])
        except _BROKEN as fault:
            raise Refused(Problem.BROKEN) from fault


#: what zipfile, zlib and openpyxl raise over a file that is damaged, each in its own way
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    InvalidFileException,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    OSError,
    EOFError,
)


def open_sheet(content: bytes) -> Sheet:
    """See what it is and open it. Raises Refused when it can't be read as a spreadsheet."""
    if not content.strip():
        raise Refused(Problem.EMPTY_FILE)
    if len(content) > LARGEST_FILE:
        raise Refused(Problem.TOO_LARGE, f"{len(content) / 1024 / 1024:.0f} MB")
    if content.startswith(_OLE):
        raise Refused(Problem.ENCRYPTED if _ENCRYPTED in content else Problem.OLD_EXCEL)
    if content.startswith(_ZIP):
        return _open_excel(content)
    if _WEB_PAGE.match(content[:2_000]):
        raise Refused(Problem.WEB_PAGE)
    for begin, name in _OTHERS.items():
        if content.startswith(begin):
            raise Refused(Problem.OTHER_FILE, name)
    text = _decoded(content)
    if "\x00" in text:
        raise Refused(Problem.OTHER_FILE, "不是文字")
    return Sheet(content, is_csv=True, about=text.count("\n") + 1)


def _open_excel(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _see_that_it_is_modest(archive)
            if "xl/workbook.xml" not in archive.namelist():
                raise Refused(Problem.OTHER_FILE, "不是 Excel 工作簿")
            with closing(load_workbook(io.BytesIO(content), read_only=True, keep_links=False)) as book:
                shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
                if not shown:
                    raise Refused(Problem.NO_ROWS)
                first = shown[0]
                part: str = first._worksheet_path  # type: ignore[attr-defined]
                return Sheet(
                    content,
                    is_csv=False,
                    name=first.title,
                    other_sheets=tuple(sheet.title for sheet in shown[1:] if (sheet.max_row or 0) > 1),
                    merged=tuple(_merged_in(archive, part)),
                    about=min(first.max_row or 0, MOST_ROWS),
                )
    except _BROKEN as fault:
        raise Refused(Problem.BROKEN) from fault


def _see_that_it_is_modest(archive: zipfile.ZipFile) -> None:
    """Raise Refused before anything is unpacked: zipfile never reads more of a part than its entry declares."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _LARGEST_UNPACKED or len(parts) > _MOST_PARTS:
        raise Refused(Problem.BOMB, f"{unpacked / 1024 / 1024:,.0f} MB")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as opened:
                # entities that grow when they are read: no spreadsheet program writes any
                if b"<!DOCTYPE" in opened.read(2_000):
                    raise Refused(Problem.BOMB, part.filename)


def _merged_in(archive: zipfile.ZipFile, part: str) -> Iterator[Merged]:
    """The merged cells: they stand behind the rows, where openpyxl's reader of large files does not look."""
    kept = b""
    with archive.open(part.lstrip("/")) as opened:
        while chunk := opened.read(_CHUNK):
            kept += chunk
            end = 0
            for found in _MERGED.finditer(kept):
                end = found.end()
                left, first, right, last = (group.decode() for group in found.groups())
                yield Merged(int(first), int(last), f"{left}{first}:{right}{last}")
            kept = kept[max(end, len(kept) - 200) :]


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if is_utf16 else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Problem.NO_ENCODING)


def _plain(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | bool | date | time):
        return value
    return "="  # an array formula, a data table: openpyxl gives an object for it
