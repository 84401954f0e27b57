"""The rota of a station, changed by who answers for it: new turns, somebody put on duty, two turns exchanged, one gone.

Whose duty changes is told, as in the chat. Each click locks the station, so that two at once do not undo each other.
"""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.station import PAGE_PATH, REPEATED, own_station, show_stations
from assistant.dialogue.station import say_changes, say_dated, say_spans
from assistant.domain.errors import NotAllowed, NotUnderstood
from assistant.domain.rights import Right
from assistant.outbox.queue import tell
from assistant.storage import station as duties
from assistant.storage.ledger import Ledger
from assistant.storage.tables import DutySlot, Purpose, Station, Worker

NEW_PATH = "/console/stations/{id}/slots"
EXCHANGE_PATH = "/console/stations/{id}/exchange"
ASSIGN_PATH = "/console/station/slots/{id}"
REMOVE_PATH = "/console/station/slots/{id}/remove"


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(path, Right.RUN_STATION, page, methods=("POST",))
        for path, page in ((NEW_PATH, _add), (EXCHANGE_PATH, _exchange), (ASSIGN_PATH, _assign), (REMOVE_PATH, _remove))
    ]


def _add(visit: Visit) -> Response:
    """One turn, or the same turn of several weeks; a week that has it already keeps it."""
    try:
        with visit.acting() as ledger:
            station = own_station(ledger.session, visit.viewer, visit.number("id"))
            duties.lock(ledger.session, station)
            starts, ends = stretch_of(visit)
            who = _chosen(visit, ledger.session, station)
            weeks = next((each for each in REPEATED if str(each) == visit.field("weeks")), 1)
            spans = [(starts + timedelta(weeks=each), ends + timedelta(weeks=each)) for each in range(weeks)]
            made = [slot for span in spans if (slot := duties.add_turn(ledger, station, *span, who)) is not None]
            if not made:
                raise NotUnderstood(f"{say_dated(starts.date(), visit.replies)}这个时间已经有一班", "换个开始时间")
            if who is not None:
                _tell_assigned(visit, ledger, made[0], who)
    except NotUnderstood as refused:
        return show_stations(visit, str(refused))
    visit.say(f"排好了 {len(made)} 个班{'，' + who.name + '来值' if who else '，还没人'}。")
    return visit.go(PAGE_PATH)


def _assign(visit: Visit) -> Response:
    """Put somebody of the station, or nobody, on duty."""
    with visit.acting() as ledger:
        slot, station = _slot(visit, ledger)
        before = ledger.session.get(Worker, slot.worker_id) if slot.worker_id is not None else None
        chosen = _chosen(visit, ledger.session, station)
        duties.assign(ledger, slot, chosen)
        if before is not None and before != chosen:
            _tell_relieved(visit, ledger, slot, before)
        if chosen is not None and before != chosen:
            _tell_assigned(visit, ledger, slot, chosen)
    visit.say(f"{chosen.name}值这一班。" if chosen is not None else "这一班空出来了。")
    return visit.go(PAGE_PATH)


def _exchange(visit: Visit) -> Response:
    """Who has the one turn takes the other."""
    with visit.acting() as ledger:
        station = own_station(ledger.session, visit.viewer, visit.number("id"))
        duties.lock(ledger.session, station)
        slots = [_turn_of(ledger.session, station, visit.field(name)) for name in ("one", "other")]
        people = [ledger.session.get(Worker, slot.worker_id) if slot.worker_id else None for slot in slots]
        if people[0] == people[1]:
            visit.say("请选两个人的班。")
            return visit.go(PAGE_PATH)
        duties.exchange(ledger, *slots)
        said = "，".join(_turn_said(visit, slot, who) for slot, who in zip(slots, reversed(people), strict=True))
        for person in people:
            if person is not None:
                text = visit.replies.station.told_of_arranging.format(by=visit.viewer.name, list=said)
                _tell(visit, ledger, slots[0], person, "exchanged", text)
    visit.say(f"换好了：{said}。")
    return visit.go(PAGE_PATH)


