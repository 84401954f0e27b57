"""What a typed number means where buttons stood in words: the labels that a member was shown last.

It is forgotten with the next message to that member, and when the program ends: then a number is a number again (it may
be a building's). A label that is typed in full is always understood.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from assistant.channels.base import Incoming

_REMEMBERED = 2_000


class Choices:
    """Of all members. Used by whoever sends and whoever receives, in threads of their own."""

    def __init__(self) -> None:
        self._offered: OrderedDict[str, tuple[tuple[str, ...], str]] = OrderedDict()
        self._lock = Lock()

    def offer(self, address: str, labels: Sequence[str], sent_as: str) -> None:
        """``labels`` stand, numbered from 1, in the message ``sent_as``, the newest of this member."""
        with self._lock:
            self._offered[address] = tuple(labels), sent_as
            self._offered.move_to_end(address)
            while len(self._offered) > _REMEMBERED:
                self._offered.popitem(last=False)

    def forget(self, address: str) -> None:
        """Something else was said since."""
        with self._lock:
            self._offered.pop(address, None)

    def meant(self, incoming: Incoming) -> Incoming:
        """The message, as a tap where it is the number of a label."""
        typed = incoming.text.strip().rstrip(".。")
        with self._lock:
            labels, sent_as = self._offered.get(incoming.where, ((), ""))
        if not typed.isdecimal() or not 1 <= int(typed) <= len(labels):
            return incoming
        return replace(incoming, text=labels[int(typed) - 1], reply_to=sent_as)
