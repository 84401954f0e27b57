"""A person's data: found by name, door or number, and gathered from every table that holds some of it.

    found = find_people(session, viewer, "张大爷")        # by whom and where, no words
    dossier = dossier_of(session, found[0].person)       # the rows themselves

A person is a name at a household. What reports tell counts as theirs where the report belongs to the household and
names them, or where nobody else is on record there. The same name in other reports is shown for a person to judge
(``elsewhere``), never taken. Whoever calls asks for the right and logs the look.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import sqlalchemy as sa
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from assistant.domain.retention import GONE, HIDDEN
from assistant.domain.rights import Viewer
from assistant.storage.forgetting import RUNNING, STANDING, is_over, is_sent
from assistant.storage.tables import (
    Action,
    Area,
    Comment,
    Estate,
    Evidence,
    EvidenceState,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    Import,
    IntakeItem,
    Matter,
    OutboxMessage,
    Report,
    Resident,
    RoomBooking,
    SavedView,
    Visit,
)
from assistant.storage.viewing import in_area

_AT_MOST = 50
_HOLDS_REPORTS = (FindingRow, Visit, Flag, FollowUp)
#: 3栋2单元501, 3-2-501 and 3/2/501 are one door
_DOOR = re.compile(r"[\d\s\-—/#栋幢座单元号楼室]+")
#: 老张: the record may have them as 张大爷
_SHORT_NAME = re.compile(r"[老小阿](\w)")
_MASKED_PHONE = re.compile(r"\d{3}\*+\d{4}|\*+\d{4}")
#: each resident with the door
_RESIDENTS = select(Household, Resident.called, Resident.id).join(Resident, col(Resident.household_id) == Household.id)


@dataclass(frozen=True)
class Person:
    """Somebody, by what they are called, at a household."""

    household_id: int
    called: str


@dataclass(frozen=True)
class FoundPerson:
    """A person as the list of those found names them. Without ``resident_id`` there are only words of them."""

    person: Person
    key: str
    estate: str
    area: str
    resident_id: int | None


@dataclass(frozen=True)
class Dossier:
    """All rows about one person. ``is_alone``: nobody else is on record there, so that all told there is theirs."""

    person: Person
    household: Household
    is_alone: bool
    residents: Sequence[Resident]
    reports: Sequence[Report]
    #: of ``reports``: something that hangs on them is not over
    open_ids: frozenset[int]
    #: of ``reports``: they tell of other doors too
    shared_ids: frozenset[int]
    findings: Sequence[FindingRow]
    flags: Sequence[Flag]
    comments: Sequence[Comment]
    files: Sequence[Evidence]
    received: Sequence[IntakeItem]
    sent: Sequence[OutboxMessage]
    bookings: Sequence[RoomBooking]
    views: Sequence[SavedView]
    imports: Sequence[Import]
    #: reports of other households, or of none, that are over and in which the same name stands
    elsewhere: Sequence[Report]
    ledger_lines: int
    names: tuple[str, ...] = field(default=())

    @property
    def words(self) -> tuple[str, ...]:
        """The name, and the words of reports that are over, as they stand in what was sent."""
        quotes = (each.quote for each in self.findings if each.report_id not in self.open_ids)
        reasons = (each.why for each in self.flags if each.report_id not in self.open_ids and each.why != GONE)
        long_enough = (word for word in (*quotes, *reasons) if len(word) > 1 and word.strip(HIDDEN))
        return tuple(dict.fromkeys((self.person.called, *long_enough)))


def find_people(session: Session, viewer: Viewer, term: str) -> list[FoundPerson]:
    """Whom a name, a door or a (masked) phone number may mean in the viewer's area; the first so many."""
    term = term.strip()
    if not term:
        return []
    if _MASKED_PHONE.fullmatch(term):
        return _those_at(session, viewer, _named_in_reports(viewer, term))
    key = door_key(term)
    if key is not None:
        at_door = or_(col(Household.key) == key, col(Household.key).endswith(f"-{key}", autoescape=True))
        return _those_at(session, viewer, at_door)
    is_called = col(Resident.called).contains(term, autoescape=True)
    if short := _SHORT_NAME.fullmatch(term):
        is_called = or_(is_called, col(Resident.called).startswith(short[1], autoescape=True))
    known = _people(session, _RESIDENTS.where(in_area(viewer, Household.area_id), is_called))
    doors = {each.person.household_id for each in known}
    in_words = _people(
        session,
        select(Household, sa.literal(term), sa.null()).where(
            in_area(viewer, Household.area_id), _named_in_reports(viewer, term), col(Household.id).not_in(doors)
        ),
    )
    return [*known, *in_words]


