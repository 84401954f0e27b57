"""What was told of a household, the last first: each report with its findings and the words that they came from."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from assistant.domain.masking import words_for
from assistant.domain.reports import EvidenceState, FraudStage, VisitOutcome
from assistant.domain.rights import Viewer
from assistant.storage.evidence import of_reports
from assistant.storage.tables import ROUND, FindingRow, Flag, FollowUp, Report, Visit, Worker
from assistant.storage.viewing import reports_seen_by

#: so many reports at a time
_AT_ONCE = 20


@dataclass(frozen=True)
class FoundShown:
    """One finding; ``start:end`` marks its words in the report's text."""

    kind: str
    state: EvidenceState
    stage: FraudStage | None
    start: int
    end: int


@dataclass(frozen=True)
class FileShown:
    """A photo or voice that came with a report."""

    id: int
    is_picture: bool


@dataclass(frozen=True)
class Told:
    """One report, in the words of who sent it, people's names hidden where the viewer may not see them."""

    id: int
    by: str | None
    at: datetime
    text: str
    found: tuple[FoundShown, ...]
    visit: VisitOutcome | None
    is_retracted: bool
    #: a later report put it right
    is_amended: bool
    is_unread: bool
    #: nobody wrote it: the daily round went through the calendar and the record
    is_round: bool
    files: tuple[FileShown, ...]


def told_of(
    session: Session, viewer: Viewer, household_id: int, names: Collection[str], before: int | None = None
) -> tuple[tuple[Told, ...], int | None]:
    """The reports before the one with the id ``before`` (None: the newest), and what to ask on with, if any is left."""
    here = sa.union(
        *(
            sa.select(col(table.report_id)).where(col(table.household_id) == household_id)
            for table in (FindingRow, Visit, Flag, FollowUp)
        )
    )
    query = select(Report).where(col(Report.id).in_(here), reports_seen_by(viewer))
    if before is not None:
        query = query.where(col(Report.id) < before)
    rows = session.exec(query.order_by(col(Report.id).desc()).limit(_AT_ONCE + 1)).all()
    shown = rows[:_AT_ONCE]
    found, visits = _found(session, household_id, shown), _visits(session, household_id, shown)
    authors = {row.worker_id for row in shown} - {None}
    called = dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(authors))).all())
    ids = [row.id for row in shown]
    amended = set(session.exec(select(Report.amends_id).where(col(Report.amends_id).in_(ids))).all())
    files: dict[int | None, list[FileShown]] = defaultdict(list)
    for file in of_reports(session, [row.id for row in shown if row.id is not None]):
        files[file.report_id].append(FileShown(file.id or 0, (file.media_type or "").startswith("image/")))
    told = tuple(
        Told(
            row.id or 0,
            called.get(row.worker_id) if row.channel != ROUND else None,
            row.sent_at,
            words_for(viewer, row.text, names),
            tuple(found[row.id]),
            visits.get(row.id),
            row.retracted_at is not None,
            row.id in amended,
            row.unread_because is not None,
            row.channel == ROUND,
            tuple(files[row.id]),
        )
        for row in shown
    )
    return told, shown[-1].id if len(rows) > _AT_ONCE else None


def _found(session: Session, household_id: int, reports: Sequence[Report]) -> dict[int | None, list[FoundShown]]:
    found: dict[int | None, list[FoundShown]] = defaultdict(list)
    rows = session.exec(
        select(FindingRow)
        .where(FindingRow.household_id == household_id, col(FindingRow.withdrawn_at).is_(None))
        .where(col(FindingRow.report_id).in_([report.id for report in reports]))
        .order_by(col(FindingRow.quote_start), col(FindingRow.id))
    )
    for row in rows:
        found[row.report_id].append(FoundShown(row.kind, row.state, row.stage, row.quote_start, row.quote_end))
    return found


def _visits(session: Session, household_id: int, reports: Sequence[Report]) -> dict[int | None, VisitOutcome]:
    rows = session.exec(
        select(Visit.report_id, Visit.outcome)
        .where(Visit.household_id == household_id, col(Visit.withdrawn_at).is_(None))
        .where(col(Visit.report_id).in_([report.id for report in reports]))
    )
    return {report_id: VisitOutcome(outcome) for report_id, outcome in rows}
