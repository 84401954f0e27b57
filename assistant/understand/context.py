"""What a message leaves out because the worker has just said it, or because it is on record.

A case without a door finds it by name (李婆婆), by the open matter it speaks of (上回那家软管换了) or from the worker's
last message (他刚打电话过来了). Where two fit, none is taken: the others are listed and the dialogue asks.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from assistant.domain.places import UNSAID, HouseholdKey, floor_of, is_place
from assistant.domain.reports import CaseReading, EvidenceState, Finding, KnownHousehold, Message, Reading, VisitOutcome
from assistant.understand.address import DoorMention
from assistant.understand.idioms import idioms
from assistant.understand.normalise import FoldedText, fold
from assistant.understand.people import PersonForm, PersonMention
from assistant.understand.spans import Span

#: A message soon after another goes on with it, unless it says otherwise.
GOES_ON = timedelta(hours=3)
#: From one door to the next (本项目建议).
ON_THE_ROUND = timedelta(minutes=30)
_BARE_ROOM = re.compile(r"(?:[1-9]单元)?([1-9]\d{2,3})(?![\d.%/:-])")


#: 换好了,我看过: what a message begins with is said of the doors before it.
_AT_ONCE = 3
_CAN_BE_MENDED = frozenset({"gas", "electric", "fire", "place"})


def leans_on_before(text: str) -> bool:
    """Does a door named by half (隔壁602也是, 不是502是503) lean on the door of the message before?

    Where nothing says so, a bare 401 is asked about: the wrong household in a gas leak costs more than a question.
    """
    return idioms().leans_on_before.search(text) is not None


def that_home(text: str, earlier: Sequence[CaseReading]) -> DoorMention | None:
    """刚才那家…, 再去那家…: the one door of the worker's last messages; None where it may be several, or none."""
    said = idioms().that_home.match(text)
    doors = list(dict.fromkeys(case.key for case in earlier if not is_place(case.key)))
    if said is None or len(doors) != 1:
        return None
    return DoorMention(said.start("home"), said.end(), (HouseholdKey.parse(doors[0]),), said["home"], elided=True)


def goes_on_with_the_round(text: str, message: Message, earlier: Sequence[CaseReading]) -> bool:
    """102没人,201… soon after 7-1-101: do bare rooms begin on the floor where the worker was, or the next one?"""
    begins = idioms().next_one.match(text)
    first = _BARE_ROOM.match(text, begins.end() if begins else 0)
    last = message.before[-1] if message.before else None
    doors = [HouseholdKey.parse(case.key) for case in earlier if not is_place(case.key)]
    if first is None or last is None or message.at - last.at > ON_THE_ROUND or not doors:
        return False
    if any(not key.is_complete for key in doors) or len({(key.building, key.unit) for key in doors}) > 1:
        return False
    floor, here = floor_of(first[1]), floor_of(doors[-1].room)
    return floor is not None and here is not None and abs(int(floor) - int(here)) <= 1


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
        """“刚才那家换好了”: what the households of the last messages had to mend is mended, at one of them."""
        if not settlements:
            return {}
        if settlements[0].start > _AT_ONCE and not idioms().refers_back.search(self._text):
            return {}
        quote = folded.quote(*settlements[0])
        settled = {}
        for case in self.recent():
            mended = [one for one in case.findings if one.state.is_active and one.theme in _CAN_BE_MENDED]
            if mended:
                settled[case.key] = tuple(replace(one, state=EvidenceState.RESOLVED, quote=quote) for one in mended)
        return settled

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
        kinds = {finding.kind for finding in case.findings}
        if not key.is_empty:
            return [] if key.is_floor_only or key.room == UNSAID else self._of_the_matter(key, case, fitting)
        if not is_only:
            return []
        by_matter = [known.key for known in self._message.known if any(one.kind in kinds for one in known.open)]
        refers_back = idioms().refers_back.search(self._text) is not None
        if by_matter and (refers_back or not any(one.state.is_active for one in case.findings)):
            return by_matter
        return self._from_earlier(case, kinds)

    def _of_the_matter(self, key: HouseholdKey, case: CaseReading, fitting: Sequence[KnownHousehold]) -> list[str]:
        """501那根管子换了: the door of that number whose matter is open, or that the worker told of before."""
        over = {finding.kind for finding in case.findings if not finding.state.is_active}
        open_here = [known.key for known in fitting if any(one.kind in over for one in known.open)]
        if open_here or not over:
            return open_here
        told = [one for one in self._earlier if not is_place(one.key) and HouseholdKey.parse(one.key).is_complete]
        return list(
            dict.fromkeys(
                one.key
                for one in told
                if key.fits(HouseholdKey.parse(one.key)) and any(finding.kind in over for finding in one.findings)
            )
        )

    def _from_earlier(self, case: CaseReading, kinds: set[str]) -> list[str]:
        recent = self.recent()
        same = list(dict.fromkeys(one.key for one in recent if kinds & {finding.kind for finding in one.findings}))
        if same:
            return same
        if kinds and not idioms().refers_back.search(self._text) and not idioms().goes_on_first.search(self._text):
            return []
        return [recent[0].key] if recent else []
