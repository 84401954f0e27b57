"""What climbed to whom, and when: read from the ledger, which has a line for every step.

A P0 that nobody acknowledges climbs (flags, verb ``climbed``, column ``climbed_to``); a promise that nobody keeps is
escalated (follow_ups, verb ``escalated``, column ``escalated_to``). The grid is its coordinator.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel
from assistant.storage.tables import Action, Flag, FollowUp, Household

#: the ledger's verbs
CLIMBED = "climbed"
ESCALATED = "escalated"


@dataclass(frozen=True)
class Escalation:
    """One step upwards. ``line`` is the ledger's, so that who has read up to it can go on from there."""

    line: int
    key: str
    kind: str | None
    to: AreaLevel
    at: datetime


def since(session: Session, line: int) -> list[Escalation]:
    """Every step upwards after this ledger line (0: from the first), in order."""
    found = []
    for table, verb, column in ((Flag, CLIMBED, "climbed_to"), (FollowUp, ESCALATED, "escalated_to")):
        rows = session.exec(
            select(Action, table.kind, Household.key)
            .join(table, col(table.id) == Action.subject_id)
            .join(Household, col(Household.id) == table.household_id)
            .where(Action.subject == table.__tablename__, Action.verb == verb, col(Action.id) > line)
        )
        found += [
            Escalation(action.id, key, kind, AreaLevel((action.after or {})[column]), action.at)
            for action, kind, key in rows
            if action.id is not None
        ]
    return sorted(found, key=lambda step: step.line)
