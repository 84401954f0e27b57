"""What the forms are made from: visits with all that was found and promised on them, a few hundred at a time.

Only what the viewer may see; restricted classes stay out unless they were asked for, and then the log says so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, tuple_
from sqlmodel import Session, col, select

from assistant.dialogue.wording import say_door
from assistant.domain.access import Sensitivity
from assistant.domain.rights import Viewer
from assistant.exchange.asking import Asked
from assistant.storage.tables import (
    Area,
    Estate,
    Evidence,
    FindingRow,
    FollowUp,
    Household,
    Matter,
    Report,
    Resident,
    Visit,
    Worker,
)
from assistant.storage.viewing import in_area, reports_seen_by
from knowledge.forms import Forms
from knowledge.replies import Replies

_AT_ONCE = 400


@dataclass(frozen=True)
class VisitTaken:
    """One visit as the forms need it. ``at`` is in the community's zone; ``words`` are the worker's, or the label that
    stands for what is restricted.
    """

    visit: Visit
    report: Report
    door: "DoorTaken"
    at: datetime
    worker: str
    words: str
    findings: tuple[FindingRow, ...]
    #: what the report found at whatever door
    found_anywhere: tuple[FindingRow, ...]
    follow_ups: tuple[FollowUp, ...]
    people: tuple[Resident, ...]
    photos: int


@dataclass(frozen=True)
class DoorTaken:
    """Where it was: ``said`` names the door or place, ``called`` whom one asks for there."""

    household: Household
    estate: str
    area: str
    said: str
    called: str = ""


class Gathering:
    """One reading of the record for one request."""

    def __init__(
        self, session: Session, viewer: Viewer, asked: Asked, replies: Replies, forms: Forms, zone: ZoneInfo
    ) -> None:
        self.session = session
        self.viewer = viewer
        self.asked = asked
        self.replies = replies
        self.forms = forms
        self.zone = zone
        self._areas = dict(session.exec(select(Area.id, Area.name)).all())
        self._estates = dict(session.exec(select(Estate.id, Estate.name)).all())
        self._workers = dict(session.exec(select(Worker.id, Worker.name)).all())

    def visits(self) -> Iterator[VisitTaken]:
        """Every visit of the days asked for, oldest first; what was withdrawn is none."""
        query = (
            select(Visit, Report)
            .join(Report, col(Report.id) == Visit.report_id)
            .where(Visit.at >= self.asked.begins_at(self.zone), Visit.at < self.asked.ends_at(self.zone))
            .where(col(Visit.withdrawn_at).is_(None), reports_seen_by(self.viewer), in_area(self.viewer, Visit.area_id))
            .order_by(col(Visit.at), col(Visit.id))
            .limit(_AT_ONCE)
        )
        page = query
        while rows := self.session.exec(page).all():
            yield from self._with_all(rows)
            last = rows[-1][0]
            page = query.where(tuple_(col(Visit.at), col(Visit.id)) > tuple_(last.at, last.id))

    def findings(self) -> Iterator[tuple[FindingRow, Report, DoorTaken]]:
        """Every finding of the days asked for, oldest first."""
        query = (
            select(FindingRow, Report)
            .join(Report, col(Report.id) == FindingRow.report_id)
            .where(FindingRow.found_at >= self.asked.begins_at(self.zone))
            .where(FindingRow.found_at < self.asked.ends_at(self.zone))
            .where(col(FindingRow.withdrawn_at).is_(None), in_area(self.viewer, FindingRow.area_id))
            .where(reports_seen_by(self.viewer))
            .order_by(col(FindingRow.found_at), col(FindingRow.id))
            .limit(_AT_ONCE)
        )
        if not self.asked.with_restricted:
            query = query.where(FindingRow.sensitivity == Sensitivity.ORDINARY)
        page = query
        while rows := self.session.exec(page).all():
            doors = self.doors({finding.household_id for finding, _ in rows})
            for finding, report in rows:
                yield finding, report, doors[finding.household_id]
            last = rows[-1][0]
            page = query.where(tuple_(col(FindingRow.found_at), col(FindingRow.id)) > tuple_(last.found_at, last.id))

    def matters(self, themes: Sequence[str]) -> Iterator[Sequence[Matter]]:
        """The matters of these themes that were first found in the days asked for, a batch at a time."""
        of_themes = [col(Matter.kind).startswith(f"{theme}.", autoescape=True) for theme in themes]
        query = (
            select(Matter)
            .where(Matter.first_found_at >= self.asked.begins_at(self.zone))
            .where(Matter.first_found_at < self.asked.ends_at(self.zone))
            .where(in_area(self.viewer, Matter.area_id), or_(*of_themes))
            .order_by(col(Matter.first_found_at), col(Matter.id))
            .limit(_AT_ONCE)
        )
        if not self.asked.with_restricted:
            query = query.where(Matter.sensitivity == Sensitivity.ORDINARY)
        page = query
        while rows := self.session.exec(page).all():
            yield rows
            last = rows[-1]
            page = query.where(
                tuple_(col(Matter.first_found_at), col(Matter.id)) > tuple_(last.first_found_at, last.id)
            )

    def doors(self, household_ids: Collection[int]) -> dict[int, DoorTaken]:
        """These doors and places by their id, each with whom one asks for."""
        people = self._people(household_ids)
        rows = self.session.exec(select(Household).where(col(Household.id).in_(household_ids))).all()
        return {
            row.id: DoorTaken(
                row,
                self._estates.get(row.estate_id, ""),
                self._areas.get(row.area_id, ""),
                say_door(row.key) or "门牌没说",
                "、".join(person.called for person in people[row.id][:2]),
            )
            for row in rows
            if row.id is not None
        }

    def worker(self, worker_id: int | None) -> str:
        return self._workers.get(worker_id, "") if worker_id is not None else ""

    def photos(self, report_ids: Collection[int | None]) -> dict[int | None, int]:
        """How many photos and voices hang under each report."""
        return dict(
            self.session.exec(
                select(Evidence.report_id, func.count())
                .where(col(Evidence.report_id).in_(report_ids))
                .group_by(col(Evidence.report_id))
            ).all()
        )

    def told_in(self, report_ids: Collection[int | None]) -> dict[int, tuple[Report, list[FindingRow]]]:
        """These reports with all that was found in each, at whatever door; what may not leave is not among them."""
        told: dict[int, tuple[Report, list[FindingRow]]] = {
            report.id: (report, [])
            for report in self.session.exec(select(Report).where(col(Report.id).in_(report_ids)))
            if report.id is not None and self._may_leave(report.sensitivity)
        }
        findings = select(FindingRow).where(col(FindingRow.report_id).in_(told), col(FindingRow.withdrawn_at).is_(None))
        for finding in self.session.exec(findings.order_by(col(FindingRow.id))):
            told[finding.report_id][1].append(finding)
        return told

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def _with_all(self, rows: Sequence[tuple[Visit, Report]]) -> Iterator[VisitTaken]:
        doors = self.doors({visit.household_id for visit, _ in rows})
        report_ids = {report.id for _, report in rows}
        findings: dict[tuple[int, int], list[FindingRow]] = defaultdict(list)
        of_report: dict[int, list[FindingRow]] = defaultdict(list)
        for finding in self.session.exec(
            select(FindingRow)
            .where(col(FindingRow.report_id).in_(report_ids), col(FindingRow.withdrawn_at).is_(None))
            .order_by(col(FindingRow.id))
        ):
            if self._may_leave(finding.sensitivity):
                findings[finding.report_id, finding.household_id].append(finding)
                of_report[finding.report_id].append(finding)
        follow_ups: dict[tuple[int, int], list[FollowUp]] = defaultdict(list)
        for follow_up in self.session.exec(
            select(FollowUp).where(col(FollowUp.report_id).in_(report_ids)).order_by(col(FollowUp.id))
        ):
            if self._may_leave(follow_up.sensitivity):
                follow_ups[follow_up.report_id, follow_up.household_id].append(follow_up)
        people = self._people({visit.household_id for visit, _ in rows})
        photos = self.photos(report_ids)
        for visit, report in rows:
            key = visit.report_id, visit.household_id
            yield VisitTaken(
                visit=visit,
                report=report,
                door=doors[visit.household_id],
                at=self.local(visit.at),
                worker=self.worker(visit.worker_id),
                words=report.text if self._may_leave(report.sensitivity) else self.forms.labels.restricted,
                findings=tuple(findings[key]),
                found_anywhere=tuple(of_report[visit.report_id]),
                follow_ups=tuple(follow_ups[key]),
                people=tuple(people[visit.household_id]),
                photos=photos.get(report.id, 0),
            )

    def _people(self, household_ids: Collection[int]) -> dict[int, list[Resident]]:
        people: dict[int, list[Resident]] = defaultdict(list)
        for resident in self.session.exec(
            select(Resident)
            .where(col(Resident.household_id).in_(household_ids), col(Resident.withdrawn_at).is_(None))
            .where(col(Resident.moved_away_on).is_(None))
            .order_by(col(Resident.id))
        ):
            people[resident.household_id].append(resident)
        return people

    def _may_leave(self, sensitivity: Sensitivity) -> bool:
        return self.asked.with_restricted or sensitivity is Sensitivity.ORDINARY
