"""Word to the coordinators that a rule was switched off."""

from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.outbox.queue import tell
from assistant.storage.tables import Purpose, Worker
from knowledge.replies import Replies


def tell_of_rule_off(session: Session, rule: str, version: str, replies: Replies, now: datetime) -> None:
    """Once for each rule and version, to everybody who may publish."""
    people = select(Worker).where(col(Worker.role).in_((Role.COORDINATOR, Role.ADMINISTRATOR)))
    for person in session.exec(people.where(col(Worker.left_at).is_(None)).order_by(col(Worker.id))).all():
        tell(
            session,
            person,
            key=f"rule-off:{version}:{rule}:{person.id}",
            purpose=Purpose.NOTICE,
            text=replies.sayings.told_of_rule_off.format(rule=rule),
            now=now,
        )
