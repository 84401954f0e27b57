"""An alarm that nobody acknowledged is told again, and one that somebody did is told back."""

from assistant.dialogue.wording import say_door
from assistant.domain.access import AreaLevel
from knowledge.replies import Replies


def say_called_again(first: str, level: AreaLevel, has_climbed: bool, replies: Replies) -> str:
    """``first`` is what was told before; ``level`` is where it has got to, ``has_climbed`` whether only now."""
    sayings = replies.sayings
    if has_climbed and level is not AreaLevel.GRID:
        return sayings.called_up.format(level=replies.levels[level], text=first)
    return sayings.called_again.format(text=first)


def say_acknowledged(key: str, by: str, replies: Replies) -> str:
    """Somebody takes care of a P0: whoever reported it may know."""
    return replies.sayings.acknowledged_by.format(door=say_door(key) or replies.sayings.door_unknown, by=by)
