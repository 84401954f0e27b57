"""The numbers behind the charts of an area: what stands open, how fast it goes, how right rules are, what is asked.

Counts and spans only, of areas and rules, never of a person. Weeks and hours are those of the zone of ``now``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from assistant.domain.followups import MatterState
from assistant.domain.precision import Tally
from assistant.domain.reports import Severity
from assistant.domain.rights import Viewer
from assistant.storage.tables import Area, Flag, Matter, OutboxMessage, Purpose, Report, Verdict
from assistant.storage.verdicts import tallies
from assistant.storage.viewing import in_area

#: a P0 is to be acknowledged in ten minutes (severity.md)
TO_ACKNOWLEDGE = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
#: the default deadlines of P1, P2 and P3 (severity.md)
TO_SETTLE = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
_WEEK = timedelta(days=7)
_IS_OR_WAS = (MatterState.OPEN, MatterState.PROPOSED, MatterState.SETTLED)
#: from when until when, and whether it was a false alarm
_Span = tuple[datetime, datetime | None, bool]


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
    rules = tallies(session, since, within=in_area(viewer, Flag.area_id))
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
    for theme, begun, ended in _spans(session, viewer, ends[0]):
        for end, count in zip(ends, counts, strict=True):
            if begun < end and (ended is None or ended >= end):
                count[theme] += 1
    total = sum(counts, Counter())
    weeks = tuple((since + n * _WEEK).date() for n in range(len(ends)))
    return OpenByTheme(weeks, tuple(theme for theme, _ in total.most_common()), tuple(map(dict, counts)))


def _spans(session: Session, viewer: Viewer, after: datetime) -> Iterable[tuple[str, datetime, datetime | None]]:
    """Theme, beginning and end of every matter, and of every flag that speaks of no finding, not over before then."""
    matters = session.exec(
        select(Matter.kind, Matter.first_found_at, Matter.settled_at)
        .where(in_area(viewer, Matter.area_id), col(Matter.state).in_(_IS_OR_WAS))
        .where(sa.or_(col(Matter.settled_at).is_(None), col(Matter.settled_at) >= after))
    )
    for kind, begun, ended in matters:
        yield kind.split(".")[0], begun, ended
    flags = session.exec(
        select(Flag.theme, Flag.first_raised_at, Flag.ended_at)
        .where(in_area(viewer, Flag.area_id), col(Flag.state).in_(_IS_OR_WAS), col(Flag.matter_id).is_(None))
        .where(sa.or_(col(Flag.ended_at).is_(None), col(Flag.ended_at) >= after))
    )
    yield from flags


def _acknowledged(session: Session, viewer: Viewer, since: datetime) -> Spread:
    rows = session.exec(
        select(
            func.coalesce(col(Flag.reopened_at), col(Flag.first_raised_at)),
            Flag.acknowledged_at,
            Flag.ended_at,
            _ended_by_dismissing(Flag),
        )
        .where(in_area(viewer, Flag.area_id), Flag.severity == Severity.P0, Flag.first_raised_at >= since)
        .where(col(Flag.state).in_(_IS_OR_WAS))
    )
    # one that was over before anybody took it asked for nobody any more
    spans = [(begun, taken or ended, is_wrong) for begun, taken, ended, is_wrong in rows]
    return _spread(Severity.P0, TO_ACKNOWLEDGE, spans)


def _settled(session: Session, viewer: Viewer, since: datetime) -> tuple[Spread, ...]:
    """Of matters, and of flags that speak of no finding."""
    found: dict[Severity, list[_Span]] = defaultdict(list)
    rows = session.exec(
        select(Matter.severity, Matter.first_found_at, Matter.settled_at, _ended_by_dismissing(Matter))
        .where(in_area(viewer, Matter.area_id), Matter.first_found_at >= since)
        .where(col(Matter.state).in_(_IS_OR_WAS))
    )
    lone = session.exec(
        select(Flag.severity, Flag.first_raised_at, Flag.ended_at, _ended_by_dismissing(Flag))
        .where(in_area(viewer, Flag.area_id), Flag.first_raised_at >= since, col(Flag.matter_id).is_(None))
        .where(col(Flag.state).in_(_IS_OR_WAS))
    )
    for severity, begun, ended, is_wrong in (*rows, *lone):
        found[Severity(severity)].append((begun, ended, is_wrong))
    return tuple(_spread(severity, TO_SETTLE, found[severity]) for severity in Severity if severity.urgency < 4)


def _ended_by_dismissing(held: type[Flag] | type[Matter]) -> ColumnElement[bool]:
    """Did it end as a false alarm? Dismissing judges and ends in one moment; what was reopened since ended anew."""
    judged = aliased(Flag)
    hangs_on, ended_at = (judged.id, Flag.ended_at) if held is Flag else (judged.matter_id, Matter.settled_at)
    return (
        sa.select(col(Verdict.id))
        .join(judged, col(judged.id) == Verdict.flag_id)
        .where(col(hangs_on) == held.id, col(Verdict.is_right).is_(False), col(Verdict.at) == ended_at)
        .exists()
    )


def _spread(severity: Severity, limits: Sequence[timedelta], spans: Sequence[_Span]) -> Spread:
    right = [(begun, ended) for begun, ended, is_wrong in spans if not is_wrong]
    took = [ended - begun for begun, ended in right if ended is not None]
    within = [0] * (len(limits) + 1)
    for span in took:
        within[next((place for place, limit in enumerate(limits) if span <= limit), len(limits))] += 1
    middle = timedelta(seconds=median(span.total_seconds() for span in took)) if took else None
    return Spread(severity, tuple(within[:-1]), within[-1], len(right) - len(took), middle, len(spans) - len(right))


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
    sent = session.exec(select(Report.sent_at).where(in_area(viewer, Report.area_id), Report.sent_at >= since))
    hours = Counter(moment.astimezone(now.tzinfo).hour for moment in sent)
    return tuple(hours[hour] for hour in range(24))
