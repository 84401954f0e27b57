"""我今天病了，刘大姐帮我: is this message about who stands in for whom, and for how long? Pure.

    said = handing_over_said(text, colleagues, replies)     # None: it is something else and has to be read

A message that is made of colleagues' names and the words of ``away_words`` is taken for one, and so is one in which the
writer is away and names who helps, whatever else it says of why (我感冒遭凶了，李大姐帮我顶到). 张大爷病了 is a report,
and so are 刘大姐摔了 (a resident may be called so too) and 我病了，还有3-2-501软管老化.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from knowledge.replies import Replies

#: of a sentence that is a hand-over all the same, so much may be other words
_MOST_UNKNOWN = 0.5
_DOOR = re.compile(r"\d\s*[-－—]\s*\d|\d单元|\d{3}")


@dataclass(frozen=True)
class HandingOver:
    """``who`` is away (None: the writer), ``deputy`` stands in (None: not said). ``days`` counts the first one."""

    who: str | None
    deputy: str | None
    days: int = 1
    #: was it said how long, in the words of ``days``?
    says_days: bool = False
    from_tomorrow: bool = False
    #: is it that the writer, or ``who``, is back again (from tomorrow, if that was said)?
    is_back: bool = False


def handing_over_said(
    text: str, colleagues: Collection[str], replies: Replies, times: Collection[str] = ()
) -> HandingOver | None:
    """What was said of being away, or None. ``times`` are words of the text that name a time (下周三)."""
    words = replies.away_words
    found = list(_split(text.strip(), colleagues, times, replies))
    unknown = [word for kind, word in found if kind == "?"]
    found = [(kind, word) for kind, word in found if kind != "?"]
    if not found or (unknown and not _is_plain_all_the_same(text, found, unknown, replies)):
        return None
    kinds = {"away" if kind == "ill" else kind for kind, _ in found}
    by_itself = words.ill_for_days if any(kind == "ill" for kind, _ in found) else 1
    named = list(dict.fromkeys(word for kind, word in found if kind == "name"))
    helps_me = any(me in word for kind, word in found if kind == "stands_in" for me in words.me)
    is_self = helps_me or "me" in kinds
    if "back" in kinds and not kinds & {"away", "stands_in"}:
        if not is_self and not named:
            return None
        who = None if is_self else named[0]
        return HandingOver(who, None, from_tomorrow="from_tomorrow" in kinds, is_back=True)
    if "away" not in kinds and "stands_in" not in kinds:
        return None
    who, deputy = _who_and_deputy(found, named, is_self=is_self)
    if "away" not in kinds and not helps_me and is_self:
        return None  # 我帮刘大姐: it is not the writer who is away
    # of another nothing is believed but the whole: who is away and who stands in
    if deputy is None and not (is_self and "away" in kinds):
        return None
    if not is_self and "stands_in" not in kinds:
        return None
    days = [words.days[word] for kind, word in found if kind == "days"]
    return HandingOver(who, deputy, max(days, default=by_itself), bool(days), "from_tomorrow" in kinds)


def _is_plain_all_the_same(text: str, found: list[tuple[str, str]], unknown: list[str], replies: Replies) -> bool:
    """Is it the writer who is away, and one colleague who is asked to stand in, whatever else is said of why?

    The name stands right before the word of helping (李大姐帮我顶到). What names a door tells of something else.
    """
    words, kinds = replies.away_words, {kind for kind, _ in found}
    names = {word for kind, word in found if kind == "name"}
    speaks_of_self = text.strip().startswith(words.me)
    if len(names) != 1 or not speaks_of_self or not kinds & {"away", "ill"} or _DOOR.search(text):
        return False
    name = names.pop()
    helps = any(f"{name}{lead}{word}" in text for lead in ("", *words.between) for word in words.stands_in)
    return helps and len(unknown) <= len(text) * _MOST_UNKNOWN


def _who_and_deputy(found: list[tuple[str, str]], named: list[str], *, is_self: bool) -> tuple[str | None, str | None]:
    """The one who is away and the one who stands in, by the order in which they are named."""
    if is_self:
        return None, named[0] if named else None
    if len(named) < 2:
        return named[0] if named else None, None
    order = [word if kind == "name" else "away" if kind == "ill" else kind for kind, word in found]
    # 李大姐帮刘大姐顶: who is named before the helping word helps, unless an absence was said of them first
    if "stands_in" in order and ("away" not in order or order.index("stands_in") < order.index("away")):
        helps = order.index("stands_in")
        before = [name for name in named if order.index(name) < helps]
        if before and len(before) < len(named):
            return next(name for name in named if name not in before), before[-1]
    return named[0], named[1]


def _split(
    text: str, colleagues: Collection[str], times: Collection[str], replies: Replies
) -> Iterator[tuple[str, str]]:
    """The message as words of ``away_words`` and names, the longest first (帮我, not 帮); what is neither is ``?``."""
    words = replies.away_words
    vocabulary: dict[str, str] = {}
    for kind, listed in (
        ("filler", (*times, *words.filler)),
        ("stands_in", words.stands_in),
        ("back", words.back),
        ("away", words.away),
        ("ill", words.ill),
        ("days", tuple(words.days)),
        ("from_tomorrow", words.from_tomorrow),
        ("me", words.me),
        ("name", tuple(colleagues)),
    ):
        vocabulary |= dict.fromkeys(listed, kind)
    longest = max(map(len, vocabulary), default=1)
    at = 0
    while at < len(text):
        size = next((n for n in range(longest, 0, -1) if text[at : at + n] in vocabulary), 0)
        if size == 0:
            yield "?", text[at]
            at += 1
            continue
        word = text[at : at + size]
        if vocabulary[word] != "filler":
            yield vocabulary[word], word
        at += size
