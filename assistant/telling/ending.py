"""How an end is told: proposed to a coordinator, agreed to, sent back, handed on, or put right.

A proposal holds what was seen in the words of who saw it: the coordinator decides by them.
"""

from datetime import datetime

from assistant.dialogue.wording import say_door, say_due, widen
from knowledge.replies import Replies

#: so much of somebody's words is passed on
_WORDS_AT_MOST = 40


def say_matter(kind: str | None, theme: str, replies: Replies) -> str:
    """What a matter is called; by its theme where a rule speaks of no finding (走访)."""
    return replies.called(kind) if kind is not None else replies.themes[theme]


def say_somewhere(key: str, replies: Replies) -> str:
    """The door, or that it was not told."""
    return say_door(key) or replies.sayings.door_unknown


def say_seen(key: str, what: str, by: str, words: str, replies: Replies) -> str:
    """A worker tells what they saw: does the coordinator agree that it is over?"""
    return replies.sayings.told_of_proposal.format(
        door=say_somewhere(key, replies), what=what, by=by, words=_short(words, replies)
    )


def say_sent_back(key: str, what: str, by: str, reason: str, *, is_reopened: bool, replies: Replies) -> str:
    """To the worker: a coordinator does not agree, or opens again what was closed."""
    said = replies.sayings.told_reopened if is_reopened else replies.sayings.told_sent_back
    return said.format(door=say_somewhere(key, replies), what=what, by=by, reason=_short(reason, replies)).rstrip()


def say_handed_on(key: str, what: str, by: str, due: datetime, reason: str, now: datetime, replies: Replies) -> str:
    """To whom it was handed: what, where, until when, by whom and why. ``now`` is in the community's zone."""
    return replies.sayings.told_of_referral.format(
        by=by,
        door=say_somewhere(key, replies),
        what=widen(what),
        due=say_due(due, now, replies),
        reason=_short(reason, replies),
    ).rstrip()


def say_put_right(key: str, by: str, before: str, after: str, replies: Replies) -> str:
    """To who was called: what a worker reported was something else."""
    return replies.sayings.told_of_correction.format(
        door=say_somewhere(key, replies), by=by, before=before, after=after
    )


def _short(words: str, replies: Replies) -> str:
    """Somebody's words, cut where they are long; rude ones are left out."""
    words = " ".join(words.split())
    for rude in replies.never_repeat:
        words = words.replace(rude, "…")
    return words if len(words) <= _WORDS_AT_MOST else words[:_WORDS_AT_MOST] + "…"
