"""How old and how long: ages in years, durations in days.

    86了 · 九十一了 · 七十多 · 快九十 · 八十好几 · 7岁 · 七岁半 · 初二 · 小学生          三天 · 两三天 · 半个月 · 48小时

二天 is no duration in Sichuan (some other day), and 三天前 is a moment, which belongs to ``times``.
"""

import re
from dataclasses import dataclass

from assistant.domain.numerals import CHINESE_DIGIT, read_number
from assistant.understand.numbers.amounts import read_amount
from assistant.understand.numbers.words import any_of
from knowledge.language import NumberWords

_NEARLY = "(?:快要?|将近|接近|年近|近)"
_COUNT = rf"(?:\d{{1,3}}(?:\.\d)?|十几|[{CHINESE_DIGIT}十百]{{1,4}}|好几|几)"
_YEARS = rf"(?:(?P<nearly>{_NEARLY})|(?P<past>上|过|满))?(?P<count>{_COUNT})(?P<more>多|好几|几|出头|来)?"
#: without 岁 a number is an age only between these
BARE_AGES = range(50, 111)
OLDEST = 125


@dataclass(frozen=True)
class Age:
    """``text[start:end]`` gives an age of at least ``low`` and at most ``high`` years."""

    start: int
    end: int
    low: int
    high: int

    @property
    def about(self) -> int:
        """The one number to go on with: itself when exact, the middle otherwise (初二 → 14, 八十好几 → 85)."""
        return self.low if self.low == self.high else (self.low + self.high + 1) // 2


@dataclass(frozen=True)
class Duration:
    """``text[start:end]`` lasts between ``low`` and ``high`` days."""

    start: int
    end: int
    low: float
    high: float


class SpanFinder:
    """The grammar of ages and durations for one set of words."""

    def __init__(self, words: NumberWords) -> None:
        self._age_words = words.age_words
        self._units = words.duration_units
        before = any_of(words.age_before)
        self._age_word = re.compile(any_of(words.age_words))
        self._age = re.compile(
            rf"(?<![\d.\-/])(?:{_YEARS}(?P<unit>周?岁|旬)(?:多|半)?(?!以上|以下|生日)|(?P<months>{_COUNT})个月大)"
        )
        after = "了|的?(?:人|老|婆|爷|奶|孃|娘|太|大爷|大妈)|[,。;、) ]|$"
        self._bare_age = re.compile(rf"(?:(?<![^,。;、 (])|{before}){_YEARS}(?={after})")
        self._duration = re.compile(
            rf"(?<![\d.\-/每第上下前后二])(?:(?P<count>{_COUNT})(?:个?(?P<some>多))?|(?P<half>半))"
            rf"(?P<unit>{any_of(words.duration_units)})(?P<more>半|多)?(?!{any_of(words.not_duration_after)})"
        )

    def ages(self, text: str) -> tuple[Age, ...]:
        """Every age, left to right. A school year stands for the ages that go to it."""
        found = [Age(match.start(), match.end(), *self._age_words[match[0]]) for match in self._age_word.finditer(text)]
        for match in self._age.finditer(text):
            limits = _months(match["months"]) if match["months"] else _years(match, 10 if match["unit"] == "旬" else 1)
            _add(found, match.start(), match.end(), limits)
        for match in self._bare_age.finditer(text):
            limits = _years(match, 1)
            if limits is not None and limits[0] in BARE_AGES and limits[1] in BARE_AGES:
                _add(found, match.start(_first_group(match)), match.end(), limits)
        return tuple(sorted(found, key=lambda age: age.start))

    def durations(self, text: str) -> tuple[Duration, ...]:
        """Every stretch of time, left to right; 两三天 is two to three days, 一年多 is one to two years."""
        found = []
        for match in self._duration.finditer(text):
            size = self._units[match["unit"]]
            if match["unit"] == "月" and not match["some"]:
                continue  # 3月 is March
            amount = None if match["half"] else read_amount(match["count"])
            if match["half"]:
                low = high = 0.5
            elif amount is not None and text[match.start() : match.end()] != "二天":
                low, high = amount.low, amount.high
            else:
                continue
            low, high = low + 0.5 * (match["more"] == "半"), high + 0.5 * (match["more"] == "半")
            if match["some"]:
                high += 9 if low % 10 == 0 else 1
            high += match["more"] == "多"
            found.append(Duration(match.start(), match.end(), round(low * size, 2), round(high * size, 2)))
        return tuple(found)


def _first_group(match: re.Match[str]) -> str:
    return next(name for name in ("nearly", "past", "count") if match[name])


def _years(match: re.Match[str], size: int) -> tuple[int, int] | None:
    """The lowest and highest age that the words allow."""
    amount = read_amount(match["count"])
    if amount is None or amount.high * size > OLDEST:
        return None
    low, high = int(amount.low) * size, int(amount.high) * size
    if match["nearly"]:
        return max(low - 3, 0), high - 1
    if match["more"] == "出头":
        return low, high + 3
    if match["more"] or match["past"] or size == 10:
        return low, high + (9 if high % 10 == 0 else 1)
    return low, high


def _months(count: str) -> tuple[int, int]:
    years = int(read_number(count) or 0) // 12
    return years, years


def _add(found: list[Age], start: int, end: int, limits: tuple[int, int] | None) -> None:
    if limits is not None and not any(age.start < end and start < age.end for age in found):
        found.append(Age(start, end, *limits))
