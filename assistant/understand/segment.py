"""Word boundaries by jieba: they say where a phrase of the lexicon may begin and end (接触|电工 holds no 触电).

A private tokenizer with jieba's own dictionary and without its guesses at unknown words: what is not in the
dictionary falls into single characters, so only a real word can stand in a phrase's way.
"""

import logging
import marshal
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path

import jieba

#: Where jieba keeps its dictionary made ready, in the folder for temporary files.
_CACHE = "jieba.cache"

jieba.setLogLevel(logging.ERROR)

_NUMBER = re.compile(r"\d{2,}")
#: Grammatical endings that jieba's dictionary glues to a verb (坏了, 漏着): a phrase may end before them.
_ENDINGS = frozenset("了着过的得起到呢吗啊吧咯哈嘛呀哦惨些")


@cache
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = tempfile.gettempdir()
    cache_file = Path(tokenizer.tmp_dir) / _CACHE
    dictionary = Path(jieba.__file__).with_name("dict.txt")
    if cache_file.is_file() and cache_file.stat().st_mtime > dictionary.stat().st_mtime:
        with suppress(OSError, ValueError, EOFError, TypeError):
            # jieba reads its own cache from the open file, which takes three times as long
            tokenizer.FREQ, tokenizer.total = marshal.loads(cache_file.read_bytes())
            tokenizer.initialized = True
    tokenizer.initialize()
    return tokenizer


def warm_up() -> None:
    """Load the dictionary now rather than at the first message."""
    _tokenizer()


def words(text: str) -> list[str]:
    """The text as a list of words that join up to it again."""
    return list(_tokenizer().cut(text, HMM=False))


def word_edges(text: str, cuts: Iterable[int] = ()) -> bytearray:
    """1 at each position where a word begins, and at the end: the cuts of ``words``, in half of jieba's time.

    The likeliest way through the dictionary, computed backwards: ``best[i]`` is the score of ``text[i:]`` and
    ``choice[i]`` where its first word ends. Single letters and digits in a row are one word, other signs one each.
    No word crosses one of the ``cuts``: 3栋后面|包车 holds no 面包车.
    """
    edges = bytearray(b"\1" * (len(text) + 1))
    inner = sorted(set(cuts))
    for block in _BLOCK.finditer(text):
        ends = [cut for cut in inner if block.start() < cut < block.end()]
        for start, end in pairwise((block.start(), *ends, block.end())):
            _cut(text[start:end], start, edges)
    return edges


#: What words are made of; everything else stands alone (jieba's own rule).
_BLOCK = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+")
_LETTER = re.compile(r"[a-zA-Z0-9]")


def _cut(block: str, offset: int, edges: bytearray) -> None:
    frequency, log_total = _dictionary()
    size = len(block)
    best = [0.0] * (size + 1)
    choice = [0] * size
    for start in range(size - 1, -1, -1):
        known = frequency.get(block[start])
        score = (log(known) if known else 0.0) - log_total + best[start + 1]
        ends_at, is_word = start + 1, bool(known)
        end = start + 2 if known is not None else size + 1
        while end <= size:
            known = frequency.get(block[start:end])
            if known is None:
                break
            if known:
                here = log(known) - log_total + best[end]
                if here >= score or not is_word:
                    score, ends_at, is_word = here, end, True
            end += 1
        best[start], choice[start] = score, ends_at
    start, follows_letter = 0, False
    while start < size:
        is_letter = choice[start] == start + 1 and _LETTER.match(block[start]) is not None
        edges[offset + start] = not (is_letter and follows_letter)
        for inside in range(start + 1, choice[start]):
            edges[offset + inside] = 0
        start, follows_letter = choice[start], is_letter


@cache
def _dictionary() -> tuple[dict[str, int], float]:
    tokenizer = _tokenizer()
    return tokenizer.FREQ, log(tokenizer.total)


class Boundaries:
    """Where words begin and end in one text; ``cuts`` are where one certainly ends (the edges of doors and places)."""

    def __init__(self, text: str, cuts: Iterable[int] = ()) -> None:
        edges = word_edges(text, cuts)
        self._edges = edges
        self._closes = self._with_endings(edges, text)
        self._in_number = bytearray(len(text) + 1)
        for number in _NUMBER.finditer(text):
            for at in range(number.start() + 1, number.end()):
                self._in_number[at] = 1

    def allow(self, start: int, end: int) -> bool:
        """May a phrase stand at ``start:end``: does no dictionary word straddle an edge of it?

        An ending glued to the last word (坏了) is no hindrance, nor is one straddled edge to a phrase of three or
        more characters, which does not come about by accident.
        """
        if self._in_number[start] or self._in_number[end]:
            return False
        if end - start >= 3:
            return bool(self._edges[start] or self._closes[end])
        return bool(self._edges[start] and self._closes[end])

    def is_closed(self, start: int, end: int) -> bool:
        """Does a word begin at ``start`` and one end at ``end`` (a mere ending may follow)?"""
        return bool(self._edges[start] and self._closes[end])

    def straddling(self, start: int, end: int) -> tuple[int, int]:
        """The stretch from the first edge of a straddling word before ``start`` to the last one after ``end``."""
        edges = self._edges
        while not edges[start]:
            start -= 1
        while not edges[end]:
            end += 1
        return start, end

    def is_word(self, start: int, end: int) -> bool:
        """Is this stretch exactly one word?"""
        edges = self._edges
        return bool(edges[start] and edges[end]) and not any(edges[start + 1 : end])

    @staticmethod
    def _with_endings(edges: bytearray, text: str) -> bytearray:
        """Where a phrase may end: at an edge, or where nothing but endings stands before the next edge."""
        closes = bytearray(edges)
        for at in range(len(text) - 1, -1, -1):
            if not closes[at] and closes[at + 1] and text[at] in _ENDINGS:
                closes[at] = 1
        return closes
