"""What is open at a moment: each matter with what is flagged and promised about it, and what an entry of a file means.

An entry that names an owner or a due time speaks of promises, any other of matters: three people called in for one hose
are one open matter and three promises.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity, worst
from assistant.rehearsing.form import ClosedEntry, OpenEntry, Part
from assistant.storage.tables import Flag, FollowUp, Household

_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)


@dataclass(frozen=True)
class Item:
    """One open flag, or one promise that has not ended; ``about`` is the kind, else the rule where it has none.

    A promise is as urgent as the most urgent flag of its matter where that is the more urgent.
    """

    key: str
    about: str
    severities: frozenset[Severity]
    owner: Responder | None = None
    due_at: datetime | None = None
    first_found_at: datetime | None = None

    def __str__(self) -> str:
        levels = "/".join(sorted(self.severities))
        promise = f" {self.owner} {self.due_at:%m-%d %H:%M}" if self.owner and self.due_at else ""
        return f"{self.key} {self.about} {levels}{promise}"


def items(session: Session, zone: ZoneInfo | None = None) -> list[Item]:
    """Everything that is open now, flags first. ``zone`` is in what due times are shown and days are told."""
    zone = zone or ZoneInfo("Asia/Shanghai")
    flags = session.exec(
        select(Flag, Household.key)
        .join(Household, col(Household.id) == Flag.household_id)
        .where(col(Flag.state).in_(_STANDING))
        .order_by(col(Flag.urgency), col(Flag.id))
    ).all()
    promises = session.exec(
        select(FollowUp, Household.key)
        .join(Household, col(Household.id) == FollowUp.household_id)
        .where(col(FollowUp.state).in_(_RUNNING))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
    ).all()
    found = [Item(key, flag.kind or flag.rule, frozenset({flag.severity})) for flag, key in flags]
    for promise, key in promises:
        about = promise.kind or promise.rule
        of_matter = [
            severity for item in found if (item.key, item.about) == (key, about) for severity in item.severities
        ]
        found.append(
            Item(
                key,
                about,
                frozenset({promise.severity, worst([promise.severity, *of_matter])}),
                promise.owner,
                promise.due_at.astimezone(zone),
                promise.first_found_at.astimezone(zone),
            )
        )
    return found


def how_many(entry: OpenEntry, there: list[Item]) -> int:
    """How many promises (where the entry names an owner or a due time), else how many matters, the entry means."""
    found = [item for item in there if fits(entry, item) and _is_due(entry, item)]
    if entry.owner is not None or entry.due is not None:
        return len(found)
    return len({(item.key, item.about) for item in found})


def fits(entry: OpenEntry | ClosedEntry, item: Item) -> bool:
    """Does every field that is given agree?"""
    return (
        entry.key in (None, item.key)
        and entry.kind in (None, item.about)
        and (entry.severity is None or entry.severity in item.severities)
        and entry.owner in (None, item.owner)
    )


def _is_due(entry: OpenEntry, item: Item) -> bool:
    """A due time is a moment, a day of the community, or a span since it was first found."""
    if entry.due is None:
        return True
    if item.due_at is None or item.first_found_at is None:
        return False
    if isinstance(entry.due, timedelta):
        return item.due_at - item.first_found_at == entry.due
    if isinstance(entry.due, datetime):
        return item.due_at == entry.due
    assert isinstance(entry.due, date)
    return item.due_at.date() == entry.due


def shown_entry(entry: Part) -> str:
    """An entry as the file has it: ``{key: 3-2-501, owner: gas}``."""
    given = entry.model_dump(mode="json", exclude_unset=True, exclude={"count"})
    return "{" + ", ".join(f"{name}: {_plain(value)}" for name, value in given.items()) + "}"


def _plain(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)
