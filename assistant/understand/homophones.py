"""Words of the lexicon that were typed by their sound (然气, 暖管, 电屏): voice typing and quick fingers.

Syllables are folded as Sichuan speech folds them: no tones, z/zh, c/ch, s/sh, n/l/r and in/ing, en/eng alike. Only
names of things are looked for by sound, only where they share a character with what was typed and no dictionary word
stands there: "楼起火" must not become 漏气. Well-known slips are listed in ``knowledge/language/homophones.yaml``.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

import ahocorasick_rs

from assistant.understand.segment import Boundaries

#: Each syllable is coded as one private-use character, so that sounds can be searched like text.
_FIRST_CODE = 0xE000


class Homophones:
    """Finds, in a text, words of a list that were written with other characters."""

    def __init__(
        self,
        words: Sequence[str],
        by_sound: Iterable[str],
        typical: Mapping[str, str],
        functions: frozenset[str],
        syllables: Sequence[str],
    ) -> None:
        index = {word: number for number, word in enumerate(words)}
        self._words = words
        self._functions = functions
        self._table = {
            ord(character): chr(_FIRST_CODE + number)
            for number, characters in enumerate(syllables)
            for character in characters
        }
        sounded = [
            index[word] for word in by_sound if word in index and len(word) >= 2 and self._sounds_throughout(word)
        ]
        self._sounded = sounded
        self._sounds = ahocorasick_rs.AhoCorasick([words[number].translate(self._table) for number in sounded])
        slips = [(slip, index[meant]) for slip, meant in typical.items() if meant in index]
        slips += _longer_slips(typical, index)
        self._slips = [number for _, number in slips]
        self._typical = ahocorasick_rs.AhoCorasick([slip for slip, _ in slips])

    def _sounds_throughout(self, word: str) -> bool:
        return all(ord(character) in self._table for character in word)

    def find(
        self, text: str, boundaries: Boundaries, as_typed: Sequence[tuple[int, int, int]]
    ) -> list[tuple[int, int, int]]:
        """(word index, start, end) of each word found by its sound.

        ``as_typed`` are the words of ours that stand there as typed: what one of them holds is no slip of another
        (气管子 is no 气罐子).
        """
        found = [
            (self._slips[which], start, end)
            for which, start, end in self._typical.find_matches_as_indexes(text, overlapping=True)
        ]
        sound = text.translate(self._table)
        for which, start, end in self._sounds.find_matches_as_indexes(sound, overlapping=True):
            word = self._words[self._sounded[which]]
            typed = text[start:end]
            if typed == word or not self._is_slip(typed, word, start, end, boundaries):
                continue
            if not any(own_start <= start and end <= own_end for _, own_start, own_end in as_typed):
                found.append((self._sounded[which], start, end))
        return found

    def _is_slip(self, typed: str, word: str, start: int, end: int, boundaries: Boundaries) -> bool:
        if self._functions & set(typed) or not any(one == other for one, other in zip(typed, word, strict=True)):
            return False
        return boundaries.allow(start, end) and not boundaries.is_word(start, end)


def _longer_slips(typical: Mapping[str, str], index: Mapping[str, int]) -> list[tuple[str, int]]:
    """The same slips inside longer words of ours (然气表 for 燃气表)."""
    slips_of: dict[str, list[str]] = {}
    for slip, meant in typical.items():
        slips_of.setdefault(meant, []).append(slip)
    meants = [*slips_of]
    words, whole = [*index], "\n".join(index)
    ends = [*accumulate(len(word) + 1 for word in words)]
    slips = []
    for which, start, _ in ahocorasick_rs.AhoCorasick(meants).find_matches_as_indexes(whole, overlapping=True):
        word = words[bisect_right(ends, start)]
        if word != meants[which]:
            slips += [(word.replace(meants[which], slip), index[word]) for slip in slips_of[meants[which]]]
    return [(slip, number) for slip, number in slips if slip not in index]
