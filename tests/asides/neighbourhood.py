"""The real assistant with a service station, and a clock that only the test moves.

place.says("li", "我来接刘大姐明天的班")      what 李大姐 is answered
place.told("liu")                           what 刘大姐 was sent since she was last looked at
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel, col, select

from assistant.app import App, Files, build
from assistant.channels.base import Incoming, Outgoing
from assistant.domain.access import Retention, Role
from assistant.domain.casework import Responder
from assistant.domain.station import openings, read_hours
from assistant.schedule.clock import SetClock
from assistant.settings import Settings
from assistant.storage.columns import new
from assistant.storage.tables import (
    Account,
    Action,
    Area,
    DutySlot,
    Estate,
    Household,
    Resident,
    Station,
    Worker,
)
from tests.turn.rehearsal import START, settle_community

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = "周一至周五 9:00-17:00"


@dataclass
class Post:
    """A channel that keeps what it was given, by address."""

    sent: list[Outgoing] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> str:
        self.sent.append(outgoing)
        return f"sent-{len(self.sent)}"


@dataclass
class Neighbourhood:
    """怡丽佳苑 on Thursday, 5 March 2026, 10:00."""

    app: App
    clock: SetClock
    post: Post = field(default_factory=Post)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _looked_at: dict[str, int] = field(default_factory=dict)

    def says(self, author: str, text: str, **more: object) -> str:
        """Somebody writes; what they are answered in their own chat (empty: nothing)."""
        before = len(self.post.sent)
        self.send(author, text, **more)
        self.run()
        chat = str(more.get("chat") or author)
        answers = [each.text for each in self.post.sent[before:] if each.address == chat]
        self._looked_at[chat] = len(self.post.sent)
        return answers[0] if answers else ""

    def send(self, author: str, text: str, **more: object) -> None:
        """Somebody writes, and it is not handled yet."""
        self.app.receive(
            Incoming(
                channel="test",
                message_id=f"m{next(self._numbers)}",
                account=author,
                text=text,
                sent_at=self.clock.now(),
                **more,  # type: ignore[arg-type]
            )
        )

    def taps(self, author: str, label: str) -> str:
        """Press the button on the newest message to this person that bears it."""
        shown = next(
            number
            for number, one in reversed(list(enumerate(self.post.sent, start=1)))
            if one.address == author and label in one.buttons
        )
        return self.says(author, label, reply_to=f"sent-{shown}")

    def run(self) -> None:
        self.app.settle_down({"test": self.post})

    def wait_until(self, moment: datetime) -> None:
        """Time passes, an hour at a time at most."""
        while self.clock.now() < moment:
            self.clock.move_to(min(moment, self.clock.now() + timedelta(hours=1)))
            self.run()

    def told(self, who: str) -> list[str]:
        """What somebody was sent since this was last asked, or since they were last answered."""
        since = self._looked_at.get(who, 0)
        self._looked_at[who] = len(self.post.sent)
        return [each.text for each in self.post.sent[since:] if each.address == who]

    def rows(self, table: type[SQLModel]) -> list[SQLModel]:
        with self.app.database.reading() as session:
            return list(session.exec(select(table).order_by(table.id)))  # type: ignore[attr-defined]

    def verbs(self, subject: str) -> list[str]:
        """The ledger's verbs about a table, in order."""
        with self.app.database.reading() as session:
            return list(session.exec(select(Action.verb).where(Action.subject == subject).order_by(col(Action.id))))


def settle(
    url: str, folder: Path, files: Files, *, hours: str | None = HOURS, with_station: bool = True
) -> Neighbourhood:
    """The community, its doctor, and (unless told otherwise) the station: rooms, doctor on Tuesday and Friday."""
    clock = SetClock(START)
    app = build(Settings(database=url, data_dir=folder, _env_file=None), clock, files)
    settle_community(app.database)
    with app.database.writing() as session:
        grid = session.exec(select(Area).where(Area.name == "第一网格")).one()
        estate = session.exec(select(Estate)).one()
        doctor = {"role": Role.RESPONDER, "acts_as": Responder.DOCTOR, "estate_id": estate.id}
        who = new(Worker, area_id=grid.id, name="家医魏医生", **doctor)
        session.add(who)
        session.flush()
        session.add(
            new(Account, area_id=grid.id, worker_id=who.id, channel="test", address="wei", bound_at=clock.now())
        )
        if with_station:
            session.add(
                new(
                    Station,
                    area_id=grid.id,
                    estate_id=estate.id,
                    name="怡丽佳苑微网实格服务站",
                    place="3栋架空层",
                    hours=read_hours(hours) if hours else {},
                    doctor_days=[2, 5] if hours else [],
                    rooms=["议事厅"],
                )
            )
    return Neighbourhood(app, clock)


def on_duty(place: Neighbourhood, rota: dict[date, str | None]) -> None:
    """Write the rota: who is on duty on which day (None: nobody)."""
    with place.app.database.writing() as session:
        station = session.exec(select(Station)).one()
        by_name = {worker.name: worker.id for worker in session.exec(select(Worker))}
        for day, name in rota.items():
            opens, closes = (openings(station.hours, day) or [(time(9), time(17))])[0]
            session.add(
                new(
                    DutySlot,
                    area_id=station.area_id,
                    retention=Retention.ROUTINE,
                    station_id=station.id,
                    on_day=day,
                    starts_at=datetime.combine(day, opens, ZONE),
                    ends_at=datetime.combine(day, closes, ZONE),
                    worker_id=by_name[name] if name is not None else None,
                )
            )


def lives_at(place: Neighbourhood, door: str, *people: tuple[str, bool | None]) -> None:
    """Put residents on record at a door: how they are called, and whether they agreed to the doctor's list."""
    with place.app.database.writing() as session:
        household = session.exec(select(Household).where(Household.key == door)).one()
        for called, agrees in people:
            session.add(
                new(
                    Resident,
                    area_id=household.area_id,
                    household_id=household.id,
                    called=called,
                    agrees_to_doctor_list=agrees,
                )
            )


def holder(session: Session, day: date) -> str | None:
    """Who is on duty on ``day``."""
    return session.exec(
        select(Worker.name).join(DutySlot, col(DutySlot.worker_id) == Worker.id).where(DutySlot.on_day == day)
    ).first()
