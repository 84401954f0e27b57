"""Numbers of a message as what they measure, and the people they belong to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.reports import EvidenceState, Finding, Measurement, PersonSaid, Quote, TimeSaid
from assistant.understand.normalise import FoldedText
from assistant.understand.numbers import (
    Age,
    Duration,
    Money,
    find_ages,
    find_blood_pressure,
    find_durations,
    find_glucose,
    find_money,
)
from assistant.understand.people import PersonForm, PersonMention
from assistant.understand.polarity import Polarity
from assistant.understand.spans import Span
from assistant.understand.times import Direction, find_times

_HAS_NUMBER = re.compile(r"[0-9一二三四五六七八九十百千万半几两俩]|小学|初中|高中|幼儿")
#: A pair of numbers without 血压 beside it is a pressure only where the message speaks of measuring.
_MEASURES = re.compile(r"血压|高压|低压|量|测|压")
_NOT_THAT = re.compile(r"(?:不是|并非|不是的|而不是)\s*$")


@dataclass(frozen=True)
class Numbers:
    """Everything countable in one text."""

    money: tuple[Money, ...] = ()
    ages: tuple[Age, ...] = ()
    durations: tuple[Duration, ...] = ()

    def as_terms(self) -> dict[str, list[Span]]:
        """The spans that patterns may ask for by name (<金额>, <岁数>, <天数>)."""
        return {
            "money": [Span(one.start, one.end) for one in self.money],
            "age": [Span(one.start, one.end) for one in self.ages],
            "duration": [Span(one.start, one.end) for one in self.durations],
        }


def find_numbers(text: str) -> Numbers:
    """Sums of money, ages and durations; quick where there is no number."""
    if _HAS_NUMBER.search(text) is None:
        return Numbers()
    return Numbers(find_money(text), find_ages(text), find_durations(text))


def find_measurements(folded: FoldedText, spans: Sequence[Span], polarity: Polarity) -> tuple[Measurement, ...]:
    """Blood pressures and blood sugar in these spans; none of what is corrected away or taught."""
    if polarity.is_talk:
        return ()
    text = folded.text
    found = []
    for start, end in spans:
        piece = text[start:end]
        if _HAS_NUMBER.search(piece) is None:
            continue
        for pressure in find_blood_pressure(piece):
            if not pressure.is_cued and _MEASURES.search(text) is None:
                continue
            values = {"systolic": pressure.systolic, "diastolic": pressure.diastolic}
            said = {name: float(value) for name, value in values.items() if value is not None}
            found.append((start + pressure.start, start + pressure.end, "blood_pressure", said))
        for glucose in find_glucose(piece):
            found.append((start + glucose.start, start + glucose.end, "glucose", {"glucose": glucose.value}))
    return tuple(
        Measurement(what, values, folded.quote(first, last), _told(polarity, first))
        for first, last, what, values in found
        if _NOT_THAT.search(text, max(0, first - 4), first) is None
    )


def with_sums(
    findings: Sequence[Finding], money: Sequence[Money], spans: Sequence[Span], folded: FoldedText
) -> tuple[Finding, ...]:
    """Each scam that is so with ``amount_yuan``: the sum said nearest to its words, the lower end of a range."""
    sums = [(folded.quote(one.start, one.end), one.low) for one in money if _within(one.start, spans)]
    if not sums:
        return tuple(findings)
    return tuple(
        replace(finding, values={**finding.values, "amount_yuan": _nearest_sum(finding.quote, sums)})
        if finding.theme == "fraud" and finding.state.is_active
        else finding
        for finding in findings
    )


def _nearest_sum(told: Quote, sums: Sequence[tuple[Quote, float]]) -> float:
    """What stands within the words comes first, the last of them; then what follows; then what stands before."""
    inside = [value for quote, value in sums if told.start <= quote.start < told.end]
    if inside:
        return inside[-1]
    return min(
        sums, key=lambda one: one[0].start - told.end if one[0].start >= told.end else told.start - one[0].end + 1
    )[1]


def _told(polarity: Polarity, position: int) -> EvidenceState:
    voice = polarity.voice_at(position)
    return voice if voice is EvidenceState.HEARSAY else EvidenceState.SEEN


def times_said(folded: FoldedText, at: datetime) -> tuple[TimeSaid, ...]:
    """The moments and days that the words name: when it happened, or when it shall be done; ``at`` anchors them.

    What only recurs (每周二) is neither.
    """
    zone = at.tzinfo
    if zone is None or _HAS_TIME.search(folded.text) is None:
        return ()
    said = []
    for one in find_times(folded.text, at, zone):
        role = _ROLES.get(one.direction)
        if role is not None:
            said.append(TimeSaid(role, one.starts_at, one.ends_at, folded.quote(one.start, one.end)))
    return tuple(said)


_HAS_TIME = re.compile(r"[今昨前后明上下这本]|天|周|星期|月|号|日|点|年|节|刚|才|早|晚|初|底|末|腊|\d")
_ROLES = {Direction.PAST: "occurred", Direction.PRESENT: "occurred", Direction.FUTURE: "due"}


def people_said(
    folded: FoldedText, mentions: Sequence[PersonMention], ages: Sequence[Age], spans: Sequence[Span]
) -> tuple[PersonSaid, ...]:
    """The residents these spans speak of, each with the age that stands nearest; an age alone is of somebody here."""
    here = [one for one in mentions if _within(one.start, spans) and one.form not in _ELSEWHERE]
    own_ages = [age for age in ages if _within(age.start, spans)]
    if not here:
        return tuple(PersonSaid("", age.low) for age in own_ages)
    of_person: dict[int, Age] = {}
    for age in own_ages:
        nearest = min(range(len(here)), key=lambda index: _apart(here[index], age))
        of_person.setdefault(nearest, age)
    return tuple(
        PersonSaid(folded.quote(one.start, one.end).text, of_person[index].low if index in of_person else None, one.sex)
        for index, one in enumerate(here)
    )


#: People of some age, nobody in particular.
_CLASSES = frozenset({"老年人", "年轻人", "大学生", "高中生", "初中生", "小学生"})
#: 一位大妈, 有个娃儿, 几个婆婆: anybody
_ANYBODY = re.compile(r"(?:[一二两三四五六七八九十几好多数某]|有)[个位名些]?(?:[\u4e00-\u9fff]{0,3}的)?$")


def speaks_of_certain_people(text: str, mentions: Sequence[PersonMention], spans: Sequence[Span]) -> bool:
    """Is a certain resident spoken of (李婆婆, 她女儿), not just anybody who was there (一位大妈, 有个娃儿)?"""
    return any(
        _within(one.start, spans)
        and one.form is not PersonForm.STAFF
        and not (one.form is PersonForm.GENERIC and _is_anybody(text, one))
        for one in mentions
    )


def _is_anybody(text: str, person: PersonMention) -> bool:
    return person.called in _CLASSES or _ANYBODY.search(text, max(0, person.start - 7), person.start) is not None


_ELSEWHERE = frozenset({PersonForm.STAFF, PersonForm.KIN})


def are_elderly(mentions: Sequence[PersonMention], spans: Sequence[Span]) -> PersonMention | None:
    """The first person whose form of address tells that they are 60 or more (婆婆, 大爷)."""
    return next(
        (
            one
            for one in mentions
            if _within(one.start, spans) and (one.age_at_least or 0) >= 60 and one.form not in _ELSEWHERE
        ),
        None,
    )


def _apart(mention: PersonMention, age: Age) -> int:
    return age.start - mention.end if age.start >= mention.end else mention.start - age.end + 1


def _within(position: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= position < span.end for span in spans)
