"""When things happened or are due, as far as the message names it.

    at Tuesday 10 March 2026, 10:00:
    "上周二"        →  3 March                    past
    "她娃儿周末来换" →  14 and 15 March            future
    "三天前"        →  7 March                    past
    "每周二周五"    →  today, weekdays {1, 4}     recurring

A closed grammar: what it does not know it leaves alone (jionlp reads 两周内 and 月底 wrongly, and says so to nobody).
Pure: ``at`` and the zone are given. Stretches of time are half-open. 二天 is 改天 in Sichuan, not two days; 好久 asks
when; 三天没开火 is no time but a duration (``numbers.find_durations``).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import cache

from assistant.understand.numbers.words import any_of
from assistant.understand.times.atoms import Atom, AtomLexer, Level
from assistant.understand.times.calendar import Calendar
from assistant.understand.times.mention import Bound, Direction, Precision, TimeMention
from assistant.understand.times.resolve import Resolver, Stretch
from knowledge.language import TimeWords, load_language

__all__ = ["Bound", "Direction", "Precision", "TimeFinder", "TimeMention", "find_times"]

_GAP = re.compile(r"\s?的?\s?")
_UNTIL = re.compile(r"\s?(?:到|至|~|-|—)+\s?")
_AFTERWARDS = re.compile(r"(?:之|以)?(?:(前)|(后))(?![天几头门面台段阵些两年半来续])")
_FROM_THEN_ON = re.compile(r"(?:开始|起)(?=就|$|[,。])")
_CLAUSE_END = re.compile(r"[,。;!?\n]")

#: characters behind a time that are looked at for what it is about
LONGEST_CLAUSE = 30


class TimeFinder:
    """The grammar of times for one set of words."""

    def __init__(self, words: TimeWords) -> None:
        self._words = words
        self._lexer = AtomLexer(words)
        self._calendar = Calendar(words)
        self._future, self._past = re.compile(any_of(words.future_words)), re.compile(any_of(words.past_words))

    def find(self, text: str, at: datetime, zone: tzinfo) -> tuple[TimeMention, ...]:
        """Every time, left to right. ``at`` must be aware; the mentions are in ``zone``."""
        groups = _together(text, list(self._lexer.atoms(text)))
        if not groups:
            return ()
        resolver = Resolver(self._words, self._calendar, at, zone)
        found: list[TimeMention] = []
        before: tuple[Stretch, int] | None = None
        for atoms in groups:
            like = before[0] if before and _UNTIL.fullmatch(text, before[1], atoms[0].start) else None
            made = resolver.stretch(atoms, self._lean(text, atoms), like)
            start, end = atoms[0].start, atoms[-1].end
            before = (made, end) if isinstance(made, Stretch) else None
            mention = resolver.finish(start, end, made) if isinstance(made, Stretch) else made
            if mention is None:
                continue
            if like is not None and found:
                mention = _span(found.pop(), mention, resolver)
            found.append(_with_bound(text, mention))
        return tuple(found)

    def _lean(self, text: str, atoms: Sequence[Atom]) -> Direction | None:
        """Is the clause about what was, or what will be? The nearest word behind the time decides."""
        start = atoms[-1].end
        comma = _CLAUSE_END.search(text, start, start + LONGEST_CLAUSE)
        end = comma.start() if comma else start + LONGEST_CLAUSE
        future, past = self._future.search(text, start, end), self._past.search(text, start, end)
        if future and (past is None or future.start() <= past.start()):
            return Direction.FUTURE
        if past or text[max(0, atoms[0].start - 1) : atoms[0].start] in ("从", "自"):
            return Direction.PAST
        return None


def _together(text: str, atoms: list[Atom]) -> list[list[Atom]]:
    """Atoms that stand side by side and get finer; a mere 早, 晚 or 一点 by itself is left out."""
    groups: list[list[Atom]] = []
    for atom in atoms:
        last = groups[-1][-1] if groups else None
        if last is not None and last.level is not Level.ALONE and _goes_on(text, last, atom):
            groups[-1].append(atom)
        elif not _needs_company(text, atom):
            groups.append([atom])
    return groups


def _goes_on(text: str, last: Atom, atom: Atom) -> bool:
    is_finer = atom.level > last.level or (atom.name == "weekday" and last.name in ("date", "month_day", "iso", "week"))
    is_part_of_month = atom.name == "month_part" and last.name in ("month", "this_month", "year")
    return (is_finer or is_part_of_month) and _GAP.fullmatch(text, last.end, atom.start) is not None


def _needs_company(text: str, atom: Atom) -> bool:
    said = text[atom.start : atom.end]
    if atom.name == "part":
        if said == "黑了" or text.startswith("一点", atom.end):
            return len(said) == 1 or said == "黑了"
        return len(said) == 1 and text[atom.end : atom.end + 1] not in "0123456789一二三四五六七八九十"
    if atom.name == "month_part":
        return not said.startswith("月") and not said.endswith("旬")
    return atom.name == "clock" and said in ("一点", "二点", "十点多")


def _span(first: TimeMention, last: TimeMention, resolver: Resolver) -> TimeMention:
    """周一到周五, 9点到5点: from the start of the one to the end of the other, or to its clock."""
    until = last.starts_at if last.precision in (Precision.HOUR, Precision.MINUTE) else last.ends_at
    if until <= first.starts_at:
        is_same_day = until.date() == first.starts_at.date()
        until += timedelta(hours=12) if is_same_day else timedelta(days=7)
    direction = first.direction
    if direction is not Direction.RECURRING:
        direction = resolver.direction(first.starts_at, until)
    return replace(first, end=last.end, ends_at=until, direction=direction)


def _with_bound(text: str, mention: TimeMention) -> TimeMention:
    if mention.precision is Precision.VAGUE:
        return mention
    side = _AFTERWARDS.match(text, mention.end)
    if side:
        return replace(mention, bound=Bound.BEFORE if side[1] else Bound.AFTER)
    if text[mention.start - 1 : mention.start] in ("从", "自") or _FROM_THEN_ON.match(text, mention.end):
        return replace(mention, bound=Bound.SINCE)
    return mention


@cache
def _own_finder() -> TimeFinder:
    return TimeFinder(load_language().times)


def find_times(text: str, at: datetime, zone: tzinfo) -> tuple[TimeMention, ...]:
    """``TimeFinder.find`` with the project's own words."""
    return _own_finder().find(text, at, zone)
