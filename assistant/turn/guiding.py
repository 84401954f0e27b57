"""怎么办: the guidance card that answers, or that there is none and whom to ask.

A question never swallows a report. One that names a door, or somebody, or speaks of life or money at stake as of
something that is so, is filed as a report and gets the card beside the reply; only 要是…, 遇到… and 怎么劝 make
it a mere question. Where the worker may stand right beside it, the coordinator is told that somebody asks.
"""

import re
from collections.abc import Iterator

from assistant.dialogue.compose import Reply
from assistant.domain.places import is_place
from assistant.domain.reports import Finding, FraudStage, Intent, Severity
from assistant.turn.beside import Aside, Heard
from assistant.turn.course import Reported
from assistant.turn.notices import tell_coordinators
from assistant.understand.cases import NOWHERE
from knowledge.guidance import Card
from knowledge.replies import Replies

_LONGEST = 80
#: what tells of things and asks at its end is longer than a mere question
_SHORT = 30
_CLOSING = "。!?~ 嘛哦呢啊哇噻"
_CLAUSE_END = re.compile(r"[,。;!?\n]")
#: with these stages somebody is about to lose money, or has
_MONEY_GOES = (FraudStage.ABOUT_TO_PAY, FraudStage.PAID)
_MAY_ASK = (Intent.QUESTION, Intent.REPORT, Intent.OTHER, Intent.REQUEST_DATA)
_NUMBER = re.compile(r"\d")


def find(heard: Heard) -> Aside | None:
    """The answer to a question that reports nothing; None when it is none, or a report first."""
    if not _asks(heard) or _is_of_somebody(heard) or any(_is_urgent(heard, one) for one in _standing(heard)):
        return None
    card = _card(heard)
    if card is None and not _is_mere_question(heard):
        return None
    if card is None:
        guidance = heard.course.replies.guidance
        text = guidance.nothing.format(whom=heard.whom_to_ask(guidance.whom_nobody))
        return Aside(Intent.QUESTION, lambda reported: Reply(text))
    return Aside(Intent.QUESTION, lambda reported: _give(heard, reported, card))


def with_card(heard: Heard, reply: Reply) -> Reply:
    """The reply to a report that also asks and names no door: the card's steps stand beside what was understood."""
    if not _asks(heard) or not heard.names_no_door or not any(_is_urgent(heard, one) for one in _standing(heard)):
        return reply
    card = _card(heard)
    if card is None:
        return reply
    return Reply(f"{reply.text}\n{say_card(card, heard.course.replies)}", reply.buttons)


def say_card(card: Card, replies: Replies) -> str:
    """Heading, numbered steps and source."""
    say = replies.guidance
    steps = "\n".join(say.step.format(number=number, step=step) for number, step in enumerate(card.steps, start=1))
    return say.card.format(title=card.title, steps=steps, source=replies.sources[card.source].name)


def _asks(heard: Heard) -> bool:
    if len(heard.text) > _LONGEST or heard.reading.intent not in _MAY_ASK:
        return False
    if heard.reading.intent is Intent.QUESTION:
        return True
    if heard.reading.intent is Intent.REPORT and "for_somebody" in heard.beside.questions.heard(heard.text):
        return False
    last = _CLAUSE_END.split(heard.text.rstrip(_CLOSING))[-1]
    return len(heard.text) <= _SHORT and "how_to" in heard.beside.questions.heard(last)


def _is_mere_question(heard: Heard) -> bool:
    """Would nothing be lost if it were not filed? What one wants to know (养老金怎么领) is answered or passed on."""
    findings = [finding for case in heard.reading.cases for finding in case.findings]
    asks_for_somebody = bool(findings) and all(finding.theme == "request" for finding in findings)
    return heard.reading.intent is Intent.QUESTION or asks_for_somebody


def _is_of_somebody(heard: Heard) -> bool:
    """Is it about a certain door, place or person, or does it hold what was measured or done? Then it is a report."""
    for case in heard.reading.cases:
        if case.measurements or case.closes or (case.key != NOWHERE and not _is_any_place(case.key)):
            return True
    return bool(heard.reading.moves)


def _is_any_place(key: str) -> bool:
    """楼道 is anybody's, 3栋楼道 is one."""
    return is_place(key) and _NUMBER.search(key) is None


def _standing(heard: Heard) -> Iterator[Finding]:
    return (finding for case in heard.reading.cases for finding in case.findings if finding.state.is_active)


def _is_urgent(heard: Heard, finding: Finding) -> bool:
    """Is life or money at stake, as of something that is so? 怎么劝 speaks of people in general, unless life is."""
    signs = heard.beside.questions.heard(heard.text)
    if "hypothetical" in signs:
        return False
    severity = heard.beside.severities.get(finding.kind)
    if severity is Severity.P0 or finding.stage in _MONEY_GOES:
        return True
    return "general" not in signs and (severity is Severity.P1 or finding.stage is FraudStage.ENGAGED)


def _card(heard: Heard) -> Card | None:
    kinds = [finding.kind for case in heard.reading.cases for finding in case.findings]
    says_so = "how_to" in heard.beside.questions.heard(heard.text)
    return heard.beside.guidance.find(heard.text, kinds, strictly=not says_so)


def _give(heard: Heard, reported: Reported, card: Card) -> Reply:
    replies = reported.course.replies
    may_be_now = "hypothetical" not in heard.beside.questions.heard(heard.text)
    is_grave = any(heard.beside.severities.get(kind) is Severity.P0 for kind in card.kinds)
    if is_grave and may_be_now:
        _tell_of_question(reported, card)
    lines = [say_card(card, replies)]
    if is_grave:
        lines.append(replies.guidance.happening_now)
    elif any(_standing(heard)):
        lines.append(replies.guidance.say_door)
    return Reply("\n".join(lines))


def _tell_of_question(reported: Reported, card: Card) -> None:
    text = reported.course.replies.guidance.told_of_urgent.format(by=reported.worker.name, title=card.title)
    tell_coordinators(reported, reported.worker.area_id, f"asks:{reported.report.id}", text)
