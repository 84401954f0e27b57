"""Bookings of the station's rooms: of two for one time, one wins and the other is told who has it."""

from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.access import Retention
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.station import lock
from assistant.storage.tables import RoomBooking, Station, Worker


def bookings_between(
    session: Session, station: Station, room: str | None, starts: datetime, ends: datetime
) -> list[RoomBooking]:
    """The bookings (of one room, or of all) that touch the stretch, in order. One may end when the next begins."""
    query = select(RoomBooking).where(
        RoomBooking.station_id == station.id,
        col(RoomBooking.cancelled_at).is_(None),
        RoomBooking.starts_at < ends,
        RoomBooking.ends_at > starts,
    )
    if room is not None:
        query = query.where(RoomBooking.room == room)
    return list(session.exec(query.order_by(col(RoomBooking.starts_at))))


def book(
    ledger: Ledger,
    station: Station,
    worker: Worker,
    room: str,
    starts: datetime,
    ends: datetime,
    booked_for: str,
    purpose: str | None,
) -> RoomBooking | None:
    """Promise the room; None when somebody has it in that stretch.

    Raises ValueError for a stretch that ends before it begins.
    """
    if not starts < ends:
        raise ValueError(f"a booking from {starts} to {ends} is none")
    lock(ledger.session, station)
    if bookings_between(ledger.session, station, room, starts, ends):
        return None
    row = new(
        RoomBooking,
        area_id=station.area_id,
        retention=Retention.ROUTINE,
        station_id=station.id,
        room=room,
        starts_at=starts,
        ends_at=ends,
        booked_for=booked_for,
        purpose=purpose,
        worker_id=worker.id,
    )
    return ledger.adds(row, "booked")


def cancel(ledger: Ledger, booking: RoomBooking) -> None:
    """Give the time free again; the row stays."""
    ledger.changes(booking, "cancelled", cancelled_at=ledger.at)


def book_again(ledger: Ledger, station: Station, booking: RoomBooking) -> bool:
    """Undo that it was given back, where nobody has the room in that time now. Was it undone?"""
    lock(ledger.session, station)
    if bookings_between(ledger.session, station, booking.room, booking.starts_at, booking.ends_at):
        return False
    ledger.changes(booking, "booked_again", cancelled_at=None)
    return True


def upcoming_of(session: Session, station: Station, worker: Worker | None, now: datetime) -> list[RoomBooking]:
    """What this worker booked (all bookings when None) and has not ended, in order."""
    query = select(RoomBooking).where(
        RoomBooking.station_id == station.id, col(RoomBooking.cancelled_at).is_(None), RoomBooking.ends_at > now
    )
    if worker is not None:
        query = query.where(RoomBooking.worker_id == worker.id)
    return list(session.exec(query.order_by(col(RoomBooking.starts_at))))
