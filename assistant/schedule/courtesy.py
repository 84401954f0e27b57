"""When somebody may be told of something that is not urgent: outside quiet hours, and only so often a day.

What has to wait is looked at again at the moment that is given here; nothing is dropped. The end of the quiet hours is
when the day begins: then the lists go out, with what had to wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.schedule.quiet import QuietHours
from assistant.storage.tables import OutboxMessage

#: keys of messages that count against the day: asked of a worker, or told of what is late
PROMPT = "prompt"
LATE = "late"


@dataclass(frozen=True)
class Courtesy:
    """``a_day``: so many prompts a person and day at most, and as many notices of what is late."""

    quiet: QuietHours
    a_day: int = 3

    def has_had_enough(self, session: Session, worker_id: int | None, what: str, now: datetime) -> bool:
        """Were there so many messages of this sort (``PROMPT``, ``LATE``) today that no more should follow?"""
        told = session.exec(
            select(func.count(OutboxMessage.id))  # type: ignore[arg-type]
            .where(OutboxMessage.worker_id == worker_id, OutboxMessage.created_at >= self._midnight(now))
            .where(col(OutboxMessage.idempotency_key).startswith(f"{what}:"), OutboxMessage.created_at <= now)
        ).one()
        return told >= self.a_day

    def day_begins_at(self, now: datetime) -> datetime:
        """When this day's lists go out."""
        return datetime.combine(now.astimezone(self.quiet.zone).date(), self.quiet.end, self.quiet.zone)

    def next_day_begins_at(self, now: datetime) -> datetime:
        """The first beginning of a day after ``now``."""
        today = self.day_begins_at(now)
        return today if now < today else self.day_begins_at(today + timedelta(days=1))

    def day_ends_at(self, now: datetime) -> datetime:
        """Midnight after ``now``."""
        return self._midnight(self._midnight(now) + timedelta(hours=36))

    def _midnight(self, now: datetime) -> datetime:
        local = now.astimezone(self.quiet.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)
