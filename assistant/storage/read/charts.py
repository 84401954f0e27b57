"""The numbers behind the charts of an area: what stands open, how fast it goes, how right rules are, what is asked.

Counts and spans only, of areas and rules, never of a person. Weeks and hours are those of the zone of ``now``.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, SQLColumnExpression, func
from sqlmodel import Session, col, select

from assistant.domain.followups import MatterState
from assistant.domain.precision import Tally
from assistant.domain.reports import Severity
from assistant.domain.rights import Viewer
from assistant.storage.tables import Area, Flag, Matter, OutboxMessage, Purpose, Report, Verdict
from assistant.storage.verdicts import tallies
from assistant.storage.viewing import areas_of, in_area

#: a P0 is to be acknowledged in ten minutes (severity.md)
TO_ACKNOWLEDGE = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
#: the default deadlines of P1, P2 and P3 (severity.md)
TO_SETTLE = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
_WEEK = timedelta(days=7)
#: of an hour, in seconds
_QUARTER = 900
_IS_OR_WAS = (MatterState.OPEN, MatterState.PROPOSED, MatterState.SETTLED)
#: how many seconds it took, None where it has not ended, and whether it was a false alarm (None: no)
_Span = tuple[float | None, int | None]
_SECONDS_OF_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class OpenByTheme:
    """How many matters of each theme stood open when each week ended; ``weeks`` are the Mondays, the last ends now."""

    weeks: tuple[date, ...]
    #: the theme with most first
    themes: tuple[str, ...]
    counts: tuple[dict[str, int], ...]


@dataclass(frozen=True)
class Spread:
    """How long something took: how many within each limit (each counted once), how many longer, how many not yet.

    What ended as a false alarm is none of these: ``dismissed`` counts it apart.
    """

    severity: Severity
    within: tuple[int, ...]
    longer: int
    not_yet: int
    middle: timedelta | None
    dismissed: int


@dataclass(frozen=True)
class Burden:
    """What an area was asked, and what came of it."""

    area: str
    prompts: int
    findings: int


@dataclass(frozen=True)
class Charts:
    """All of them, over the weeks since ``since``."""

    since: datetime
    open: OpenByTheme
    acknowledged: Spread
    settled: tuple[Spread, ...]
    rules: tuple[Tally, ...]
    burden: tuple[Burden, ...]
    by_hour: tuple[int, ...]


def charts_of(session: Session, viewer: Viewer, now: datetime, weeks: int) -> Charts:
    """The charts of the viewer's area over the last ``weeks``. ``now`` is aware, in the community's zone."""
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    since = monday - (weeks - 1) * _WEEK
    # the area as a sum, or SQLite reads all flags of the area instead of the index of rules
    rules = tallies(session, since, within=(col(Flag.area_id) + 0).in_(areas_of(viewer)))
    return Charts(
        since,
        _open_by_theme(session, viewer, now, since),
        _acknowledged(session, viewer, since),
        _settled(session, viewer, since),
        tuple(sorted(rules, key=lambda tally: -tally.judged)),
        _burden(session, viewer, since),
        _by_hour(session, viewer, now, since),
    )


def _open_by_theme(session: Session, viewer: Viewer, now: datetime, since: datetime) -> OpenByTheme:
    ends = [end for n in range(1, 60) if (end := since + n * _WEEK) < now] + [now]
    counts: list[Counter[str]] = [Counter() for _ in ends]
    matters = _lives(Matter, Matter.kind, Matter.first_found_at, Matter.settled_at, viewer, ends)
    lone = _lives(Flag, Flag.theme, Flag.first_raised_at, Flag.ended_at, viewer, ends)
    for query in (matters, lone.where(col(Flag.matter_id).is_(None))):
        lives = query.subquery()
        # in their order, so that of themes with as many it is always the same that comes first
        counted = sa.select(lives, func.count()).group_by(*lives.c).order_by(lives.c.named)
        for name, begun, ended, number in session.execute(counted):
            for count in counts[begun:ended]:
                count[name.split(".")[0]] += number
    total = sum(counts, Counter())
    weeks = tuple((since + n * _WEEK).date() for n in range(len(ends)))
    return OpenByTheme(weeks, tuple(theme for theme, _ in total.most_common()), tuple(map(dict, counts)))


def _lives(
    held: type[Flag] | type[Matter],
    named: str,
    begun: datetime,
    ended: datetime | None,
    viewer: Viewer,
    ends: Sequence[datetime],
) -> sa.Select[*tuple[Any, ...]]:
    """The name of each, and the ends at which it stood open: from which one on, and from which one no more."""
    last = sa.case((col(ended).is_(None), len(ends)), else_=_ends_until(col(ended), ends))
    return (
        sa.select(col(named).label("named"), _ends_until(col(begun), ends).label("first"), last.label("last"))
        .where(in_area(viewer, held.area_id), col(held.state).in_(_IS_OR_WAS))
        .where(sa.or_(col(ended).is_(None), col(ended) >= ends[0]))
    )


def _ends_until(moment: SQLColumnExpression[Any], ends: Sequence[datetime]) -> ColumnElement[int]:
    """How many ends there were by then."""
    by_then = ((moment >= end, place) for place, end in reversed(list(enumerate(ends, 1))))
    return sa.case(*by_then, else_=0)


def _acknowledged(session: Session, viewer: Viewer, since: datetime) -> Spread:
    begun = func.coalesce(col(Flag.reopened_at), col(Flag.first_raised_at))
    # one that was over before anybody took it asked for nobody any more
    taken = func.coalesce(col(Flag.acknowledged_at), col(Flag.ended_at))
    rows = session.execute(
        sa.select(_seconds(session, begun, taken), _ended_by_dismissing(Flag))
        # the area as a sum, or SQLite reads all flags of the area instead of the few that were P0
        .where((col(Flag.area_id) + 0).in_(areas_of(viewer)), col(Flag.severity) == Severity.P0)
        .where(col(Flag.first_raised_at) >= since, col(Flag.state).in_(_IS_OR_WAS))
    )
    return _spread(Severity.P0, TO_ACKNOWLEDGE, [(took, is_wrong) for took, is_wrong in rows])


def _settled(session: Session, viewer: Viewer, since: datetime) -> tuple[Spread, ...]:
    """Of matters, and of flags that speak of no finding."""
    matters = _spans(session, Matter, Matter.first_found_at, Matter.settled_at, viewer, since)
    lone = _spans(session, Flag, Flag.first_raised_at, Flag.ended_at, viewer, since)
    found: dict[str, list[_Span]] = defaultdict(list)
    for query in (matters, lone.where(col(Flag.matter_id).is_(None))):
        for severity, took, is_wrong in session.execute(query):
            found[severity].append((took, is_wrong))
    return tuple(_spread(severity, TO_SETTLE, found[severity]) for severity in Severity if severity.urgency < 4)


def _spans(
    session: Session,
    held: type[Flag] | type[Matter],
    begun: datetime,
    ended: datetime | None,
    viewer: Viewer,
    since: datetime,
) -> sa.Select[*tuple[Any, ...]]:
    """Severity and span of each that began since then, as the database has them: too many to be converted."""
    return (
        sa.select(
            sa.type_coerce(col(held.severity), sa.String),
            _seconds(session, col(begun), col(ended)),
            sa.type_coerce(_ended_by_dismissing(held), sa.Integer),
        )
        .where(in_area(viewer, held.area_id), col(begun) >= since)
        .where(col(held.state).in_(_IS_OR_WAS))
    )


def _seconds(
    session: Session, begun: SQLColumnExpression[Any], ended: SQLColumnExpression[Any]
) -> ColumnElement[float | None]:
    """From ``begun`` to ``ended``, to a hundredth; counted by the database, because reading moments takes longest."""
    if session.get_bind().dialect.name == "sqlite":
        took = (func.julianday(ended) - func.julianday(begun)) * _SECONDS_OF_A_DAY
    else:
        took = sa.cast(sa.extract("epoch", ended - begun), sa.Numeric)
    return sa.cast(func.round(took, 2), sa.Float)


def _ended_by_dismissing(held: type[Flag] | type[Matter]) -> ColumnElement[bool]:
    """Did it end as a false alarm? Dismissing judges and ends in one moment; what was reopened since ended anew.

    Of what has not ended it may be neither true nor false.
    """
    wrong = sa.select(col(Verdict.flag_id), col(Verdict.at)).where(col(Verdict.is_right).is_(False))
    if held is Flag:
        return sa.tuple_(col(Flag.id), col(Flag.ended_at)).in_(wrong)
    # looked up for each verdict: joined, SQLite goes through all flags for the few on which there is one
    matter_id = sa.select(col(Flag.matter_id)).where(col(Flag.id) == Verdict.flag_id).scalar_subquery()
    return sa.tuple_(col(Matter.id), col(Matter.settled_at)).in_(wrong.with_only_columns(matter_id, col(Verdict.at)))


def _spread(severity: Severity, limits: Sequence[timedelta], spans: Sequence[_Span]) -> Spread:
    right = [took for took, is_wrong in spans if not is_wrong]
    ended = sorted(took for took in right if took is not None)
    counted = [0, *(bisect_right(ended, limit.total_seconds()) for limit in limits), len(ended)]
    within = [more - less for less, more in pairwise(counted)]
    middle = timedelta(seconds=median(ended)) if ended else None
    return Spread(severity, tuple(within[:-1]), within[-1], len(right) - len(ended), middle, len(spans) - len(right))


def _burden(session: Session, viewer: Viewer, since: datetime) -> tuple[Burden, ...]:
    """By the areas right below the viewer's, in their order. What was dismissed was not useful."""
    below = session.exec(
        select(Area.id, Area.name, Area.path)
        .where(col(Area.path).startswith(viewer.area_path, autoescape=True))
        .order_by(col(Area.path))
    ).all()
    depth = viewer.area_path.count("/")
    groups = {id_: int(path.strip("/").split("/")[min(depth, path.count("/") - 1) - 1]) for id_, _, path in below}
    prompts = session.exec(
        select(OutboxMessage.area_id, func.count())
        .where(in_area(viewer, OutboxMessage.area_id), OutboxMessage.purpose == Purpose.PROMPT)
        .where(col(OutboxMessage.sent_at) >= since)
        .group_by(col(OutboxMessage.area_id))
    ).all()
    last = select(func.max(Verdict.id)).group_by(col(Verdict.flag_id))
    dismissed = (
        select(Flag.matter_id)
        .join(Verdict, col(Verdict.flag_id) == Flag.id)
        .where(col(Verdict.id).in_(last), col(Verdict.is_right).is_(False), col(Flag.matter_id).is_not(None))
    )
    findings = session.exec(
        select(Matter.area_id, func.count())
        .where(in_area(viewer, Matter.area_id), Matter.first_found_at >= since, col(Matter.state).in_(_IS_OR_WAS))
        .where(col(Matter.id).not_in(dismissed))
        .group_by(col(Matter.area_id))
    ).all()
    asked, useful = _summed(prompts, groups), _summed(findings, groups)
    names = {id_: name for id_, name, _ in below}
    shown = [group for group in dict.fromkeys(groups.values()) if asked[group] or useful[group]]
    return tuple(Burden(names[group], asked[group], useful[group]) for group in shown)


def _summed(rows: Iterable[tuple[int | None, int]], groups: dict[int | None, int]) -> Counter[int]:
    summed: Counter[int] = Counter()
    for area_id, count in rows:
        summed[groups[area_id]] += count
    return summed


def _by_hour(session: Session, viewer: Viewer, now: datetime, since: datetime) -> tuple[int, ...]:
    """Counted by the database, by quarters of an hour: every zone's hours are made of these, summer time or not."""
    if session.get_bind().dialect.name == "sqlite":
        seconds: ColumnElement[int] = sa.cast(func.strftime("%s", col(Report.sent_at)), sa.Integer)
    else:
        seconds = sa.cast(func.floor(sa.extract("epoch", col(Report.sent_at))), sa.Integer)
    quarter = (seconds // _QUARTER).label("quarter")
    rows = session.execute(
        sa.select(quarter, func.count())
        .where(in_area(viewer, Report.area_id), col(Report.sent_at) >= since)
        .group_by(sa.text("quarter"))
    )
    counts: Counter[int] = Counter()
    for at, count in rows:
        counts[datetime.fromtimestamp(int(at) * _QUARTER, now.tzinfo).hour] += count
    return tuple(counts[at] for at in range(24))
