"""A small community that talks to the assistant, with a clock that only the test moves.

    rehearsal.worker_says("3-2-501 gas.hose")      the reply's text
    rehearsal.wait(days=7)                         what falls due in between happens
    rehearsal.open_flags()                         ["3-2-501 gas.hose P2 x1"]

Everything is real but the minds (``fakes``).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel, col, select

from assistant import intake
from assistant.channels.base import Incoming, Outgoing
from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.domain.pace import Pace
from assistant.outbox.deliver import deliver_next
from assistant.schedule.clock import SetClock
from assistant.schedule.courtesy import Courtesy
from assistant.schedule.quiet import QuietHours
from assistant.schedule.watch import Watch
from assistant.storage.columns import Row, new
from assistant.storage.database import Database
from assistant.storage.tables import (
    Account,
    Action,
    Area,
    Estate,
    Flag,
    FollowUp,
    Household,
    OutboxMessage,
    Purpose,
    Resident,
    Worker,
)
from assistant.turn import Minds, Turn
from knowledge.replies import load_replies
from tests.turn import fakes

ZONE = ZoneInfo("Asia/Shanghai")
#: a Thursday
START = datetime(2026, 3, 5, 10, 0, tzinfo=ZONE)
DOORS = ("1-1-101", "2-1-302", "3-2-501", "3-2-502", "3-2-601")
REPLIES = load_replies()
MINDS = Minds(
    fakes.read, fakes.decide, REPLIES, lambda text: text in (REPLIES.buttons.done, "办好了"), "knowledge-1", "rules-1"
)


class Telegraph:
    """A channel that keeps what it was given to send, in order."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def send(self, outgoing: Outgoing) -> str:
        self.sent.append(outgoing)
        return f"sent-{len(self.sent)}"


def settle_community(database: Database, at: datetime = START) -> None:
    """Write the community down: 第一网格 with two micro-grids, its estate, 刘大姐, 王主任 and the gas company."""
    with database.writing() as session:
        grid = _area(session, AreaLevel.GRID, "第一网格", None)
        micro = _area(session, AreaLevel.MICRO_GRID, "一号微网格", grid)
        other = _area(session, AreaLevel.MICRO_GRID, "二号微网格", grid)
        estate = _add(session, new(Estate, area_id=grid.id, name="怡丽佳苑"))
        for door in DOORS:
            building, unit, room = door.split("-")
            place = new(
                Household,
                area_id=micro.id,
                estate_id=estate.id,
                key=door,
                in_address_book=True,
                building=building,
                unit=unit,
                room=room,
            )
            _add(session, place)
            if door == "3-2-501":
                session.add(
                    new(
                        Resident,
                        area_id=micro.id,
                        household_id=place.id,
                        called="张大爷",
                        birth_year=1944,
                        lives_alone=True,
                    )
                )
        for name, address, area, role, acts_as in (
            ("刘大姐", "liu", micro, Role.WORKER, None),
            ("李大姐", "li", other, Role.WORKER, None),
            ("王主任", "wang", grid, Role.COORDINATOR, None),
            ("燃气抢修", "gas", grid, Role.RESPONDER, Responder.GAS),
        ):
            worker = _add(
                session, new(Worker, area_id=area.id, name=name, role=role, acts_as=acts_as, estate_id=estate.id)
            )
            session.add(
                new(Account, area_id=area.id, worker_id=worker.id, channel="test", address=address, bound_at=at)
            )


def _area(session: Session, level: AreaLevel, name: str, parent: Area | None) -> Area:
    area = _add(session, new(Area, level=level, name=name, parent_id=parent.id if parent else None))
    area.path = f"{parent.path if parent else '/'}{area.id}/"
    return area


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


