"""What a worker told us and what we understood of it.

A ``Message`` goes in, a ``Reading`` comes out; the codes are the contract (``knowledge/kinds.yaml``,
``docs/contract``). Nothing here decides what follows: a reading says only what the words say, each thing with the
words it came from. ``start`` and ``end`` always index the message's text as it was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class EvidenceState(StrEnum):
    """How we know of a finding (severity.md, "Evidence state")."""

    #: the worker saw or measured it
    SEEN = "seen"
    #: the person concerned told the worker
    SELF_REPORTED = "self_reported"
    #: somebody else told the worker
    HEARSAY = "hearsay"
    #: the worker suspects it
    UNVERIFIED = "unverified"
    #: it is said not to be there
    NEGATED = "negated"
    #: it is over and done
    RESOLVED = "resolved"
    #: only advice, outreach, hypothesis or question
    PLANNED = "planned"

    @property
    def is_active(self) -> bool:
        """Does it stand, so that something follows from it?"""
        return self in _ACTIVE


_ACTIVE = frozenset({EvidenceState.SEEN, EvidenceState.SELF_REPORTED, EvidenceState.HEARSAY, EvidenceState.UNVERIFIED})


class FraudStage(StrEnum):
    """How far a scam has got, from the bait to the money (severity.md, "Fraud stages")."""

    LURE = "lure"
    CONTACT = "contact"
    ENGAGED = "engaged"
    ABOUT_TO_PAY = "about_to_pay"
    PAID = "paid"
    STOPPED = "stopped"


class VisitOutcome(StrEnum):
    """How one contact with a household went."""

    MET = "met"
    MISSED = "missed"
    REFUSED = "refused"
    PHONE = "phone"
    STATION = "station"
    NONE = "none"


class Intent(StrEnum):
    """What a message is for."""

    REPORT = "report"
    QUESTION = "question"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    REQUEST_DATA = "request_data"
    GREETING = "greeting"
    #: tries to steer the system; refused, and a hazard in it is read all the same
    INSTRUCTION = "instruction"
    OTHER = "other"


class Severity(StrEnum):
    """P0 most urgent. Compare with ``urgency`` (smaller is more urgent), never as text."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    RECORD = "P-"

    @property
    def urgency(self) -> int:
        """0 for P0 … 4 for P-."""
        return list(Severity).index(self)


def worst(severities: "list[Severity] | tuple[Severity, ...]") -> Severity:
    """The most urgent of them; P- when there is none."""
    return min(severities, key=lambda severity: severity.urgency, default=Severity.RECORD)


class CareGrade(StrEnum):
    """How often somebody is to be looked after (照护等级): the community gives it, no words of a report change it."""

    #: 红: every day
    RED = "red"
    #: 黄: every week
    YELLOW = "yellow"
    #: 蓝: every month
    BLUE = "blue"
    #: 无: whenever somebody asks, so that a grade can be taken back; None is "nobody gave one"
    ON_REQUEST = "on_request"

    @property
    def has_rhythm(self) -> bool:
        """Is somebody to be seen or spoken to every so often, asked or not?"""
        return self is not CareGrade.ON_REQUEST

    @property
    def called(self) -> str:
        """What people write and read for it: 红, 黄, 蓝, 无."""
        return {CareGrade.RED: "红", CareGrade.YELLOW: "黄", CareGrade.BLUE: "蓝"}.get(self, "无")


@dataclass(frozen=True)
class PersonOnRecord:
    """A resident as the records know them. What is not on record is None: never read as "no"."""

    name: str
    age: int | None = None
    lives_alone: bool | None = None
    disabled: bool | None = None
    care_grade: CareGrade | None = None


@dataclass(frozen=True)
class OpenMatter:
    """A finding of an earlier report that is still open at a household."""

    kind: str
    since: date
    times: int = 1
    #: a follow-up of it is past its day and still not done
    is_overdue: bool = False


@dataclass(frozen=True)
class FoundBefore:
    """An active finding of an earlier report: at which door or place of the estate, and on which day."""

    kind: str
    key: str
    on: date


@dataclass(frozen=True)
class SpokeBefore:
    """A rule that flagged this household or called somebody in, for which kind (None: for none), and on which day."""

    rule: str
    kind: str | None
    on: date


