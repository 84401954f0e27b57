"""Blood pressure, blood sugar and temperature, in every form that workers write them.

    血压182/108 · 高压182低压108 · 低压108高压182 · 180比110 · 一百六十五九十八 · 血压上了180 · 血糖19.3 · 38度5

Nothing here says whether a value is too high: the rules' parameters do. A pressure without a word for it counts only
where the pair can be nothing else (148/96); 9/1/602 is a door.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.numerals import CHINESE_DIGIT, read_number
from assistant.understand.numbers.words import any_of
from knowledge.language import NumberWords

_DIGIT = "一二三四五六七八九"
_TENS = rf"[零〇][{_DIGIT}]|[{_DIGIT}]十[{_DIGIT}](?!十)|[{_DIGIT}]十"
#: after 一百: 一百八一百一 is 180 and 110, 一百四九十 is 140 and 90
_SHORT_TENS = rf"[{_DIGIT}][{_DIGIT}]?(?![十百])|[{_DIGIT}](?![十百])"
_HIGH = rf"(?:[一二两]百(?:{_TENS}|{_SHORT_TENS})?|\d{{2,3}})"
_LOW = rf"(?:[四五六七八九]十[{_DIGIT}]?|\d{{2,3}}|一百(?:[零〇][{_DIGIT}]|[一二三四]十?[{_DIGIT}]?)?)"
_APART = r"\s*(?:[/比、,~-]|和|到|又)\s*"
_DECIMAL = rf"(?:\d{{1,2}}(?:\.\d+)?|[{CHINESE_DIGIT}十]{{1,3}}(?:点[{CHINESE_DIGIT}]+)?)"
#: 三点四, 二十点六
_SPOKEN = rf"[{CHINESE_DIGIT}十]{{1,3}}点[{CHINESE_DIGIT}]"
_DEGREES = (
    r"(?P<whole>3[4-9]|4[0-3]|三十[四五六七八九]|四十[一二三]?)"
    rf"(?:[.点](?P<tenth>[\d{_DIGIT}]))?(?:(?P<unit>度|℃|°c)(?P<after>[\d{_DIGIT}])?)?"
)

#: what a person's pressure can be, mmHg: anything else is another number
SYSTOLIC, DIASTOLIC = range(60, 281), range(30, 171)
#: mmol/L; meters stop at 33.3 ("HI")
GLUCOSE_LOWEST, GLUCOSE_HIGHEST = 0.5, 40


@dataclass(frozen=True)
class BloodPressure:
    """mmHg; None where only one value was given. ``is_cued``: was it called a pressure?"""

    start: int
    end: int
    systolic: int | None
    diastolic: int | None
    is_cued: bool = True


class GlucoseTime(StrEnum):
    FASTING = "fasting"
    AFTER_MEAL = "after_meal"
    RANDOM = "random"


@dataclass(frozen=True)
class Glucose:
    """mmol/L; ``when`` is None where it was not said (未注明)."""

    start: int
    end: int
    value: float
    when: GlucoseTime | None


@dataclass(frozen=True)
class Temperature:
    """°C, of a person."""

    start: int
    end: int
    value: float


class HealthFinder:
    def __init__(self, words: NumberWords) -> None:
        filler = rf"(?:{any_of(words.reading_fillers)}|[:, ]){{0,6}}"
        high, low = any_of(words.high_pressure), any_of(words.low_pressure)
        cue = any_of((*words.pressure, *words.high_pressure))
        self._cue = re.compile(cue)
        unit = rf"(?:\s?{any_of(words.pressure_units)})?"
        self._named = re.compile(
            rf"{high}{filler}(?P<high>{_HIGH})[,、 ]?(?:{low}{filler}(?P<low>{_LOW}))?{unit}"
            rf"|{low}{filler}(?P<low_first>{_LOW})[,、 ]?(?:{high}{filler}(?P<high_last>{_HIGH}))?{unit}"
        )
        between = rf"(?:{_APART}|\s+|(?<!\d)(?=[四五六七八九一]))"
        self._cued = re.compile(rf"{cue}{filler}(?P<high>{_HIGH})(?:{between}(?P<low>{_LOW}))?{unit}(?!\d|[-—]\d)")
        self._bare = re.compile(r"(?<![\d./\-—])(\d{2,3})\s?(?:/|比)\s?(\d{2,3})(?![\d./\-—])")
        names = any_of((*words.glucose, *words.glucose_fasting, *words.glucose_after_meal, *words.glucose_random))
        self._glucose = re.compile(
            rf"(?P<cue>(?:{names})+){filler}(?P<value>{_DECIMAL})(?![\d]|个?[月年天人个岁次/顿粒颗]|个?(?:小时|钟头|h|分钟))"
        )
        self._bare_glucose = re.compile(
            rf"(?P<cue>{any_of(words.glucose_measured)})(?P<gap>[^,。;!?\n]{{0,8}}?,?)(?<![\d./-])"
            rf"(?P<value>\d{{1,2}}\.\d|{_SPOKEN})(?![-\d./十分刻]|\s?{any_of(words.not_glucose_after)})"
        )
        self._signs, self._other_values = (
            re.compile(any_of(words.glucose_signs)),
            re.compile(any_of(words.other_values)),
        )
        self._times = (
            (re.compile(any_of(words.glucose_fasting)), GlucoseTime.FASTING),
            (re.compile(any_of(words.glucose_after_meal)), GlucoseTime.AFTER_MEAL),
            (re.compile(any_of(words.glucose_random)), GlucoseTime.RANDOM),
        )
        fever = any_of(words.fever)
        self._temperature = re.compile(rf"(?:(?P<cue>{fever}){filler}|(?<![\d.])){_DEGREES}(?![\d.])")

    def blood_pressures(self, text: str) -> tuple[BloodPressure, ...]:
        """Every pressure, left to right; a pair in the wrong order (108/182) is put right."""
        found: list[BloodPressure] = []
        for match in self._named.finditer(text):
            groups = match.groupdict()
            high, low = groups["high"] or groups["high_last"], groups["low"] or groups["low_first"]
            self._add(found, match.start(), match.end(), high, low, True)
        for match in self._cued.finditer(text):
            self._add(found, match.start(), match.end(), match["high"], match["low"], True)
        for match in self._bare.finditer(text):
            self._add(found, match.start(), match.end(), match[1], match[2], self._cue.search(text) is not None)
        return tuple(sorted(found, key=lambda each: each.start))

    def _add(
        self, found: list[BloodPressure], start: int, end: int, high: str | None, low: str | None, is_cued: bool
    ) -> None:
        systolic = int(read_number(high) or 0) if high else None
        diastolic = int(read_number(low) or 0) if low else None
        if systolic is not None and diastolic is not None and systolic < diastolic:
            systolic, diastolic = diastolic, systolic
        if systolic is not None and systolic not in SYSTOLIC:
            return
        if diastolic is not None and diastolic not in DIASTOLIC:
            return
        if not is_cued and (systolic or 0) < 85:
            return
        if any(each.start < end and start < each.end for each in found):
            return
        found.append(BloodPressure(start, end, systolic, diastolic, is_cued))

    def glucoses(self, text: str) -> tuple[Glucose, ...]:
        """Every blood sugar value, left to right."""
        found = []
        for match in self._glucose.finditer(text):
            value = read_number(match["value"])
            if value is not None and GLUCOSE_LOWEST <= value <= GLUCOSE_HIGHEST:
                when = next((time for cue, time in self._times if cue.search(match["cue"])), None)
                found.append(Glucose(match.start(), match.end(), float(value), when))
        return tuple(found) or self._unnamed_glucoses(text)

    def _unnamed_glucoses(self, text: str) -> tuple[Glucose, ...]:
        """测起3.4,手抖冒冷汗: a measured decimal beside what goes with sugar, where no other value is named."""
        if self._signs.search(text) is None or self._other_values.search(text) is not None:
            return ()
        return tuple(
            Glucose(match.start(), match.end(), float(value), None)
            for match in self._bare_glucose.finditer(text)
            if (value := read_number(match["value"])) is not None and GLUCOSE_LOWEST <= value <= GLUCOSE_HIGHEST
        )

    def temperatures(self, text: str) -> tuple[Temperature, ...]:
        """Every body temperature, left to right: 38度5, 38.5度, 烧到39."""
        found = []
        for match in self._temperature.finditer(text):
            if match["cue"] is None and match["unit"] is None:
                continue
            tenths = read_number(match["tenth"] or match["after"] or "0") or 0
            value = (read_number(match["whole"]) or 0) + tenths / 10
            found.append(Temperature(match.start(), match.end(), round(value, 1)))
        return tuple(found)
