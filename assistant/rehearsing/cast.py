"""Everybody of a conversation and what they were sent: the one channel of a rehearsal."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from assistant.channels.base import Limits, Outgoing
from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.rehearsing.stage import CHANNEL, COORDINATOR, GROUP, WORKER
from assistant.storage.tables import OutboxMessage, Purpose, Worker
from knowledge.replies import Replies


@dataclass(frozen=True)
class Sent:
    """One message that somebody got. ``sent_as`` is what a tap on its buttons answers."""

    to: Worker
    purpose: Purpose
    text: str
    buttons: tuple[str, ...]
    sent_as: str
    #: everybody of the workers' group can read it
    in_group: bool = False


@dataclass
class Post:
    """Keeps what it was given to send, in order."""

    name: str = CHANNEL
    limits: Limits = field(default=Limits(text_length=4_000, buttons=9))
    keys: list[str] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> str:
        self.keys.append(outgoing.key)
        return outgoing.key

    def read(self, session: Session, since: int) -> list[Sent]:
        """What was sent after the first ``since`` messages, each time that it was sent."""
        keys = self.keys[since:]
        rows = session.exec(
            select(OutboxMessage, Worker)
            .join(Worker, col(Worker.id) == OutboxMessage.worker_id)
            .where(col(OutboxMessage.idempotency_key).in_(keys))
        ).all()
        by_key = {
            row.idempotency_key: Sent(
                worker, row.purpose, row.text, tuple(row.buttons), row.sent_as or "", row.address == GROUP
            )
            for row, worker in rows
        }
        return [by_key[key] for key in keys if key in by_key]


def is_for(worker: Worker, role: str) -> bool:
    """Does ``role`` of a file mean this person? A body that is called in (``gas``) is a role too."""
    if role in set(Role):
        return worker.role == role
    return worker.acts_as == role


def called(session: Session, name: str, role: Role, replies: Replies) -> Worker | None:
    """Somebody of this role by name, or, a responder, by what the body is called (gas, 燃气公司)."""
    people = session.exec(select(Worker).where(Worker.role == role).order_by(col(Worker.id))).all()
    bodies: Sequence[Responder] = [body for body in Responder if name in (body.value, replies.responders.get(body))]
    return next((each for each in people if each.name == name or each.acts_as in bodies), None)


def whoever(session: Session, role: Role, post: Post) -> Worker:
    """Whom a bare role stands for: the worker, the grid's coordinator, the responder who was told something last."""
    if role is Role.RESPONDER:
        told = [sent.to for sent in post.read(session, 0) if sent.to.role is Role.RESPONDER]
        if told:
            return told[-1]
        return session.exec(select(Worker).where(Worker.role == role).order_by(col(Worker.id)).limit(1)).one()
    name = WORKER if role is Role.WORKER else COORDINATOR
    return session.exec(select(Worker).where(Worker.name == name, Worker.role == role)).one()
