"""The list of households: filtered, sorted, a page at a time from a mark on (keyset), whatever the page's number.

    found = households(session, viewer, Wanted(theme="gas"), now)             # the first page
    households(session, viewer, wanted, now, after=found.next)                # the one after it

A page costs the same wherever it lies: nothing is skipped over by counting. Flags are shown only where the viewer may
see them; a filter speaks of flags that stand, so a household with nothing open is there only for ``everyone``.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, func
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import MatterState
from assistant.domain.reports import Severity
from assistant.domain.rights import Viewer
from assistant.storage.read.doors import Door, doors_of
from assistant.storage.read.mark import Mark
from assistant.storage.read.standing import RUNS, STANDS, rests_on_hearsay
from assistant.storage.read.wanted import Order, Stands, Wanted, Word, words_of
from assistant.storage.tables import Flag, FollowUp, Household, Report, Resident
from assistant.storage.tables.areas import NAMED
from assistant.storage.viewing import areas_of, flags_seen_by, follow_ups_seen_by, households_seen_by

PAGE = 50
#: so many households are gathered and sorted for a page sooner than all doors are walked along
_FEW = 5_000
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_BY_URGENCY = {severity.urgency: severity for severity in Severity}


@dataclass(frozen=True)
class Standing:
    """One flag of a line."""

    severity: Severity
    theme: str
    why: str
    is_proposed: bool


class _Flag(NamedTuple):
    severity: Severity
    theme: str
    why: str
    state: MatterState
    raised_at: datetime


@dataclass(frozen=True)
class HouseholdLine:
    """A household on the list; ``severity`` is the worst of all its flags that the viewer may see, None without any."""

    door: Door
    severity: Severity | None
    flags: tuple[Standing, ...] = ()
    newest_at: datetime | None = None
    #: the next promise: whose, and until when
    owner: Responder | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """A page of the list. ``counts`` tells how many households there are at each severity, of all that were found.

    ``total`` is None where counting would cost more than the page: a list of everyone that goes on.
    """

    lines: tuple[HouseholdLine, ...]
    next: Mark | None
    counts: dict[Severity, int]
    total: int | None


def households(
    session: Session, viewer: Viewer, wanted: Wanted, now: datetime, after: Mark | None = None, size: int = PAGE
) -> Found:
    """A page of what is wanted. A mark that belongs to another order begins at the beginning."""
    listed: sa.CTE | sa.Subquery
    counted: sa.CTE | None
    if wanted.everyone:
        listed, counted = _everyone(session, viewer, wanted), None
    else:
        found = _flagged(session, viewer, wanted, now)
        listed, counted = _with_order(viewer, found, wanted.order), _counted(found)
    keys = _keys(listed, wanted)
    rows = session.execute(_page(listed, counted, keys, after, size)).all()
    counts = dict.fromkeys(Severity, 0)
    total = len(rows) if after is None and len(rows) <= size else None
    if not wanted.everyone:
        counts |= {_BY_URGENCY[urgency]: getattr(rows[0], _count(urgency)) for urgency in _BY_URGENCY if rows}
        total = sum(counts.values())
    shown = rows[:size]
    last = Mark.of(wanted.order, [getattr(shown[-1], key.name) for key, _ in keys]) if len(rows) > size else None
    return Found(_lines(session, viewer, [row.household_id for row in shown]), last, counts, total)


def _everyone(session: Session, viewer: Viewer, wanted: Wanted) -> sa.Subquery:
    seen = sa.select(col(Household.id)).where(households_seen_by(viewer))
    sees_few = viewer.role is not Role.COORDINATOR or _are_few(session, seen)
    # what is searched for stands first: SQLite asks in this order, and a door is compared sooner than an area found
    conditions = [_is_called(session, word, sees_few) for word in words_of(wanted.text)]
    conditions += [col(Household.is_place).is_(False), *_where_it_is(wanted)]
    # few households are gathered and sorted, many walked along in their order: by a sum, or SQLite fetches all of the
    # area by its index for each page
    conditions.append(col(Household.id).in_(seen) if sees_few else (col(Household.area_id) + 0).in_(areas_of(viewer)))
    return (
        sa.select(
            col(Household.id).label("household_id"),
            col(Household.estate_id).label("estate_id"),
            col(Household.door_order).label("door_order"),
        )
        .where(*conditions)
        .subquery()
    )


def _are_few(session: Session, seen: Select[*tuple[Any, ...]]) -> bool:
    count: int = session.execute(sa.select(func.count()).select_from(seen.limit(_FEW + 1).subquery())).scalar_one()
    return count <= _FEW


def _flagged(session: Session, viewer: Viewer, wanted: Wanted, now: datetime) -> sa.CTE:
    """Households with a standing flag for which all filters hold, each once."""
    query: Select[*tuple[Any, ...]] = sa.select(
        col(Flag.household_id).label("household_id"), func.min(col(Flag.urgency)).label("urgency")
    ).where(STANDS, flags_seen_by(viewer))
    if wanted.order in (Order.URGENT, Order.NEWEST):
        query = query.add_columns(func.max(col(Flag.raised_at)).label("raised_at"))
    words = words_of(wanted.text)
    if not all(_is_named(word) for word in words) or wanted.estate_id is not None or wanted.building:
        query = query.join(Household, col(Household.id) == Flag.household_id).where(*_where_it_is(wanted))
    if words or wanted.worker_id is not None:
        query = query.join(Report, col(Report.id) == Flag.report_id)
    for condition in _of_flags(viewer, wanted, now):
        query = query.where(condition)
    for word in words:
        query = query.where(_is_told(session, word))
    return query.group_by(col(Flag.household_id)).cte("found")


def _counted(found: sa.CTE) -> sa.CTE:
    """How many of those found there are at each urgency: one line, counted in one pass."""
    counts = (func.count().filter(found.c.urgency == urgency).label(_count(urgency)) for urgency in _BY_URGENCY)
    return sa.select(*counts).select_from(found).cte("counted")


def _with_order(viewer: Viewer, found: sa.CTE, order: Order) -> sa.CTE | sa.Subquery:
    """What was found with what it is sorted by, looked up for each household rather than for each flag."""
    if order is Order.DOOR:
        places = sa.select(found, col(Household.estate_id), col(Household.door_order))
        return places.join(Household, col(Household.id) == found.c.household_id).subquery()
    if order is Order.DUE:
        next_due = (
            sa.select(col(FollowUp.due_at))
            .where(col(FollowUp.household_id) == found.c.household_id, RUNS, follow_ups_seen_by(viewer))
            .order_by(col(FollowUp.due_at))
            .limit(1)
            .scalar_subquery()
        )
        return sa.select(found, func.coalesce(next_due, sa.literal(_NEVER, next_due.type)).label("due_at")).subquery()
    return found


def _of_flags(viewer: Viewer, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.theme:
        conditions.append(col(Flag.theme) == wanted.theme)
    if wanted.severity is not None:
        conditions.append(col(Flag.urgency) == wanted.severity.urgency)
    if wanted.since is not None:
        conditions.append(col(Flag.raised_at) >= wanted.since)
    if wanted.worker_id is not None:
        conditions.append(col(Report.worker_id) == wanted.worker_id)
    if wanted.owner is not None:
        conditions.append(_has_promise(viewer, col(FollowUp.owner) == wanted.owner))
    match wanted.stands:
        case Stands.OPEN | Stands.PROPOSED:
            conditions.append(col(Flag.state) == MatterState(wanted.stands.value))
        case Stands.DUE:
            tonight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            conditions.append(_has_promise(viewer, col(FollowUp.due_at) < tonight))
        case Stands.UNSURE:
            conditions.append(rests_on_hearsay())
    return conditions


def _has_promise(viewer: Viewer, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    promised = sa.select(col(FollowUp.household_id)).where(RUNS, condition, follow_ups_seen_by(viewer))
    # as a sum, or SQLite fetches the flags of each such household instead of reading the index of what stands
    return (col(Flag.household_id) + 0).in_(promised)


def _where_it_is(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.estate_id is not None:
        conditions.append(col(Household.estate_id) == wanted.estate_id)
    if wanted.building:
        conditions.append(col(Household.building) == wanted.building)
    return conditions


def _is_called(session: Session, word: Word, among_few: bool) -> ColumnElement[bool]:
    """Is this a household's door, or the beginning of the name of somebody who lives there?

    Among few households each is asked who lives there; among many it is asked who is called so.
    """
    if word.door is not None:
        return col(Household.key).contains(word.door, autoescape=True)
    begins = col(Resident.called).startswith(word.text, autoescape=True)
    if session.get_bind().dialect.name == "sqlite":
        # SQLite's LIKE reads every name; a range reads those of the index, in the order of code points
        begins = sa.and_(col(Resident.called) >= word.text, col(Resident.called) < word.text + chr(0x10FFFF))
    called = sa.select(col(Resident.household_id)).where(begins, col(Resident.withdrawn_at).is_(None))
    if among_few:
        return called.where(col(Resident.household_id) == Household.id).exists()
    return col(Household.id).in_(called)


def _is_named(word: Word) -> bool:
    """Can a word stand in the key of a place alone, and of no door?"""
    return word.door is None and not word.text.isascii()


def _is_told(session: Session, word: Word) -> ColumnElement[bool]:
    """Does a word stand in the door, the reason, the report, or a name of somebody who lives there?"""
    is_here = col(Household.key).contains(word.door or word.text, autoescape=True)
    if _is_named(word):
        # looked for among the few such keys once, not in the key of each household with a flag
        named = sa.text(f"households.{NAMED[session.get_bind().dialect.name]}")
        is_here = col(Flag.household_id).in_(sa.select(col(Household.id)).where(named, is_here).correlate(None))
    lives_there = sa.select(col(Resident.id)).where(
        col(Resident.household_id) == Flag.household_id,
        col(Resident.called).contains(word.text, autoescape=True),
        col(Resident.withdrawn_at).is_(None),
    )
    return sa.or_(
        is_here,
        col(Flag.why).contains(word.text, autoescape=True),
        col(Report.text).contains(word.text, autoescape=True),
        lives_there.exists(),
    )


def _keys(found: sa.CTE | sa.Subquery, wanted: Wanted) -> list[tuple[ColumnElement[Any], bool]]:
    """What the list is ordered by, and whether downwards; the last one tells all apart."""
    if wanted.everyone or wanted.order is Order.DOOR:
        return [(found.c.estate_id, False), (found.c.door_order, False), (found.c.household_id, False)]
    if wanted.order is Order.NEWEST:
        return [(found.c.raised_at, True), (found.c.household_id, True)]
    if wanted.order is Order.DUE:
        return [(found.c.due_at, False), (found.c.household_id, False)]
    return [(found.c.urgency, False), (found.c.raised_at, True), (found.c.household_id, True)]


def _page(
    listed: sa.CTE | sa.Subquery,
    counted: sa.CTE | None,
    keys: list[tuple[ColumnElement[Any], bool]],
    after: Mark | None,
    size: int,
) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = sa.select(listed)
    if counted is not None:
        # beside each line of the page: what was found is made once, not for the counts once more
        query = sa.select(listed, counted).join_from(listed, counted, sa.true())
    values = after.values_for([_python_type(key) for key, _ in keys]) if after is not None else None
    if values is not None:
        query = query.where(_lies_after(keys, values))
    return query.order_by(*(key.desc() if downwards else key for key, downwards in keys)).limit(size + 1)


def _count(urgency: int) -> str:
    return f"count_{urgency}"


def _python_type(key: ColumnElement[Any]) -> type:
    if isinstance(getattr(key.type, "impl_instance", key.type), sa.DateTime):
        return datetime
    return int if isinstance(key.type, sa.Integer) else str


def _lies_after(keys: list[tuple[ColumnElement[Any], bool]], values: Sequence[Any]) -> ColumnElement[bool]:
    if not any(downwards for _, downwards in keys):
        # one comparison of rows, for which an index can be used
        return sa.tuple_(*(key for key, _ in keys)) > sa.tuple_(
            *(sa.bindparam(None, value, key.type) for (key, _), value in zip(keys, values, strict=True))
        )
    (key, downwards), *others = keys
    beyond = key < values[0] if downwards else key > values[0]
    return sa.or_(beyond, sa.and_(key == values[0], _lies_after(others, values[1:]))) if others else beyond


def _lines(session: Session, viewer: Viewer, ids: Sequence[int]) -> tuple[HouseholdLine, ...]:
    doors = doors_of(session, viewer, ids)
    flags: dict[int, list[_Flag]] = defaultdict(list)
    for household_id, *flag in session.execute(
        sa.select(
            col(Flag.household_id),
            col(Flag.severity),
            col(Flag.theme),
            col(Flag.why),
            col(Flag.state),
            col(Flag.raised_at),
        )
        .where(col(Flag.id).in_(_hanging_on(Flag, STANDS, ids)), flags_seen_by(viewer))
        .order_by(col(Flag.urgency), col(Flag.raised_at).desc())
    ):
        flags[household_id].append(_Flag(*flag))
    promises: dict[int, tuple[Responder, datetime]] = {}
    for household_id, owner, due_at in session.exec(
        select(FollowUp.household_id, FollowUp.owner, FollowUp.due_at)
        .where(col(FollowUp.id).in_(_hanging_on(FollowUp, RUNS, ids)), follow_ups_seen_by(viewer))
        .order_by(col(FollowUp.due_at))
    ):
        promises.setdefault(household_id, (Responder(owner), due_at))
    return tuple(_line(doors[id_], flags[id_], promises.get(id_)) for id_ in ids)


def _hanging_on(table: type[Flag] | type[FollowUp], holds: sa.TextClause, ids: Sequence[int]) -> Select[Any]:
    """Those of these households for which a condition holds, found first: SQLite would rather read the whole area's."""
    return sa.select(col(table.id)).where(col(table.household_id).in_(ids), holds).correlate(None)


def _line(door: Door, flags: Sequence[_Flag], promise: tuple[Responder, datetime] | None) -> HouseholdLine:
    return HouseholdLine(
        door,
        flags[0].severity if flags else None,
        tuple(
            Standing(flag.severity, flag.theme, door.words(flag.why), flag.state is MatterState.PROPOSED)
            for flag in flags
        ),
        max((flag.raised_at for flag in flags), default=None),
        promise[0] if promise else None,
        promise[1] if promise else None,
    )
