"""A form as rows, before it becomes a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

#: what a cell may hold: text, a whole number, a day; None stays empty
Value = str | int | date | None


@dataclass(frozen=True)
class Table:
    """A form: its heading and its rows, which are read once, as they are written."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[Value, ...]]
    #: was it put together by a machine, so that it has to say so?
    is_summary: bool = False
