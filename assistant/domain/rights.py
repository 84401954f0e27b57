"""Who may see and do what: one question, asked by every page and every function that shows or changes a record.

    may(viewer, Right.SEE_HOUSEHOLD, Subject("/1/2/5/", Sensitivity.HEALTH))      # yes or no
    require(viewer, Right.DECIDE, subject)                                        # raises NotAllowed

Three things decide, each of which can refuse: the role has the right at all; the record lies in the viewer's area or
below it; and a restricted class (health, children, violence) is open to who answers for the area, and otherwise only
to whom the matter was given. ``Subject.is_given`` says the last: the viewer reported it, or a follow-up is theirs.
What nobody granted is refused. Lists ask the same in SQL (``storage.viewing``); ``tests/console/test_access.py`` holds
both to one table. The grants are our own proposal (本项目建议) after architecture.md, decision 8.
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.access import Role, Sensitivity
from assistant.domain.casework import Responder
from assistant.domain.errors import NotAllowed


class Right(StrEnum):
    """Something that a role may do."""

    #: 今天, 住户, 楼栋图: what stands open, as lists
    SEE_CASES = "see_cases"
    #: one household with what was said of it
    SEE_HOUSEHOLD = "see_household"
    #: say what came of a matter: a note, not yet, done
    COMMENT = "comment"
    #: confirm, dismiss, assign, postpone, refer, close, open again
    DECIDE = "decide"
    #: 图表: numbers of an area, no persons
    SEE_CHARTS = "see_charts"
    #: 规则: read the rule book, try a message
    SEE_RULES = "see_rules"
    #: publish and roll back a rule book
    PUBLISH_RULES = "publish_rules"
    #: 服务站: who is on duty, when the doctor comes
    SEE_STATION = "see_station"
    #: change the rota, book rooms
    RUN_STATION = "run_station"
    #: 诉求: what residents ask for
    SEE_REQUESTS = "see_requests"
    #: move a request to its next stage
    RUN_REQUESTS = "run_requests"
    #: bring in an address book and residents
    IMPORT = "import"
    #: take records out of the system, with a purpose
    EXPORT = "export"
    #: who viewed and took out what, and why
    SEE_LOG = "see_log"
    #: find and erase a person's data, run the retention job; handing it over asks for EXPORT too
    ERASE = "erase"
    #: invite people, end their access: a coordinator that of workers and responders, an administrator everybody's
    MANAGE_PEOPLE = "manage_people"


@dataclass(frozen=True)
class Viewer:
    """Who looks. ``area_path`` is that of the area that they answer for, ``/1/4/9/``; all below it is theirs too."""

    worker_id: int
    name: str
    role: Role
    area_id: int
    area_path: str
    acts_as: Responder | None = None

    def has(self, right: Right) -> bool:
        """Has the role this right at all, somewhere?"""
        return right in GRANTS[self.role]


@dataclass(frozen=True)
class Subject:
    """What is looked at: where it belongs, how sensitive it is, and whether it was given to the viewer."""

    area_path: str
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    is_given: bool = False


_READING = frozenset({Right.SEE_CASES, Right.SEE_HOUSEHOLD, Right.COMMENT, Right.SEE_STATION})

GRANTS: dict[Role, frozenset[Right]] = {
    Role.WORKER: _READING | {Right.SEE_REQUESTS, Right.SEE_RULES},
    Role.COORDINATOR: frozenset(Right),
    Role.RESPONDER: frozenset({Right.SEE_CASES, Right.SEE_HOUSEHOLD, Right.COMMENT}),
    Role.AUDITOR: frozenset({Right.SEE_LOG, Right.SEE_RULES, Right.SEE_CHARTS}),
    Role.ADMINISTRATOR: frozenset(
        {Right.IMPORT, Right.SEE_LOG, Right.SEE_RULES, Right.PUBLISH_RULES, Right.MANAGE_PEOPLE, Right.ERASE}
    ),
}

#: rights over what residents told us: there a restricted class and "given" count
_OF_CASES = frozenset({Right.SEE_CASES, Right.SEE_HOUSEHOLD, Right.COMMENT, Right.DECIDE, Right.EXPORT})


def may(viewer: Viewer, right: Right, subject: Subject) -> bool:
    """May the viewer do this to the subject? See the module for what decides."""
    if not viewer.has(right):
        return False
    is_theirs = subject.area_path.startswith(viewer.area_path)
    if right not in _OF_CASES:
        return is_theirs
    match viewer.role:
        case Role.COORDINATOR:
            return is_theirs
        case Role.WORKER:
            return subject.is_given or (is_theirs and subject.sensitivity is Sensitivity.ORDINARY)
        case _:
            return subject.is_given


def require(viewer: Viewer, right: Right, subject: Subject) -> None:
    """Raise NotAllowed unless the viewer may. Pages turn it into "not there": an id that is guessed tells nothing."""
    if not may(viewer, right, subject):
        raise NotAllowed("没有这一条，或者不在您的范围里。")
