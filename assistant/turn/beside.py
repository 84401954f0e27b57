"""What a message can be beside a report, and how its handlers are handed on.

An aside is found from the words and the reading, before anything is recorded; it is carried out once the message is on
record. A message that reports something is no aside: what it asks beside that is not lost, but never swallows it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.dialogue.compose import Reply
from assistant.domain.access import Role
from assistant.domain.places import is_place
from assistant.domain.reports import CaseReading, Intent, Reading
from assistant.storage import reach
from assistant.storage import station as rota
from assistant.storage.tables import Account, Estate, Household, Worker
from assistant.turn.course import Course, Reported
from assistant.turn.doors import read_alone
from assistant.turn.hearing import Beside
from assistant.understand.cases import NOWHERE
from assistant.understand.normalise import fold


@dataclass(frozen=True)
class Heard:
    """A message that may be an aside: who wrote it, what was read of it, and its words folded."""

    course: Course
    account: Account
    worker: Worker
    estate: Estate
    reading: Reading
    beside: Beside
    text: str

    @classmethod
    def of(cls, course: Course, account: Account, worker: Worker, estate: Estate, reading: Reading) -> "Heard | None":
        """None where the assistant knows no asides (it has no signs), or there is nothing to hear."""
        if course.minds.beside is None:
            return None
        text = fold(course.item.text).text.strip()
        return cls(course, account, worker, estate, reading, course.minds.beside, text) if text else None

    @property
    def reports_nothing(self) -> bool:
        """Is nothing found, measured or amended that has to go on record? Wishes (request.…) may be there."""
        return not self.reading.moves and not any(_reports(case) for case in self.reading.cases)

    @property
    def reports_only_wishes(self) -> bool:
        """Is nothing found but wishes (request.…), whatever else is said around them?"""
        cases = self.reading.cases
        return not self.reading.moves and all(
            not case.measurements and all(finding.theme == "request" for finding in case.findings) for case in cases
        )

    @property
    def finds_nothing(self) -> bool:
        """Is nothing found, measured, amended or over, whatever is said around it (who refuses, what is promised)?"""
        return not self.reading.moves and not any(
            case.findings or case.measurements or case.closes for case in self.reading.cases
        )

    @property
    def by_itself(self) -> "Heard":
        """The same words without the door that an earlier message or a record may lend them."""
        if all(case.key == NOWHERE for case in self.reading.cases):
            return self
        reading = read_alone(self.course, self.worker, self.estate, self.course.item.text)
        return replace(self, reading=reading)

    @property
    def tells_of_somebody(self) -> bool:
        """Is it a report in which somebody is called by name (吴爹爹今天又冇开门)?"""
        cases = self.reading.cases
        return self.reading.intent is Intent.REPORT and any(one.called for case in cases for one in case.people)

    @property
    def names_no_door(self) -> bool:
        return all(case.key == NOWHERE or is_place(case.key) for case in self.reading.cases)

    def whom_to_ask(self, nobody: str) -> str:
        """The name of the coordinator who answers for the writer's area; ``nobody`` where there is none else."""
        people = [one for one in reach.coordinators_of(self.course.session, self.worker.area_id) if one != self.worker]
        return people[0].name if people else nobody


@dataclass(frozen=True)
class Aside:
    """What the message is for, and how it is carried out once it is on record."""

    intent: Intent
    carry_out: Callable[[Reported], Reply]


def walk_ins(course: Course, worker: Worker, estate: Estate) -> list[Household]:
    """Who may be meant by a name in a message that speaks of the station; nobody where it doesn't."""
    beside, text = course.minds.beside, fold(course.item.text).text
    if beside is None or beside.station.found("站", text) is None:
        return []
    station = rota.station_of(course.session, worker, estate)
    return rota.named_at(course.session, station, estate, course.item.text) if station is not None else []


def says(reply: Reply, intent: Intent = Intent.QUESTION) -> Aside:
    """An aside that only answers."""
    return Aside(intent, lambda reported: reply)


def may_answer_for_all(worker: Worker) -> bool:
    """May this person see what concerns the whole area?"""
    return worker.role is Role.COORDINATOR


def _reports(case: CaseReading) -> bool:
    told = any(one.code != "elderly" for one in case.circumstances)
    found = any(finding.theme != "request" for finding in case.findings)
    return bool(found or case.measurements or case.closes or told)
