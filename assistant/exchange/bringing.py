"""Bring a sheet in: all of it in one transaction, or nothing.

    plan = look_at(database, viewer, Form.ADDRESSES, content, today)                 # the preview: changes nothing
    done = bring_in(database, viewer, Form.ADDRESSES, content, now, file_name=name)  # with faults: changed nothing

Cells are read, held against the record and made into rows before the transaction begins, so that nobody else waits for
more than the writing of them. Where doors or people of the record changed in between, it is all held against the record
again. What is brought is one line of the ledger with its counts, and a line for each row that was there before and
changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from assistant.domain.rights import Right, Subject, Viewer, require
from assistant.exchange.columns import Form
from assistant.exchange.matching import DoorPlanned, PersonPlanned, Plan, match, news_of
from assistant.exchange.opening import open_sheet
from assistant.exchange.reading import Progress, Written, read_form, tells_nobody
from assistant.storage.columns import new
from assistant.storage.database import Database, take_turns
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Action, Household, Import, ImportState, Resident
from assistant.storage.tables.areas import HouseholdBase, door_order
from assistant.storage.tables.people import ResidentBase

_AT_ONCE = 2_000
_TURN = "import"
#: so often it is held against the record while others write; after that they have to wait for it
_LOOKS = 3
#: the tables that a sheet is held against, and what happens to a door there all day and changes nothing of it
_HELD_AGAINST = ("areas", "estates", "households", "residents", "imports")
_TOUCHES_NO_ROW = "contacted"

Each = TypeVar("Each")


def look_at(
    database: Database, viewer: Viewer, form: Form, content: bytes, today: date, on_progress: Progress = tells_nobody
) -> Plan:
    """What bringing this in would do. Raises Refused (the file can't be read) and NotAllowed."""
    written = _read(viewer, form, content, today, on_progress)
    with database.reading() as session:
        return match(session, viewer, written)


def bring_in(
    database: Database,
    viewer: Viewer,
    form: Form,
    content: bytes,
    now: datetime,
    *,
    file_name: str,
    import_id: int | None = None,
    on_progress: Progress = tells_nobody,
) -> Plan:
    """Bring it in, and give what was done; where the plan has faults, nothing was. Raises Refused and NotAllowed.

    ``import_id`` is the file that was kept for it; without one, the import gets a row of its own.
    """
    written = _read(viewer, form, content, now.date(), tells_nobody)
    looks = 0
    while True:
        with database.reading() as session:
            line = _last_line(session)
            plan = match(session, viewer, written)
        if plan.found.fault_count:
            return plan
        rows = _Rows.of(plan, now.date())
        looks += 1
        with database.writing() as session:
            take_turns(session, _TURN)
            if _has_changed_since(session, line):
                if looks < _LOOKS:
                    continue
                plan = match(session, viewer, written)
                if plan.found.fault_count:
                    return plan
                rows = _Rows.of(plan, now.date())
            ledger = Ledger(session, now, viewer.worker_id)
            rows.write(ledger, on_progress)
            _note_done(ledger, plan, _import_of(ledger, viewer, form, file_name, import_id))
            return plan


def _last_line(session: Session) -> int:
    return session.exec(select(func.max(Action.id))).one() or 0


def _has_changed_since(session: Session, line: int) -> bool:
    """Has anything that a sheet is held against changed since that line of the ledger?"""
    lines = select(Action.id).where(col(Action.id) > line, col(Action.subject).in_(_HELD_AGAINST))
    return session.exec(lines.where(Action.verb != _TOUCHES_NO_ROW).limit(1)).first() is not None


def _read(viewer: Viewer, form: Form, content: bytes, today: date, on_progress: Progress) -> Written:
    require(viewer, Right.IMPORT, Subject(viewer.area_path))
    return read_form(form, open_sheet(content), today, on_progress)


def _import_of(ledger: Ledger, viewer: Viewer, form: Form, file_name: str, import_id: int | None) -> Import:
    if import_id is not None:
        return ledger.session.get_one(Import, import_id)
    row = new(
        Import,
        area_id=viewer.area_id,
        worker_id=viewer.worker_id,
        form=form.value,
        file_name=file_name,
        received_at=ledger.at,
    )
    ledger.session.add(row)
    ledger.session.flush()
    return row


def _note_done(ledger: Ledger, plan: Plan, row: Import) -> None:
    row.content, row.preview = None, {}
    ledger.changes(
        row,
        "brought_in",
        state=ImportState.DONE,
        done_at=ledger.at,
        added=plan.added,
        changed=plan.changed,
        unchanged=plan.unchanged,
    )


@dataclass(frozen=True)
class _Rows:
    """What a plan writes, made ready while nobody waits: new rows as columns, known ones by their id."""

    doors: Sequence[Mapping[str, Any]]
    people: Sequence[Mapping[str, Any]]
    known_doors: Mapping[int, DoorPlanned]
    known_people: Mapping[int, PersonPlanned]
    today: date

    @classmethod
    def of(cls, plan: Plan, today: date) -> "_Rows":
        fresh = [each for each in plan.doors if each.known_id is None]
        # what all have alike is checked once
        alike = _door_columns(fresh[0]) if fresh else {}
        return cls(
            doors=[alike | _own_columns(each) for each in fresh],
            people=[_person_columns(each, today) for each in plan.people if each.known_id is None],
            known_doors={each.known_id: each for each in plan.doors if each.known_id is not None},
            known_people={each.known_id: each for each in plan.people if each.known_id is not None},
            today=today,
        )

    def write(self, ledger: Ledger, on_progress: Progress) -> None:
        of = len(self.doors) + len(self.people) + len(self.known_doors) + len(self.known_people)
        done = 0
        for written in self._parts(ledger):
            done += written
            on_progress(done, of)

    def _parts(self, ledger: Ledger) -> Iterator[int]:
        """Write a part, and say how many rows it had."""
        # by the tables themselves: the way through the classes takes half as long again, and all others wait
        for table, fresh in ((Household.__table__, self.doors), (Resident.__table__, self.people)):  # type: ignore[attr-defined]
            for part in _in_parts(fresh):
                ledger.session.execute(insert(table), part)
                yield len(part)
        for ids in _in_parts(list(self.known_doors)):
            for door in _rows(ledger.session, Household, ids):
                ledger.changes(
                    door, "put_into_address_book", in_address_book=True, floor=self.known_doors[_id(door)].floor
                )
            yield len(ids)
        for ids in _in_parts(list(self.known_people)):
            for person in _rows(ledger.session, Resident, ids):
                self._tell_anew(ledger, person)
            yield len(ids)

    def _tell_anew(self, ledger: Ledger, row: Resident) -> None:
        news = news_of(self.known_people[_id(row)].person, row)
        if "age_said" in news:
            news["age_said_on"] = self.today
        ledger.changes(row, "told_anew", **news)


def _door_columns(door: DoorPlanned) -> dict[str, Any]:
    return HouseholdBase(in_address_book=True, **_own_columns(door)).model_dump()


def _own_columns(door: DoorPlanned) -> dict[str, Any]:
    return {
        "area_id": door.area_id,
        "estate_id": door.estate_id,
        "key": str(door.key),
        "building": door.key.building,
        "unit": door.key.unit,
        "room": door.key.room,
        "floor": door.floor,
        "door_order": door_order(door.key.building, door.key.unit, door.key.room),
    }


def _person_columns(each: PersonPlanned, today: date) -> dict[str, Any]:
    person = each.person
    row = ResidentBase(
        area_id=each.area_id,
        household_id=each.household_id,
        called=person.called,
        sex=person.sex,
        birth_year=person.birth_year,
        age_said=person.age if person.birth_year is None else None,
        age_said_on=today if person.birth_year is None and person.age is not None else None,
        lives_alone=person.lives_alone,
        disabled=person.disabled,
        care_grade=person.care_grade,
        agrees_to_doctor_list=person.agrees_to_doctor_list,
    )
    return row.model_dump()


def _id(row: Household | Resident) -> int:
    assert row.id is not None
    return row.id


def _rows(session: Session, table: type[Each], ids: Sequence[int]) -> Sequence[Each]:
    return session.exec(select(table).where(col(table.id).in_(ids))).all()  # type: ignore[attr-defined]


def _in_parts(every: Sequence[Each]) -> Iterator[Sequence[Each]]:
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]
