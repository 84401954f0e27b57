"""Alarms that no message set off, that nobody acknowledged and are told again, that somebody did and are told back."""

from collections.abc import Sequence

from assistant.dialogue.wording import say_door
from assistant.domain.access import AreaLevel
from knowledge.replies import Replies

#: so many doors are named in one message
_DOORS_NAMED = 8


def say_called_first(key: str, why: Sequence[str], replies: Replies) -> str:
    """A P0 that follows from the record and the rules alone."""
    door = say_door(key) or replies.sayings.door_unknown
    return replies.sayings.called_first.format(door=door, why="；".join(dict.fromkeys(why)))


def say_called_anew(key: str, why: Sequence[str], replies: Replies) -> str:
    """A P0 that a person opened again."""
    door = say_door(key) or replies.sayings.door_unknown
    return replies.sayings.called_anew.format(door=door, why="；".join(dict.fromkeys(why)))


def say_called_of_many(keys: Sequence[str], replies: Replies) -> str:
    """Many doors at once that a change of the rules made urgent."""
    doors = "、".join(say_door(key) or replies.sayings.door_unknown for key in keys[:_DOORS_NAMED])
    return replies.sayings.called_of_many.format(count=len(keys), doors=doors)


def say_called_again(first: str, level: AreaLevel, has_climbed: bool, replies: Replies) -> str:
    """``first`` is what was told before; ``level`` is where it has got to, ``has_climbed`` whether only now."""
    sayings = replies.sayings
    if has_climbed and level is not AreaLevel.GRID:
        return sayings.called_up.format(level=replies.levels[level], text=first)
    return sayings.called_again.format(text=first)


def say_acknowledged(key: str, by: str, replies: Replies) -> str:
    """Somebody takes care of a P0: whoever reported it may know."""
    return replies.sayings.acknowledged_by.format(door=say_door(key) or replies.sayings.door_unknown, by=by)
