"""Who lives behind a door, who works, and under which accounts workers write."""

from datetime import date

from pydantic import AwareDatetime
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from assistant.domain.access import Retention, Role
from assistant.domain.casework import Responder
from assistant.domain.reports import CareGrade
from assistant.storage.columns import Personal, Restricted, Withdrawable, code


class ResidentBase(Restricted, Withdrawable):
    """One person of a household, by the name they are called (张大爷); no ID, card or phone number.

    What is not on record is None, never "no". An age that somebody said counts from ``age_said_on``.
    """

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    household_id: int = Field(foreign_key="households.id")
    called: str
    sex: str | None = None
    birth_year: int | None = Field(default=None, ge=1890, le=2200)
    age_said: int | None = Field(default=None, ge=0, le=130)
    age_said_on: date | None = None
    lives_alone: bool | None = None
    disabled: bool | None = None
    #: how often the community wants them looked after; None: no grade was given
    care_grade: CareGrade | None = Field(default=None, sa_type=code(CareGrade))
    #: may the name stand on the family doctor's short list?
    agrees_to_doctor_list: bool | None = None
    #: the report that first told of this person; None when they came with the address book
    report_id: int | None = Field(default=None, foreign_key="reports.id", index=True)
    moved_away_on: date | None = None

    def age_on(self, day: date) -> int | None:
        """Full years on ``day`` as far as we know: a birth year alone may be one too many."""
        if self.birth_year is not None:
            return day.year - self.birth_year
        if self.age_said is None or self.age_said_on is None:
            return self.age_said
        return self.age_said + max(0, (day - self.age_said_on).days // 365)


class Resident(ResidentBase, table=True):
    __tablename__ = "residents"
    __table_args__ = (
        Index("ix_residents_called", "called"),
        # who lives behind a door, by name
        Index("ix_residents_living", "household_id", "called", "withdrawn_at", "moved_away_on"),
    )

    id: int | None = Field(default=None, primary_key=True)


class WorkerBase(Personal):
    """Everybody who works with the assistant, in the area that they answer for.

    ``acts_as`` is set for a responder (police, gas …). ``deputy_id`` takes over while the worker is away.
    """

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    name: str
    role: Role = Field(sa_type=code(Role), index=True)
    acts_as: Responder | None = Field(default=None, sa_type=code(Responder))
    estate_id: int | None = Field(default=None, foreign_key="estates.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="workers.id")
    away_from_at: AwareDatetime | None = None
    away_until_at: AwareDatetime | None = None
    left_at: AwareDatetime | None = None


class Worker(WorkerBase, table=True):
    __tablename__ = "workers"

    id: int | None = Field(default=None, primary_key=True)


class AccountBase(Personal):
    """Where a worker writes from: ``address`` is the channel's own name for the chat (a Telegram chat id)."""

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    worker_id: int = Field(foreign_key="workers.id", index=True)
    channel: str
    address: str
    bound_at: AwareDatetime
    last_used_at: AwareDatetime | None = None
    #: the channel says that nothing can be sent there any more
    blocked_at: AwareDatetime | None = None


class Account(AccountBase, table=True):
    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = Field(default=None, primary_key=True)