def door_key(term: str) -> str | None:
    """The key of a door as somebody types it, or the end of one; None for what is no door."""
    numbers = re.findall(r"\d+", term)
    return "-".join(numbers) if numbers and _DOOR.fullmatch(term) else None


def dossier_of(session: Session, person: Person) -> Dossier:
    """Gather everything. The household must exist."""
    household = session.get_one(Household, person.household_id)
    called = person.called
    here = select(Resident).where(Resident.household_id == household.id).order_by(col(Resident.id))
    at_home = session.exec(here).all()
    residents = [each for each in at_home if each.called == called]
    is_alone = bool(residents) and not any(
        each.called != called and each.withdrawn_at is None and each.moved_away_on is None for each in at_home
    )
    own = select(Report).where(col(Report.id).in_(_reports_at(household)), col(Report.erased_at).is_(None))
    if not is_alone:
        own = own.where(_says(Report.text, called))
    reports = session.exec(own.order_by(col(Report.id))).all()
    ids = [report.id for report in reports]
    over = set(session.exec(select(Report.id).where(col(Report.id).in_(ids), is_over())))
    shared = _shared(session, ids, household)
    comments = select(Comment).where(Comment.household_id == household.id)
    if not is_alone:
        comments = comments.where(_says(Comment.text, called))
    at = (col(Report.area_id) == household.area_id, col(Report.erased_at).is_(None))
    elsewhere = select(Report).where(*at, is_over(), _says(Report.text, called))
    around = _areas_around(session, household)
    return Dossier(
        person,
        household,
        is_alone,
        residents,
        reports,
        frozenset(id_ for id_ in ids if id_ is not None and id_ not in over),
        shared,
        session.exec(
            select(FindingRow)
            .where(col(FindingRow.report_id).in_(ids), FindingRow.household_id == household.id)
            .order_by(col(FindingRow.id))
        ).all(),
        session.exec(
            select(Flag).where(col(Flag.report_id).in_(ids), Flag.household_id == household.id).order_by(col(Flag.id))
        ).all(),
        session.exec(comments.order_by(col(Comment.id))).all(),
        session.exec(
            select(Evidence).where(col(Evidence.report_id).in_(ids), Evidence.state != EvidenceState.ERASED)
        ).all(),
        _received(session, reports),
        _sent(session, household, ids),
        _bookings(session, around, called),
        _views(session, around, called),
        _imports(session, around, called),
        session.exec(
            elsewhere.where(col(Report.id).not_in(_reports_at(household)))
            .order_by(col(Report.id).desc())
            .limit(_AT_MOST)
        ).all(),
        session.exec(select(sa.func.count()).select_from(Action).where(Action.household_id == household.id)).one(),
        tuple(dict.fromkeys(each.called for each in at_home if each.called != called)),
    )


def still_stands(session: Session, comment: Comment) -> bool:
    """Does a comment hang on a matter or flag that is not over?"""
    matter = session.get(Matter, comment.matter_id) if comment.matter_id is not None else None
    flag = session.get(Flag, comment.flag_id) if comment.flag_id is not None else None
    return any(each is not None and each.state in STANDING for each in (matter, flag))


def has_running(session: Session, household_id: int) -> bool:
    """Is a promise to this household still running?"""
    running = select(FollowUp.id).where(FollowUp.household_id == household_id, col(FollowUp.state).in_(RUNNING))
    return session.exec(running.limit(1)).first() is not None


def _reports_at(household: Household) -> sa.CompoundSelect[tuple[int]]:
    return sa.union(
        *(sa.select(col(table.report_id)).where(col(table.household_id) == household.id) for table in _HOLDS_REPORTS)
    )


