"""Which doors and public places a message names.

    find_doors("3-2-501软管换了;502没人")   →   3-2-501, 3-2-502 (elided)
    find_doors("8栋楼道头停了三个电马儿")    →   place 8栋楼道

Pure: no clock, no database. The text is the folded one (half-width, simplified, lower case); spans index it. ``pieces``
cuts, ``phrases`` puts together, ``elision`` lends what was said before, ``book`` fills what only one door fits.
Surprise: a mention of a building alone (12栋) is a household with an unsaid unit and room; whether it means the
common property (place:12栋) hangs on what was found there, so its ``words`` come along.
"""

import re
from dataclasses import replace
from functools import cache

from assistant.domain.places import HouseholdKey
from assistant.understand.address.book import AddressBook, KnownBook, known_book
from assistant.understand.address.elision import Lookup, resolve
from assistant.understand.address.mention import DoorMention, Relation
from assistant.understand.address.phrases import PhraseReader
from assistant.understand.address.pieces import Lexer
from assistant.understand.numbers.words import any_of
from knowledge.language import PlaceWords, load_language

__all__ = ["AddressBook", "DoorFinder", "DoorMention", "KnownBook", "Relation", "find_doors", "known_book"]

NOWHERE = HouseholdKey()


class DoorFinder:
    """The address grammar for one set of words; build it once."""

    def __init__(self, words: PlaceWords) -> None:
        self._lexer = Lexer(words)
        self._reader = PhraseReader(words)
        self._preposition = re.compile(r"(?<![上下前头这那几])" + any_of(words.prepositions) + r"(?:了|起)?$")

    def find(
        self,
        text: str,
        *,
        estate: str | None = None,
        book: AddressBook | None = None,
        after: HouseholdKey = NOWHERE,
    ) -> tuple[DoorMention, ...]:
        """Every door and place, left to right. ``after`` is the door spoken of last before this text (for 502没人)."""
        pieces = self._lexer.pieces(text)
        if not pieces:
            return ()
        if estate and estate in text:
            start = text.index(estate)
            pieces = [piece for piece in pieces if not start <= piece.start < start + len(estate)]
        mentions = resolve(text, self._reader.phrases(text, pieces), Lookup(book, estate), after)
        return tuple(self._with_preposition(text, mention) for mention in mentions)

    def _with_preposition(self, text: str, mention: DoorMention) -> DoorMention:
        if mention.place is None:
            return mention
        match = self._preposition.search(text, max(0, mention.start - 4), mention.start)
        return mention if match is None else replace(mention, preposition=match[0])


@cache
def _own_finder() -> DoorFinder:
    return DoorFinder(load_language().places)


def find_doors(
    text: str, *, estate: str | None = None, book: AddressBook | None = None, after: HouseholdKey = NOWHERE
) -> tuple[DoorMention, ...]:
    """``DoorFinder.find`` with the project's own words."""
    return _own_finder().find(text, estate=estate, book=book, after=after)
