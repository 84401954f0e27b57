"""Short answers in words: is this message one, and what does it say? Pure; the words are ``answer_words``.

    says_only(text, words.not_yet, replies)      还没换哈
    second_word("3-2-501退回,还没换", replies)     a coordinator's word, the words that name the door, and the reason
    handed_over("3-2-501转给物业,要他们拆", …)     a hand-over, to whom, and why

Only a message that holds nothing else is an answer: 他把钱转给对方了 is a report and hands nothing over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.casework import Responder
from knowledge.replies import Replies

#: a door and a form of address fit into this many characters
_MOST_ABOUT = 24
#: an answer that says nothing else has at most this many characters
_MOST_OF_AN_ANSWER = 100
_PUNCTUATION = "，,。.；;：:！!、 \n~"


def says_only(text: str, words: Sequence[str], replies: Replies) -> bool:
    """Is the text one of ``words`` and nothing else but filler (还没换哈。)? What is long says more."""
    rest = text.strip(_PUNCTUATION)
    if len(rest) > _MOST_OF_AN_ANSWER:
        return False
    while rest not in words:
        shorter = next((cut for word in replies.answer_words.filler if (cut := _without_end(rest, word)) != rest), rest)
        if shorter == rest:
            return False
        rest = shorter
    return True


def says_heard(text: str, replies: Replies) -> bool:
    """Does the first clause say that it was heard, or that somebody is on the way (收到，我马上过来)?

    收到诈骗短信 says neither.
    """
    words = replies.answer_words
    first = next((each for each in re.split(f"[{re.escape(_PUNCTUATION)}]", text.strip(_PUNCTUATION)) if each), "")
    rest = first
    for word in sorted((*words.acknowledges, *words.filler), key=len, reverse=True):
        rest = rest.replace(word, "")
    return not rest and says_any(first, words.acknowledges_by)


def heard_of(text: str, replies: Replies) -> str:
    """What names the door where nothing more is said than that it was heard (1-1-101收到，我马上来); else empty.

    收到诈骗短信 names a matter: whoever asks looks whether a door is named.
    """
    words = replies.answer_words
    clauses = [each for each in re.split(f"[{re.escape(_PUNCTUATION)}]", text.strip(_PUNCTUATION)) if each]
    if not says_any(text, words.acknowledges_by):
        return ""
    named = []
    for clause in clauses:
        about = _without_ends(clause, sorted((*words.acknowledges_by, *words.filler), key=len, reverse=True))
        if _without(about, (*words.acknowledges, *words.filler)):
            named.append(about)
    return named[0] if len(named) == 1 and len(named[0]) <= _MOST_ABOUT else ""


def says_first(text: str, words: Sequence[str], replies: Replies) -> bool:
    """Is its first clause one of ``words`` (还没换，她儿子没空)?"""
    first, more = _first_clause(text)
    return bool(more) and says_only(first, words, replies)


def first_clause_ends(text: str) -> int:
    """Where the first clause of ``text`` ends (its length where there is only one)."""
    first, _ = _first_clause(text)
    return text.find(first) + len(first)


def says_any(text: str, words: Sequence[str]) -> bool:
    """Does one of ``words`` stand anywhere in it?"""
    return any(word in text for word in words)


def is_well_again(text: str, replies: Replies) -> bool:
    """A second look that found nothing wrong any more (复查正常), as far as the words alone tell."""
    words = replies.answer_words
    return says_any(text, words.rechecked) and says_any(text, words.all_well) and not says_any(text, words.not_well)


class SecondWord(StrEnum):
    """What a coordinator says of a matter."""

    AGREE = "agree"
    SEND_BACK = "send_back"
    REOPEN = "reopen"


@dataclass(frozen=True)
class CoordinatorSaid:
    """``about`` is what names the door, empty for the newest message that asked; ``reason`` is what was said beside."""

    word: SecondWord
    about: str
    reason: str
    #: it says outright what is to be done (同意办结); a bare 同意 or 不同意 may be somebody else's
    is_plain: bool = True


def second_word(text: str, replies: Replies) -> CoordinatorSaid | None:
    """A coordinator's word on a matter (3-2-501同意办结), or None. 他同意换软管 is none."""
    words = replies.answer_words
    text = text.strip()
    for verb, all_words in (
        (SecondWord.SEND_BACK, words.send_back),
        (SecondWord.REOPEN, words.reopen),
        (SecondWord.AGREE, words.agree),
    ):
        for word in sorted(all_words, key=len, reverse=True):
            before, found, after = text.partition(word)
            if not found:
                continue
            if _speaks_of_money(before, replies) or len(before) > _MOST_ABOUT:
                return None
            rest = after.strip(_PUNCTUATION)
            if not before.strip(_PUNCTUATION):
                return _door_comes_after(verb, rest, words.agree)
            ends_there = not _without_ends(rest, words.filler)
            is_plain = word not in words.agree_or_not
            if ends_there or (after[0] in _PUNCTUATION and (is_plain or verb is SecondWord.SEND_BACK)):
                return CoordinatorSaid(verb, before.strip(_PUNCTUATION), "" if ends_there else rest, is_plain)
            return None
    return None


