"""From atoms that stand together to a stretch of real time, seen from the moment of the message.

What is not said is taken so: a day or month without a year is this year's, unless the clause speaks of what was (了,
过) or will be (再, 来换) or another year is much nearer; a weekday without a week is the coming one, unless it was; a
clock without a day is today's, and 1 to 6 o'clock without a part of the day is in the afternoon.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from assistant.understand.times.atoms import YEARS, Atom, Level
from assistant.understand.times.away import away
from assistant.understand.times.calendar import Calendar
from assistant.understand.times.days import (
    ONE_DAY,
    Days,
    each_day,
    in_week,
    lunar_day_number,
    month_away,
    one_day,
    part_of_year,
    precision_of,
    small_number,
    third_of_month,
    whole_month,
)
from assistant.understand.times.mention import Direction, Precision, TimeMention
from knowledge.language import TimeWords

_STEPS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}
_SIDES = {"再过": "后", "过": "后", "隔": "后", "等": "后", "未来": "内", "接下来": "内", "今后": "内"}
_QUARTERS = {"一刻": 15, "三刻": 45}
_NIGHT = re.compile(r"晚|夜")
_AFTERNOON = re.compile(r"下午|午后|下半天|傍晚|擦黑|黄昏|晚|夜|黑")
#: days: a date is taken for another year's when this year's is further off than FAR and the other nearer than NEAR
FAR, NEAR = 183, 92
#: by day the small hours are over; from the evening on they are those to come
MORNING, EVENING = 5, 18


@dataclass
class Stretch:
    """An expression under way: its days so far, and what of the day was said."""

    days: Days
    precision: Precision = Precision.DAY
    level: Level = Level.ALONE
    year: int | None = None
    part: str | None = None
    clock: time | None = None
    recurs: bool = False
    weekdays: frozenset[int] = frozenset()


class Resolver:
    """Turns groups of atoms into mentions, for one message. ``at`` is when it was sent, aware."""

    def __init__(self, words: TimeWords, calendar: Calendar, at: datetime, zone: tzinfo) -> None:
        self._words, self._calendar, self._zone = words, calendar, zone
        self._at = at.astimezone(zone)
        self._today = self._at.date()

    def mention(self, atoms: Sequence[Atom], lean: Direction | None, like: Stretch | None = None) -> TimeMention | None:
        """What the atoms of one expression mean; None when there is no such time (2月30号, 25点).

        ``lean`` is what the clause is about, the past or the future; ``like`` lends the days to a mere clock.
        """
        made = self.stretch(atoms, lean, like)
        if made is None:
            return None
        if isinstance(made, TimeMention):
            return made
        return self.finish(atoms[0].start, atoms[-1].end, made)

    def stretch(
        self, atoms: Sequence[Atom], lean: Direction | None, like: Stretch | None = None
    ) -> Stretch | TimeMention | None:
        if atoms[0].level is Level.ALONE:
            return self._alone(atoms[0])
        stretch = Stretch((self._today, self._today + ONE_DAY))
        if like is not None:
            stretch.year = like.year
            if atoms[0].level in (Level.PART, Level.CLOCK):
                stretch.days, stretch.part, stretch.level = like.days, like.part, Level.DAY
            elif atoms[0].name == "month_day":
                stretch.days, stretch.level = like.days, Level.MONTH
        for atom in atoms:
            try:
                self._add(stretch, atom, lean)
            except (ValueError, OverflowError):
                return None
        if like is None and lean is not Direction.FUTURE and self._is_of_last_night(atoms, stretch):
            stretch.days = (self._today, self._today + ONE_DAY)
        return stretch

    def _is_of_last_night(self, atoms: Sequence[Atom], stretch: Stretch) -> bool:
        """半夜两点吵, written by day: the small hours that are over, where no day was said."""
        is_bare = all(atom.level in (Level.PART, Level.CLOCK) for atom in atoms)
        return is_bare and MORNING <= self._at.hour < EVENING and stretch.days[0] == self._today + ONE_DAY

    def _alone(self, atom: Atom) -> TimeMention | None:
        said = atom.groups[0] or ""
        if atom.name == "now":
            low, high = (timedelta(minutes=minutes) for minutes in self._words.now[said])
            return self._made(atom.start, atom.end, self._at + low, self._at + high, Precision.VAGUE)
        if atom.name == "vague":
            since, until = (self._midnight(self._today + timedelta(days=days)) for days in self._words.vague[said])
            return self._made(atom.start, atom.end, since, until, Precision.VAGUE)
        if atom.name == "ago":
            amount, some, unit, more, side = (group or "" for group in atom.groups)
        else:
            before, amount, some, unit = (group or "" for group in atom.groups)
            more = ""
            side = _SIDES.get(before, "近")
        found = away(self._at, amount, unit, side, is_more=bool(some or more))
        return None if found is None else self._made(atom.start, atom.end, *found[0], found[1])

    def _add(self, stretch: Stretch, atom: Atom, lean: Direction | None) -> None:
        """Make ``stretch`` finer by ``atom``. Raises ValueError when there is no such day or hour."""
        match atom.name:
            case "part":
                stretch.part, stretch.precision, stretch.level = atom.groups[0], Precision.PART_OF_DAY, Level.PART
            case "clock" | "digital":
                self._set_clock(stretch, atom)
            case "every" | "each" | "each_month" | "each_year":
                self._set_recurring(stretch, atom)
            case "weekday" if stretch.level is Level.DAY and stretch.precision is Precision.DAY:
                pass  # 6月1日周六: the date says it
            case "weekday" if stretch.level is Level.DAY:  # 上周星期三
                weeks = (stretch.days[0] - in_week(self._today, 0, None)[0]).days // 7
                stretch.days, stretch.precision = in_week(self._today, weeks, atom.groups[0]), Precision.DAY
            case _:
                days = self._days(stretch, atom, lean)
                if days is None:
                    raise ValueError(atom.name)
                stretch.days, stretch.level, stretch.precision = days, atom.level, precision_of(days)

    def _days(self, stretch: Stretch, atom: Atom, lean: Direction | None) -> Days | None:
        groups, today = atom.groups, self._today
        match atom.name:
            case "year":
                stretch.year = today.year + YEARS[groups[1]] if groups[1] else _full_year(small_number(groups[0]))
                return date(stretch.year, 1, 1), date(stretch.year + 1, 1, 1)
            case "half_year":
                return part_of_year(stretch.year or today.year, groups[0], groups[1])
            case "month":
                return self._in_year(stretch, lean, lambda year: whole_month(year, small_number(groups[0])))
            case "this_month":
                return month_away(today, _STEPS[groups[0] or groups[1] or "这"])
            case "month_part":
                which = groups[0] or groups[1] or groups[2] or ""
                if stretch.level is Level.YEAR:  # 去年底
                    return part_of_year(stretch.days[0].year, None, which)
                return third_of_month(stretch.days[0] if stretch.level is Level.MONTH else today, which)
            case "iso":
                return one_day(*(small_number(group) for group in groups[:3]))
            case "date" | "dotted":
                month, day = small_number(groups[0]), small_number(groups[1])
                return self._in_year(stretch, lean, lambda year: one_day(year, month, day))
            case "month_day" | "day_in_month":
                return self._day_of_month(stretch, small_number(groups[0]), lean)
            case "feast":
                return self._in_year(stretch, lean, lambda year: self._calendar.feast(groups[0] or "", year))
            case "lunar" | "lunar_month" | "lunar_day":
                return self._in_year(stretch, lean, lambda year: self._lunar(atom, year))
            case "day" | "short_day":
                offset = self._words.days.get(groups[0] or "", self._words.short_days.get(groups[0] or "", 0))
                return today + timedelta(days=offset), today + timedelta(days=offset + 1)
            case "week":
                return in_week(today, _STEPS[groups[0] or "这"], groups[1])
            case _:
                return self._weekday(groups[0], lean)

    def _in_year(self, stretch: Stretch, lean: Direction | None, days_of: Callable[[int], Days | None]) -> Days | None:
        if stretch.year is not None:
            return days_of(stretch.year)
        last, this, coming = (days_of(self._today.year + offset) for offset in (-1, 0, 1))
        if this is None:
            return None
        if lean is Direction.PAST and this[0] > self._today:
            return last
        if lean is Direction.FUTURE and this[1] <= self._today:
            return coming
        for other in (last, coming) if lean is None else ():
            if other and abs((other[0] - self._today).days) < NEAR and abs((this[0] - self._today).days) > FAR:
                return other
        return this

    def _day_of_month(self, stretch: Stretch, day: int, lean: Direction | None) -> Days:
        if stretch.level is Level.MONTH:
            return one_day(stretch.days[0].year, stretch.days[0].month, day)
        this = one_day(self._today.year, self._today.month, day)
        if (lean is Direction.FUTURE and this[1] <= self._today) or (lean is Direction.PAST and this[0] > self._today):
            other = month_away(self._today, 1 if lean is Direction.FUTURE else -1)[0]
            return one_day(other.year, other.month, day)
        return this

    def _lunar(self, atom: Atom, year: int) -> Days | None:
        is_leap = atom.name == "lunar" and bool(atom.groups[0])
        month, day = atom.groups[-2] or "", atom.groups[-1]
        number = {"正": 1, "冬": 11, "腊": 12}.get(month) or small_number(month)
        if day is None:
            return self._calendar.lunar_month(year, number)
        first = self._calendar.lunar_day(year, number, lunar_day_number(day), is_leap=is_leap)
        return None if first is None else (first, first + ONE_DAY)

    def _weekday(self, day: str | None, lean: Direction | None) -> Days:
        this = in_week(self._today, 0, day)
        if lean is Direction.PAST:
            return this if this[0] <= self._today else in_week(self._today, -1, day)
        return this if this[1] > self._today else in_week(self._today, 1, day)

    def _set_recurring(self, stretch: Stretch, atom: Atom) -> None:
        stretch.recurs, stretch.level = True, Level.DAY
        said = atom.groups[0] or atom.groups[-1] or ""
        if atom.name == "every":
            weeks = [in_week(self._today, 0, day) for day in re.findall("[一二三四五六日天末]", said)]
            stretch.weekdays = frozenset(day.weekday() for days in weeks for day in each_day(days))
            first = min(days[0] if days[1] > self._today else days[0] + timedelta(weeks=1) for days in weeks)
            stretch.days = (first, first + ONE_DAY)
        elif said in ("晚", "早", "夜夜"):
            stretch.part, stretch.level, stretch.precision = said[0], Level.PART, Precision.PART_OF_DAY
        elif said in ("周", "星期", "礼拜"):
            stretch.days, stretch.precision = in_week(self._today, 0, None), Precision.WEEK
        elif said == "月":
            stretch.days, stretch.precision, stretch.level = month_away(self._today, 0), Precision.MONTH, Level.MONTH
        elif said == "年":
            stretch.year, stretch.precision, stretch.level = self._today.year, Precision.YEAR, Level.YEAR
            stretch.days = (date(self._today.year, 1, 1), date(self._today.year + 1, 1, 1))

    def _set_clock(self, stretch: Stretch, atom: Atom) -> None:
        hour, part, is_rough = small_number(atom.groups[0]), stretch.part or "", False
        if atom.name == "digital":
            minute = small_number(atom.groups[1])
        else:
            _, half, quarter, minutes, more = atom.groups
            minute = 30 if half else _QUARTERS.get(quarter or "", 0) or small_number(minutes)
            is_rough = minute == 0 or more is not None
        is_night = _NIGHT.search(part) is not None and part != "傍晚"
        days_on = 0
        if is_night and (hour == 12 or hour < 5):
            hour, days_on = hour % 12, 1
        elif hour < 12 and (
            _AFTERNOON.search(part)
            or (part in ("中午", "晌午") and hour < 5)
            or (not part and atom.name == "clock" and 1 <= hour <= 6)
        ):
            hour += 12
        if hour == 24:
            hour, days_on = 0, 1
        stretch.clock = time(hour, minute)
        stretch.days = (stretch.days[0] + days_on * ONE_DAY, stretch.days[1] + days_on * ONE_DAY)
        stretch.level, stretch.precision = Level.CLOCK, Precision.HOUR if is_rough else Precision.MINUTE

    def finish(self, start: int, end: int, stretch: Stretch) -> TimeMention:
        """The mention of ``text[start:end]`` that the stretch makes."""
        since, until = (self._midnight(day) for day in stretch.days)
        if stretch.clock is not None:
            since = datetime.combine(stretch.days[0], stretch.clock, self._zone)
            until = since + timedelta(minutes=60 if stretch.precision is Precision.HOUR else 1)
        elif stretch.part is not None:
            low, high = (timedelta(hours=hours) for hours in self._words.parts[stretch.part])
            since, until = since + low, since + high
        made = self._made(start, end, since, until, stretch.precision)
        if not stretch.recurs:
            return made
        return replace(made, direction=Direction.RECURRING, weekdays=stretch.weekdays)

    def _made(self, start: int, end: int, since: datetime, until: datetime, precision: Precision) -> TimeMention:
        return TimeMention(start, end, since, until, self.direction(since, until), precision)

    def direction(self, since: datetime, until: datetime) -> Direction:
        """Past when it is over, future when it has not begun."""
        if until <= self._at:
            return Direction.PAST
        return Direction.FUTURE if since >= self._at else Direction.PRESENT

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


def _full_year(year: int) -> int:
    """19年底 is 2019, 91年5月 is 1991."""
    return year if year >= 100 else year + (2000 if year < 50 else 1900)
