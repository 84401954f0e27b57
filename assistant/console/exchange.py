"""Import and export: what a coordinator brings in and takes out. Taking out asks what for, and is on the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.importing import UPLOAD_PATH, attachment
from assistant.domain.errors import NotUnderstood
from assistant.domain.rights import Right
from assistant.exchange import keeping
from assistant.exchange.asking import (
    FORM_HINTS,
    FORM_NAMES,
    PURPOSE_NAMES,
    Asked,
    FileKind,
    OutForm,
    Purpose,
)
from assistant.exchange.columns import Form
from assistant.exchange.taking_out import take_out
from assistant.intake.mask import masked
from assistant.storage.tables import Export, Import, Worker
from assistant.storage.text import storable
from assistant.storage.viewing import in_area
from knowledge.forms import load_forms

PAGE_PATH = "/console/exchange"
_EXPORT_PATH = PAGE_PATH + "/exports"
_SHOWN = 8
_LONGEST_NOTE = 100
_MEDIA_TYPES = {
    FileKind.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Out:
    """A file that left, as the list shows it."""

    form: str
    file_kind: str
    rows: int
    purpose: str
    by: str
    made_at: datetime


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(PAGE_PATH, Right.IMPORT, _page),
        gate.route(_EXPORT_PATH, Right.EXPORT, _export, methods=("POST",)),
    ]


def _page(visit: Visit, trouble: str = "") -> Response:
    may_export = visit.viewer.has(Right.EXPORT)
    with visit.reading() as session:
        sent: Sequence[Import] = keeping.lately(session, visit.viewer)
        taken = session.exec(
            select(Export, Worker.name)
            .join(Worker, col(Worker.id) == Export.worker_id)
            .where(in_area(visit.viewer, Export.area_id))
            .order_by(col(Export.id).desc())
            .limit(_SHOWN)
        ).all()
        return visit.show(
            "exchange.html",
            status=400 if trouble else 200,
            trouble=trouble,
            forms=tuple(Form),
            upload_path=UPLOAD_PATH,
            sent=sent,
            out=tuple(_shown(row, by) for row, by in taken) if may_export else (),
            may_export=may_export,
            export_path=_EXPORT_PATH,
            out_forms=[(form.value, FORM_NAMES[form], FORM_HINTS[form]) for form in OutForm],
            purposes=[(purpose.value, PURPOSE_NAMES[purpose]) for purpose in Purpose],
            chosen={name: visit.field(name) for name in ("form", "since", "until", "kind", "purpose", "note")},
            this_month=(visit.now.date().replace(day=1), visit.now.date()),
        )


def _export(visit: Visit) -> Response:
    try:
        asked = _asked(visit)
        with TemporaryDirectory(prefix="weiguang-export-") as folder:
            taken = take_out(
                visit.gate.database, visit.viewer, asked, visit.replies, load_forms(), visit.now, Path(folder)
            )
            return attachment(taken.path.read_bytes(), asked.file_name, _MEDIA_TYPES[asked.kind])
    except NotUnderstood as refused:
        return _page(visit, str(refused))


def _asked(visit: Visit) -> Asked:
    """What the form asks for. Raises NotUnderstood for what a person left out or mistyped."""
    try:
        form, kind = OutForm(visit.field("form")), FileKind(visit.field("kind"))
    except ValueError as fault:
        raise NotUnderstood("没选要哪一张表", "请选一张") from fault
    try:
        purpose = Purpose(visit.field("purpose"))
    except ValueError as fault:
        raise NotUnderstood("没写做什么用", "请选一个用途") from fault
    try:
        since, until = date.fromisoformat(visit.field("since")), date.fromisoformat(visit.field("until"))
    except ValueError as fault:
        raise NotUnderstood("日子没写对", "写成 2026-03-01") from fault
    note = storable(masked(visit.field("note")[:_LONGEST_NOTE])).text
    return Asked(form, kind, since, until, purpose, note, visit.field("with_restricted") == "1")


def _shown(row: Export, by: str) -> Out:
    purpose = PURPOSE_NAMES[Purpose(row.purpose)] + (f"：{row.purpose_note}" if row.purpose_note else "")
    return Out(FORM_NAMES[OutForm(row.form)], row.file_kind, row.rows, purpose, by, row.made_at)
