"""Episodes: findings of several themes at one household within a window are one matter with one owner, not several.

    first matter opens ──▶ open ──▶ settled      every matter of it has ended, one at least by being settled
                             └────▶ cancelled    every matter of it was taken back

A matter joins the newest open episode of its household whose last finding is no older than the window; else it opens
one. An episode that has ended never opens again. Pure: callers pass what is on record and store what they get back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.followups import MatterState
from assistant.domain.reports import Severity, worst


@dataclass(frozen=True)
class Part:
    """A matter as its episode sees it. The times are aware."""

    state: MatterState
    severity: Severity
    first_found_at: datetime
    last_found_at: datetime


def joins(last_found_at: datetime, found_at: datetime, window: timedelta) -> bool:
    """Is a finding at ``found_at`` near enough to an episode's last one, before or after?"""
    return abs(found_at - last_found_at) <= window


def state_of(parts: Sequence[Part]) -> MatterState:
    """Open while a matter of it is; then settled, or cancelled where nothing of it ever was."""
    states: Collection[MatterState] = {part.state for part in parts}
    if MatterState.OPEN in states:
        return MatterState.OPEN
    if MatterState.PROPOSED in states:
        return MatterState.PROPOSED
    return MatterState.SETTLED if MatterState.SETTLED in states else MatterState.CANCELLED


def severity_of(parts: Sequence[Part]) -> Severity:
    """The most urgent of the matters that stand; of all, when none does."""
    standing = [part.severity for part in parts if part.state.stands]
    return worst(standing or [part.severity for part in parts])
