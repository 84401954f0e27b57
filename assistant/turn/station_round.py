"""What the calendar alone calls for at the station: gaps in the rota told the day before, who is on duty reminded, the
doctor's list on the doctor's morning, and requests of which nothing has been heard for too long.

Twice a day, in the morning when the quiet hours are over and in the afternoon before. Each thing is said once, however
often it is looked at: a service that was down in the afternoon says it in the morning. Nothing is said at night.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from assistant.dialogue.station import say_dated, say_spans
from assistant.domain.casework import Responder
from assistant.domain.station import openings
from assistant.outbox.queue import tell
from assistant.schedule.clock import Clock
from assistant.storage import doctor, reach, requests
from assistant.storage import station as rota
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import DutySlot, Purpose, Station, Worker
from assistant.turn.at_station.doctor import say_doctor_list
from knowledge.replies import Replies


@dataclass
class StationRound:
    """``day_begins`` and ``day_ends``: the end and the beginning of the quiet hours; ``at``: the afternoon's look."""

    database: Database
    clock: Clock
    replies: Replies
    zone: ZoneInfo
    day_begins: time
    day_ends: time
    at: time
    _made: set[tuple[date, time]] = field(default_factory=set)

    def look(self) -> bool:
        """Make the look that is due and was not made today. Was there one?"""
        now = self.clock.now().astimezone(self.zone)
        for moment in (self.day_begins, self.at):
            if not self._is_due(now, moment) or (now.date(), moment) in self._made:
                continue
            with self.database.writing() as session:
                make_round(session, self.replies, now, is_evening=moment == self.at)
            self._made.add((now.date(), moment))
            return True
        return False

    def next_moment(self) -> datetime:
        """When the next look is due: for a clock that leaps."""
        now = self.clock.now().astimezone(self.zone)
        days = (now.date(), now.date() + timedelta(days=1))
        moments = [datetime.combine(day, moment, self.zone) for day in days for moment in (self.day_begins, self.at)]
        return min(moment for moment in moments if moment > now)

    def _is_due(self, now: datetime, moment: time) -> bool:
        is_awake = self.day_begins <= now.time() and (now.time() < self.day_ends or self.day_ends <= self.day_begins)
        return is_awake and moment <= now.time()


def make_round(session: Session, replies: Replies, now: datetime, *, is_evening: bool) -> None:
    """Look at today's rota, and in the evening at tomorrow's. ``now`` is the community's time."""
    ledger = Ledger(session, now)
    for station in session.exec(select(Station).order_by(col(Station.id))).all():
        rota.lock(session, station)
        _let_offers_lapse(ledger, station)
        looks = [now.date(), now.date() + timedelta(days=1)] if is_evening else [now.date()]
        for day in looks:
            _look_at(ledger, station, day, replies)
        if now.date().isoweekday() in station.doctor_days:
            _tell_doctor(ledger, station, replies)
    _ask_after_requests(ledger, replies)


def _look_at(ledger: Ledger, station: Station, day: date, replies: Replies) -> None:
    session, say = ledger.session, replies.station
    slots = [slot for slot in rota.slots_on(session, station, day) if slot.ends_at > ledger.at]
    is_gap = not slots and bool(openings(station.hours, day)) and day != ledger.at.date()
    if any(slot.worker_id is None for slot in slots) or (is_gap and rota.has_rota(session, station, day)):
        text = say.told_of_empty.format(day=say_dated(day, replies))
        _tell_coordinators(ledger, station, f"duty-empty:{station.id}:{day}", text)
    for slot in slots:
        worker = session.get(Worker, slot.worker_id) if slot.worker_id is not None else None
        if worker is None:
            continue
        _remind(ledger, slot, worker, replies)
        if slot.offered_to_id is not None:
            _tell_of_open_swap(ledger, station, slot, worker, replies)


def _remind(ledger: Ledger, slot: DutySlot, worker: Worker, replies: Replies) -> None:
    zone = ledger.at.tzinfo
    hours = say_spans([(slot.starts_at.astimezone(zone).time(), slot.ends_at.astimezone(zone).time())], replies)
    tell(
        ledger.session,
        worker,
        key=f"duty-reminder:{slot.id}:{worker.id}",
        purpose=Purpose.NOTICE,
        text=replies.station.remind_duty.format(day=say_dated(slot.on_day, replies), hours=f"（{hours}）"),
        now=ledger.at,
    )


def _tell_of_open_swap(ledger: Ledger, station: Station, slot: DutySlot, worker: Worker, replies: Replies) -> None:
    taker = ledger.session.get_one(Worker, slot.offered_to_id)
    asker = rota.asked_by(ledger.session, slot)
    text = replies.station.told_of_open_swap.format(
        day=say_dated(slot.on_day, replies),
        who=worker.name,
        to=taker.name,
        asked=taker.name if asker == worker.id else worker.name,
    )
    _tell_coordinators(ledger, station, f"duty-offer:{slot.id}:{slot.offer_report_id}", text)


def _let_offers_lapse(ledger: Ledger, station: Station) -> None:
    over = select(DutySlot).where(
        DutySlot.station_id == station.id, col(DutySlot.offer_report_id).is_not(None), DutySlot.ends_at <= ledger.at
    )
    for slot in ledger.session.exec(over.order_by(col(DutySlot.id))).all():
        rota.take_back(ledger, slot, "lapsed")


def _tell_doctor(ledger: Ledger, station: Station, replies: Replies) -> None:
    listed = doctor.doctor_list(ledger.session, station.area_id)
    if not listed:
        return
    text = say_doctor_list(listed, replies.station.today, replies)
    for person in reach.responders_of(ledger.session, station.area_id, {Responder.DOCTOR}):
        tell(
            ledger.session,
            person,
            key=f"doctor-list:{station.id}:{ledger.at.date()}:{person.id}",
            purpose=Purpose.NOTICE,
            text=text,
            now=ledger.at,
        )


def _ask_after_requests(ledger: Ledger, replies: Replies) -> None:
    say = replies.requests
    for request in requests.late(ledger.session, ledger.at.date()):
        if request.due_on is None or not requests.voices(ledger.session, request):
            continue
        text = say.late.format(
            about=request.about,
            number=request.id,
            stage=say.stages[request.stage],
            month=request.due_on.month,
            day=request.due_on.day,
        )
        for person in reach.coordinators_of(ledger.session, request.area_id):
            tell(
                ledger.session,
                person,
                key=f"request-late:{request.id}:{request.due_on}:{person.id}",
                purpose=Purpose.NOTICE,
                text=text,
                now=ledger.at,
            )


def _tell_coordinators(ledger: Ledger, station: Station, key: str, text: str) -> None:
    for person in reach.coordinators_of(ledger.session, station.area_id):
        tell(ledger.session, person, key=f"{key}:{person.id}", purpose=Purpose.NOTICE, text=text, now=ledger.at)
