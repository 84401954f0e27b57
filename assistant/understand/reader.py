"""The one way in: a message's words become a reading.

    reader = Reader(load_book())
    reading = reader.read(message)

Pure: no clock, no database, no network; ``message.at`` anchors "today". Safe to share between threads.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import (
    CaseReading,
    Circumstance,
    EvidenceState,
    Finding,
    Intent,
    Message,
    Missing,
    Reading,
    Severity,
    TimeSaid,
    VisitOutcome,
)
from assistant.understand.address import AddressBook, DoorMention, find_doors, known_book
from assistant.understand.cases import Assembly, Said, with_heading, with_the_fire_out
from assistant.understand.claims import Claim, claims_of
from assistant.understand.clauses import Clauses
from assistant.understand.context import (
    GOES_ON,
    Context,
    doors_by_name,
    goes_on_with_the_round,
    leans_on_before,
    that_home,
)
from assistant.understand.correcting import answer, correct, retract
from assistant.understand.echoes import echoed
from assistant.understand.findings import Statements, elliptical, read_statements
from assistant.understand.going_on import with_earlier
from assistant.understand.idioms import idioms
from assistant.understand.informants import without_informants
from assistant.understand.intent import intention_of, spoken_intents, wants_to_correct, wants_to_retract
from assistant.understand.learned import SecondOpinion, without_doors
from assistant.understand.lexicon import Hits, Lexicon
from assistant.understand.normalise import FoldedText, fold
from assistant.understand.people import PersonForm, PersonMention, find_people
from assistant.understand.polarity import Polarity
from assistant.understand.segment import Boundaries, warm_up
from assistant.understand.spans import Span
from assistant.understand.stretches import Stretch, cut, of_each_door, tellers
from assistant.understand.values import (
    Numbers,
    are_elderly,
    find_measurements,
    find_numbers,
    people_said,
    speaks_of_certain_people,
    times_said,
    with_sums,
)
from assistant.understand.visit import outcome_of
from knowledge.book import Book


@dataclass(frozen=True)
class Scan:
    """Everything found in one text before it is put together."""

    folded: FoldedText
    doors: tuple[DoorMention, ...]
    clauses: Clauses
    hits: Hits
    polarity: Polarity
    people: tuple[PersonMention, ...]
    numbers: Numbers
    times: tuple[TimeSaid, ...]

    @property
    def named(self) -> list[Span]:
        """The residents spoken of by name, without those who only tell (老李头讲,南门口…)."""
        return [Span(one.start, one.end) for one in self.people if _is_named(one) and not one.speaks]


#: Between a heading and the first door stands a mark (电话回访:, 今天打了一圈电话。).
_HEADS = re.compile(r"[:。;\n]|,\s*$")
#: 楼道(头)莫堆: so near behind a place stands what may not be done there.
_RULE_WITHIN = 2
#: All that may stand with a door that answers.
_AROUND_A_DOOR = re.compile(r"[\s,。!~]*(?:就?是|在|哦|嗯|对)?[\s,]*(?:的|那家|那户|哈|嘛)*[\s,。!~]*")
_BY_NAME = frozenset({PersonForm.NAMED, PersonForm.ON_RECORD})


def _within(cue: Span, spans: Sequence[Span]) -> bool:
    return any(span.start <= cue.start < span.end for span in spans)


def _is_said(door: DoorMention) -> bool:
    """Does it say where, by itself or by what was said before (楼上 of nobody says nothing)?"""
    return bool(door.keys or door.anchor) and (door.relation is None or door.elided)


def _is_taught_of(place: DoorMention, forbidden: Sequence[Span]) -> bool:
    """楼道莫堆杂物: any landing, none in particular."""
    return place.anchor is None and any(0 <= span.start - place.end <= _RULE_WITHIN for span in forbidden)


def _is_named(person: PersonMention) -> bool:
    """Is it one certain person (李某 is anybody in the news)?"""
    return person.form in _BY_NAME and "某" not in person.called


class Reader:
    """Reads messages with one knowledge book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.lexicon = Lexicon(book)
        self.learned = SecondOpinion(book, book.learned) if book.learned else None
        warm_up()

    def read(self, message: Message, addresses: AddressBook | None = None) -> Reading:
        """What the message says, by itself and with what is on record about its doors (``message.known``)."""
        earlier = [
            self._read(replace(message, text=one.text, at=one.at, before=message.before[:index]), addresses, ())
            for index, one in reversed(list(enumerate(message.before)))
        ]
        return self._read(message, addresses, earlier)

    def _read(self, message: Message, addresses: AddressBook | None, earlier: Sequence[Reading]) -> Reading:
        before = [case for reading in earlier for case in reading.cases]
        is_round = goes_on_with_the_round(message.text, message, before)
        after = _last_door(earlier) if is_round or leans_on_before(message.text) else HouseholdKey()
        reading = self._read_after(message, addresses, earlier, after)
        if is_round and any(self._is_urgent(finding) for case in reading.cases for finding in case.findings):
            return self._read_after(
                message, addresses, earlier, HouseholdKey()
            )  # the wrong door costs more than asking
        return reading

    def _endangers(self, finding: Finding) -> bool:
        return self._is_urgent(finding) or (finding.state.is_active and finding.theme == "fraud")

    def _is_urgent(self, finding: Finding) -> bool:
        return finding.state.is_active and self.book.kinds[finding.kind].severity is Severity.P0

    def _read_after(
        self, message: Message, addresses: AddressBook | None, earlier: Sequence[Reading], after: HouseholdKey
    ) -> Reading:
        scan = self._scan(message, addresses, after, earlier)
        text = scan.folded.text
        context = Context(message, text, earlier)
        spoken = spoken_intents(claims_of(self.lexicon.intents(scan.hits, scan.clauses), scan.polarity, self.lexicon))
        assembly = Assembly(self.book, scan.clauses, [key for door in scan.doors for key in door.keys])
        said: list[Said] = []
        for stretch in of_each_door(cut(text, scan.clauses, scan.doors, scan.named)):
            said.append(self._said(scan, stretch, context, said[-1] if said else None))
        said = without_informants(said, scan.hits.of(self.lexicon.cues["speech"]), self.book)
        for one in with_heading(text, with_the_fire_out(said)):
            assembly.add(one)
        cases = assembly.cases()
        if wants_to_retract(spoken, cases, earlier):
            return replace(retract(text, earlier), was_cut=scan.folded.was_cut)
        if wants_to_correct(spoken, cases, earlier, replaces_a_door=_replaces_a_door(text, scan.doors)):
            named = [key for door in scan.doors for key in door.keys]
            return replace(correct(cases, earlier, named), was_cut=scan.folded.was_cut)
        cases = with_earlier(context.placed(cases), context, scan.folded, scan.doors, scan.polarity, self.book)
        intention = intention_of(
            text,
            spoken,
            reports=any(_reports(case) for case in cases),
            stands=any(_stands(case) for case in cases),
            endangers=any(self._endangers(finding) for case in cases for finding in case.findings),
            names_a_door=any(mention.keys for mention in scan.doors),
            teaches=bool(scan.polarity.cue("outreach") or scan.polarity.cue("taught")),
        )
        if intention.intent is Intent.INSTRUCTION:
            cases = tuple(case for case in cases if any(finding.state.is_active for finding in case.findings))
        elif intention.intent is not Intent.REPORT:
            cases = ()
        missing = Missing.DOOR if intention.wants_record and not cases else None
        reading = Reading(intention.intent, _with_closes(cases, context), (), missing, scan.folded.was_cut)
        is_soon = bool(message.before) and message.at - message.before[-1].at <= GOES_ON
        return answer(reading, earlier, _only_a_door(text, scan.doors), is_soon=is_soon) or reading

    def _scan(
        self, message: Message, addresses: AddressBook | None, after: HouseholdKey, earlier: Sequence[Reading]
    ) -> Scan:
        folded = fold(message.text)
        text = folded.text
        book = addresses or known_book([known.key for known in message.known])
        doors = find_doors(text, estate=message.estate, book=book, after=after)
        boundaries = Boundaries(text, [edge for door in doors for edge in (door.start, door.end)])
        people = find_people(text, [fold(person.name).text for known in message.known for person in known.people])
        numbers = find_numbers(text)
        if not any(door.keys for door in doors):
            home = that_home(text, Context(message, text, earlier).recent())
            doors = (*doors, *([home] if home else doors_by_name(people, message.known)))
        rooms = [Span(door.start, door.end) for door in doors if door.names_a_door and door.said]
        counted = {**numbers.as_terms(), "person": [Span(one.start, one.end) for one in people]}
        hits = self.lexicon.hits(text, boundaries, counted, rooms)
        telling = tellers(text, doors, hits.of(self.lexicon.cues["speech"]))
        openers = [door.start for door in doors if door.relation is None and door.keys and door not in telling]
        openers += [span.start for span in hits.of(self.lexicon.cues["opens_clause"])]
        clauses = Clauses(text, openers)
        forbidden = hits.of(self.lexicon.cues["prohibition"])
        polarity = Polarity(
            text,
            clauses,
            hits,
            self.lexicon,
            [door.start for door in doors if door not in telling and _is_said(door)],
            [Span(one.start, one.end) for one in people if one.form is not PersonForm.STAFF],
            [Span(door.start, door.end) for door in telling],
            [door.start for door in doors if door.place and door not in telling],
            names_door=any(door.keys and _is_said(door) for door in doors),
            names_place=any(door.place and not _is_taught_of(door, forbidden) for door in doors),
            names_somebody=any(_is_named(one) for one in people) or any(door.anchor for door in doors),
            tells=self.learned.tells(text) if self.learned is not None and not rooms else 0.0,
        )
        doors = tuple(door for door in doors if door not in telling)
        return Scan(folded, doors, clauses, hits, polarity, people, numbers, times_said(folded, message.at))

    def _claims(self, scan: Scan, stretch: Stretch) -> list[Claim]:
        matches = [
            match
            for span in stretch.spans
            for match in self.lexicon.matches(scan.hits, scan.clauses, span.start, span.end)
        ]
        claims = claims_of(matches, scan.polarity, self.lexicon)
        if self.learned is not None:
            claims = self.learned.revised(
                claims,
                stretch.spans,
                without_doors(scan.folded.text, scan.doors),
                scan.clauses,
                scan.polarity,
                self.lexicon,
                names_door=any(door.names_a_door for door in scan.doors),
                not_so={match.pattern.target for match in matches} - {claim.target for claim in claims},
            )
        return claims

    def _heard_of_scams(self, scan: Scan, stretch: Stretch, claims: Sequence[Claim]) -> Mapping[str, float]:
        if self.learned is None or not any(claim.target.startswith("fraud.") for claim in claims):
            return {}
        return self.learned.of_scams(stretch.spans, without_doors(scan.folded.text, scan.doors), scan.clauses)

    def _said(self, scan: Scan, stretch: Stretch, context: Context, previous: Said | None) -> Said:
        claims = self._claims(scan, stretch)
        open_kinds = context.open_kinds(stretch.keys or context.keys_by_name())
        measured = find_measurements(scan.folded, stretch.spans, scan.polarity)
        statements = read_statements(
            scan.folded,
            claims,
            stretch.spans,
            scan.polarity,
            self.lexicon,
            open_kinds,
            is_measured=bool(measured),
            heard=self._heard_of_scams(scan, stretch, claims),
        )
        if previous is not None and not statements.findings:
            statements = elliptical(scan.folded, statements, previous.statements, stretch.spans, scan.polarity)
            again = () if statements.findings else echoed(scan.folded, stretch.spans, previous.statements.findings)
            statements = replace(statements, findings=again) if again else statements
        people = people_said(scan.folded, scan.people, scan.numbers.ages, stretch.spans)
        met_person = bool(people or scan.polarity.cue("selves"))
        visit = outcome_of(claims, statements, stretch, self.book, scan.polarity, met_person=met_person)
        told_by = visit.claim.match if visit and visit.claim else None
        quote = scan.folded.quote(told_by.start, told_by.end) if told_by else None
        return Said(
            stretch,
            self._with_age(self._with_sums(statements, scan, stretch), scan, stretch),
            visit.outcome if visit else None,
            quote,
            people,
            measured,
            tuple(one for one in scan.times if any(_inside(one, scan, span) for span in stretch.spans)),
            speaks_of_certain_people(scan.folded.text, scan.people, stretch.spans)
            or any(_within(cue, stretch.spans) for cue in scan.polarity.cue("some_home")),
            idioms().refers_back.search(scan.folded.text) is not None,
            told_by is not None and self._stands_apart(scan, told_by.end, stretch),
        )

    def _stands_apart(self, scan: Scan, end: int, stretch: Stretch) -> bool:
        first = stretch.mentions[0].start if stretch.mentions else 0
        return _HEADS.search(scan.folded.text, end, first) is not None

    def _with_sums(self, statements: Statements, scan: Scan, stretch: Stretch) -> Statements:
        found = with_sums(statements.findings, scan.numbers.money, stretch.spans, scan.folded)
        return replace(statements, findings=found)

    def _with_age(self, statements: Statements, scan: Scan, stretch: Stretch) -> Statements:
        """A form of address that only the old are given is a circumstance too."""
        elder = are_elderly(scan.people, stretch.spans)
        if elder is None or any(one.code == "elderly" for one in statements.circumstances):
            return statements
        told = Circumstance("elderly", EvidenceState.SEEN, scan.folded.quote(elder.start, elder.end))
        return replace(statements, circumstances=(*statements.circumstances, told))


