"""Spreadsheets as people send them, made for a test."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

ADDRESSES = ("小区", "楼栋", "单元", "房号", "楼层", "微网格")
RESIDENTS = ("小区", "楼栋", "单元", "房号", "称呼", "性别", "出生年", "独居", "残疾", "同意上医生名单", "照护等级")


def excel(rows: Iterable[Sequence[object]], *, merged: Sequence[str] = (), more_sheets: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    for name in more_sheets:
        book.create_sheet(name).append(["别的", "内容"])
        book[name].append(["1", "2"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def text(rows: Iterable[Sequence[object]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    kept = io.StringIO(newline="")
    csv.writer(kept, delimiter=delimiter).writerows(rows)
    return kept.getvalue().encode(encoding)


def bomb() -> bytes:
    """A few hundred kilobytes that would unpack to 400 MB."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(400):
                part.write(b" " * 1024 * 1024)
    return kept.getvalue()


def with_entities() -> bytes:
    """A workbook whose XML declares entities that grow when they are read."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">]><w>&a;</w>')
    return kept.getvalue()


#: how a file begins that Excel wrote before 2007, and one with a password
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
WITH_PASSWORD = OLD_EXCEL + "EncryptedPackage".encode("utf-16-le")
