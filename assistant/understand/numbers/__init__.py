"""Numbers that mean something: sums of money, pressures, blood sugar, temperatures, ages, durations.

    find_money("准备再投5万")                   →   50 000 yuan
    find_blood_pressure("高压182低压108")       →   182/108 mmHg
    find_ages("老两口七十多")                   →   70 to 79

Every finder takes folded text and gives back spans of it, left to right. All are pure; the words come from
``knowledge/language/numbers.yaml``. ``read_number`` reads one numeral that was cut out already.
"""

from functools import cache

from assistant.domain.numerals import read_digits, read_number
from assistant.understand.numbers.amounts import Amount, read_amount
from assistant.understand.numbers.health import BloodPressure, Glucose, GlucoseTime, HealthFinder, Temperature
from assistant.understand.numbers.money import Money, MoneyFinder
from assistant.understand.numbers.spans import Age, Duration, SpanFinder
from knowledge.language import load_language

__all__ = [
    "Age",
    "Amount",
    "BloodPressure",
    "Duration",
    "Glucose",
    "GlucoseTime",
    "HealthFinder",
    "Money",
    "MoneyFinder",
    "SpanFinder",
    "Temperature",
    "find_ages",
    "find_blood_pressure",
    "find_durations",
    "find_glucose",
    "find_money",
    "find_temperature",
    "read_amount",
    "read_digits",
    "read_number",
]


def find_money(text: str) -> tuple[Money, ...]:
    """Sums of money in yuan."""
    return _money().find(text)


def find_blood_pressure(text: str) -> tuple[BloodPressure, ...]:
    """Blood pressures in mmHg, always systolic first."""
    return _health().blood_pressures(text)


def find_glucose(text: str) -> tuple[Glucose, ...]:
    """Blood sugar in mmol/L."""
    return _health().glucoses(text)


def find_temperature(text: str) -> tuple[Temperature, ...]:
    """Body temperatures in °C."""
    return _health().temperatures(text)


def find_ages(text: str) -> tuple[Age, ...]:
    """Ages in years."""
    return _spans().ages(text)


def find_durations(text: str) -> tuple[Duration, ...]:
    """Durations in days."""
    return _spans().durations(text)


@cache
def _money() -> MoneyFinder:
    return MoneyFinder(load_language().numbers)


@cache
def _health() -> HealthFinder:
    return HealthFinder(load_language().numbers)


@cache
def _spans() -> SpanFinder:
    return SpanFinder(load_language().numbers)
