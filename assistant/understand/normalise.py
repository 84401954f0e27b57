"""Fold the many ways of typing one thing into one, and remember where each character came from.

Full-width forms (３－２), compatibility characters, traditional characters (煤氣), zero-width characters and upper case
are folded, and characters that only one dialect writes (佢唔肯); the words themselves stay. Every span found in the
folded text is given back in the text as typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import opencc

from assistant.domain.reports import Quote
from knowledge.dialect import standard

#: Longer messages are cut here with a note; the raw text is kept whole in the report (issue 3: linear up to 4,000).
LONGEST = 4_000

#: ②8-1-102: the number of a point in a list is no part of the door behind it.
_POINT = re.compile(r"[\u2460-\u24ff\u2776-\u2793\u3220-\u3229](?=[\d一二三四五六七八九十])")
_SIMPLIFIED = opencc.OpenCC("t2s")


@dataclass(frozen=True)
class FoldedText:
    """``text`` is what the grammar reads; character ``i`` of it was typed at ``origins[i]`` of ``raw``."""

    raw: str
    text: str
    origins: tuple[int, ...] | None
    was_cut: bool

    def quote(self, start: int, end: int) -> Quote:
        """The words as typed behind ``text[start:end]`` (never empty)."""
        if self.origins is None:
            return Quote(self.raw[start:end], start, end)
        first, last = self.origins[start], self.origins[max(start, end - 1)] + 1
        return Quote(self.raw[first:last], first, last)


def fold(raw: str) -> FoldedText:
    """Fold a message. Any string is taken, lone surrogates and NUL bytes included; what can't be read is kept as is."""
    was_cut = len(raw) > LONGEST
    pieces = [_fold_character(character) for character in raw[:LONGEST]]
    for point in _POINT.finditer(raw, 0, LONGEST):
        pieces[point.start()] = ";"
    text = "".join(pieces)
    if len(text) == len(pieces) and "" not in pieces:
        return FoldedText(raw, text, None, was_cut)
    origins = tuple(index for index, piece in enumerate(pieces) for _ in piece)
    return FoldedText(raw, text, origins, was_cut)


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    if unicodedata.category(character) in ("Cf", "Mn", "Me", "Cs"):
        return ""
    folded = unicodedata.normalize("NFKC", character).lower()
    if folded != "\n" and folded.isspace():
        folded = " "
    return standard("".join(_simplify(part) for part in folded))


#: 孃孃 is what aunts are called in Sichuan, no traditional 娘娘.
_KEPT = "孃"


def _simplify(character: str) -> str:
    if character in _KEPT or not "\u3400" <= character <= "\ufaff":
        return character
    simplified: str = _SIMPLIFIED.convert(character)
    return simplified if len(simplified) == 1 else character
