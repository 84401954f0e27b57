"""What is told to somebody who did not just write: of what is urgent, of what is due, of what nobody took up.

Each function puts facts into the words of ``knowledge/replies.yaml`` and decides nothing.
"""

from assistant.telling.due import PromiseTold, say_day, say_late, say_prompt, say_theirs
from assistant.telling.others import say_alarm, say_to_police, say_what_to_do, say_withdrawn, scams_of
from assistant.telling.pursuit import (
    say_acknowledged,
    say_called_again,
    say_called_anew,
    say_called_first,
    say_called_of_many,
)
from assistant.telling.week import WeekTold, say_week

__all__ = [
    "PromiseTold",
    "WeekTold",
    "say_acknowledged",
    "say_alarm",
    "say_called_again",
    "say_called_anew",
    "say_called_first",
    "say_called_of_many",
    "say_day",
    "say_late",
    "say_prompt",
    "say_theirs",
    "say_to_police",
    "say_week",
    "say_what_to_do",
    "say_withdrawn",
    "scams_of",
]
