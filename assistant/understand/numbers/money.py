"""Sums of money in a message, in yuan.

A sum is an amount with 块 or 元, or an amount with a word of paying before it (转了2万, 收了380) or a thing of money
behind it (三千定金). 两万步, 两百多个人 and 501胶水 are none.
"""

import re
from dataclasses import dataclass

from assistant.understand.numbers.amounts import AMOUNT, read_amount
from assistant.understand.numbers.words import any_of
from knowledge.language import NumberWords


@dataclass(frozen=True)
class Money:
    """``text[start:end]`` is a sum between ``low`` and ``high`` yuan."""

    start: int
    end: int
    low: float
    high: float


_BETWEEN = "(?:了|过|到|起|得|给|成|出|他|她|我|对方|人家|账户|[: ]){0,3}"


class MoneyFinder:
    def __init__(self, words: NumberWords) -> None:
        self._amount = re.compile(rf"(?<![\d.\-/#第]){AMOUNT}")
        self._unit = re.compile(rf"(?:多|余|来)?{any_of(words.money_units)}")
        self._verb_before = re.compile(any_of(words.money_verbs) + _BETWEEN + "$")
        self._weak_verb_before = re.compile(any_of(words.money_verbs_weak) + _BETWEEN + "$")
        self._noun_after = re.compile(rf"的?{any_of(words.money_nouns)}")
        self._other = re.compile(rf"(?:多|余|来|几)?{any_of(words.not_money)}|[-/—:%]\d|[/比%]")

    def find(self, text: str) -> tuple[Money, ...]:
        """Every sum, left to right."""
        found = []
        for match in self._amount.finditer(text):
            money = self._money(text, match.start(), match.end(), match[0])
            if money is not None:
                found.append(money)
        return tuple(found)

    def _money(self, text: str, start: int, end: int, words: str) -> Money | None:
        unit = self._unit.match(text, end)
        if unit is None and not self._is_money(text, start, end, words):
            return None
        hedge = "多" if unit is not None and unit[0][0] in "多余来" else ""
        amount = read_amount(words + hedge)
        if amount is None or amount.high < 1:
            return None
        return Money(start, unit.end() if unit else end, amount.low, amount.high)

    def _is_money(self, text: str, start: int, end: int, words: str) -> bool:
        if self._other.match(text, end):
            return False
        if any(unit in words for unit in "万w"):
            return True
        is_big = any(unit in words for unit in "百千k")
        if self._verb_before.search(text, max(0, start - 8), start):
            return is_big or (words.isdigit() and int(words) >= 10)
        if self._weak_verb_before.search(text, max(0, start - 8), start):
            return is_big
        return is_big and self._noun_after.match(text, end) is not None
