"""Publish a rule book, or go back to an earlier one: keep it, decide anew what it affects, and point to it, in one go.

    outcome = publish(database, texts, old=…, new=…, now=…, zone=…, worker_id=…)
    outcome.affected, outcome.touched        # households that could be touched; that were

The two books are compared on the record without a lock, which takes long; then what they see differently is changed in
one short transaction, in which the pointer moves too: nobody ever sees one without the other, and messages go on being
taken in meanwhile. What came in between is decided in that transaction. Publishing sends nothing by itself; what it
raises stands on the coordinators' list, and a P0 is called by the schedule.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.domain.casework import Decision
from assistant.domain.errors import StorageError
from assistant.domain.followups import MatterState
from assistant.publishing.changes import Changes, Reach, compare
from assistant.publishing.replaying import FAULTS, Told, told_in_bulk
from assistant.publishing.revising import Revised, revise
from assistant.storage import rulebooks
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.records import lock_estate
from assistant.storage.tables import Estate, FindingRow, Flag, Matter, ReadingMade, Visit
from rules.engine.edition import version_of
from rules.engine.matcher import Matcher

_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
#: a rule that names no finding can speak anew of contacts this young
_RECENT = timedelta(days=30)


@dataclass
class Outcome:
    """What publishing did. ``with_something_open``: how many households have a flag that stands, touched or not."""

    version: str
    before: str | None
    changes: Changes
    affected: int = 0
    touched: int = 0
    with_something_open: int = 0
    revised: Revised = field(default_factory=Revised)
    #: households that could not be decided anew, by the type of the error: left as they were
    set_aside: Counter[str] = field(default_factory=Counter)


def publish(
    database: Database,
    texts: Mapping[str, str],
    *,
    old: Matcher,
    new: Matcher,
    now: datetime,
    zone: tzinfo,
    worker_id: int | None,
    old_version: str | None = None,
    note: str | None = None,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
) -> Outcome:
    """Publish ``texts``, which ``new`` matches with, in place of what ``old`` matches with. Once is as good as twice.

    Raises StorageError where there is no community yet, or where somebody else published meanwhile.
    """
    version = version_of(texts)
    changes = compare(old.book, new.book, now.astimezone(zone).date())
    books = _Books(old, new, zone)
    with database.reading() as session:
        published = rulebooks.published_version(session)
        outcome = Outcome(version, published or old_version, changes)
        places = affected(session, changes.reach, now) if not changes.is_empty else {}
        compared = _compare(session, _pairs(places), books, outcome, on_progress)
    with database.writing() as session:
        if rulebooks.published_version(session) != published:
            raise StorageError("刚才有人发布了另一本规则书,这次没有发布。请看过再来一次。")
        ledger = Ledger(session, now, worker_id)
        kept = rulebooks.keep(ledger, version, texts, note)
        because = f"规则书 {outcome.before or '自带'} → {version}"
        _lock_estates(session, compared.differing)
        places = affected(session, changes.reach, now) if not changes.is_empty else {}
        outcome.affected, outcome.with_something_open = len(places), _with_something_open(session)
        standing = set(_pairs(places))
        news = compared.news(session, standing)
        later = _compare(session, sorted(news), books, outcome, lambda done, of: None)
        _lock_estates(session, later.differing)
        known = {pair: each for pair, each in compared.differing.items() if pair in standing - news}
        _change(ledger, {**known, **later.differing}, because, outcome)
        rulebooks.point(ledger, rulebooks.PUBLISHED, kept, because)
    return outcome


def keep_draft(
    database: Database, texts: Mapping[str, str], now: datetime, worker_id: int | None, note: str | None = None
) -> str:
    """Put a book on record as the draft; nothing is decided by it. Its version."""
    version = version_of(texts)
    with database.writing() as session:
        ledger = Ledger(session, now, worker_id)
        rulebooks.point(ledger, rulebooks.DRAFT, rulebooks.keep(ledger, version, texts, note))
    return version


def affected(session: Session, reach: Reach, now: datetime) -> dict[int, set[int]]:
    """The households that a change can touch, with the reports to decide anew (household id → report ids)."""
    places: dict[int, set[int]] = defaultdict(set)
    flags = session.exec(
        select(Flag.household_id, Flag.report_id, Flag.rule, Flag.kind).where(col(Flag.state).in_(_STANDING))
    )
    for household_id, report_id, rule, kind in flags:
        if reach.anybody or rule in reach.rules or (kind is not None and reach.fits(kind)):
            places[household_id].add(report_id)
    newest = (
        select(Matter.household_id, Matter.kind, func.max(FindingRow.report_id))
        .join(FindingRow, col(FindingRow.matter_id) == Matter.id)
        .where(col(Matter.state).in_(_STANDING), col(FindingRow.withdrawn_at).is_(None))
        .group_by(col(Matter.id), col(Matter.household_id), col(Matter.kind))
    )
    for household_id, kind, report_id in session.exec(newest):
        if reach.fits(kind):
            places[household_id].add(report_id)
    if reach.anybody:
        lately = (
            select(Visit.household_id, func.max(Visit.report_id))
            .where(Visit.at > now - _RECENT, col(Visit.withdrawn_at).is_(None))
            .group_by(col(Visit.household_id))
        )
        found = (
            select(FindingRow.household_id, func.max(FindingRow.report_id))
            .where(FindingRow.found_at > now - _RECENT, col(FindingRow.withdrawn_at).is_(None))
            .group_by(col(FindingRow.household_id))
        )
        for household_id, report_id in (*session.exec(lately), *session.exec(found)):
            places[household_id].add(report_id)
    return dict(places)


#: a report and a household that it tells of
_Pair = tuple[int, int]
_Differing = Mapping[_Pair, tuple[Told, Decision, Decision]]


@dataclass(frozen=True)
class _Books:
    old: Matcher
    new: Matcher
    zone: tzinfo


@dataclass(frozen=True)
class _Compared:
    """What both books say of some (report, household) pairs, where they differ; ``readings`` had been made by then."""

    differing: _Differing
    looked_at: frozenset[_Pair]
    readings: int

    def news(self, session: Session, pairs: Set[_Pair]) -> set[_Pair]:
        """Those that were not looked at, or whose report was read anew since."""
        since = select(ReadingMade.report_id).where(col(ReadingMade.id) > self.readings)
        read_anew = set(session.exec(since.distinct()).all())
        return {pair for pair in pairs if pair not in self.looked_at or pair[0] in read_anew}


def _lock_estates(session: Session, differing: _Differing) -> None:
    """Hold the estates, in one order, so that no turn of theirs comes between looking and changing."""
    for estate_id in sorted({told.household.estate_id for told, _, _ in differing.values()}):
        lock_estate(session, session.get_one(Estate, estate_id))


def _pairs(places: Mapping[int, set[int]]) -> list[_Pair]:
    return sorted((report_id, household_id) for household_id, report_ids in places.items() for report_id in report_ids)


def _compare(
    session: Session,
    pairs: Sequence[_Pair],
    books: _Books,
    outcome: Outcome,
    on_progress: Callable[[int, int], None],
) -> _Compared:
    """Decide by both books, from what was on record before each report: later messages change nothing of it."""
    readings = session.exec(select(func.max(ReadingMade.id))).one() or 0
    differing = {}
    for number, (report_id, household_id, told, error) in enumerate(told_in_bulk(session, pairs, books.zone), start=1):
        on_progress(number, len(pairs))
        if error is not None:  # this household stays as it is, the others go on
            outcome.set_aside[error] += 1
        if told is None:
            continue
        try:
            before, after = told.decide(books.old), told.decide(books.new)
        except FAULTS as fault:
            outcome.set_aside[type(fault).__name__] += 1
            continue
        if before != after:
            differing[report_id, household_id] = (told, before, after)
    return _Compared(differing, frozenset(pairs), readings)


def _change(
    ledger: Ledger,
    differing: _Differing,
    because: str,
    outcome: Outcome,
) -> None:
    touched: set[int] = set()
    for (report_id, household_id), (told, before, after) in sorted(differing.items(), key=lambda each: each[0]):
        done = revise(
            Ledger(ledger.session, ledger.at, ledger.worker_id, report_id),
            told,
            before,
            after,
            outcome.version,
            because,
        )
        if done.anything:
            touched.add(household_id)
        for name, count in vars(done).items():
            setattr(outcome.revised, name, getattr(outcome.revised, name) + count)
    outcome.touched = len(touched)


def _with_something_open(session: Session) -> int:
    return session.exec(
        select(func.count(func.distinct(Flag.household_id))).where(col(Flag.state).in_(_STANDING))
    ).one()
