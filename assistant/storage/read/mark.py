"""The mark from which a list goes on: the last line's place in the order, as text that may stand in an address.

    mark = Mark.of("newest", [raised_at, 17])      ──▶ "newest~2026-03-02T01:30:00+00:00~17"

Whoever writes one by hand gets another part of the same list, never more than it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_BETWEEN = "~"


@dataclass(frozen=True)
class Mark:
    """A place in a list: in which order, and the values of the last line that was shown."""

    order: str
    parts: tuple[str, ...]

    @classmethod
    def of(cls, order: str, values: Sequence[Any]) -> "Mark":
        parts = (value.isoformat() if isinstance(value, datetime) else str(value) for value in values)
        return cls(order, tuple(parts))

    @classmethod
    def parse(cls, text: str | None, order: str) -> "Mark | None":
        """Read a mark of this order; None for any other text."""
        named, *parts = (text or "").split(_BETWEEN)
        return cls(order, tuple(parts)) if named == order and parts else None

    def __str__(self) -> str:
        return _BETWEEN.join((self.order, *self.parts))

    def values_for(self, types: Sequence[type]) -> list[Any] | None:
        """The values as these types; None where they do not fit."""
        if len(types) != len(self.parts):
            return None
        try:
            return [_read(part, as_type) for part, as_type in zip(self.parts, types, strict=True)]
        except ValueError:
            return None


def _read(text: str, as_type: type) -> Any:
    if as_type is datetime:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("a naive moment")
        return moment
    if as_type is int:
        if not text.isascii() or not text.isdecimal() or len(text) > 18:
            raise ValueError("no number of ours")
        return int(text)
    return text
