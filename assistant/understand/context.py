"""What a message leaves out because the worker has just said it, or because it is on record.

A case without a door finds it by name (李婆婆), by the open matter it speaks of (上回那家软管换了) or from the worker's
last message (他刚打电话过来了). Where two fit, none is taken: the others are listed and the dialogue asks.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import CaseReading, EvidenceState, Finding, KnownHousehold, Message, Reading, VisitOutcome
from assistant.understand.address import DoorMention
from assistant.understand.idioms import idioms
from assistant.understand.normalise import FoldedText, fold
from assistant.understand.people import PersonForm, PersonMention
from assistant.understand.spans import Span

#: A message soon after another goes on with it, unless it says otherwise.
GOES_ON = timedelta(hours=3)


_CAN_BE_MENDED = frozenset({"gas", "electric", "fire", "place"})


def leans_on_before(text: str) -> bool:
    """Does a door named by half (隔壁602也是, 不是502是503) lean on the door of the message before?

    Where nothing says so, a bare 401 is asked about: the wrong household in a gas leak costs more than a question.
    """
    return idioms().leans_on_before.search(text) is not None


def doors_by_name(people: Sequence[PersonMention], known: Sequence[KnownHousehold]) -> list[DoorMention]:
    """The doors on record of several people whom a message tells of one after the other (王婆婆家…,李师傅家…).

    None for a single one, whose case ``Context.placed`` files, and for names that several households bear.
    """
    doors: dict[str, set[str]] = {}
    for household in known:
        for person in household.people:
            doors.setdefault(fold(person.name).text, set()).add(household.key)
    mentions = [
        DoorMention(one.start, one.end, (HouseholdKey.parse(*doors[one.called]),), one.called, elided=True)
        for one in people
        if one.form is PersonForm.ON_RECORD and len(doors[one.called]) == 1 and not is_place(*doors[one.called])
    ]
    return sorted(mentions, key=lambda one: one.start) if len({one.keys for one in mentions}) > 1 else []


class Context:
    """The records and the earlier messages that belong to one message. ``earlier`` is newest first."""

    def __init__(self, message: Message, text: str, earlier: Sequence[Reading]) -> None:
        self._message = message
        self._text = text
        self._known = {known.key: known for known in message.known}
        self._earlier = [case for reading in earlier for case in reading.cases]

    def known(self, key: str) -> KnownHousehold | None:
        """What is on record about a key."""
        return self._known.get(key)

    def keys_by_name(self) -> list[str]:
        """The doors on record of the people whom the message calls by their name there."""
        return [known.key for known in self._message.known if self._names(known)]

    def _names(self, known: KnownHousehold) -> bool:
        return any(fold(person.name).text in self._text for person in known.people)

    def open_kinds(self, keys: Sequence[str]) -> frozenset[str]:
        """The kinds that are open at these keys."""
        return frozenset(matter.kind for key in keys if key in self._known for matter in self._known[key].open)

    def placed(self, cases: Sequence[CaseReading]) -> tuple[CaseReading, ...]:
        """Give each case the door that it leaves out, where exactly one fits."""
        return tuple(self._placed(case, is_only=len(cases) == 1) for case in cases)

    def recent(self) -> list[CaseReading]:
        """The cases of the worker's last messages, newest first; none where they are too long ago."""
        before = self._message.before
        if not before or self._message.at - before[-1].at > GOES_ON:
            return self._missed_today() if idioms().tries_again.search(self._text) else []
        return self._earlier

    def settled_before(self, folded: FoldedText, settlements: Sequence[Span]) -> dict[str, tuple[Finding, ...]]:
        """“刚才那家换好了”: what the one household of the last message had to mend is mended."""
        if len(self.recent()) != 1 or not settlements or not idioms().refers_back.search(self._text):
            return {}
        quote = folded.quote(*settlements[0])
        case = self.recent()[0]
        mended = [one for one in case.findings if one.state.is_active and one.theme in _CAN_BE_MENDED]
        over = tuple(replace(one, state=EvidenceState.RESOLVED, quote=quote) for one in mended)
        return {case.key: over} if over else {}

    def _missed_today(self) -> list[CaseReading]:
        """Whom the worker's last message of the same day found nobody at: 又去敲了,还是没人 is the same door."""
        last = self._message.before[-1] if self._message.before else None
        if last is None or last.at.date() != self._message.at.date() or len(self._earlier) != 1:
            return []
        return [one for one in self._earlier if one.visit is VisitOutcome.MISSED]

    def _placed(self, case: CaseReading, *, is_only: bool) -> CaseReading:
        if is_place(case.key):
            return case
        key = HouseholdKey.parse(case.key)
        if key.is_complete:
            return case
        candidates = self._candidates(case, key, is_only=is_only)
        if len(candidates) == 1:
            return replace(case, key=candidates[0])
        if len(candidates) > 1 and key.is_empty:
            return replace(case, also_fits=tuple(candidates))
        return case

    def _candidates(self, case: CaseReading, key: HouseholdKey, *, is_only: bool) -> list[str]:
        fitting = [
            known
            for known in self._message.known
            if not is_place(known.key) and key.fits(HouseholdKey.parse(known.key))
        ]
        named = [known.key for known in fitting if self._names(known)]
        if named:
            return named
        if not key.is_empty or not is_only:
            return []
        kinds = {finding.kind for finding in case.findings}
        by_matter = [known.key for known in self._message.known if any(one.kind in kinds for one in known.open)]
        refers_back = idioms().refers_back.search(self._text) is not None
        if by_matter and (refers_back or not any(one.state.is_active for one in case.findings)):
            return by_matter
        return self._from_earlier(case, kinds)

    def _from_earlier(self, case: CaseReading, kinds: set[str]) -> list[str]:
        recent = self.recent()
        same = list(dict.fromkeys(one.key for one in recent if kinds & {finding.kind for finding in one.findings}))
        if same:
            return same
        if kinds and not idioms().refers_back.search(self._text) and not idioms().goes_on_first.search(self._text):
            return []
        return [recent[0].key] if recent else []


def carried(earlier: CaseReading, text: str, topics: Sequence[str]) -> tuple[Finding, ...]:
    """Earlier findings that a later message goes on speaking of: their words stand, quoted from the new message.

    ``topics`` are the words of each finding's topic; the first one in ``text`` is quoted.
    """
    found = []
    for finding in earlier.findings:
        for topic in topics:
            at = text.find(topic)
            if at >= 0:
                quote = replace(finding.quote, text=topic, start=at, end=at + len(topic))
                found.append(replace(finding, quote=quote))
                break
    return tuple(found)
