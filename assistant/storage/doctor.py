"""The short list for the family doctor: who has agreed to stand on it and has something for the doctor to see.

The list is made when it is asked for and kept nowhere, so nothing on it has to be taken back. Who never said is not on
it; and since a finding tells the household, not the person, nobody is on it while somebody who lives with them has not
agreed too.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from assistant.domain.followups import MatterState
from assistant.domain.reports import Severity
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, Household, Matter, Resident

#: what a doctor is told of: the theme, and these of another one
_THEME = "health."
_ALSO = ("elder.medicine_out", "elder.fall", "elder.no_food")
_STANDING = (MatterState.OPEN, MatterState.PROPOSED)


@dataclass(frozen=True)
class ForTheDoctor:
    """One resident on the list, with the kinds of findings that stand at the household."""

    key: str
    called: str
    kinds: tuple[str, ...]
    severity: Severity


def doctor_list(session: Session, area_id: int, at_most: int = 10) -> list[ForTheDoctor]:
    """The residents of the area and all below it, the most urgent first."""
    path = session.get_one(Area, area_id).path
    unasked = select(Resident.household_id).where(
        col(Resident.agrees_to_doctor_list).is_not(True),
        col(Resident.withdrawn_at).is_(None),
        col(Resident.moved_away_on).is_(None),
    )
    rows = session.exec(
        select(Resident, Household, Matter)
        .join(Household, col(Household.id) == Resident.household_id)
        .join(Matter, col(Matter.household_id) == Household.id)
        .join(Area, col(Area.id) == Resident.area_id)
        .where(col(Area.path).startswith(path), col(Resident.agrees_to_doctor_list).is_(True))
        .where(col(Resident.withdrawn_at).is_(None), col(Resident.moved_away_on).is_(None))
        .where(col(Resident.household_id).not_in(unasked))
        .where(col(Matter.state).in_(_STANDING))
        .where(col(Matter.kind).startswith(_THEME) | col(Matter.kind).in_(_ALSO))
        .order_by(col(Resident.id), col(Matter.id))
    ).all()
    found: dict[int | None, ForTheDoctor] = {}
    for resident, household, matter in rows:
        before = found.get(resident.id)
        kinds = (*before.kinds, matter.kind) if before else (matter.kind,)
        severity = min(matter.severity, before.severity, key=lambda one: one.urgency) if before else matter.severity
        found[resident.id] = ForTheDoctor(household.key, resident.called, kinds, severity)
    return sorted(found.values(), key=lambda one: one.severity.urgency)[:at_most]


def note_consent(ledger: Ledger, residents: Collection[Resident], *, agrees: bool) -> None:
    """Put down what these residents said; the last word counts."""
    for resident in residents:
        ledger.changes(resident, "agreed" if agrees else "refused", agrees_to_doctor_list=agrees)
