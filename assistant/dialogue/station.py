"""How days, spans and hours of the service station are said. Pure; ``today`` and all moments are the community's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from assistant.domain.station import Hours, openings
from knowledge.replies import Replies


def say_day(day: date, today: date, replies: Replies) -> str:
    """今天, 明天, else month, day and weekday, so that nobody comes a week early."""
    say = replies.station
    if day == today:
        return say.today
    if day == today + timedelta(days=1):
        return say.tomorrow
    return say.day.format(month=day.month, day=day.day, weekday=say.weekdays[day.weekday()])


def say_dated(day: date, replies: Replies) -> str:
    """Month, day and weekday whatever today is: for messages that are read later."""
    say = replies.station
    return say.day.format(month=day.month, day=day.day, weekday=say.weekdays[day.weekday()])


def say_days(days: Iterable[date], replies: Replies) -> str:
    """Several days, each with its date."""
    return "、".join(say_dated(day, replies) for day in dict.fromkeys(days))


def say_when(starts: datetime, ends: datetime, replies: Replies) -> str:
    """3月6日（周五）14:00–16:00."""
    say = replies.station
    span = _span(starts.time(), ends.time(), replies)
    return say.when.format(day=say_dated(starts.date(), replies), span=span)


def say_spans(spans: Sequence[tuple[time, time]], replies: Replies) -> str:
    """9:00–12:00、14:00–17:00; empty when there is none."""
    return "、".join(_span(opens, closes, replies) for opens, closes in spans)


def say_hours(hours: Hours, replies: Replies) -> str:
    """周一至周五9:00–17:00: days that follow each other and have the same spans are said together."""
    monday = date(2026, 1, 5)
    by_day = {day: say_spans(openings(hours, monday + timedelta(days=day)), replies) for day in range(7)}
    parts: list[tuple[list[int], str]] = []
    for day, spans in by_day.items():
        if not spans:
            continue
        if parts and parts[-1][1] == spans and parts[-1][0][-1] == day - 1:
            parts[-1][0].append(day)
        else:
            parts.append(([day], spans))
    return "，".join(f"{_range(days, replies)}{spans}" for days, spans in parts)


def say_weekdays(days: Iterable[int], replies: Replies) -> str:
    """周二、周五. ``days`` are 1 Monday … 7 Sunday."""
    return "、".join(replies.station.weekdays[day - 1] for day in sorted(set(days)))


def say_changes(turns: Mapping[date, str], replies: Replies) -> str:
    """Who is on duty on which day, after a change."""
    say = replies.station
    return "，".join(
        say.swap_agreed_one.format(day=say_dated(day, replies), who=who) for day, who in sorted(turns.items())
    )


def _span(opens: time, closes: time, replies: Replies) -> str:
    return replies.station.span.format(opens=_clock(opens), closes=_clock(closes))


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02d}"


def _range(days: Sequence[int], replies: Replies) -> str:
    names = replies.station.weekdays
    if len(days) > 2:
        return replies.station.span_of_days.format(first=names[days[0]], last=names[days[-1]])
    return "、".join(names[day] for day in days)