def _door_comes_after(verb: SecondWord, rest: str, agreeing: Sequence[str]) -> CoordinatorSaid | None:
    """同意3-2-501办结; 退回,还没换 names no door."""
    first, more = _first_clause(rest)
    if not any(sign.isdigit() for sign in first):
        return CoordinatorSaid(verb, "", rest) if verb is not SecondWord.AGREE or not rest else None
    return CoordinatorSaid(verb, _without(first, agreeing), more) if len(first) <= _MOST_ABOUT else None


@dataclass(frozen=True)
class HandedOver:
    """``whom`` is a colleague's name or a body; ``about`` names the door, if any."""

    whom: str | Responder
    about: str
    reason: str


def handed_over(text: str, colleagues: Sequence[str], replies: Replies) -> HandedOver | None:
    """A whole message that hands a matter to somebody (3-2-501转给物业,要他们来拆); None when it is anything else."""
    words = replies.answer_words
    if _speaks_of_money(text, replies):
        return None
    for word in sorted(words.hand_over, key=len, reverse=True):
        before, found, after = text.strip().partition(word)
        if found and len(before) <= _MOST_ABOUT:
            named = to_whom(after, colleagues, replies)
            return None if named is None else HandedOver(named.whom, before.strip(_PUNCTUATION), named.reason)
    return None


def to_whom(text: str, colleagues: Sequence[str], replies: Replies) -> HandedOver | None:
    """Who is named first in an answer to 转给谁, and the reason that follows; None when nobody we know is."""
    words = replies.answer_words
    rest = text.strip(_PUNCTUATION)
    for lead in sorted((*words.hand_over, *words.hand_over_softly), key=len, reverse=True):
        rest = rest.removeprefix(lead)
    for called, whom in _everybody(colleagues, words.called_as, replies):
        if rest.startswith(called):
            reason = rest.removeprefix(called).strip(_PUNCTUATION)
            for lead in sorted(words.because, key=len, reverse=True):
                reason = reason.removeprefix(lead).strip(_PUNCTUATION)
            return HandedOver(whom, "", _without_ends(reason, words.filler) and reason)
    return None


def _everybody(
    colleagues: Sequence[str], called_as: Mapping[Responder, Sequence[str]], replies: Replies
) -> list[tuple[str, str | Responder]]:
    """Every name with whom it means, longest first: 燃气公司 before 燃气."""
    named: list[tuple[str, str | Responder]] = [(name, name) for name in colleagues]
    named += [(called, body) for body, names in called_as.items() for called in (*names, replies.responders[body])]
    return sorted(named, key=lambda pair: len(pair[0]), reverse=True)


def about_which(text: str, replies: Replies) -> str:
    """What is left of a retraction or pointing that tells which report it means: a door, a thing, or nothing."""
    words = replies.answer_words
    return _without(text, (*words.withdraws, *words.about_a_message, *words.the_last_one, *words.filler))


def _speaks_of_money(text: str, replies: Replies) -> bool:
    return says_any(text.replace("单元", ""), replies.answer_words.not_a_hand_over)


def _first_clause(text: str) -> tuple[str, str]:
    text = text.strip(_PUNCTUATION)
    ends = [at for at, sign in enumerate(text) if sign in "，,。；;！! "]
    return (text[: ends[0]], text[ends[0] :].strip(_PUNCTUATION)) if ends else (text, "")


def _without(text: str, words: Sequence[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text.strip(_PUNCTUATION)


def _without_end(text: str, word: str) -> str:
    return text.removeprefix(word) if text.startswith(word) else text.removesuffix(word)


def _without_ends(text: str, words: Sequence[str]) -> str:
    """The text without these words at its beginning and end, however many."""
    while True:
        shorter = text
        for word in words:
            shorter = shorter.removeprefix(word).removesuffix(word)
        if shorter == text:
            return text
        text = shorter
