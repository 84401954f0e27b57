"""What a residents' request is called, and what is said of where it stands. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from assistant.dialogue.wording import say_door
from assistant.domain.requests import RequestStage
from knowledge.replies import Replies
from knowledge.signs import Signs

_CLAUSE_END = re.compile(r"[,。;!?、:\n]")
_LONGEST = 8


def name_of(text: str, start: int, words: Signs) -> str | None:
    """What is asked for, from the words of the wish that begins at ``start`` of the folded text; None if unclear.

    What stands behind the last measure word (想要个|乒乓室), else the longest thing that the list knows.
    """
    end = _CLAUSE_END.search(text, start)
    clause = text[start : end.start() if end else len(text)]
    behind = max((at + len(word) for word in words.words["量词"] if (at := clause.rfind(word)) >= 0), default=0)
    named = _trimmed(clause[behind:], words) if behind else ""
    listed = words.found("东西", clause)
    if len(named) >= 2:
        return listed if listed is not None and listed in named else named
    return listed or words.found("东西", text)


def _trimmed(name: str, words: Signs) -> str:
    cut = min((at for word in words.words["到此"] if (at := name.find(word)) > 0), default=len(name))
    name = name[: min(cut, _LONGEST)]
    for opening in sorted(words.words["没用的开头"], key=len, reverse=True):
        name = name.removeprefix(opening)
    return name.strip(" “”\"'()")


def is_about(text: str, about: str) -> bool:
    """Does the text speak of it: by its name, or by two characters of it that stand together (乒乓的事)?"""
    return about in text or any(about[at : at + 2] in text for at in range(len(about) - 1))


def say_by_day(due_on: date | None, replies: Replies) -> str:
    """Until when there will be news; empty when nobody said."""
    if due_on is None:
        return ""
    return replies.requests.by_day.format(month=due_on.month, day=due_on.day)


def say_word_back(about: str, stage: RequestStage, due_on: date | None, replies: Replies) -> str:
    """What those who asked are told at this stage."""
    return replies.requests.word_back[stage].format(about=about, by_day=say_by_day(due_on, replies))


def say_to_pass_on(news: str, doors: Iterable[str], replies: Replies) -> str:
    """What a worker is asked to pass on, and to which doors; ``doors`` are the keys of households that can be named."""
    whom = "、".join(map(say_door, doors)) or replies.requests.those_who_asked
    return replies.requests.to_pass_on.format(news=news, whom=whom)
