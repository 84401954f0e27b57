"""Bring a sheet in: all of it in one transaction, or nothing.

    plan = look_at(database, viewer, Form.ADDRESSES, content, today)                 # the preview: changes nothing
    done = bring_in(database, viewer, Form.ADDRESSES, content, now, file_name=name)  # with faults: changed nothing

Cells are read before the transaction begins, so that nobody else waits for more than the writing. What is brought is
one line of the ledger with its counts, and a line for each row that was there before and changes.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlmodel import Session, col, select

from assistant.domain.rights import Right, Subject, Viewer, require
from assistant.exchange.columns import Form
from assistant.exchange.matching import DoorPlanned, PersonPlanned, Plan, match, news_of
from assistant.exchange.opening import open_sheet
from assistant.exchange.reading import Progress, Written, read_form, tells_nobody
from assistant.storage.columns import new
from assistant.storage.database import Database, take_turns
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Household, Import, ImportState, Resident
from assistant.storage.tables.areas import HouseholdBase
from assistant.storage.tables.people import ResidentBase

_AT_ONCE = 2_000
_TURN = "import"

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
    with database.writing() as session:
        take_turns(session, _TURN)
        plan = match(session, viewer, written)
        if plan.found.fault_count:
            return plan
        ledger = Ledger(session, now, viewer.worker_id)
        _write(ledger, plan, now.date(), on_progress)
        row = session.get_one(Import, import_id) if import_id is not None else _row_of(ledger, viewer, form, file_name)
        row.content, row.preview = None, {}
        ledger.changes(
            row,
            "brought_in",
            state=ImportState.DONE,
            done_at=now,
            added=plan.added,
            changed=plan.changed,
            unchanged=plan.unchanged,
        )
        return plan


def _read(viewer: Viewer, form: Form, content: bytes, today: date, on_progress: Progress) -> Written:
    require(viewer, Right.IMPORT, Subject(viewer.area_path))
    return read_form(form, open_sheet(content), today, on_progress)


def _row_of(ledger: Ledger, viewer: Viewer, form: Form, file_name: str) -> Import:
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


def _write(ledger: Ledger, plan: Plan, today: date, on_progress: Progress) -> None:
    of = plan.added + plan.changed
    done = 0
    for doors in _in_parts(plan.doors):
        _write_doors(ledger, doors)
        done += len(doors)
        on_progress(done, of)
    for people in _in_parts(plan.people):
        _write_people(ledger, people, today)
        done += len(people)
        on_progress(done, of)


def _write_doors(ledger: Ledger, doors: Sequence[DoorPlanned]) -> None:
    fresh = [each for each in doors if each.known_id is None]
    if fresh:
        # what all have alike is checked once: a hundred thousand rows are written while others wait
        alike = _door_columns(fresh[0])
        ledger.session.execute(insert(Household), [alike | _own_columns(each) for each in fresh])
    known: dict[int | None, DoorPlanned] = {each.known_id: each for each in doors if each.known_id is not None}
    for row in _rows(ledger.session, Household, known):
        ledger.changes(row, "put_into_address_book", in_address_book=True, floor=known[row.id].floor)


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
    }


def _write_people(ledger: Ledger, people: Sequence[PersonPlanned], today: date) -> None:
    fresh = [_person_columns(each, today) for each in people if each.known_id is None]
    if fresh:
        ledger.session.execute(insert(Resident), fresh)
    known: dict[int | None, PersonPlanned] = {each.known_id: each for each in people if each.known_id is not None}
    for row in _rows(ledger.session, Resident, known):
        news = news_of(known[row.id].person, row)
        if "age_said" in news:
            news["age_said_on"] = today
        ledger.changes(row, "told_anew", **news)


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
        agrees_to_doctor_list=person.agrees_to_doctor_list,
    )
    return row.model_dump()


def _rows(session: Session, table: type[Each], ids: Any) -> Sequence[Each]:
    if not ids:
        return ()
    return session.exec(select(table).where(col(table.id).in_(list(ids)))).all()  # type: ignore[attr-defined]


def _in_parts(every: Sequence[Each]) -> Iterator[Sequence[Each]]:
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]
