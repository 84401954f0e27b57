"""From stretches of text to cases: one for each household or place that something is said of.

Where a stretch names several doors, each has what is said. What can only be in a common area (楼道堆物) goes to the
place that is named with it. A door without findings is a case when it was visited; a building or a place that is only
passed by is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.domain.places import PLACE_PREFIX, UNSAID, HouseholdKey
from assistant.domain.reports import (
    CaseReading,
    Circumstance,
    EvidenceState,
    Finding,
    Measurement,
    PersonSaid,
    Quote,
    TimeSaid,
    VisitOutcome,
)
from assistant.understand.address.mention import FLOOR, DoorMention
from assistant.understand.clauses import Clauses
from assistant.understand.findings import Statements
from assistant.understand.idioms import idioms
from assistant.understand.stretches import Stretch
from knowledge.book import Book

NOWHERE = str(HouseholdKey())


@dataclass
class Draft:
    """A case while it is put together."""

    key: str
    people: list[PersonSaid] = field(default_factory=list)
    visit: VisitOutcome | None = None
    visit_quote: Quote | None = None
    is_whole_unit: bool = False
    findings: list[Finding] = field(default_factory=list)
    circumstances: list[Circumstance] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    times: list[TimeSaid] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_place(self) -> bool:
        return self.key.startswith(PLACE_PREFIX)

    def done(self) -> CaseReading:
        visit = self.visit or VisitOutcome.NONE
        return CaseReading(
            self.key,
            tuple(dict.fromkeys(self.people)),
            VisitOutcome.NONE if self.is_place else visit,
            tuple(self.findings),
            tuple(self.circumstances),
            tuple(self.measurements),
            tuple(self.times),
            is_whole_unit=self.is_whole_unit,
            visit_quote=None if self.is_place else self.visit_quote,
        )


@dataclass(frozen=True)
class Said:
    """All that one stretch says, before it is known whose it is."""

    stretch: Stretch
    statements: Statements
    visit: VisitOutcome | None
    visit_quote: Quote | None = None
    people: tuple[PersonSaid, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    times: tuple[TimeSaid, ...] = ()
    #: is a certain resident or some home spoken of, not just anybody who was there?
    names_people: bool = False
    #: is a household meant that was spoken of before (刚才那家)?
    refers_back: bool = False
    #: does what tells of the visit stand apart before the first door (电话回访:)?
    is_headed: bool = False


def with_heading(text: str, said: Sequence[Said]) -> Sequence[Said]:
    """Let “在站里坐了一天,来了三个:” or “电话回访:” before the first door hold for all doors of the message."""
    if len(said) < 2:
        return said
    heading = said[0]
    if not heading.stretch.mentions or heading.visit_quote is None:
        return said
    is_of_its_door = heading.visit_quote.start >= heading.stretch.mentions[0].start
    if heading.visit not in _FOR_ALL or (is_of_its_door and not all(map(_is_common, heading.stretch.mentions))):
        return said
    if heading.visit is VisitOutcome.PHONE and not heading.is_headed:
        return said
    own = _headed(text, heading, heading.visit) if heading.is_headed else heading
    return [own, *(_headed(text, one, heading.visit) if one.visit in _NOT_TOLD else one for one in said[1:])]


_FIRE = "fire.burning"


def with_the_fire_out(said: Sequence[Said]) -> Sequence[Said]:
    """A fire that caught one thing after the other is out everywhere where the last word on it says so.

    Doors and buildings are not things that one fire goes through in a message: each keeps its own.
    """
    told = [finding for one in said for finding in one.statements.findings if finding.kind == _FIRE]
    apart = any(
        mention.names_a_door or any(key.building != UNSAID for key in mention.keys)
        for one in said
        for mention in one.stretch.mentions
    )
    if len(told) < 2 or told[-1].state is not EvidenceState.RESOLVED or apart:
        return said
    return [
        replace(
            one,
            statements=replace(
                one.statements,
                findings=tuple(
                    replace(finding, state=EvidenceState.RESOLVED) if finding.kind == _FIRE else finding
                    for finding in one.statements.findings
                ),
            ),
        )
        for one in said
    ]


_NOT_TOLD = (VisitOutcome.MET, None)


def _headed(text: str, one: Said, visit: VisitOutcome) -> Said:
    """At a door that was only called nothing was seen: it is what they said themselves."""
    if visit is not VisitOutcome.PHONE:
        return replace(one, visit=visit)
    if any(idioms().not_answered.search(text, span.start, span.end) for span in one.stretch.spans):
        return replace(one, visit=VisitOutcome.MISSED)
    findings = tuple(
        replace(finding, state=EvidenceState.SELF_REPORTED) if finding.state is EvidenceState.SEEN else finding
        for finding in one.statements.findings
    )
    return replace(one, visit=visit, statements=replace(one.statements, findings=findings))


_FOR_ALL = (VisitOutcome.STATION, VisitOutcome.PHONE)


class Assembly:
    """Collects what each stretch says into one draft a key, in the order the keys come up."""

    def __init__(self, book: Book, clauses: Clauses, doors: Sequence[HouseholdKey] = ()) -> None:
        self._book = book
        self._doors = [key for key in doors if key.room != UNSAID]
        self._clauses = clauses
        self._drafts: dict[str, Draft] = {}

    def add(self, said: Said) -> None:
        """File what one stretch says under its doors and places."""
        elsewhere: dict[str, list[Finding]] = {}
        own: list[Finding] = []
        for finding in said.statements.findings:
            place = self._common_place(finding, said)
            if place is None:
                own.append(finding)
            else:
                elsewhere.setdefault(place, []).append(finding)
        for place, findings in elsewhere.items():
            draft = self._draft(place)
            draft.findings += [_at_a_place(finding, place) for finding in findings]
            draft.circumstances += said.statements.circumstances if not own else []
        if own and not self._concerns_somebody(own, said.stretch):
            return
        is_home = any(mention.names_a_door or FLOOR in mention.said for mention in said.stretch.mentions)
        is_visit = said.visit_quote is not None and is_home
        if not own and ((elsewhere and not is_visit) or not self._is_case_without_findings(said)):
            return
        self._file(self._draft(said.stretch.key or self._place_in_passing(said) or NOWHERE), own, said)

    def cases(self) -> tuple[CaseReading, ...]:
        """The cases, a key each."""
        return tuple(draft.done() for draft in self._drafts.values())

    def _is_heading(self, stretch: Stretch) -> bool:
        """“9栋1单元走完了:101…”: a building whose doors follow is no case of its own."""
        key = HouseholdKey.parse(stretch.key) if stretch.key and not stretch.is_place else None
        if key is None or key.room != UNSAID or any(one.whole_unit or FLOOR in one.said for one in stretch.mentions):
            return False  # the top floor has no number, and is somebody's all the same
        return any(other != key and key.fits(other) for other in self._doors)

    def _draft(self, key: str) -> Draft:
        return self._drafts.setdefault(key, Draft(key))

    def _file(self, draft: Draft, findings: Sequence[Finding], said: Said) -> None:
        if draft.is_place:
            findings = [_at_a_place(finding, draft.key) for finding in findings]
        have = {finding.kind: finding for finding in draft.findings}
        for finding in findings:
            earlier = have.get(finding.kind)
            if earlier is None:
                draft.findings.append(finding)
            elif _replaces(finding, earlier):
                draft.findings[draft.findings.index(earlier)] = finding
        draft.circumstances += said.statements.circumstances
        draft.people += said.people
        draft.measurements += said.measurements
        draft.times += said.times
        draft.spans += [(span.start, span.end) for span in said.stretch.spans]
        draft.is_whole_unit = any(mention.whole_unit for mention in said.stretch.mentions)
        if said.visit is not None:
            draft.visit = _told_more(draft.visit, said.visit)
            draft.visit_quote = said.visit_quote if draft.visit is said.visit else draft.visit_quote

    def _concerns_somebody(self, findings: Sequence[Finding], stretch: Stretch) -> bool:
        """Outreach that names no room (a talk in the yard, 12栋的年轻人) is nobody's case."""
        if any(finding.state is not EvidenceState.PLANNED for finding in findings):
            return True
        return any(mention.names_a_door for mention in stretch.mentions)

    def _place_in_passing(self, said: Said) -> str | None:
        """Where it happened, when no door and nobody by name is spoken of (在西门喊老年人免费旅游)."""
        if said.stretch.mentions or said.names_people or not said.statements.findings:
            return None
        place = next((one.place for one in said.stretch.passing_places if one.place), None)
        return None if place is None else PLACE_PREFIX + place

    def _common_place(self, finding: Finding, said: Said) -> str | None:
        """The place key for what can only be in a common area; None where the household (or place) itself is meant."""
        stretch = said.stretch
        entry = self._book.entries.get(finding.kind)
        if entry is None or not entry.public:
            return None
        if said.names_people and finding.theme in _OF_PEOPLE and not stretch.mentions:
            return None  # 余婆婆找到了,在菜市场: it is about her, wherever she is
        passing = stretch.place_near(finding.quote.start, self._clauses)
        if stretch.is_place and stretch.mentions[0].anchor is not None and passing is not None and not passing.anchor:
            return None  # 从楼梯口堆起,9栋的通道…: the place with a number is meant
        if any(mention.names_a_door for mention in stretch.mentions) and (passing is None or not passing.anchor):
            return None  # 502室把杂物堆在楼道: the household is who must be spoken to
        building = next((one for one in reversed(stretch.mentions) if one.keys and _is_common(one)), None)
        if building is None or (passing is not None and not self._is_in(building, passing)):
            return PLACE_PREFIX + passing.place if passing is not None and passing.place else None
        words = building.words if len(building.keys) == 1 else _building_words(stretch.key or "")
        is_part_of_it = passing is not None and passing.start >= building.end
        return PLACE_PREFIX + words + (passing.words if passing is not None and is_part_of_it else "")

    def _is_in(self, building: DoorMention, place: DoorMention) -> bool:
        """Is the place a part of the building named before it (3栋2单元那个电梯; 在11栋巡查时,发现安全出口…)?"""
        if place.anchor is not None or place.start < building.end:
            return place.anchor is None
        if place.start - building.end <= _THAT_ONE:
            return True
        is_indoors = idioms().indoors.match(place.words) is not None
        return is_indoors and self._clauses.same_sentence(building.start, place.start)

    def _is_case_without_findings(self, said: Said) -> bool:
        """Was a door visited, or is something said that rules may need?"""
        stretch = said.stretch
        if stretch.is_place:
            return bool(said.statements.circumstances)
        if said.measurements:
            return True
        if self._is_heading(stretch):
            return False
        if not stretch.mentions:
            is_told = said.visit in _TELLING or (said.visit_quote is not None and said.refers_back)
            return bool(said.people and said.visit) or bool(said.statements.circumstances) or is_told
        if any(mention.names_a_door for mention in stretch.mentions):
            return True
        return said.visit is not None and said.visit is not VisitOutcome.NONE


