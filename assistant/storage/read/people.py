"""Who lives behind a door, as far as a viewer may see them (``domain.masking``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.access import Role, Sensitivity
from assistant.domain.masking import name_for, sees_care_needs
from assistant.domain.reports import CareGrade
from assistant.domain.rights import Viewer
from assistant.storage.tables import Resident

_VERY_OLD, _YOUNG = 80, 14


@dataclass(frozen=True)
class Person:
    """A resident. What is not on record, or not the viewer's to see, is None."""

    called: str
    age: int | None = None
    lives_alone: bool | None = None
    disabled: bool | None = None
    care_grade: CareGrade | None = None

    @property
    def is_very_old(self) -> bool:
        return self.age is not None and self.age >= _VERY_OLD

    @property
    def is_child(self) -> bool:
        return self.age is not None and self.age < _YOUNG

    @property
    def needs_care(self) -> bool:
        """Is there a reason to look twice: what severity.md raises by one level, or a grade of care?"""
        has_rhythm = self.care_grade is not None and self.care_grade.has_rhythm
        return self.is_very_old or self.is_child or has_rhythm or bool(self.lives_alone or self.disabled)


def people_for(viewer: Viewer, residents: Sequence[Resident], today: date) -> tuple[Person, ...]:
    """Those of ``residents`` who live there, in their order; who needs care first. Restricted rows are a coordinator's.

    A name that stands twice (the address book and a report may each have brought it) is one person.
    """
    knows = sees_care_needs(viewer)
    found: dict[str, Person] = {}
    for each in residents:
        is_seen = viewer.role is Role.COORDINATOR or each.sensitivity is Sensitivity.ORDINARY
        if not is_seen or each.moved_away_on is not None:
            continue
        person = Person(name_for(viewer, each.called))
        if knows:
            person = Person(person.called, each.age_on(today), each.lives_alone, each.disabled, each.care_grade)
        kept = found.get(each.called)
        found[each.called] = person if kept is None or person.needs_care else kept
    return tuple(sorted(found.values(), key=lambda person: not person.needs_care))
