"""What a filter can be set to: the estates, buildings and people of the viewer's area."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.rights import Viewer
from assistant.storage.read.wanted import Wanted
from assistant.storage.tables import Estate, Household, Worker
from assistant.storage.viewing import in_area

#: more are not offered: a list of that length is searched, not scrolled
_AT_MOST = 300


@dataclass(frozen=True)
class Choices:
    """Ids with their names, in the order in which they are offered."""

    estates: tuple[tuple[int, str], ...]
    buildings: tuple[str, ...]
    workers: tuple[tuple[int, str], ...]


def choices(session: Session, viewer: Viewer, wanted: Wanted, *, has_places: bool = True) -> Choices:
    """The estates with a door in the area, the buildings of the one that is chosen, and who reports or coordinates.

    Without ``has_places`` only the people: what a part of a page offers.
    """
    estates = _estates(session, viewer) if has_places else []
    chosen = wanted.estate_id if wanted.estate_id is not None else (estates[0][0] if len(estates) == 1 else None)
    buildings: list[str] = []
    if has_places and chosen is not None:
        query = select(Household.building).where(Household.estate_id == chosen, in_area(viewer, Household.area_id))
        named = {building for building in session.exec(query.distinct()) if building not in (None, "?")}
        buildings = sorted((each for each in named if each), key=lambda name: (len(name), name))
    workers = session.exec(
        select(Worker.id, Worker.name)
        .where(in_area(viewer, Worker.area_id), col(Worker.left_at).is_(None))
        .where(col(Worker.role).in_((Role.WORKER, Role.COORDINATOR)))
        .order_by(col(Worker.role).desc(), col(Worker.id))
        .limit(_AT_MOST)
    ).all()
    people = tuple((id_, name) for id_, name in workers if id_ is not None)
    return Choices(tuple(estates), tuple(buildings), people)


def _estates(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    query = select(Estate.id, Estate.name).where(_has_a_door_here(viewer)).order_by(col(Estate.id)).limit(_AT_MOST)
    return [(id_, name) for id_, name in session.exec(query) if id_ is not None]


def _has_a_door_here(viewer: Viewer) -> ColumnElement[bool]:
    here = sa.select(col(Household.id)).where(col(Household.estate_id) == Estate.id, in_area(viewer, Household.area_id))
    return here.exists()