@dataclass(frozen=True)
class KnownHousehold:
    """What is on record about a household or place when a message comes in."""

    key: str
    people: tuple[PersonOnRecord, ...] = ()
    open: tuple[OpenMatter, ...] = ()
    misses_in_a_row: int = 0
    #: rules whose flag stands here and speaks of no finding (a missed visit)
    open_rules: tuple[str, ...] = ()
    #: the last day on which somebody was seen or spoken to; None when that is not on record
    last_contact_on: date | None = None
    #: what was found in the whole estate lately, here and behind other doors
    found: tuple[FoundBefore, ...] = ()
    #: which rules spoke of this household lately
    spoke: tuple[SpokeBefore, ...] = ()


@dataclass(frozen=True)
class EarlierMessage:
    """A message that the same worker sent before in this chat."""

    text: str
    at: datetime


@dataclass(frozen=True)
class Message:
    """What came in. ``at`` is aware; ``before`` is oldest first."""

    id: str
    text: str
    at: datetime
    estate: str | None = None
    known: tuple[KnownHousehold, ...] = ()
    before: tuple[EarlierMessage, ...] = ()


@dataclass(frozen=True)
class Quote:
    """A stretch of the message: ``text == message.text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Finding:
    """One thing that a report states.

    ``circumstances`` are the codes of ``knowledge/circumstances.yaml`` that the words tie to this finding (refused,
    cracked …); ``values`` are numbers that came with it (systolic, diastolic, glucose, amount_yuan, days).
    """

    kind: str
    state: EvidenceState
    quote: Quote
    stage: FraudStage | None = None
    circumstances: frozenset[str] = frozenset()
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def theme(self) -> str:
        """``gas`` of ``gas.leak``."""
        return self.kind.split(".")[0]


@dataclass(frozen=True)
class Circumstance:
    """Something the words say that is no finding itself but changes what follows (电视响着, 起不来, 独居)."""

    code: str
    state: EvidenceState
    quote: Quote


@dataclass(frozen=True)
class Measurement:
    """A value the worker wrote down, whether or not it is out of range: rules' parameters say that, not we.

    ``what`` is ``blood_pressure`` (values systolic, diastolic in mmHg; one may be missing) or ``glucose`` (mmol/L).
    """

    what: str
    values: Mapping[str, float]
    quote: Quote
    state: EvidenceState = EvidenceState.SEEN


@dataclass(frozen=True)
class PersonSaid:
    """A person as the message speaks of them: ``called`` as written, the rest only where the words tell it."""

    called: str
    age: int | None = None
    sex: str | None = None
    lives_alone: bool | None = None
    disabled: bool | None = None


@dataclass(frozen=True)
class TimeSaid:
    """A moment or day that the words name. ``role`` is ``occurred`` or ``due`` (住户说周末来换)."""

    role: str
    starts_at: datetime
    ends_at: datetime
    quote: Quote


@dataclass(frozen=True)
class CaseReading:
    """Everything a message says about one household or place."""

    key: str
    people: tuple[PersonSaid, ...] = ()
    visit: VisitOutcome = VisitOutcome.NONE
    findings: tuple[Finding, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    times: tuple[TimeSaid, ...] = ()
    #: kinds of open matters that these words settle (proposed; a person confirms)
    closes: tuple[str, ...] = ()
    #: other households that fit just as well (two 李婆婆 on record): asked, never guessed
    also_fits: tuple[str, ...] = ()
    #: the whole unit is meant (5栋整个2单元 → ``5-2-?``): complete without a room, so nothing is asked
    is_whole_unit: bool = False
    #: the words that tell the visit's outcome (没人, 敲门没得人应), so that what follows from it can name them
    visit_quote: Quote | None = None


@dataclass(frozen=True)
class Move:
    """A correction: what was filed under ``from_key`` belongs to ``to_key``."""

    from_key: str
    to_key: str
    kinds: tuple[str, ...]


class Missing(StrEnum):
    """What a message leaves open at message level (a case's own gaps show in its key and ``also_fits``)."""

    #: a report or a wish to record visits names no door at all
    DOOR = "door"
    #: a correction or retraction fits several earlier messages
    WHICH_MESSAGE = "which_message"
    #: a correction says that the door is wrong but not which is right
    NEW_DOOR = "new_door"


@dataclass(frozen=True)
class Reading:
    """What we understood of one message."""

    intent: Intent
    cases: tuple[CaseReading, ...] = ()
    moves: tuple[Move, ...] = ()
    missing: Missing | None = None
    #: the text was longer than we read; the raw text is kept whole
    was_cut: bool = False
