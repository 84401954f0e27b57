"""The station on record: its rota, and swaps that count only when the other has said yes.

Functions that change anything take the ledger of who speaks and, first, ``lock``: nobody else changes the station until
the transaction ends. What is not on record is None or empty; nothing is guessed.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.reports import Intent
from assistant.storage.columns import new
from assistant.storage.database import take_turns
from assistant.storage.ledger import Ledger
from assistant.storage.reach import areas_above
from assistant.storage.tables import (
    Account,
    Action,
    Area,
    DutySlot,
    Estate,
    Household,
    Report,
    Resident,
    Station,
    Worker,
)

#: a rota that ended longer ago says nothing of now
_ROTA_GOES_BACK = timedelta(days=31)


def lock(session: Session, station: Station) -> None:
    """From here on nobody else changes this station's duties and bookings until the transaction ends."""
    take_turns(session, f"station:{station.id}")


def station_of(session: Session, worker: Worker, estate: Estate) -> Station | None:
    """The station that serves the worker's estate, else the nearest one around (or, for who is above, the only below).

    None when there is none on record, or several with nothing to choose by.
    """
    around = areas_above(session, worker.area_id)
    here = session.exec(select(Station).where(col(Station.area_id).in_(around)).order_by(col(Station.id))).all()
    own = [station for station in here if station.estate_id == estate.id]
    if own:
        return own[0]
    if here:
        return min(here, key=lambda station: around.index(station.area_id))
    path = session.get_one(Area, worker.area_id).path
    below = session.exec(
        select(Station).join(Area, col(Area.id) == Station.area_id).where(col(Area.path).startswith(path))
    ).all()
    return below[0] if len(below) == 1 else None


def staff_of(session: Session, station: Station) -> list[Worker]:
    """The workers who may be on duty there: those of the station's area and all below it."""
    path = session.get_one(Area, station.area_id).path
    return list(
        session.exec(
            select(Worker)
            .join(Area, col(Area.id) == Worker.area_id)
            .where(col(Area.path).startswith(path), col(Worker.role).in_((Role.WORKER, Role.COORDINATOR)))
            .where(col(Worker.left_at).is_(None))
            .order_by(col(Worker.id))
        )
    )


def slots_on(session: Session, station: Station, day: date) -> list[DutySlot]:
    """The turns of duty on ``day``, in order."""
    query = select(DutySlot).where(DutySlot.station_id == station.id, DutySlot.on_day == day)
    return list(session.exec(query.order_by(col(DutySlot.starts_at))))


def slots_of(session: Session, station: Station, worker: Worker, since: date, at_most: int = 5) -> list[DutySlot]:
    """The worker's next turns of duty from ``since`` on."""
    query = select(DutySlot).where(
        DutySlot.station_id == station.id, DutySlot.worker_id == worker.id, DutySlot.on_day >= since
    )
    return list(session.exec(query.order_by(col(DutySlot.starts_at)).limit(at_most)))


def empty_slots(session: Session, station: Station, since: date, at_most: int = 5) -> list[DutySlot]:
    """The next turns of duty from ``since`` on that nobody has."""
    query = select(DutySlot).where(
        DutySlot.station_id == station.id, col(DutySlot.worker_id).is_(None), DutySlot.on_day >= since
    )
    return list(session.exec(query.order_by(col(DutySlot.starts_at)).limit(at_most)))


def has_rota(session: Session, station: Station, around: date) -> bool:
    """Is there any rota at all, so that a day without a turn is a gap in it?"""
    query = select(DutySlot.id).where(
        DutySlot.station_id == station.id,
        DutySlot.on_day >= around - _ROTA_GOES_BACK,
        col(DutySlot.worker_id).is_not(None),
    )
    return session.exec(query.limit(1)).first() is not None


def assign(ledger: Ledger, slot: DutySlot, worker: Worker | None) -> None:
    """Put somebody (or nobody) on duty; an offer that was open is over."""
    ledger.changes(
        slot,
        "assigned" if worker is not None else "emptied",
        worker_id=worker.id if worker is not None else None,
        offered_to_id=None,
        offer_report_id=None,
    )


def add_turn(
    ledger: Ledger, station: Station, starts: datetime, ends: datetime, worker: Worker | None
) -> DutySlot | None:
    """A new turn of duty, on the day on which it starts; None where one begins then already.

    ``starts`` and ``ends`` are in the community's zone. Raises ValueError for a turn that ends before it begins.
    """
    if not starts < ends:
        raise ValueError(f"a turn from {starts} to {ends} is none")
    same = select(DutySlot.id).where(DutySlot.station_id == station.id, DutySlot.starts_at == starts)
    if ledger.session.exec(same).first() is not None:
        return None
    row = new(
        DutySlot,
        area_id=station.area_id,
        station_id=station.id,
        on_day=starts.date(),
        starts_at=starts,
        ends_at=ends,
        worker_id=worker.id if worker is not None else None,
    )
    return ledger.adds(row, "added")


