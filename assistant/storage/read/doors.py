"""Doors and the people behind them, as lists name them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from assistant.domain.masking import hide_names, name_for, sees_names
from assistant.domain.rights import Viewer
from assistant.storage.tables import Household, Resident

#: more names than that make a line hard to read
_NAMED = 2
#: made once: nearly every page asks it, and making the question takes longer than answering it
_DOORS = (
    sa.select(col(Household.id), col(Household.key), col(Household.estate_id), col(Resident.called))
    .outerjoin(
        Resident,
        sa.and_(
            col(Resident.household_id) == Household.id,
            col(Resident.withdrawn_at).is_(None),
            col(Resident.moved_away_on).is_(None),
        ),
    )
    .where(col(Household.id).in_(sa.bindparam("ids", expanding=True)))
    .order_by(col(Resident.id))
)


@dataclass(frozen=True)
class Door:
    """A household or place in a list: ``key`` as in contract/severity.md, whom to ask for, and in which estate."""

    household_id: int
    key: str
    estate_id: int
    people: tuple[str, ...] = ()
    #: names that the viewer may not see in what was said of it
    hidden: tuple[str, ...] = ()

    def words(self, text: str) -> str:
        """What was said of it, as the viewer may read it."""
        return hide_names(text, self.hidden)


def doors_of(session: Session, viewer: Viewer, household_ids: Collection[int]) -> dict[int, Door]:
    """These doors by their id, each with the first people who live there now, as the viewer may see them."""
    if not household_ids:
        return {}
    rows = session.execute(_DOORS, {"ids": list(household_ids)})
    places: dict[int, tuple[str, int]] = {}
    people: dict[int, list[str]] = defaultdict(list)
    for id_, key, estate_id, called in rows:
        places[id_] = (key, estate_id)
        if called is not None:
            people[id_].append(called)
    doors = {}
    for id_, (key, estate_id) in places.items():
        names = tuple(dict.fromkeys(people[id_]))
        shown = tuple(name_for(viewer, name) for name in names[:_NAMED])
        doors[id_] = Door(id_, key, estate_id, shown, () if sees_names(viewer) else names)
    return doors
