"""What channels share in sending where the other side takes no key: what has gone already, and a long text in pieces.

gone = self._sent[outgoing.key]                              how far this message has gone: empty at first
for piece in in_pieces(text, fitting)[len(gone):]: ...       so each piece goes once
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

_REMEMBERED = 2_000

Gone = TypeVar("Gone")


class Sent(Generic[Gone]):
    """What this process has sent, by key; the oldest is forgotten first. ``nothing`` makes what a key begins with."""

    def __init__(self, nothing: Callable[[], Gone], at_most: int = _REMEMBERED) -> None:
        self._nothing = nothing
        self._at_most = at_most
        self._by_key: OrderedDict[str, Gone] = OrderedDict()

    def __getitem__(self, key: str) -> Gone:
        gone = self._by_key.setdefault(key, self._nothing())
        while len(self._by_key) > self._at_most:
            self._by_key.popitem(last=False)
        return gone


def in_pieces(text: str, fitting: Callable[[str], int]) -> list[str]:
    """The text in pieces, cut at the end of a line where there is one; at least one piece.

    ``fitting`` says how many characters of a text go into one piece: one or more, all of them where all fit.
    """
    pieces = []
    while (at := fitting(text)) < len(text):
        line_end = text.rfind("\n", 1, at)
        at = line_end if line_end > 0 else at
        pieces.append(text[:at])
        text = text[at:].removeprefix("\n")
    return [*pieces, text] if text or not pieces else pieces