def remove(ledger: Ledger, slot: DutySlot) -> None:
    """The turn is on the rota no longer; the ledger keeps that it was."""
    ledger.notes(slot, "removed")
    ledger.session.delete(slot)


def exchange(ledger: Ledger, one: DutySlot, other: DutySlot) -> None:
    """Who has the one turn has the other from now on, by the word of who answers for the station."""
    holders = [ledger.session.get(Worker, slot.worker_id) if slot.worker_id else None for slot in (one, other)]
    assign(ledger, one, holders[1])
    assign(ledger, other, holders[0])


def offer(ledger: Ledger, slot: DutySlot, to: Worker) -> None:
    """``to`` shall take the turn over once the other has agreed; the newest offer of a turn counts."""
    ledger.changes(slot, "offered", offered_to_id=to.id, offer_report_id=ledger.report_id)


def take_back(ledger: Ledger, slot: DutySlot, verb: str) -> None:
    """An offer ends without a change of duty (``declined``, ``lapsed``)."""
    ledger.changes(slot, verb, offered_to_id=None, offer_report_id=None)


def asked_by(session: Session, slot: DutySlot) -> int | None:
    """Who asked for the change that is open; None when none is."""
    report = session.get(Report, slot.offer_report_id) if slot.offer_report_id is not None else None
    return report.worker_id if report is not None else None


def offers_awaiting(session: Session, worker: Worker, now: datetime) -> list[DutySlot]:
    """The turns, not begun yet, whose change waits for this worker's yes, in order."""
    query = (
        select(DutySlot)
        .join(Report, col(Report.id) == DutySlot.offer_report_id)
        .where((col(DutySlot.worker_id) == worker.id) | (col(DutySlot.offered_to_id) == worker.id))
        .where(col(Report.worker_id) != worker.id, DutySlot.ends_at > now)
    )
    return list(session.exec(query.order_by(col(DutySlot.starts_at))))


def offers_asked_by(session: Session, station: Station, worker: Worker, now: datetime) -> list[DutySlot]:
    """The turns, not over yet, for which this worker asked somebody who has not answered, in order."""
    query = (
        select(DutySlot)
        .join(Report, col(Report.id) == DutySlot.offer_report_id)
        .where(DutySlot.station_id == station.id, Report.worker_id == worker.id, DutySlot.ends_at > now)
    )
    return list(session.exec(query.order_by(col(DutySlot.starts_at))))


def last_report_here(session: Session, account: Account, since: datetime) -> Report | None:
    """The account's newest report since then that changed a turn, a booking or a consent and was not taken back."""
    of_the_station = col(Action.subject).in_(("duty_slots", "room_bookings"))
    of_consent = and_(col(Action.subject) == "residents", col(Action.verb).in_(("agreed", "refused")))
    changed = select(Action.report_id).where(Action.report_id == Report.id, or_(of_the_station, of_consent))
    query = (
        select(Report)
        .where(Report.account_id == account.id, Report.sent_at > since, changed.exists())
        .where(col(Report.retracted_at).is_(None), Report.intent == Intent.OTHER)
    )
    return session.exec(query.order_by(col(Report.id).desc()).limit(1)).first()


def agree(ledger: Ledger, slots: Sequence[DutySlot]) -> None:
    """The other has said yes: who was offered the turn has it."""
    for slot in slots:
        taker = ledger.session.get_one(Worker, slot.offered_to_id)
        assign(ledger, slot, taker)


def named_at(session: Session, station: Station, estate: Estate, text: str) -> list[Household]:
    """The households of the estate, in the station's area, where somebody lives whose name is in ``text``.

    Whoever is on duty receives people of every micro-grid of the station, not only their own.
    """
    path = session.get_one(Area, station.area_id).path
    rows = session.exec(
        select(Resident.called, Household)
        .join(Household, col(Household.id) == Resident.household_id)
        .join(Area, col(Area.id) == Household.area_id)
        .where(Household.estate_id == estate.id, col(Area.path).startswith(path))
        .where(col(Resident.withdrawn_at).is_(None), col(Resident.moved_away_on).is_(None))
        .order_by(col(Household.id))
    ).all()
    return list({household.id: household for called, household in rows if called in text}.values())
