"""The fictitious community as written in ``community.yaml``, with the residents that the file leaves to chance.

Chance is seeded: the same file gives the same community.
"""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from assistant.domain.casework import Responder
from assistant.domain.places import HouseholdKey
from assistant.domain.reports import CareGrade
from knowledge import yamlfile

_FILE = Path(__file__).with_name("community.yaml")
_UNITS_OF_TIME = {"d": "days", "h": "hours", "m": "minutes"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MicroGrid(_Part):
    name: str
    buildings: tuple[str, ...]
    worker: str
    account: str


class Coordinator(_Part):
    name: str
    account: str


class CalledIn(_Part):
    name: str
    acts_as: Responder
    account: str


class Shown(_Part):
    worker: str
    coordinator: str


class Buildings(_Part):
    numbers: tuple[str, ...]
    units: int
    floors: int
    rooms: int


class Person(_Part):
    called: str
    sex: str | None = None
    age: int | None = None
    lives_alone: bool | None = None
    disabled: bool | None = None
    care_grade: CareGrade | None = None
    agrees_to_doctor_list: bool | None = None


class Hours(_Part):
    opens: str
    closes: str
    weekdays: tuple[int, ...]


class Booking(_Part):
    room: str
    days_ahead: int
    starts: time
    ends: time
    booked_for: str
    purpose: str


class StationPlan(_Part):
    name: str
    place: str
    hours: Hours
    doctor_days: tuple[int, ...]
    rooms: tuple[str, ...]
    booking: Booking
    rota: tuple[str, ...]
    weeks: int


class Past(_Part):
    """Something a worker told the assistant before the demo began."""

    ago: timedelta
    worker: str
    says: str

    @field_validator("ago", mode="before")
    @classmethod
    def _read_ago(cls, text: Any) -> Any:
        return timedelta(**{_UNITS_OF_TIME[text[-1]]: int(text[:-1])}) if isinstance(text, str) else text


class Community(_Part):
    """Everything that the demo's database is filled with."""

    street: str
    community: str
    grid: str
    estate: str
    special_grid: str
    micro_grids: tuple[MicroGrid, ...]
    coordinator: Coordinator
    responders: tuple[CalledIn, ...]
    shown: Shown
    buildings: tuple[Buildings, ...]
    households: dict[str, tuple[Person, ...]]
    surnames: str
    station: StationPlan
    history: tuple[Past, ...]
    #: sentences to try, shown above the chat's composer
    examples: tuple[str, ...]

    def doors(self) -> Iterator[tuple[HouseholdKey, str]]:
        """Every door with its floor, building by building."""
        for group in self.buildings:
            for building in group.numbers:
                for unit in range(1, group.units + 1) or (0,):
                    for floor in range(1, group.floors + 1):
                        for room in range(1, group.rooms + 1):
                            yield HouseholdKey(building, str(unit), f"{floor}{room:02d}"), str(floor)

    def residents(self) -> Iterator[tuple[str, Person]]:
        """Who lives behind each door, by the key as text; some doors stand empty."""
        chance = Random(417)
        for key, _ in self.doors():
            people = self.households.get(str(key)) or _made_up(chance, chance.choice(self.surnames))
            for person in people:
                yield str(key), person


def load_community() -> Community:
    """Read ``community.yaml``."""
    return Community.model_validate(yamlfile.load(_FILE))


def _made_up(chance: Random, surname: str) -> list[Person]:
    match chance.choices(("family", "couple", "elders", "alone", "elder alone", "empty"), (34, 18, 16, 14, 10, 8))[0]:
        case "family":
            child = Person(called=f"{surname}{chance.choice(('妹妹', '弟弟'))}", age=chance.randint(1, 17))
            return [*_couple(chance, surname, 28, 46), child]
        case "couple":
            return _couple(chance, surname, 25, 58)
        case "elders":
            man = Person(called=f"{surname}爷爷", sex="m", age=chance.randint(66, 84))
            return [man, Person(called=f"{surname}婆婆", sex="f", age=chance.randint(64, 82))]
        case "alone":
            return [Person(called=f"{surname}{chance.choice(('先生', '师傅'))}", sex="m", age=chance.randint(23, 55))]
        case "elder alone":
            sex = chance.choice("mf")
            called = f"{surname}{'大爷' if sex == 'm' else '婆婆'}"
            return [Person(called=called, sex=sex, age=chance.randint(70, 91), lives_alone=True)]
        case _:
            return []


def _couple(chance: Random, surname: str, youngest: int, oldest: int) -> list[Person]:
    age = chance.randint(youngest, oldest)
    return [
        Person(called=f"{surname}{'大哥' if age < 45 else '叔叔'}", sex="m", age=age),
        Person(called=f"{surname}{'大姐' if age < 45 else '孃孃'}", sex="f", age=age - chance.randint(0, 4)),
    ]
