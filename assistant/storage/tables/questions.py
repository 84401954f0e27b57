"""What was asked back and waits for an answer."""

from pydantic import AwareDatetime
from sqlalchemy import Index, text
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.domain.casework import Responder
from assistant.domain.questions import Asks
from assistant.storage.columns import JSON, Personal, code


class QuestionBase(Personal):
    """One question to one account (domain/questions.py). What it is about: follow-ups, or reports.

    ``words_report_id`` is the report whose words are still to be carried out once it is known which report they mean.
    """

    account_id: int = Field(foreign_key="accounts.id")
    asks: Asks = Field(sa_type=code(Asks))
    follow_up_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    report_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    words_report_id: int | None = Field(default=None, foreign_key="reports.id")
    #: to whom the follow-ups go, once the reason is told
    refer_to_id: int | None = Field(default=None, foreign_key="workers.id")
    refer_as: Responder | None = Field(default=None, sa_type=code(Responder))
    asked_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    retention: Retention = Field(default=Retention.TRANSIT, sa_type=code(Retention))


class Question(QuestionBase, table=True):
    __tablename__ = "questions"
    __table_args__ = (
        Index(
            "ix_questions_waiting",
            "account_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