def _inside(said: TimeSaid, scan: Scan, span: Span) -> bool:
    first = scan.folded.quote(span.start, span.start + 1).start if span.start < len(scan.folded.text) else 0
    last = scan.folded.quote(span.start, span.end).end
    return first <= said.quote.start < last


def _only_a_door(text: str, doors: Sequence[DoorMention]) -> HouseholdKey | None:
    """The one door that is all the message says (2单元的; 是602)."""
    if len(doors) != 1 or len(doors[0].keys) != 1 or not doors[0].said:
        return None
    around = text[: doors[0].start] + text[doors[0].end :]
    return doors[0].keys[0] if _AROUND_A_DOOR.fullmatch(around) else None


def _replaces_a_door(text: str, doors: Sequence[DoorMention]) -> bool:
    """5-2-502改成5-2-503: does one door stand for the one right before it?"""
    return any(idioms().replaced_by.fullmatch(text, one.end, other.start) for one, other in pairwise(doors))


def _last_door(earlier: Sequence[Reading]) -> HouseholdKey:
    for reading in earlier:
        for case in reversed(reading.cases):
            if not is_place(case.key):
                return HouseholdKey.parse(case.key)
    return HouseholdKey()


def _reports(case: CaseReading) -> bool:
    told = any(one.code != "elderly" for one in case.circumstances)
    return bool(case.findings or case.measurements or told or case.visit is not VisitOutcome.NONE)


def _stands(case: CaseReading) -> bool:
    """Is there something in it that is so, not only talked of?"""
    return bool(
        any(finding.state is not EvidenceState.PLANNED for finding in case.findings)
        or case.measurements
        or case.visit_quote
    )


def _with_closes(cases: Sequence[CaseReading], context: Context) -> tuple[CaseReading, ...]:
    """Propose to close each open matter that is said to be over or not there, unless only told."""
    closed = []
    for case in cases:
        open_kinds = context.open_kinds([case.key])
        closes = tuple(
            finding.kind
            for finding in case.findings
            if finding.kind in open_kinds
            and finding.state in (EvidenceState.RESOLVED, EvidenceState.NEGATED)
            and "word_only" not in finding.circumstances
        )
        closed.append(replace(case, closes=closes))
    return tuple(closed)
