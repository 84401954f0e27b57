"""The rule books that were ever used, which one is in use, and the rules and households that gave trouble."""

from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import JSON, Personal, code


class RuleBookBase(Personal):
    """A rule book as it was written, never changed: ``version`` is the hash of ``content`` (file name → text)."""

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    version: str = Field(unique=True)
    content: dict[str, Any] = Field(sa_type=JSON)
    made_at: AwareDatetime
    worker_id: int | None = Field(default=None, foreign_key="workers.id")
    note: str | None = None


class KeptRuleBook(RuleBookBase, table=True):
    __tablename__ = "rule_books"

    id: int | None = Field(default=None, primary_key=True)


class RulePointerBase(Personal):
    """``published``: what services decide by. ``draft``: what is being tried; it never sends anything."""

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    name: str = Field(unique=True)
    rule_book_id: int = Field(foreign_key="rule_books.id")
    #: the book that this one took the place of: where going back leads
    before_id: int | None = Field(default=None, foreign_key="rule_books.id")
    set_at: AwareDatetime


class RulePointer(RulePointerBase, table=True):
    __tablename__ = "rule_pointers"

    id: int | None = Field(default=None, primary_key=True)


class RuleTroubleBase(Personal):
    """A rule, or a household's data, that deciding failed on: counted, set aside, shown; ``error`` names its type only.

    A rule that fails too often is ``switched_off_at``; a person switches it on again.
    """

    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))
    rule: str
    rule_book_version: str
    household_id: int | None = Field(default=None, foreign_key="households.id", index=True)
    error: str
    times: int = Field(default=1, ge=1)
    first_at: AwareDatetime
    last_at: AwareDatetime
    switched_off_at: AwareDatetime | None = None
    #: a person has looked at it and set it right
    cleared_at: AwareDatetime | None = None


class RuleTrouble(RuleTroubleBase, table=True):
    __tablename__ = "rule_troubles"
    __table_args__ = (UniqueConstraint("rule", "rule_book_version", "household_id"),)

    id: int | None = Field(default=None, primary_key=True)
