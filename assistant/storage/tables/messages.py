"""What was received and not yet handled, and what was committed and not yet sent."""

from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import JSON, Personal, code


class IntakeState(StrEnum):
    """Where a received message stands."""

    WAITING = "waiting"
    DONE = "done"
    #: it failed each time: a person looks at it, and it stops nobody else
    SET_ASIDE = "set_aside"


class IntakeBase(Personal):
    """A message as the channel gave it, committed before the channel was told that we have it.

    ``chat`` is what keeps an order: a chat's messages are handled one after the other. ``author`` is the channel's name
    for who wrote; in a group it differs from the chat, and nothing personal is sent there. ``area_id`` is None for a
    sender whom nobody knows. ``text`` and ``text_bytes`` are as in ``reports``. ``attachments`` tells what came with
    it, never the file itself.
    """

    area_id: int | None = Field(default=None, foreign_key="areas.id", index=True)  # type: ignore[assignment]
    retention: Retention = Field(default=Retention.TRANSIT, sa_type=code(Retention))
    channel: str
    message_id: str
    chat: str
    author: str
    is_group: bool = False
    text: str
    text_bytes: bytes | None = None
    attachments: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    #: the outbox message that it answers or whose button was pressed
    answers_id: int | None = Field(default=None, foreign_key="outbox.id")
    #: the channel's id of the earlier message whose words these replace
    edits: str | None = None
    sent_at: AwareDatetime
    received_at: AwareDatetime
    state: IntakeState = Field(default=IntakeState.WAITING, sa_type=code(IntakeState))
    attempts: int = Field(default=0, ge=0)
    next_attempt_at: AwareDatetime
    handled_at: AwareDatetime | None = None
    error: str | None = None


class IntakeItem(IntakeBase, table=True):
    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("channel", "message_id"),
        Index("ix_intake_channel_chat_id", "channel", "chat", "id"),
        Index(
            "ix_intake_waiting",
            "channel",
            "chat",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)


class Purpose(StrEnum):
    """Why something is sent."""

    #: the answer to what this person just wrote
    REPLY = "reply"
    #: asks a worker to follow up
    PROMPT = "prompt"
    #: a P0 that asks to be acknowledged
    ALARM = "alarm"
    #: tells somebody else what they should know
    NOTICE = "notice"
    #: the day's or the week's list: asks for no answer
    LIST = "list"


class OutboxBase(Personal):
    """A message committed with the effects that it tells of, sent after.

    ``idempotency_key`` is what makes it one message however often it is tried; a channel that can, passes it on. A row
    with neither channel nor address could be addressed to nobody: it is set aside from the start, so that it is seen.
    ``area_id`` is None where it answers somebody whom nobody knows.
    """

    area_id: int | None = Field(default=None, foreign_key="areas.id", index=True)  # type: ignore[assignment]
    retention: Retention = Field(default=Retention.TRANSIT, sa_type=code(Retention))
    idempotency_key: str = Field(unique=True)
    purpose: Purpose = Field(sa_type=code(Purpose))
    worker_id: int | None = Field(default=None, foreign_key="workers.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="accounts.id")
    channel: str
    address: str
    text: str
    #: labels, in order
    buttons: list[str] = Field(default_factory=list, sa_type=JSON)
    report_id: int | None = Field(default=None, foreign_key="reports.id", index=True)
    #: the follow-ups that a prompt asks about
    follow_up_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    flag_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    created_at: AwareDatetime
    next_attempt_at: AwareDatetime
    attempts: int = Field(default=0, ge=0)
    last_error: str | None = None
    sent_at: AwareDatetime | None = None
    #: the channel's own id of what was sent, for edits and taps
    sent_as: str | None = None
    answered_at: AwareDatetime | None = None
    #: its reason went away before it was sent
    cancelled_at: AwareDatetime | None = None
    set_aside_at: AwareDatetime | None = None
    set_aside_reason: str | None = None


class OutboxMessage(OutboxBase, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_account_id_id", "account_id", "id"),
        Index("ix_outbox_channel_sent_as", "channel", "sent_as"),
        Index(
            "ix_outbox_waiting",
            "channel",
            "id",
            sqlite_where=text("sent_at IS NULL AND cancelled_at IS NULL AND set_aside_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND cancelled_at IS NULL AND set_aside_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
