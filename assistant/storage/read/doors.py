"""Doors and the people behind them, as lists name them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

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


def doors_of(session: Session, household_ids: Collection[int]) -> dict[int, Door]:
    """These doors by their id, each with the first people who live there now."""
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
    return {
        id_: Door(id_, key, estate_id, tuple(dict.fromkeys(people[id_]))[:_NAMED])
        for id_, key, estate_id in rows
        if id_ is not None
    }
