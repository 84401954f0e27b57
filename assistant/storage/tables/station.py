"""The service station (微网实格服务站): who is on duty when, the doctor's days, and who has booked the room."""

from datetime import date
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from assistant.domain.access import Retention
from assistant.storage.columns import JSON, Personal, code


class StationBase(SQLModel):
    """``hours`` maps a weekday (1 Monday … 7 Sunday, as text) to ``[["09:00", "17:00"], …]``; closed on the others."""

    area_id: int = Field(foreign_key="areas.id", index=True)
    estate_id: int | None = Field(default=None, foreign_key="estates.id")
    name: str
    place: str | None = None
    phone: str | None = None
    hours: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    #: weekdays on which the family doctor comes, 1 Monday … 7 Sunday
    doctor_days: list[int] = Field(default_factory=list, sa_type=JSON)
    rooms: list[str] = Field(default_factory=list, sa_type=JSON)


class Station(StationBase, table=True):
    __tablename__ = "stations"
    __table_args__ = (UniqueConstraint("area_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)


class DutySlotBase(Personal):
    """A turn of duty at the station; without a worker it is empty.

    ``offered_to_id``: who takes it over once the other of the two has said yes; ``offer_report_id`` is the message of
    the one who asked. Until then the worker is on duty as before.
    """

    retention: Retention = Field(default=Retention.ROUTINE, sa_type=code(Retention))
    station_id: int = Field(foreign_key="stations.id")
    on_day: date
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    worker_id: int | None = Field(default=None, foreign_key="workers.id", index=True)
    offered_to_id: int | None = Field(default=None, foreign_key="workers.id")
    offer_report_id: int | None = Field(default=None, foreign_key="reports.id")


class DutySlot(DutySlotBase, table=True):
    __tablename__ = "duty_slots"
    __table_args__ = (UniqueConstraint("station_id", "starts_at"),)

    id: int | None = Field(default=None, primary_key=True)


class RoomBookingBase(Personal):
    """A room of the station, promised to somebody for a while."""

    retention: Retention = Field(default=Retention.ROUTINE, sa_type=code(Retention))
    station_id: int = Field(foreign_key="stations.id")
    room: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    booked_for: str
    purpose: str | None = None
    worker_id: int | None = Field(default=None, foreign_key="workers.id")
    cancelled_at: AwareDatetime | None = None


class RoomBooking(RoomBookingBase, table=True):
    __tablename__ = "room_bookings"
    __table_args__ = (Index("ix_room_bookings_station_id_room", "station_id", "room", "starts_at"),)

    id: int | None = Field(default=None, primary_key=True)
