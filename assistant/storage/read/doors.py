"""Doors and the people behind them, as lists name them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from assistant.domain.masking import hide_names, name_for, sees_names
from assistant.domain.rights import Viewer
from assistant.storage.tables import Household, Resident

#: more names than that make a line hard to read
_NAMED = 2


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
    people: dict[int, list[str]] = defaultdict(list)
    living_here = (
        select(Resident.household_id, Resident.called)
        .where(col(Resident.household_id).in_(household_ids), col(Resident.withdrawn_at).is_(None))
        .where(col(Resident.moved_away_on).is_(None))
        .order_by(col(Resident.id))
    )
    for household_id, called in session.exec(living_here):
        people[household_id].append(called)
    rows = session.exec(
        select(Household.id, Household.key, Household.estate_id).where(col(Household.id).in_(household_ids))
    )
    doors = {}
    for id_, key, estate_id in rows:
        names = tuple(dict.fromkeys(people[id_ or 0]))
        shown = tuple(name_for(viewer, name) for name in names[:_NAMED])
        doors[id_ or 0] = Door(id_ or 0, key, estate_id, shown, () if sees_names(viewer) else names)
    return doors
