"""The coordinator's list of the week: how much stands open, and the doors that need somebody most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.dialogue.wording import say_door
from assistant.domain.reports import Severity
from knowledge.replies import Replies


@dataclass(frozen=True)
class WeekTold:
    """One open matter: at which door, what, since when (aware), and whether a promise of it is overdue."""

    key: str
    kind: str | None
    severity: Severity
    since: datetime
    is_late: bool


def say_week(
    counts: Mapping[Severity, int], late: int, shown: Sequence[WeekTold], now: datetime, replies: Replies
) -> str:
    """``counts`` are all that stand open, ``shown`` those to name (none: figures alone). ``now``: community's zone."""
    sayings = replies.sayings
    numbers = {f"p{each.urgency}": counts.get(each, 0) for each in Severity if each is not Severity.RECORD}
    lines = [sayings.week_head.format(late=late, **numbers)]
    for each in shown:
        day = each.since.astimezone(now.tzinfo)
        line = sayings.week_line_late if each.is_late else sayings.week_line
        lines.append(
            line.format(
                door=say_door(each.key) or sayings.door_unknown,
                what=replies.called(each.kind) if each.kind else replies.themes["visit"],
                severity=each.severity,
                since=sayings.past_day.format(month=day.month, day=day.day),
            )
        )
    unnamed = sum(counts.values()) - len(shown)
    if shown and unnamed > 0:
        lines.append(sayings.week_more.format(count=unnamed))
    return "\n".join(lines)
