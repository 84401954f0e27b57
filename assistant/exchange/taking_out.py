"""Take a form out of the system: made whole, put on the log with its purpose, and only then handed over.

    with TemporaryDirectory() as folder:
        taken = take_out(database, viewer, asked, replies, load_forms(), now, Path(folder))
        taken.path, taken.rows

Nobody gets a file that the log does not have. ``now`` is aware, in the community's zone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from assistant.domain.rights import Right, Subject, Viewer, require
from assistant.exchange import hazard_forms, visit_forms
from assistant.exchange.asking import FORM_NAMES, PURPOSE_NAMES, Asked, FileKind, OutForm
from assistant.exchange.gathering import Gathering
from assistant.exchange.tables import Table
from assistant.exchange.writing import write_csv, write_excel
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, Export
from knowledge.forms import Forms
from knowledge.replies import Replies

_MADE_BY: dict[OutForm, Callable[[Gathering], Table]] = {
    OutForm.VISITS: visit_forms.visit_log,
    OutForm.DAILY: visit_forms.daily_log,
    OutForm.DIARY: visit_forms.diary,
    OutForm.HAZARDS: hazard_forms.hazard_ledger,
    OutForm.INSPECTIONS: hazard_forms.inspections,
    OutForm.CODES: hazard_forms.codes,
}


@dataclass(frozen=True)
class TakenOut:
    """A file that may leave: it is on the log as ``export_id``."""

    export_id: int
    path: Path
    rows: int


def take_out(
    database: Database, viewer: Viewer, asked: Asked, replies: Replies, forms: Forms, now: datetime, folder: Path
) -> TakenOut:
    """Make the file in ``folder`` and log it. Raises NotAllowed, and NotUnderstood for more rows than a sheet holds."""
    require(viewer, Right.EXPORT, Subject(viewer.area_path))
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    path = folder / asked.file_name
    with database.reading() as session:
        table = _MADE_BY[asked.form](Gathering(session, viewer, asked, replies, forms, zone))
        if asked.kind is FileKind.CSV:
            rows = write_csv(table, path)
        else:
            rows = write_excel(table, path, _about(session, viewer, asked, forms, now, table), now)
    with database.writing() as session:
        line = new(
            Export,
            area_id=viewer.area_id,
            worker_id=viewer.worker_id,
            form=asked.form.value,
            file_kind=asked.kind.value,
            since_on=asked.since,
            until_on=asked.until,
            purpose=asked.purpose.value,
            purpose_note=asked.note.strip() or None,
            with_restricted=asked.with_restricted,
            rows=rows,
            made_at=now,
        )
        Ledger(session, now, viewer.worker_id).adds(line, "took_out")
        assert line.id is not None
        return TakenOut(line.id, path, rows)


def _about(
    session: Session, viewer: Viewer, asked: Asked, forms: Forms, now: datetime, table: Table
) -> list[tuple[str, str]]:
    """Where the file comes from, for whoever gets it."""
    area = session.get_one(Area, viewer.area_id).name
    purpose = PURPOSE_NAMES[asked.purpose] + (f"：{asked.note.strip()}" if asked.note.strip() else "")
    kept_in = "已按要求包含" if asked.with_restricted else "没有导出，表里写“限制查看”"
    about = [
        ("表", FORM_NAMES[asked.form]),
        ("来自", f"微光，{area}"),
        ("期间", f"{asked.since:%Y-%m-%d} 到 {asked.until:%Y-%m-%d}"),
        ("导出人", viewer.name),
        ("导出时间", f"{now:%Y-%m-%d %H:%M}"),
        ("用途", purpose),
        ("健康、未成年人、家暴", kept_in),
        ("内容来源", "微网格员上报的原话，按规则归类；“上报编号”可以在微光里查到原文，“依据”写着是哪条规则"),
        ("代码和级别", f"对应关系是{forms.sources['ours']}；代码来自{forms.sources['inspection']}"),
        ("请注意", "含住户信息，只作上面写的用途，用完请删除；不要发到群里"),
    ]
    if table.is_summary:
        about.append(("AI标识", f"{forms.labels.summary}：这张表由程序汇总，不是人写的"))
    return about
