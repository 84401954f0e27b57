"""How moments and messages are shown on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: a message longer than this is shown around its marked words
_EXCERPT = 160
_BEFORE_FIRST_MARK = 40


@dataclass(frozen=True)
class Piece:
    """A stretch of a message; marked where a finding's words are."""

    text: str
    is_marked: bool = False


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """Cut a message into marked and unmarked stretches; overlapping marks become one, a long text an excerpt.

    ``marks`` are ``(start, end)`` into ``text``; what lies outside is cut off. Joined, the pieces are the text (or the
    excerpt with ``…`` where it was cut).
    """
    inside = [(max(0, start), min(len(text), end)) for start, end in marks]
    merged: list[list[int]] = []
    for start, end in sorted(span for span in inside if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    first, last = _excerpt(text, merged[0][0] if merged else 0)
    made = [Piece("…")] if first else []
    at = first
    for start, end in merged:
        if start >= last:
            break
        made.append(Piece(text[at:start]))
        made.append(Piece(text[start : min(end, last)], is_marked=True))
        at = min(end, last)
    made.append(Piece(text[at:last]))
    if last < len(text):
        made.append(Piece("…"))
    return tuple(piece for piece in made if piece.text)


def _excerpt(text: str, first_mark: int) -> tuple[int, int]:
    if len(text) <= _EXCERPT:
        return 0, len(text)
    first = max(0, min(first_mark - _BEFORE_FIRST_MARK, len(text) - _EXCERPT))
    return first, first + _EXCERPT


def say_span(span: timedelta) -> str:
    """How long something has been going on: 不到1分钟, 12分钟, 2小时5分, 3天."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    if minutes < 24 * 60:
        return f"{minutes // 60}小时{minutes % 60}分"
    return f"{minutes // (24 * 60)}天"


def say_moment(moment: datetime, now: datetime) -> str:
    """A past moment as people say it: 刚刚, 12分钟前, 今天09:12, 昨天15:00, 3月2日. Both are aware."""
    local = moment.astimezone(now.tzinfo)
    passed = now - local
    if passed < timedelta(minutes=1):
        return "刚刚"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)}分钟前"
    if local.date() == now.date():
        return f"今天{local:%H:%M}"
    if local.date() == now.date() - timedelta(days=1):
        return f"昨天{local:%H:%M}"
    return _day(local, now)


def say_deadline(due: datetime, now: datetime, *, is_at_once: bool = False) -> str:
    """A deadline: 马上, 超期3小时, 超期2天, 今天17:00前, 明天09:00前, 3月9日前.

    What is to be done at once (``is_at_once``) is due from its first minute: 马上 until it is an hour late.
    """
    local = due.astimezone(now.tzinfo)
    late = now - local
    if late >= timedelta(days=1):
        return f"超期{late.days}天"
    if late >= timedelta(hours=1):
        return f"超期{int(late.total_seconds() // 3600)}小时"
    if late > timedelta(minutes=10) and not is_at_once:
        return f"超期{int(late.total_seconds() // 60)}分钟"
    if -late <= timedelta(minutes=15):
        return "马上"
    if local.date() == now.date():
        return f"今天{local:%H:%M}前"
    if local.date() == now.date() + timedelta(days=1):
        return f"明天{local:%H:%M}前"
    return f"{_day(local, now)}前"


def _day(local: datetime, now: datetime) -> str:
    year = f"{local.year}年" if local.year != now.year else ""
    return f"{year}{local.month}月{local.day}日"
