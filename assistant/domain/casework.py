"""What follows from a reading: flags, follow-ups, and who is called in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.domain.reports import Finding, Severity


class Responder(StrEnum):
    """Who acts (severity.md, "Responders"). Names and numbers come from the community's own settings."""

    WORKER = "worker"
    COORDINATOR = "coordinator"
    POLICE = "police"
    GAS = "gas"
    FIRE = "fire"
    EMS = "ems"
    DOCTOR = "doctor"
    PROPERTY = "property"
    POWER = "power"
    FAMILY = "family"
    CIVIL_AFFAIRS = "civil_affairs"
    HOUSING = "housing"
    CITY = "city"
    MEDIATOR = "mediator"
    MARKET = "market"
    PARTY_BRANCH = "party_branch"


@dataclass(frozen=True)
class FlagDecided:
    """What a rule concludes about a household. ``why`` is one Chinese sentence with the worker's words."""

    rule: str
    theme: str
    severity: Severity
    why: str
    kind: str | None = None
    quote_start: int | None = None
    quote_end: int | None = None


@dataclass(frozen=True)
class FollowUpDecided:
    """A promise to act: ``owner`` shall do ``what`` by ``due`` (aware)."""

    owner: Responder
    due: datetime
    what: str
    rule: str
    severity: Severity
    #: the kind that it is about; None where the rule speaks of no finding
    kind: str | None = None
    #: the workers of the whole estate are told of this kind, once in this span; None: they are not
    tells_estate_once_in: timedelta | None = None


@dataclass(frozen=True)
class Decision:
    """What follows for one case of a reading, in the reading's order of cases.

    ``findings`` are the reading's own and those that rules derive from it together with what is on record (a second
    miss in a row is ``elder.no_contact``; a pressure of 182/108 is ``health.bp_high``).
    """

    key: str
    findings: tuple[Finding, ...]
    severity: Severity
    flags: tuple[FlagDecided, ...]
    follow_ups: tuple[FollowUpDecided, ...]
    closes: tuple[str, ...] = ()
    #: rules of ``KnownHousehold.open_rules`` whose reason is gone (somebody was met at last)
    settles: tuple[str, ...] = ()