def _named_in_reports(viewer: Viewer, term: str) -> ColumnElement[bool]:
    """Has a household a report with this in its words?"""
    told = select(Report.id).where(
        in_area(viewer, Report.area_id),
        col(Report.text).contains(term, autoescape=True),
        col(Report.erased_at).is_(None),
    )
    return or_(
        *(
            col(Household.id).in_(sa.select(col(table.household_id)).where(col(table.report_id).in_(told)))
            for table in (FindingRow, Visit)
        )
    )


def _those_at(session: Session, viewer: Viewer, which: ColumnElement[bool]) -> list[FoundPerson]:
    return _people(session, _RESIDENTS.where(in_area(viewer, Household.area_id), which))


def _people(session: Session, query: "Select[Any, Any, Any]") -> list[FoundPerson]:
    rows = session.exec(query.order_by(col(Household.id)).limit(_AT_MOST)).all()
    estates = dict(session.exec(select(Estate.id, Estate.name)).all())
    areas = dict(session.exec(select(Area.id, Area.name)).all())
    found: dict[Person, FoundPerson] = {}
    for household, called, resident_id in rows:
        person = Person(household.id or 0, called)
        estate, area = estates.get(household.estate_id, ""), areas.get(household.area_id, "")
        found.setdefault(person, FoundPerson(person, household.key, estate, area, resident_id))
    return list(found.values())


def _shared(session: Session, ids: Sequence[int | None], household: Household) -> frozenset[int]:
    others = (
        sa.select(col(table.report_id)).where(col(table.report_id).in_(ids), col(table.household_id) != household.id)
        for table in _HOLDS_REPORTS
    )
    return frozenset(session.execute(sa.union(*others)).scalars())


def _received(session: Session, reports: Sequence[Report]) -> list[IntakeItem]:
    names = {(report.channel, report.message_id) for report in reports}
    rows = session.exec(
        select(IntakeItem)
        .where(col(IntakeItem.message_id).in_({message_id for _, message_id in names}))
        .order_by(col(IntakeItem.id))
    )
    return [row for row in rows if (row.channel, row.message_id) in names]


def _says(text: str, called: str) -> ColumnElement[bool]:
    """Does a text name them? One character alone names nobody."""
    return col(text).contains(called, autoescape=True) if len(called) > 1 else sa.false()


def _sent(session: Session, household: Household, ids: Sequence[int | None]) -> Sequence[OutboxMessage]:
    """What was sent that answers their reports or names their door: alarms, prompts and lists quote reports too."""
    which = or_(col(OutboxMessage.report_id).in_(ids), _says(OutboxMessage.text, household.key))
    query = select(OutboxMessage).where(is_sent(), which, col(OutboxMessage.text) != GONE)
    return session.exec(query.order_by(col(OutboxMessage.id))).all()


def _areas_around(session: Session, household: Household) -> list[int]:
    """The household's area and all above it."""
    return [int(step) for step in session.get_one(Area, household.area_id).path.strip("/").split("/")]


def _bookings(session: Session, around: Sequence[int], called: str) -> Sequence[RoomBooking]:
    """Rooms that were booked under just this name."""
    booked = select(RoomBooking).where(RoomBooking.booked_for == called, col(RoomBooking.area_id).in_(around))
    return session.exec(booked.order_by(col(RoomBooking.id))).all()


def _views(session: Session, around: Sequence[int], called: str) -> Sequence[SavedView]:
    """Lists that somebody keeps, with this name in the search."""
    says = or_(_says(SavedView.query, quote_plus(called)), _says(SavedView.name, called))
    return session.exec(select(SavedView).where(says, col(SavedView.area_id).in_(around))).all()


def _imports(session: Session, around: Sequence[int], called: str) -> list[Import]:
    """Imports whose preview still shows this name; there are few, and what is kept of each is short."""
    if len(called) < 2:
        return []
    rows = session.exec(select(Import).where(col(Import.area_id).in_(around)).order_by(col(Import.id)))
    return [row for row in rows if called in json.dumps(row.preview, ensure_ascii=False)]
