"""The one way in: a message's words become a reading.

    reader = Reader(load_book())
    reading = reader.read(message)

Pure: no clock, no database, no network; ``message.at`` anchors "today". Safe to share between threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.reports import Intent, Message, Missing, Reading
from assistant.understand.address import AddressBook, DoorMention, find_doors, known_book
from assistant.understand.cases import Assembly, Said
from assistant.understand.clauses import Clauses
from assistant.understand.findings import Claim, claims_of, read_statements
from assistant.understand.intent import intention_of, spoken_intents
from assistant.understand.lexicon import Hits, Lexicon, Span
from assistant.understand.normalise import FoldedText, fold
from assistant.understand.polarity import Polarity
from assistant.understand.segment import Boundaries, warm_up
from assistant.understand.stretches import Stretch, cut
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
    people: tuple[Span, ...]


class Reader:
    """Reads messages with one knowledge book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.lexicon = Lexicon(book)
        warm_up()

    def read(self, message: Message, addresses: AddressBook | None = None) -> Reading:
        """What the message says, by itself and with what is on record about its doors (``message.known``)."""
        scan = self._scan(message, addresses)
        text = scan.folded.text
        everything = self._claims(scan, [Span(0, len(text))])
        spoken = spoken_intents(everything)
        said = [
            self._said(scan, stretch)
            for stretch in cut(text, scan.clauses, scan.doors, scan.people, scan.polarity.cue("speech"))
        ]
        assembly = Assembly(self.book, scan.clauses)
        for one in said:
            assembly.add(one)
        cases = assembly.cases()
        reports = any(
            case.findings or case.measurements or case.circumstances or case.visit.value != "none" for case in cases
        )
        names_a_door = any(mention.keys for mention in scan.doors)
        intention = intention_of(text, spoken, reports_something=reports, names_a_door=names_a_door)
        if intention.intent is not Intent.REPORT and intention.intent is not Intent.INSTRUCTION:
            cases = ()
        missing = Missing.DOOR if intention.wants_record and not cases else None
        return Reading(intention.intent, cases, (), missing, scan.folded.was_cut)

    def _scan(self, message: Message, addresses: AddressBook | None) -> Scan:
        folded = fold(message.text)
        text = folded.text
        book = addresses or known_book([known.key for known in message.known])
        doors = find_doors(text, estate=message.estate, book=book)
        boundaries = Boundaries(text)
        hits = self.lexicon.hits(text, boundaries)
        openers = [door.start for door in doors if door.relation is None]
        openers += [span.start for span in hits.of(self.lexicon.cues["opens_clause"])]
        clauses = Clauses(text, openers)
        people: tuple[Span, ...] = ()
        polarity = Polarity(text, clauses, hits, self.lexicon, [door.start for door in doors], people)
        return Scan(folded, doors, clauses, hits, polarity, people)

    def _claims(self, scan: Scan, spans: Sequence[Span]) -> list[Claim]:
        matches = [
            match
            for span in spans
            for match in self.lexicon.matches(scan.hits, scan.clauses, span.start, span.end)
        ]
        return claims_of(matches, scan.polarity, self.lexicon)

    def _said(self, scan: Scan, stretch: Stretch) -> Said:
        claims = self._claims(scan, stretch.spans)
        statements = read_statements(scan.folded, claims, scan.polarity, self.lexicon)
        return Said(stretch, statements, outcome_of(claims, statements, stretch, self.book))
