"""What a conversation file may say: every field, and nothing else.

A span is ``25h`` (m, h, d). Who speaks is a text, then it is whoever the role stands for, or
``{name, says, in_group}``.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from assistant.domain.casework import Responder
from assistant.domain.reports import CareGrade, Severity

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SPAN = re.compile(r"(\d{1,4})\s*([mhd])")
_DOOR = r"[0-9A-Za-z?]+-[0-9?]+-[0-9A-Za-z?]+|place:\S+"
#: what a step can be; each has exactly one of them
KINDS_OF_STEP = ("worker", "coordinator", "responder", "tap", "wait", "down")


def read_span(written: Any) -> Any:
    """``90m``, ``25h``, ``7d`` as a span of time. Raises ValueError, in Chinese, for anything else that is text."""
    if not isinstance(written, str):
        return written
    found = _SPAN.fullmatch(written.strip())
    if found is None:
        raise ValueError("时长写成 40m、25h 或 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _read_moment(written: Any) -> Any:
    # YAML gives a moment with an offset as one in UTC, and a text where it was put in quotes
    if isinstance(written, str):
        return datetime.fromisoformat(written)
    return written


def _read_due(written: Any) -> Any:
    if isinstance(written, str) and _SPAN.fullmatch(written.strip()):
        return read_span(written)
    if isinstance(written, str):
        return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    return written


def _as_list(written: Any) -> Any:
    return [written] if isinstance(written, str | int) and not isinstance(written, bool) else written


def _texts(written: Any) -> Any:
    listed = _as_list(written)
    # 502 or 3 in a list of words is a word too
    return [str(each) if isinstance(each, int) else each for each in listed] if isinstance(listed, list) else listed


Span = Annotated[timedelta, BeforeValidator(read_span)]
Moment = Annotated[AwareDatetime, BeforeValidator(_read_moment)]
Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_texts)]
Key = Annotated[str, Field(pattern=rf"^(?:{_DOOR})$")]
Kind = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z0-9_-]+$")]
#: whom a message was for: a role of the chat, or one body that is called in
Told = Literal["worker", "coordinator", "responder"] | Responder


class Part(BaseModel):
    """A field that is not known is an error: an expectation that was misspelt must not count as one that held."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Part):
    name: str = Field(min_length=1)
    age: int | None = Field(default=None, ge=0, le=130)
    lives_alone: bool | None = None
    disabled: bool | None = None
    care_grade: CareGrade | None = None


class OpenBefore(Part):
    """A matter that was open before the conversation begins."""

    kind: Kind
    since: date
    times: int = Field(default=1, ge=1)


class Known(Part):
    """A household on record, as in read.md."""

    key: Key
    people: tuple[Person, ...] = ()
    open: tuple[OpenBefore, ...] = ()
    misses_in_a_row: int = Field(default=0, ge=0, le=20)


class OnDuty(Part):
    day: date
    who: str | None = None


class Booking(Part):
    room: str
    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    who: str

    @model_validator(mode="after")
    def _ends_later(self) -> "Booking":
        if self.end <= self.start:
            raise ValueError("to 要晚于 from")
        return self


class StationKnown(Part):
    """What is on record of the service station."""

    hours: str | None = None
    doctor_days: Texts = ()
    rota: tuple[OnDuty, ...] = ()
    bookings: tuple[Booking, ...] = ()


class OpenEntry(Part):
    """An open flag or follow-up; what is not given may be anything."""

    key: Key | None = None
    kind: Kind | None = None
    severity: Severity | None = None
    owner: Responder | None = None
    due: Annotated[timedelta | AwareDatetime | date | None, BeforeValidator(_read_due)] = None
    count: int | None = Field(default=None, ge=0)


class ClosedEntry(Part):
    key: Key | None = None
    kind: Kind | None = None
    severity: Severity | None = None
    owner: Responder | None = None


class ToldEntry(Part):
    role: Told | None = None
    who: str | None = None
    says: Texts = ()
    not_says: Texts = ()


class EscalatedEntry(Part):
    key: Key | None = None
    kind: Kind | None = None
    to: Literal["coordinator", "community", "street"] | None = None


class Counts(Part):
    """Rows so far, without what was on record before and what was taken back since."""

    reports: int | None = Field(default=None, ge=0)
    visits: int | None = Field(default=None, ge=0)
    findings: int | None = Field(default=None, ge=0)
    flags: int | None = Field(default=None, ge=0)
    follow_ups: int | None = Field(default=None, ge=0)
    prompts: int | None = Field(default=None, ge=0)


class Expect(Part):
    """What must hold after a step. None: nothing is asked."""

    says: Texts = ()
    not_says: Texts = ()
    #: what the workers' group is shown, which ``says`` leaves out
    group: Texts = ()
    not_group: Texts = ()
    asks: bool | None = None
    open: tuple[OpenEntry, ...] = ()
    not_open: tuple[ClosedEntry, ...] = ()
    told: tuple[ToldEntry, ...] | None = None
    not_told: tuple[ToldEntry, ...] = ()
    prompts: tuple[ToldEntry, ...] | None = None
    not_prompts: tuple[ToldEntry, ...] = ()
    escalated: tuple[EscalatedEntry, ...] | None = None
    not_escalated: tuple[EscalatedEntry, ...] = ()
    count: Counts | None = None


class Said(Part):
    """What somebody says, or the label that they press. ``name`` is None for whoever the role stands for."""

    name: str | None = None
    says: str = Field(min_length=1)
    #: written in the workers' group, which everybody there can read
    in_group: bool = False


def _said(written: Any) -> Any:
    return {"says": str(written)} if isinstance(written, str | int) and not isinstance(written, bool) else written


Speech = Annotated[Said, BeforeValidator(_said)]


class Step(Part):
    """One of: somebody speaks, the worker presses a button, time passes, the service is down."""

    worker: Speech | None = None
    coordinator: Speech | None = None
    responder: Speech | None = None
    tap: Speech | None = None
    wait: Span | None = None
    down: Span | None = None
    expect: Expect = Expect()

    @model_validator(mode="before")
    @classmethod
    def _is_one_thing(cls, written: Any) -> Any:
        if isinstance(written, dict):
            given = [kind for kind in KINDS_OF_STEP if kind in written]
            if len(given) != 1:
                said = "、".join(given) or "一样也没有"
                raise ValueError(f"一步只做一件事:{'、'.join(KINDS_OF_STEP)} 中的一样(现在是:{said})")
        return written

    @property
    def kind(self) -> str:
        """Which of ``KINDS_OF_STEP`` it is."""
        return next(kind for kind in KINDS_OF_STEP if getattr(self, kind) is not None)

    @property
    def passes(self) -> timedelta | None:
        """How long it takes where it lets time pass."""
        return self.wait if self.wait is not None else self.down


class Conversation(Part):
    """One chat with what is on record at its start."""

    conversation: str = Field(min_length=1)
    at: Moment
    estate: str = Field(default="怡丽佳苑", min_length=1)
    known: tuple[Known, ...] = ()
    station: StationKnown | None = None
    steps: tuple[Step, ...] = Field(min_length=1)

    @field_validator("known")
    @classmethod
    def _each_once(cls, known: tuple[Known, ...]) -> tuple[Known, ...]:
        keys = [each.key for each in known]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice} 写了两次,请合并成一户")
        return known

    @property
    def starts_at(self) -> datetime:
        return self.at.astimezone(UTC)
