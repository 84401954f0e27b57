"""A small community with flags put on record by hand, so that the pages are tested apart from rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from assistant.console.passwords import hashed
from assistant.domain.access import AreaLevel, Retention, Role, Sensitivity
from assistant.domain.casework import Responder
from assistant.domain.followups import MatterState
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import EvidenceState, Severity
from assistant.domain.rights import Viewer
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.logins import set_up
from assistant.storage.tables import (
    Account,
    Area,
    Estate,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    ReadingMade,
    Report,
    Resident,
    Worker,
)
from assistant.storage.viewing import viewer_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class World:
    """One grid with two micro-grids, another grid beside it, and one person of each role in the first.

    ``people`` are their ids; the worker belongs to the first micro-grid, the responder is the gas company.
    """

    database: Database
    grid_id: int
    micro_grid_id: int
    other_micro_grid_id: int
    other_grid_id: int
    estate_id: int
    people: dict[Role, int]

    @property
    def worker_id(self) -> int:
        return self.people[Role.WORKER]

    def viewer(self, role: Role = Role.COORDINATOR) -> Viewer:
        with self.database.reading() as session:
            viewer = viewer_of(session, self.people[role])
        assert viewer is not None
        return viewer

    def has_login(self, role: Role, name: str, password: str) -> None:
        with self.database.writing() as session:
            worker = session.get_one(Worker, self.people[role])
            set_up(Ledger(session, NOW), worker, name, hashed(password))

    def has_household(self, key: str, *people: str, area_id: int | None = None) -> int:
        with self.database.writing() as session:
            door = None if is_place(key) else HouseholdKey.parse(key)
            household = _add(
                session,
                new(
                    Household,
                    area_id=area_id or self.micro_grid_id,
                    estate_id=self.estate_id,
                    key=key,
                    is_place=door is None,
                    building=door.building if door else None,
                    unit=door.unit if door else None,
                    room=door.room if door else None,
                ),
            )
            for called in people:
                _add(session, new(Resident, area_id=household.area_id, household_id=household.id, called=called))
            return household.id

    def is_flagged(
        self,
        household_id: int,
        severity: Severity,
        text: str = "3-2-501闻到有气味",
        quote: str = "闻到有气味",
        *,
        theme: str = "gas",
        ago: timedelta = timedelta(0),
        state: MatterState = MatterState.OPEN,
        due_in: timedelta | None = None,
        why: str = "闻到有气味：马上处理",
        sensitivity: Sensitivity = Sensitivity.ORDINARY,
        by: Role = Role.WORKER,
        evidence: EvidenceState = EvidenceState.SEEN,
    ) -> int:
        """Put a report, its finding, a flag and (with ``due_in``) a follow-up of the gas company on record.

        The worker of the small community is reminded of the follow-up, whoever reported it.
        """
        at = NOW - ago
        with self.database.writing() as session:
            household = session.get_one(Household, household_id)
            here = {"area_id": household.area_id, "household_id": household_id}
            report = _add(
                session,
                new(
                    Report,
                    area_id=household.area_id,
                    retention=Retention.CASE,
                    channel="web",
                    message_id=f"{household_id}-{at.isoformat()}-{quote}",
                    worker_id=self.people[by],
                    sensitivity=sensitivity,
                    text=text,
                    sent_at=at,
                    received_at=at,
                ),
            )
            reading = _add(
                session,
                new(
                    ReadingMade,
                    area_id=household.area_id,
                    retention=Retention.CASE,
                    report_id=report.id,
                    knowledge_version="test",
                    made_at=at,
                    content={},
                ),
            )
            start = text.index(quote)
            spot = {"quote_start": start, "quote_end": start + len(quote)}
            _add(
                session,
                new(
                    FindingRow,
                    **here,
                    **spot,
                    report_id=report.id,
                    reading_id=reading.id,
                    kind=f"{theme}.leak",
                    state=evidence,
                    sensitivity=sensitivity,
                    quote=quote,
                    found_at=at,
                ),
            )
            flag = _add(
                session,
                new(
                    Flag,
                    **here,
                    **spot,
                    report_id=report.id,
                    rule=f"{theme}.test.{quote}",
                    theme=theme,
                    severity=severity,
                    urgency=severity.urgency,
                    why=why,
                    sensitivity=sensitivity,
                    rule_book_version="test",
                    state=state,
                    raised_at=at,
                    first_raised_at=at,
                ),
            )
            if due_in is not None:
                _add(
                    session,
                    new(
                        FollowUp,
                        **here,
                        report_id=report.id,
                        flag_id=flag.id,
                        worker_id=self.worker_id,
                        owner=Responder.GAS,
                        what="上门检查",
                        sensitivity=sensitivity,
                        rule=flag.rule,
                        severity=severity,
                        due_at=at + due_in,
                        first_found_at=at,
                    ),
                )
            return flag.id


def build_world(database: Database) -> World:
    with database.writing() as session:
        areas: dict[str, Area] = {}
        for level, name, above in (
            (AreaLevel.COMMUNITY, "怡丽社区", None),
            (AreaLevel.GRID, "第一网格", "怡丽社区"),
            (AreaLevel.GRID, "第二网格", "怡丽社区"),
            (AreaLevel.MICRO_GRID, "一号微网格", "第一网格"),
            (AreaLevel.MICRO_GRID, "二号微网格", "第一网格"),
        ):
            parent = areas[above] if above else None
            area = areas[name] = _add(session, new(Area, level=level, name=name, parent_id=parent and parent.id))
            area.path = f"{parent.path if parent else '/'}{area.id}/"
        estate = _add(session, new(Estate, area_id=areas["怡丽社区"].id, name="怡丽佳苑"))
        home, grid = areas["一号微网格"].id, areas["第一网格"].id
        people: dict[Role, int] = {}
        for role, name, area_id in (
            (Role.WORKER, "刘大姐", home),
            (Role.COORDINATOR, "何网格长", grid),
            (Role.RESPONDER, "燃气李师傅", grid),
            (Role.AUDITOR, "审计员", grid),
            (Role.ADMINISTRATOR, "管理员", grid),
        ):
            acts_as = Responder.GAS if role is Role.RESPONDER else None
            worker = new(Worker, area_id=area_id, name=name, role=role, acts_as=acts_as, estate_id=estate.id)
            people[role] = _add(session, worker).id
        for address in ("liu", "other"):
            account = new(
                Account, area_id=home, worker_id=people[Role.WORKER], channel="web", address=address, bound_at=NOW
            )
            _add(session, account)
        return World(database, grid, home, areas["二号微网格"].id, areas["第二网格"].id, estate.id, people)


def account_id(session: Session, address: str) -> int:
    return session.exec(select(Account.id).where(Account.address == address)).one()


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
