"""Words of the lexicon that were typed by their sound (然气, 暖管, 电屏): voice typing and quick fingers.

Syllables are folded as Sichuan speech folds them: no tones, z/zh, c/ch, s/sh, n/l/r and in/ing, en/eng alike. Only
names of things are looked for by sound, only where they share a character with what was typed and no dictionary word
stands there: "楼起火" must not become 漏气. Well-known slips are listed in ``knowledge/language/homophones.yaml``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import ahocorasick_rs
from pypinyin.pinyin_dict import pinyin_dict

from assistant.understand.segment import Boundaries

_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
_FOLDS = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"^[nr](?=[aeiouv])"), "l"), (re.compile(r"([ie]n)g$"), r"\1"))
_HAN = range(0x4E00, 0x9FA6)
#: Each syllable is coded as one private-use character, so that sounds can be searched like text.
_FIRST_CODE = 0xE000


def folded_syllable(character: str) -> str | None:
    """How a character sounds (its commonest reading, folded); None for what is no Han character."""
    readings = pinyin_dict.get(ord(character))
    if readings is None:
        return None
    syllable = str(readings).split(",", 1)[0].translate(_TONES)
    for pattern, folded in _FOLDS:
        syllable = pattern.sub(folded, syllable)
    return syllable


class Homophones:
    """Finds, in a text, words of a list that were written with other characters."""

    def __init__(
        self, words: Sequence[str], by_sound: Iterable[str], typical: Mapping[str, str], functions: frozenset[str]
    ) -> None:
        index = {word: number for number, word in enumerate(words)}
        self._words = words
        self._functions = functions
        codes: dict[str, str] = {}
        self._table = {
            point: codes.setdefault(syllable, chr(_FIRST_CODE + len(codes)))
            for point in _HAN
            if (syllable := folded_syllable(chr(point))) is not None
        }
        sounded = [index[word] for word in by_sound if word in index and len(word) >= 2 and _is_han(word)]
        self._sounded = sounded
        self._sounds = ahocorasick_rs.AhoCorasick([words[number].translate(self._table) for number in sounded])
        slips = [(slip, index[meant]) for slip, meant in typical.items() if meant in index]
        slips += _longer_slips(typical, index)
        self._slips = [number for _, number in slips]
        self._typical = ahocorasick_rs.AhoCorasick([slip for slip, _ in slips])

    def find(self, text: str, boundaries: Boundaries) -> list[tuple[int, int, int]]:
        """(word index, start, end) of each word found by its sound."""
        found = [
            (self._slips[which], start, end)
            for which, start, end in self._typical.find_matches_as_indexes(text, overlapping=True)
        ]
        sound = text.translate(self._table)
        for which, start, end in self._sounds.find_matches_as_indexes(sound, overlapping=True):
            word = self._words[self._sounded[which]]
            typed = text[start:end]
            if typed != word and self._is_slip(typed, word, start, end, boundaries):
                found.append((self._sounded[which], start, end))
        return found

    def _is_slip(self, typed: str, word: str, start: int, end: int, boundaries: Boundaries) -> bool:
        if self._functions & set(typed) or not any(one == other for one, other in zip(typed, word, strict=True)):
            return False
        return boundaries.allow(start, end) and not boundaries.is_word(start, end)


def _is_han(word: str) -> bool:
    return all(ord(character) in _HAN for character in word)


def _longer_slips(typical: Mapping[str, str], index: Mapping[str, int]) -> list[tuple[str, int]]:
    """The same slips inside longer words of ours (然气表 for 燃气表)."""
    slips = []
    for slip, meant in typical.items():
        for word, number in index.items():
            if meant != word and meant in word:
                slips.append((word.replace(meant, slip), number))
    return [(slip, number) for slip, number in slips if slip not in index]
