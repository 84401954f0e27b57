"""Where the work is: areas, the estates in them, and the households and places of an estate."""

from pydantic import AwareDatetime
from sqlalchemy import Column, Index, String, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import Field, SQLModel

from assistant.domain.access import AreaLevel, Retention
from assistant.storage.columns import Personal, code


class AreaBase(SQLModel):
    """``path`` lists the ids from the widest area to this one, ``/1/4/9/``: all below an area share its prefix."""

    level: AreaLevel = Field(sa_type=code(AreaLevel))
    name: str
    parent_id: int | None = Field(default=None, foreign_key="areas.id", index=True)
    path: str = Field(default="", index=True)


class Area(AreaBase, table=True):
    __tablename__ = "areas"
    __table_args__ = (UniqueConstraint("parent_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)


class EstateBase(SQLModel):
    """A 小区. ``area_id`` is the narrowest area that holds all of it."""

    area_id: int = Field(foreign_key="areas.id", index=True)
    name: str


class Estate(EstateBase, table=True):
    __tablename__ = "estates"
    __table_args__ = (UniqueConstraint("area_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)


def door_order(building: str | None, unit: str | None, room: str | None) -> str:
    """What doors are sorted by, so that 2栋 comes before 10栋: each part behind its length."""
    return "-".join(f"{len(part):02d}{part}" for part in (building or "", unit or "", room or ""))


def _order_of_row(context: DefaultExecutionContext) -> str:
    row: dict[str, str | None] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return door_order(row.get("building"), row.get("unit"), row.get("room"))


#: of the households whose key has more in it than ASCII: public places, mostly. SQLite uses their index only where a
#: question has these very words
NAMED = {"sqlite": "key GLOB '*[^ -~]*'", "postgresql": "key ~ '[^ -~]'"}


class HouseholdBase(Personal):
    """The people behind one door, or a public place (``place:8栋楼道``).

    ``key`` is that of contract/severity.md. A door that is not fully known (``?-?-701``) is a row of its own for each
    report, told apart by ``scope``: two such doors are never taken for one. ``floor`` is the number as text.
    """

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    estate_id: int = Field(foreign_key="estates.id")
    key: str
    scope: str = ""
    is_place: bool = False
    #: does it stand in the address book, or did a report name it first?
    in_address_book: bool = False
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    floor: str | None = None
    #: the last contact that counts (met, on the phone, at the station); a miss is none
    last_contact_at: AwareDatetime | None = None


class Household(HouseholdBase, table=True):
    __tablename__ = "households"
    __table_args__ = (
        UniqueConstraint("estate_id", "key", "scope"),
        Index("ix_households_estate_id_building", "estate_id", "building", "unit"),
        Index(
            "ix_households_named", "key", sqlite_where=text(NAMED["sqlite"]), postgresql_where=text(NAMED["postgresql"])
        ),
        # the list of everybody walks along it, and finds in it who may see a door and what a search asks for
        Index("ix_households_door_order", "estate_id", "door_order", "id", "area_id", "is_place", "key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: set by the database layer for every new row, however it is inserted
    door_order: str | None = Field(default=None, sa_column=Column(String, default=_order_of_row))
