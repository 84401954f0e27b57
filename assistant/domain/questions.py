"""What was asked back and waits for an answer: the next words of that account are taken for it, where they fit.

    waiting ──▶ answered    the words fitted, and what was asked for is done
       ├──────▶ replaced    something newer was asked of the same account
       └──────▶ lapsed      nobody answered in time

A question delays nothing: what it is about stands as it was, and falls due as before.
"""

from datetime import datetime, timedelta
from enum import StrEnum

#: an answer that comes later is read by itself
ANSWERED_WITHIN = timedelta(hours=12)


class Asks(StrEnum):
    """What a question asks for."""

    #: what the worker saw, before a P0 or P1 is put to a coordinator
    SEEN = "seen"
    #: which of several doors is over and done
    WHICH_DOOR_IS_DONE = "which_door_is_done"
    #: … is still not done
    WHICH_DOOR_IS_NOT_DONE = "which_door_is_not_done"
    #: … had nobody in
    WHICH_DOOR_WAS_EMPTY = "which_door_was_empty"
    #: … is to be handed to somebody else
    WHICH_DOOR_IS_REFERRED = "which_door_is_referred"
    #: to whom it is handed, and why
    TO_WHOM = "to_whom"
    #: why it is handed to a body outside
    WHY_REFERRED = "why_referred"
    #: what of a report is wrong, and how it is right
    WHAT_CHANGED = "what_changed"
    #: which of several reports is to be put right
    WHICH_REPORT_IS_WRONG = "which_report_is_wrong"
    #: … is to be taken back
    WHICH_REPORT_IS_WITHDRAWN = "which_report_is_withdrawn"


def waits_at(asked_at: datetime, now: datetime) -> bool:
    """Is an answer at ``now`` still taken for one? A clock that was set back does no harm."""
    return now - asked_at <= ANSWERED_WITHIN
