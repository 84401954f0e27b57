"""What a correction makes of an earlier case at the same door: another kind, person, time, value or outcome. Pure.

    contrast("不是张大爷,是李婆婆", replies)       Contrast(denied="张大爷", said="李婆婆")
    revised(case, said, denied, contrast)         the case as it should have been, or None where nothing changes

The correction is given twice read, what it says and what it denies, each as if it had begun with the door. What the
correction does not touch stays as it was.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.reports import CaseReading, Finding, Measurement, PersonSaid, VisitOutcome
from knowledge.replies import Replies

_PUNCTUATION = "，,。.；;：:！!、 \n"
#: a door as it is written, and what points at its report
_DOOR = re.compile(
    r"(?=.*[0-9一二三四五六七八九十])[0-9A-Za-z一二三四五六七八九十百两#\-栋幢座单元号楼室房户家屋头那这条个的说报上]{2,24}"
)
#: outcomes that words name outright; that somebody was met is mostly only implied
_NAMED_OUTCOMES = (VisitOutcome.MISSED, VisitOutcome.REFUSED, VisitOutcome.PHONE, VisitOutcome.STATION)


@dataclass(frozen=True)
class Contrast:
    """Not ``denied`` but ``said``; either may be empty."""

    denied: str
    said: str


def contrast(text: str, replies: Replies) -> Contrast:
    """Part a correction into what was wrong and what is right, without the words that only introduce it."""
    words = replies.answer_words
    denied, said = "", []
    for clause in _clauses(text):
        clause = _without_lead(clause, words.lead_in)
        for word in words.becomes:
            wrong, found, right = clause.partition(word)
            if found:
                denied, clause = denied or wrong, right
        clause = _without_door(clause, words.denies)
        lead = _lead(clause, words.denies)
        if lead:
            wrong, right = _parted(clause.removeprefix(lead), words.affirms)
            denied, clause = denied or wrong.strip(_PUNCTUATION), right
        clause = clause.removeprefix(_lead(clause, words.affirms))
        if clause:
            said.append(clause)
    return Contrast(denied, "，".join(said))


@dataclass(frozen=True)
class Revision:
    """The case as it should have been. ``restated`` are the kinds that the correction's own words state."""

    case: CaseReading
    restated: frozenset[str]
    #: when it was found, if the correction tells another time
    found_at: datetime | None = None


def revised(old: CaseReading, said: CaseReading, denied: CaseReading | None, words: Contrast) -> Revision | None:
    """What ``old`` becomes; None when the correction changes nothing that we can tell."""
    stated = tuple(finding for finding in said.findings if finding.state.is_active)
    wrong = {finding.kind for finding in said.findings if not finding.state.is_active}
    wrong |= {finding.kind for finding in denied.findings} if denied is not None else set()
    case = replace(old, findings=_findings(old.findings, stated, wrong))
    case = replace(case, measurements=_measurements(case.measurements, said.measurements))
    if (denied_number := _number(words.denied)) is not None and (right := _number(words.said)) is not None:
        case = _with_number(case, denied_number, right)
    if said.visit in _NAMED_OUTCOMES or _denies_outcome(old, denied):
        case = replace(case, visit=said.visit, visit_quote=said.visit_quote)
    if said.people and not stated:
        case = replace(case, people=_people(case.people, said.people[0], words.denied))
    told = [time.starts_at for time in said.times if time.role == "occurred"] if not stated else []
    if case == old and not told:
        return None
    return Revision(case, frozenset(finding.kind for finding in stated), told[0] if told else None)


def _findings(old: tuple[Finding, ...], stated: tuple[Finding, ...], wrong: set[str]) -> tuple[Finding, ...]:
    """What was denied goes; where nothing was, what is stated takes the place of what was of the same theme."""
    new_kinds = {finding.kind for finding in stated}
    if stated and not wrong & {finding.kind for finding in old} and not new_kinds & {each.kind for each in old}:
        themes = {finding.theme for finding in stated}
        wrong = {finding.kind for finding in old if finding.theme in themes or len(old) == 1}
    kept = tuple(finding for finding in old if finding.kind not in wrong | new_kinds)
    return kept + stated


def _measurements(old: tuple[Measurement, ...], said: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    """A value measured anew takes the place of the one of its sort; a part that is not said again stays (148/90)."""
    by_sort = {each.what: each for each in old}
    for each in said:
        before = by_sort.get(each.what)
        values = {**(before.values if before else {}), **each.values}
        by_sort[each.what] = replace(each, values=values)
    return tuple(by_sort.values())


def _with_number(case: CaseReading, wrong: float, right: float) -> CaseReading:
    def put_right(values: dict[str, float]) -> dict[str, float]:
        return {name: right if value == wrong else value for name, value in values.items()}

    return replace(
        case,
        measurements=tuple(replace(each, values=put_right(dict(each.values))) for each in case.measurements),
        findings=tuple(replace(each, values=put_right(dict(each.values))) for each in case.findings),
    )


def _denies_outcome(old: CaseReading, denied: CaseReading | None) -> bool:
    return denied is not None and denied.visit in _NAMED_OUTCOMES and denied.visit is old.visit


def _people(old: tuple[PersonSaid, ...], right: PersonSaid, denied: str) -> tuple[PersonSaid, ...]:
    if len(old) == 1 or not denied:
        return (right, *old[1:])
    fits = [each for each in old if each.called in denied or denied in each.called]
    return tuple(right if each in fits[:1] else each for each in old) if fits else (*old, right)


def _number(text: str) -> float | None:
    digits = text.strip(_PUNCTUATION)
    return float(digits) if digits.replace(".", "", 1).isdecimal() else None


def _clauses(text: str) -> list[str]:
    for sign in "，,。；;！!\n：:":
        text = text.replace(sign, " ")
    return text.split()


def _without_lead(clause: str, leads: tuple[str, ...]) -> str:
    while lead := _lead(clause, leads):
        clause = clause.removeprefix(lead).lstrip(_PUNCTUATION)
    return clause


def _without_door(clause: str, denies: tuple[str, ...]) -> str:
    """3-2-501那条不是漏气 denies what 不是漏气 does: the door only says of which report."""
    for word in denies:
        before, found, _ = clause.partition(word)
        if found and _DOOR.fullmatch(before):
            return clause.removeprefix(before)
    return clause


def _lead(clause: str, words: tuple[str, ...]) -> str:
    return next((word for word in sorted(words, key=len, reverse=True) if clause.startswith(word)), "")


def _parted(text: str, affirms: tuple[str, ...]) -> tuple[str, str]:
    """不是184而是148 in one breath. A bare 是 inside a word parts nothing."""
    for word in sorted(affirms, key=len, reverse=True):
        if len(word) > 1 and word in text:
            wrong, _, right = text.partition(word)
            return wrong, word + right
    return text, ""
