"""Amounts as people say them, exact or not, as a lowest and a highest value: 七八千 → 7000–8000, 八千多 → 8000–9000.

``AMOUNT`` finds the words of one amount, ``read_amount`` reads them. What the amount is of (money, years, days) is for
the caller to know.
"""

import re
from dataclasses import dataclass

from assistant.domain.numerals import BIG_UNITS, CHINESE_DIGIT, DIGITS, UNITS, read_number

_DIGIT = "一二三四五六七八九"
_NUMERAL = rf"(?:\d+(?:\.\d+)?|[{CHINESE_DIGIT}十百千万亿])+(?:点[{CHINESE_DIGIT}]+)?"
#: the words of one amount: 三万五, 1.2w, 七八千, 十几万, 上百, 好几千, 快五万, 8千多, 2万到3万
AMOUNT = (
    rf"(?:快要?|将近|接近|近|上|好几|几|数|大概|差不多)?"
    rf"(?:{_NUMERAL}[wk]?(?:几|来)?[十百千万]{{0,2}}|(?<=[几数上])[十百千万]{{1,2}}|(?<=几)|[百千万](?=把))"
    rf"(?:多|余|好几|几|来|把)?[万千百]?"
)
_TWO_NEIGHBOURS = re.compile(rf"([一二三四五六七八九]?十)?([{_DIGIT}两])([{_DIGIT}])([十百千万]{{0,2}})")
_SOME = re.compile(r"(好几|几|数|上)([十百千万]{0,2})")
_LEAST_OF_SOME = {"好几": 3, "几": 2, "数": 2, "上": 1}
_SOME_AFTER_TEN = re.compile(rf"([{_DIGIT}]?十)几([百千万]?)")
_PARTS = re.compile(r"(快要?|将近|接近|近|上|好几|几|数|大概|差不多)?(.*?)(好几|多|余|几|来)?([万千百]?)")


@dataclass(frozen=True)
class Amount:
    """Between ``low`` and ``high``; the two are equal where it was said exactly."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


def read_amount(words: str) -> Amount | None:
    """What the words of one amount say; None when they are none (``万`` alone, ``几``)."""
    neighbours = _TWO_NEIGHBOURS.fullmatch(words.rstrip("多"))
    if words.endswith("把") and words[:-1] in BIG_UNITS | UNITS:  # 万把块
        return Amount(_unit(words[:-1]), 2 * _unit(words[:-1]))
    if neighbours and DIGITS[neighbours[3]] == DIGITS[neighbours[2]] + 1:
        tens, unit = read_number(neighbours[1]) or 0 if neighbours[1] else 0, _unit(neighbours[4])
        return Amount((tens + DIGITS[neighbours[2]]) * unit, (tens + DIGITS[neighbours[3]]) * unit)
    some = _SOME.fullmatch(words.rstrip("多"))
    if some and (some[2] or some[1] != "上"):
        unit = _unit(some[2])
        return Amount(_LEAST_OF_SOME[some[1]] * unit, 9 * unit)
    teens = _SOME_AFTER_TEN.fullmatch(words)
    if teens:
        ten, unit = read_number(teens[1]) or 10, _unit(teens[2]) if teens[2] else 1
        return Amount((ten + 1) * unit, (ten + 9) * unit)
    return _with_hedges(words)


def _with_hedges(words: str) -> Amount | None:
    parts = _PARTS.fullmatch(words)
    if parts is None:
        return None
    before, numeral, after, unit = parts.groups()
    value = read_number(numeral)
    if value is None or not numeral:
        return None
    step = _last_unit(numeral)
    if unit and after:  # 20多万
        value, step = value * _unit(unit), (10 if value >= 10 else 1) * _unit(unit)
    elif unit:
        value, step = value * _unit(unit), _unit(unit)
    if before in ("快", "快要", "将近", "接近", "近"):
        return Amount(value * 0.95, value)
    if before == "上":
        return Amount(value, value * 9)
    return Amount(value, value + step) if after in ("多", "余", "几", "好几", "来") else Amount(value, value)


def _unit(characters: str) -> float:
    size = 1
    for character in characters:
        size *= (UNITS | BIG_UNITS)[character]
    return size


def _last_unit(numeral: str) -> float:
    """How much 多 may add: a thousand after 八千, a hundred after 两百, ten after 80."""
    if numeral.isdigit():
        return float(10 ** (len(numeral) - len(numeral.rstrip("0"))))
    units = [_unit(character) for character in numeral if character in UNITS or character in BIG_UNITS]
    return units[-1] if units else 1
