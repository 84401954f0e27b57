"""为什么 and 为什么没有 in chat: is this message such a question, and the one sentence that answers it. Pure.

    asked = why_asked(text, replies)        # None: it is something else and has to be read
    asked.is_not, asked.about               # 为什么没有…? and the words that name the door, as typed

Only a message that holds nothing else is such a question: 为什么楼道还有煤气味 is a report.
"""

from dataclasses import dataclass

from assistant.dialogue.wording import say_door, widen
from assistant.domain.reports import Severity
from knowledge.replies import Replies

#: a door and a form of address fit into this many characters
_MOST_ABOUT = 16


@dataclass(frozen=True)
class WhyAsked:
    """``about`` is what is left beside the question: a door, a name, or nothing."""

    is_not: bool
    about: str


def why_asked(text: str, replies: Replies) -> WhyAsked | None:
    """The question, or None. What stands before 为什么 names the door; after it only filler may stand."""
    words = replies.why_words
    text = text.strip()
    asking = next((word for word in sorted(words.asks, key=len, reverse=True) if word in text), None)
    if asking is None:
        return None
    before, _, after = text.partition(asking)
    rest = _without(after, (*words.filler, *words.asks_not))
    about = before.strip(" ，,。:：")
    if rest or len(about) > _MOST_ABOUT:
        return None
    if not _without(about, words.filler):
        about = ""
    return WhyAsked(_without(after, words.filler) != "", about)


def say_why(key: str, severity: Severity, why: str, replies: Replies) -> str:
    """Why something stands flagged, in one sentence."""
    level = replies.severities[severity].name
    return replies.sayings.why.format(door=_door(key, replies), severity=level, why=widen(why))


def say_why_not(key: str, because: str | None, replies: Replies) -> str:
    """Why nothing (or nothing more urgent) was flagged: what the nearest rule lacked; None where no rule is near."""
    door = _door(key, replies)
    if because is None:
        return replies.sayings.why_not_at_all.format(door=door)
    return replies.sayings.why_not.format(door=door, why=widen(because))


def _door(key: str, replies: Replies) -> str:
    return say_door(key) or replies.sayings.door_unknown


def _without(text: str, words: tuple[str, ...]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text
