"""Who may log in to the pages, who tried, and the lists that somebody keeps."""

from pydantic import AwareDatetime
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import Personal, code


class LoginBase(Personal):
    """A worker's name and password for the pages; ``password_hash`` is argon2's own text.

    ``stamp`` stands in every cookie of this login: a new one ends all of them. ``seen_until_at`` is up to when the
    person has seen what came in: they said so, or it is the visit before this one. None at the first.
    """

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    worker_id: int = Field(foreign_key="workers.id", unique=True)
    name: str = Field(unique=True)
    password_hash: str
    stamp: str
    created_at: AwareDatetime
    last_used_at: AwareDatetime | None = None
    seen_until_at: AwareDatetime | None = None


class Login(LoginBase, table=True):
    __tablename__ = "logins"

    id: int | None = Field(default=None, primary_key=True)


class LoginAttemptBase(Personal):
    """One try to log in. Names are kept as digests: a password is easily typed into the wrong field."""

    area_id: int | None = Field(default=None, foreign_key="areas.id", index=True)  # type: ignore[assignment]
    retention: Retention = Field(default=Retention.TRANSIT, sa_type=code(Retention))
    name_digest: str
    origin: str
    at: AwareDatetime
    succeeded: bool


class LoginAttempt(LoginAttemptBase, table=True):
    __tablename__ = "login_attempts"
    __table_args__ = (
        Index("ix_login_attempts_name_digest_at", "name_digest", "at"),
        Index("ix_login_attempts_origin_at", "origin", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)


class SavedViewBase(Personal):
    """A list with its filters, kept under a name by one person; ``query`` is the page's query string."""

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    worker_id: int = Field(foreign_key="workers.id")
    page: str
    name: str
    query: str


class SavedView(SavedViewBase, table=True):
    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("worker_id", "page", "name"),)

    id: int | None = Field(default=None, primary_key=True)
