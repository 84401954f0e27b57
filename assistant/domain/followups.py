"""Follow-ups: what was promised to a household, and how each promise ends.

    open ──▶ done        the worker reported what they found
      ├────▶ referred    another body took it over and confirmed so
      ├────▶ cancelled   its reason went away (the report was corrected or withdrawn, the rule no longer holds)
      ├────▶ failed      it can't be kept any more (the household is gone, nobody may act)
      └────▶ overdue ──▶ done, referred, cancelled, failed      only the clock makes a follow-up overdue

Nothing here reads the clock or the database. A state that ends a follow-up never moves: to take a matter up again
makes a new follow-up that names the old one.
"""

from enum import StrEnum


class FollowUpState(StrEnum):
    """Where a promise stands."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    REFERRED = "referred"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def has_ended(self) -> bool:
        """Is there nothing more to do?"""
        return not _MAY_BECOME[self]

    def may_become(self, other: "FollowUpState") -> bool:
        """Is there an arrow from this state to ``other``?"""
        return other in _MAY_BECOME[self]


_ENDS = frozenset({FollowUpState.DONE, FollowUpState.REFERRED, FollowUpState.CANCELLED, FollowUpState.FAILED})
_MAY_BECOME: dict[FollowUpState, frozenset[FollowUpState]] = {
    FollowUpState.OPEN: _ENDS | {FollowUpState.OVERDUE},
    FollowUpState.OVERDUE: _ENDS,
    FollowUpState.DONE: frozenset(),
    FollowUpState.REFERRED: frozenset(),
    FollowUpState.CANCELLED: frozenset(),
    FollowUpState.FAILED: frozenset(),
}


class MatterState(StrEnum):
    """Where a matter (a kind of finding at a household), or a flag raised for it, stands."""

    OPEN = "open"
    #: the worker says that it is over; a P0 or P1 waits for a coordinator's word
    PROPOSED = "proposed"
    #: over and done
    SETTLED = "settled"
    #: a newer flag of the same rule, or a newer rule book, took its place
    SUPERSEDED = "superseded"
    #: it never was: the report was corrected or withdrawn
    CANCELLED = "cancelled"

    @property
    def stands(self) -> bool:
        """Does somebody still have to look at it?"""
        return self in (MatterState.OPEN, MatterState.PROPOSED)