def _at_a_place(finding: Finding, key: str) -> Finding:
    """At a place there is nobody whom a scam befell, so it is seen; what a chat group says of others is heard."""
    if finding.state not in _UNTOLD:
        return finding
    if finding.theme == "fraud":
        return replace(finding, state=EvidenceState.SEEN)
    if key.endswith(_GROUP):
        is_wish = finding.theme == "request"
        return replace(finding, state=EvidenceState.SELF_REPORTED if is_wish else EvidenceState.HEARSAY)
    return finding


#: 业主群, 楼栋群
_GROUP = ("群", "群里")
_UNTOLD = (EvidenceState.SEEN, EvidenceState.SELF_REPORTED)
_TELLING = frozenset({VisitOutcome.MISSED, VisitOutcome.REFUSED})


_OF_PEOPLE = frozenset({"elder", "health", "child"})
#: 3栋2单元(那个)电梯
_THAT_ONE = 3


def _building_words(key: str) -> str:
    """One building's own words where several were named in one breath (1栋和2栋)."""
    building = key.split("-", 1)[0]
    return f"{building}栋" if building.isdigit() else f"{building}座"


def _is_common(mention: DoorMention) -> bool:
    """Is no door named, only a building, unit or floor?"""
    return all(key.room == UNSAID or key.is_floor_only for key in mention.keys)


def _replaces(later: Finding, earlier: Finding) -> bool:
    """Does what is said later of the same kind at the same door stand instead?"""
    if later.state.is_active and not earlier.state.is_active:
        return earlier.state is not EvidenceState.RESOLVED or later.quote.start > earlier.quote.start
    return earlier.state.is_active and later.state is EvidenceState.RESOLVED


_STRENGTH = [
    VisitOutcome.NONE,
    VisitOutcome.MET,
    VisitOutcome.PHONE,
    VisitOutcome.STATION,
    VisitOutcome.REFUSED,
    VisitOutcome.MISSED,
]


def _told_more(earlier: VisitOutcome | None, later: VisitOutcome) -> VisitOutcome:
    if earlier is None:
        return later
    return max(earlier, later, key=_STRENGTH.index)
