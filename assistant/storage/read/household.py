"""One household as its page shows it: who lives there, what stands open, what was told, what was done.

Everything in it is what this viewer may see: flags, promises and reports by ``storage.viewing``, people by
``domain.masking``. Nothing is logged here: the page logs that it was looked at.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.reports import Severity, worst
from assistant.domain.rights import Viewer
from assistant.storage.read.cases import Case, cases_of
from assistant.storage.read.deeds import Deed, deeds_of
from assistant.storage.read.people import Person, people_for
from assistant.storage.read.told import Told, told_of
from assistant.storage.tables import Area, Estate, Household, Resident


@dataclass(frozen=True)
class HouseholdRecord:
    """The whole page. ``earlier`` is what to ask on with for reports before those of ``told``; None: there are none."""

    id: int
    key: str
    is_place: bool
    in_address_book: bool
    estate: str
    estate_id: int
    building: str | None
    area: str
    last_contact_at: datetime | None
    people: tuple[Person, ...]
    cases: tuple[Case, ...]
    told: tuple[Told, ...]
    earlier: int | None
    deeds: tuple[Deed, ...]

    @property
    def standing(self) -> tuple[Case, ...]:
        """What somebody still has to look at, the most urgent first."""
        return tuple(case for case in self.cases if case.state.stands)

    @property
    def ended(self) -> tuple[Case, ...]:
        """What is over, the last first."""
        return tuple(case for case in self.cases if not case.state.stands)

    @property
    def severity(self) -> Severity | None:
        """The worst of what stands; None where nothing does."""
        return worst([case.severity for case in self.standing]) if self.standing else None


def household_record(
    session: Session, viewer: Viewer, household: Household, now: datetime, before: int | None = None
) -> HouseholdRecord:
    """Read it. ``now`` is in the community's zone; ``before`` as in ``told_of``."""
    assert household.id is not None
    estate = session.get_one(Estate, household.estate_id)
    residents = session.exec(
        select(Resident)
        .where(Resident.household_id == household.id, col(Resident.withdrawn_at).is_(None))
        .order_by(col(Resident.id))
    ).all()
    names = [each.called for each in residents]
    cases = cases_of(session, viewer, household.id, names)
    told, earlier = told_of(session, viewer, household.id, names, before)
    return HouseholdRecord(
        household.id,
        household.key,
        household.is_place,
        household.in_address_book,
        estate.name,
        household.estate_id,
        household.building,
        session.get_one(Area, household.area_id).name,
        household.last_contact_at,
        people_for(viewer, residents, now.date()),
        cases,
        told,
        earlier,
        deeds_of(session, viewer, household.id, cases, names),
    )
