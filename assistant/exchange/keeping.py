"""A sheet between being sent and being brought in: kept for the person who sent it, with what was seen in it.

    id = keep(session, viewer, Form.ADDRESSES, "地址簿.xlsx", content, now)
    note_plan(session.get_one(Import, id), plan)           # READY, or FAULTY and the file is gone
    own(session, viewer, id)                               # nobody else's can be reached

One person has one sheet at a time: sending another puts the one before aside. A file stays no longer than it is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from assistant.domain.errors import NotAllowed
from assistant.domain.rights import Viewer
from assistant.exchange.columns import Form
from assistant.exchange.faults import Fault, Problem
from assistant.exchange.matching import PersonPlanned, Plan
from assistant.storage.columns import new
from assistant.storage.tables import Import, ImportState

_LONGEST_NAME = 100
_FIRST_ROWS = 6
_STILL_HERE = (ImportState.READING, ImportState.READY)
#: a sheet that nobody said yes to (本项目建议)
_KEPT_FOR = timedelta(days=1)
#: a page looks every second: not at thirty megabytes
_WITHOUT_FILE = defer(Import.content)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Preview:
    """What a page shows of a sheet."""

    count: int
    added: int
    changed: int
    unchanged: int
    fault_count: int
    remark_count: int
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    #: the first rows that would come in, each as the texts of its columns
    first: tuple[tuple[str, ...], ...]


def keep(session: Session, viewer: Viewer, form: Form, file_name: str, content: bytes, now: datetime) -> int:
    """Keep the file until it is brought in or put aside, and give its id. Files that nobody came back for go."""
    is_old = col(Import.received_at) < now - _KEPT_FOR
    for before in session.exec(
        select(Import)
        .where(col(Import.state).in_(_STILL_HERE), or_(col(Import.worker_id) == viewer.worker_id, is_old))
        .options(_WITHOUT_FILE)
    ):
        drop(before)
    row = new(
        Import,
        area_id=viewer.area_id,
        worker_id=viewer.worker_id,
        form=form.value,
        file_name=file_name[-_LONGEST_NAME:],
        content=content,
        received_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def own(session: Session, viewer: Viewer, import_id: int) -> Import:
    """The viewer's own sheet. Raises NotAllowed for one that is not there or somebody else's: nobody learns which."""
    row = session.get(Import, import_id, options=[_WITHOUT_FILE])
    if row is None or row.worker_id != viewer.worker_id:
        raise NotAllowed("没有这一条，或者不在您的范围里。")
    return row


def lately(session: Session, viewer: Viewer, at_most: int = 5) -> Sequence[Import]:
    """What the viewer sent last, newest first, without the files."""
    return session.exec(
        select(Import)
        .where(Import.worker_id == viewer.worker_id)
        .order_by(col(Import.id).desc())
        .limit(at_most)
        .options(_WITHOUT_FILE)
    ).all()


def drop(row: Import) -> None:
    """Put a sheet aside: nothing of it was brought in, and the file goes."""
    row.state, row.content, row.preview = ImportState.DROPPED, None, {}


def note_plan(row: Import, plan: Plan) -> None:
    """Keep what was seen in a sheet; with faults, the file goes."""
    row.preview = {
        "count": plan.count,
        "added": plan.added,
        "changed": plan.changed,
        "unchanged": plan.unchanged,
        "fault_count": plan.found.fault_count,
        "remark_count": plan.found.remark_count,
        "faults": [_plain(fault) for fault in plan.found.faults],
        "remarks": [_plain(remark) for remark in plan.found.remarks],
        "first": _first_rows(plan),
    }
    row.state = ImportState.FAULTY if plan.found.fault_count else ImportState.READY
    if plan.found.fault_count:
        row.content = None


def note_refusal(row: Import, fault: Fault) -> None:
    """Keep why the file as a whole can't be used; the file goes."""
    row.preview = {"fault_count": 1, "faults": [_plain(fault)]}
    row.state, row.content = ImportState.FAULTY, None


def preview_of(row: Import) -> Preview:
    """What was seen in a sheet; all zero while it is being read."""
    kept: dict[str, Any] = row.preview
    counts = {name: kept.get(name, 0) for name in ("count", "added", "changed", "unchanged")}
    return Preview(
        **counts,
        fault_count=kept.get("fault_count", 0),
        remark_count=kept.get("remark_count", 0),
        faults=tuple(map(_fault, kept.get("faults", ()))),
        remarks=tuple(map(_fault, kept.get("remarks", ()))),
        first=tuple(map(tuple, kept.get("first", ()))),
    )


def _first_rows(plan: Plan) -> list[list[str]]:
    doors = [[str(each.key), each.floor or ""] for each in plan.doors[:_FIRST_ROWS]]
    return doors or [_first_person(each) for each in plan.people[:_FIRST_ROWS]]


def _first_person(each: PersonPlanned) -> list[str]:
    person = each.person
    sex = {"m": "男", "f": "女"}.get(person.sex or "", "")
    return [str(each.key), person.called, sex, str(person.birth_year or "")]


def _plain(fault: Fault) -> list[Any]:
    return [fault.line, fault.column, fault.problem.value, fault.it]


def _fault(kept: Sequence[Any]) -> Fault:
    line, column, problem, it = kept
    return Fault(line, column, Problem(problem), it)
