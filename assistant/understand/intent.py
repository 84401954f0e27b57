"""What a message is for: steering is refused before anything else; a report beside a question is a report."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.reports import CaseReading, EvidenceState, Intent, Reading
from assistant.understand.claims import Claim

_PREFIX = "intent:"
_QUESTION_ENDINGS = ("吗", "么", "不嘛", "没有嘛", "哪个", "咋办", "咋个办", "怎么办", "啥子", "哪里", "哪儿")


@dataclass(frozen=True)
class Intention:
    """The intent, and whether the worker wants a visit put on record without saying where."""

    intent: Intent
    wants_record: bool = False


def spoken_intents(claims: Sequence[Claim]) -> set[str]:
    """The intents that the words name outright."""
    return {
        claim.target.removeprefix(_PREFIX)
        for claim in claims
        if claim.target.startswith(_PREFIX) and claim.state is not EvidenceState.NEGATED
    }


def wants_to_retract(spoken: set[str], cases: Sequence[CaseReading], earlier: Sequence[Reading]) -> bool:
    """Is the message there to take an earlier one back (and not to say it again, better, or of another door)?

    What it says is not so, or is over, is what it takes back (漏气的那条不算).
    """
    stands = any(found.state.is_active for case in cases for found in case.findings)
    says_more = stands or any(case.measurements for case in cases) or _names_another_door(cases, earlier)
    return Intent.RETRACTION in spoken and not says_more


def wants_to_correct(
    spoken: set[str], cases: Sequence[CaseReading], earlier: Sequence[Reading], *, replaces_a_door: bool
) -> bool:
    """Is the message there to put an earlier one right? “不是…是…” alone says so only after a message.

    ``replaces_a_door``: one door is named to stand for another (5-2-502改成5-2-503).
    """
    if Intent.CORRECTION in spoken:
        return True
    is_meant = "contrast" in spoken or replaces_a_door
    return bool(earlier) and (is_meant or (Intent.RETRACTION in spoken and _names_another_door(cases, earlier)))


def _names_another_door(cases: Sequence[CaseReading], earlier: Sequence[Reading]) -> bool:
    """发错了,是5-2-503: is a whole door named that was not spoken of before?"""
    before = {case.key for reading in earlier for case in reading.cases}
    return bool(before) and any("?" not in case.key and case.key not in before for case in cases)


def intention_of(
    text: str, spoken: set[str], *, reports: bool, stands: bool, endangers: bool, names_a_door: bool, teaches: bool
) -> Intention:
    """Decide between the named intents and what the message reports.

    ``reports``: it says something of a household or place; ``stands``: a finding or visit in it stands;
    ``endangers``: one that stands may cost life or money, which no other intent hides; ``teaches``: the worker tells
    of outreach done.
    """
    if Intent.INSTRUCTION in spoken:
        return Intention(Intent.INSTRUCTION)
    if Intent.REQUEST_DATA in spoken and not endangers and not (stands and names_a_door):
        return Intention(Intent.REQUEST_DATA)
    asks = _ends_asking(text)
    if reports and not (asks and not stands):
        return Intention(Intent.REPORT)
    if "register" in spoken:
        is_report = not any(word in text for word in "补登记")
        return Intention(Intent.REPORT if is_report else Intent.OTHER, wants_record=True)
    if Intent.GREETING in spoken and len(text) <= 20 and not names_a_door:
        return Intention(Intent.GREETING)
    if teaches and not asks:
        return Intention(Intent.REPORT)
    if asks or Intent.QUESTION in spoken:
        return Intention(Intent.QUESTION)
    if Intent.GREETING in spoken and len(text) <= 30:
        return Intention(Intent.GREETING)
    return Intention(Intent.OTHER)


def _ends_asking(text: str) -> bool:
    return "?" in text[-6:] or text.rstrip(" 。!~").endswith(_QUESTION_ENDINGS)
