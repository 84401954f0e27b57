"""Word boundaries by jieba: they say where a phrase of the lexicon may begin and end (接触|电工 holds no 触电).

A private tokenizer with jieba's own dictionary and without its guesses at unknown words: what is not in the
dictionary falls into single characters, so only a real word can stand in a phrase's way.
"""

import logging
import tempfile
from functools import cache

import jieba

jieba.setLogLevel(logging.ERROR)

#: Grammatical endings that jieba's dictionary glues to a verb (坏了, 漏着): a phrase may end before them.
_ENDINGS = frozenset("了着过的得起到呢吗啊吧咯哈嘛呀哦惨些")


@cache
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = tempfile.gettempdir()
    tokenizer.initialize()
    return tokenizer


def warm_up() -> None:
    """Load the dictionary now rather than at the first message."""
    _tokenizer()


def words(text: str) -> list[str]:
    """The text as a list of words that join up to it again."""
    return list(_tokenizer().cut(text, HMM=False))


class Boundaries:
    """Where words begin and end in one text."""

    def __init__(self, text: str) -> None:
        edges = bytearray(len(text) + 1)
        position = 0
        for word in _tokenizer().cut(text, HMM=False):
            edges[position] = 1
            position += len(word)
        edges[len(text)] = 1
        self._edges = edges
        self._text = text

    def allow(self, start: int, end: int) -> bool:
        """May a phrase stand at ``start:end``: does no dictionary word straddle an edge of it?

        An ending glued to the last word (坏了) is no hindrance, nor is one straddled edge to a phrase of three or
        more characters, which does not come about by accident.
        """
        if self._splits_a_number(start) or self._splits_a_number(end):
            return False
        opens = self._edges[start]
        closes = self._edges[end] or self._only_ending_follows(end)
        if end - start >= 3:
            return bool(opens or closes)
        return bool(opens and closes)

    def is_closed(self, start: int, end: int) -> bool:
        """Does a word begin at ``start`` and one end at ``end`` (a mere ending may follow)?"""
        return bool(self._edges[start] and (self._edges[end] or self._only_ending_follows(end)))

    def straddling(self, start: int, end: int) -> tuple[int, int]:
        """The stretch from the first edge of a straddling word before ``start`` to the last one after ``end``."""
        edges = self._edges
        while not edges[start]:
            start -= 1
        while not edges[end]:
            end += 1
        return start, end

    def _splits_a_number(self, at: int) -> bool:
        return 0 < at < len(self._text) and self._text[at - 1].isdigit() and self._text[at].isdigit()

    def is_word(self, start: int, end: int) -> bool:
        """Is this stretch exactly one word?"""
        edges = self._edges
        return bool(edges[start] and edges[end]) and not any(edges[start + 1 : end])

    def _only_ending_follows(self, end: int) -> bool:
        position = end
        while position < len(self._text) and not self._edges[position]:
            if self._text[position] not in _ENDINGS:
                return False
            position += 1
        return True
