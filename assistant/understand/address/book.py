"""What an address book must answer, and one made of the few households that a message knows.

A book only ever narrows down what was said: where exactly one door fits, its unsaid parts are taken; otherwise the key
stays as it was said, and the dialogue asks.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from assistant.domain.places import HouseholdKey


class AddressBook(Protocol):
    """The doors that exist, as far as the book's owner may see them."""

    def matches(self, key: HouseholdKey, estate: str | None) -> tuple[HouseholdKey, ...]:
        """The complete keys of ``estate`` that ``key`` may mean (``HouseholdKey.fits``), in the book's order."""
        ...


class KnownBook:
    """A book of known households, found by room number. ``estate`` is not looked at: they are all the worker's own."""

    def __init__(self, keys: Iterable[HouseholdKey]) -> None:
        self._by_room: dict[str, list[HouseholdKey]] = defaultdict(list)
        for key in dict.fromkeys(keys):
            if key.is_complete:
                self._by_room[key.room].append(key)

    def matches(self, key: HouseholdKey, estate: str | None = None) -> tuple[HouseholdKey, ...]:
        """The known doors that fit; a key without a room number is looked for everywhere."""
        rooms = [key.room] if key.room.isdigit() else list(self._by_room)
        return tuple(known for room in rooms for known in self._by_room.get(room, ()) if key.fits(known))


def known_book(keys: Iterable[str]) -> KnownBook:
    """A book from the keys of ``Message.known``; places, broken and incomplete keys are left out."""
    return KnownBook(HouseholdKey.parse(key) for key in keys if not key.startswith("place:") and key.count("-") == 2)