def _remove(visit: Visit) -> Response:
    with visit.acting() as ledger:
        slot, _ = _slot(visit, ledger)
        before = ledger.session.get(Worker, slot.worker_id) if slot.worker_id is not None else None
        if before is not None:
            _tell_relieved(visit, ledger, slot, before)
        duties.remove(ledger, slot)
    visit.say("这一班去掉了。")
    return visit.go(PAGE_PATH)


def _turn_said(visit: Visit, slot: DutySlot, who: Worker | None) -> str:
    if who is None:
        return f"{say_dated(slot.on_day, visit.replies)}空着"
    return say_changes({slot.on_day: who.name}, visit.replies)


def stretch_of(visit: Visit) -> tuple[datetime, datetime]:
    """From when to when, by the form's day and its two times. Raises NotUnderstood, also for what is over."""
    try:
        day = date.fromisoformat(visit.field("day"))
        opens, closes = (time.fromisoformat(visit.field(name)) for name in ("opens", "closes"))
    except ValueError as fault:
        raise NotUnderstood("日子或时间没写对", "写成 2026-03-06、14:00") from fault
    starts, ends = (datetime.combine(day, each.replace(tzinfo=None), visit.now.tzinfo) for each in (opens, closes))
    if not starts < ends:
        raise NotUnderstood("结束要比开始晚", "跨到第二天的请分成两段")
    if ends <= visit.now:
        raise NotUnderstood("这个时间已经过了", "请另选一天")
    return starts, ends


def _slot(visit: Visit, ledger: Ledger) -> tuple[DutySlot, Station]:
    slot = ledger.session.get(DutySlot, visit.number("id"))
    station = own_station(ledger.session, visit.viewer, slot.station_id if slot is not None else None)
    assert slot is not None
    duties.lock(ledger.session, station)
    ledger.session.refresh(slot)
    return slot, station


def _turn_of(session: Session, station: Station, number: str) -> DutySlot:
    known = number.isascii() and number.isdecimal() and len(number) < 16
    found = select(DutySlot).where(DutySlot.id == (int(number) if known else None), DutySlot.station_id == station.id)
    slot = session.exec(found).first()
    if slot is None:
        raise NotAllowed("没有这一班，或者不在您的范围里。")
    return slot


def _chosen(visit: Visit, session: Session, station: Station) -> Worker | None:
    chosen = visit.field("worker")
    staff = {str(each.id): each for each in duties.staff_of(session, station)}
    if chosen and chosen not in staff:
        raise NotAllowed("没有这个人，或者不在这个服务站。")
    return staff.get(chosen)


def _tell_assigned(visit: Visit, ledger: Ledger, slot: DutySlot, who: Worker) -> None:
    _tell(visit, ledger, slot, who, "assigned", _said(visit.replies.station.told_of_assignment, visit, slot))


def _tell_relieved(visit: Visit, ledger: Ledger, slot: DutySlot, who: Worker) -> None:
    _tell(visit, ledger, slot, who, "relieved", _said(visit.replies.station.told_of_relief, visit, slot))


def _said(text: str, visit: Visit, slot: DutySlot) -> str:
    span = (slot.starts_at.astimezone(visit.now.tzinfo).time(), slot.ends_at.astimezone(visit.now.tzinfo).time())
    hours = f"（{say_spans([span], visit.replies)}）"
    return text.format(day=say_dated(slot.on_day, visit.replies), by=visit.viewer.name, hours=hours)


def _tell(visit: Visit, ledger: Ledger, slot: DutySlot, who: Worker, what: str, text: str) -> None:
    if who.id == visit.viewer.worker_id:
        return
    key = f"duty:{what}:{slot.id}:{ledger.at.isoformat()}:{who.id}"
    tell(ledger.session, who, key=key, purpose=Purpose.NOTICE, text=text, now=ledger.at)