class Rehearsal:
    """The community at work."""

    def __init__(self, database: Database, checkpoint: Callable[[str], None] | None = None) -> None:
        self.database = database
        self.clock = SetClock(START)
        self.channel = Telegraph()
        self.turn = Turn(database, self.clock, MINDS, ZONE)
        if checkpoint is not None:
            self.turn = replace(self.turn, checkpoint=checkpoint)
        quiet = QuietHours(time(21), time(8), ZONE)
        self.watch = Watch.over(
            database, self.clock, Courtesy(quiet), REPLIES, lambda _: Pace(), lambda day: day.weekday() < 5
        )
        self._numbers = count(1)

    def send(self, author: str, text: str, message_id: str | None = None, **more: object) -> int:
        """A message arrives and is kept, not yet handled."""
        incoming = Incoming(
            channel="test",
            message_id=message_id or f"m{next(self._numbers)}",
            account=author,
            text=text,
            sent_at=self.clock.now(),
            **more,  # type: ignore[arg-type]
        )
        return intake.put(self.database, incoming, self.clock.now())[0]

    def worker_says(self, text: str, message_id: str | None = None, **more: object) -> str:
        return self._says("liu", text, message_id, **more)

    def coordinator_says(self, text: str, **more: object) -> str:
        return self._says("wang", text, **more)

    def _says(self, author: str, text: str, message_id: str | None = None, **more: object) -> str:
        before = len(self.channel.sent)
        self.send(author, text, message_id, **more)
        self.run()
        answers = [each.text for each in self.channel.sent[before:] if each.address == author]
        return answers[0] if answers else ""

    def run(self) -> None:
        """Handle, remind and send until nothing is left to do at this moment."""
        while (
            self.turn.handle_next()
            or self.watch.look()
            or deliver_next(self.database, "test", self.channel, self.clock)
        ):
            pass

    def wait(self, **span: float) -> None:
        """Let time pass with everything running: an hour at a time, two over more than three days."""
        end = self.clock.now() + timedelta(**span)
        step = timedelta(hours=1 if timedelta(**span) <= timedelta(days=3) else 2)
        while self.clock.now() < end:
            self.clock.move_to(min(end, self.clock.now() + step))
            self.run()

    def told(self, who: str) -> list[str]:
        """What somebody was sent so far."""
        return [each.text for each in self.channel.sent if each.address == who]

    def open_flags(self) -> list[str]:
        """Standing flags as ``door kind severity xtimes``, most urgent first."""
        with self.database.reading() as session:
            rows = session.exec(
                select(Flag, Household.key)
                .join(Household, col(Household.id) == Flag.household_id)
                .order_by(col(Flag.urgency), col(Flag.id))
            ).all()
        return [f"{key} {flag.kind} {flag.severity} x{flag.times}" for flag, key in rows if flag.state.stands]

    def follow_ups(self, *states: FollowUpState) -> list[str]:
        """Follow-ups in these states (all when none is named) as ``door owner kind state xtimes``."""
        with self.database.reading() as session:
            rows = session.exec(
                select(FollowUp, Household.key)
                .join(Household, col(Household.id) == FollowUp.household_id)
                .order_by(col(FollowUp.id))
            ).all()
        return [
            f"{key} {row.owner} {row.kind} {row.state} x{row.times}"
            for row, key in rows
            if not states or row.state in states
        ]

    def rows(self, table: type[SQLModel]) -> list[SQLModel]:
        with self.database.reading() as session:
            return list(session.exec(select(table).order_by(table.id)))  # type: ignore[attr-defined]

    def verbs(self, subject: str) -> list[str]:
        """The ledger's verbs about a table, in order."""
        with self.database.reading() as session:
            return list(session.exec(select(Action.verb).where(Action.subject == subject).order_by(col(Action.id))))

    def outbox(self, purpose: Purpose | None = None) -> Sequence[OutboxMessage]:
        """What was put out for sending, all or of one purpose, in order."""
        query = select(OutboxMessage).order_by(col(OutboxMessage.id))
        with self.database.reading() as session:
            return session.exec(query if purpose is None else query.where(OutboxMessage.purpose == purpose)).all()
