"""Everything that the assistant says, read from ``replies.yaml`` and checked once at start.

``load_replies`` promises that what it returns can be said as it is: every kind has a name, every piece of advice has
a known source, and no sentence asks for a word that the program does not fill. A fault names file, line and mend, in
Chinese, because the people who edit the file read it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, get_args

from pydantic import Field, ValidationError

from assistant.domain.access import AreaLevel
from assistant.domain.casework import Responder
from assistant.domain.errors import KnowledgeError
from assistant.domain.pace import CLIMB
from assistant.domain.reports import EvidenceState, FraudStage, Severity, VisitOutcome
from knowledge import yamlfile
from knowledge.asides import GuidanceSayings, RefusalSayings, RequestSayings, StationSayings
from knowledge.away_words import AwayWords
from knowledge.chat_words import AnswerWords, CommandWords, WhyWords
from knowledge.slots import Door, Doors, DoorWhat, DoorWhatByReason, Entry, Plain, Slots

OWN = Path(__file__).parent


class Source(Entry):
    name: str
    url: str | None = None


class SeverityName(Entry):
    name: str
    means: str


class Advice(Entry):
    """What to do now. It applies where every condition that it names holds; an empty one is not asked."""

    say: str
    source: str
    severity: tuple[Severity, ...] = ()
    stage: tuple[FraudStage, ...] = ()
    circumstance: tuple[str, ...] = ()

    def applies(self, severity: Severity, stage: FraudStage | None, circumstances: frozenset[str]) -> bool:
        """Do all of its conditions hold? Any one of several circumstances is enough."""
        return (
            (not self.severity or severity in self.severity)
            and (not self.stage or stage in self.stage)
            and (not self.circumstance or not circumstances.isdisjoint(self.circumstance))
        )


class KindReplies(Entry):
    called: str
    advice: tuple[Advice, ...] = ()


class Sayings(Entry):
    """Whole sentences; the annotation says which words each may ask for."""

    door: Annotated[str, Slots.of("door", "people", "what")]
    door_without_people: Annotated[str, Slots.of("door", "what")]
    no_door: Annotated[str, Slots.of("people", "what")]
    nothing_named: Annotated[str, Slots.of("what")]
    urgent: Annotated[str, Slots.of("line")]
    with_note: Annotated[str, Slots.of("called", "note")]
    resolved: Annotated[str, Slots.of("called")]
    resolved_unseen: Annotated[str, Slots.of("called")]
    and_so_many_doors: Annotated[str, Slots.of("count")]
    more_doors: Annotated[str, Slots.of("count")]
    follow_up: Annotated[str, Slots.of("owner", "due", "what")]
    follow_up_saying_when: Annotated[str, Slots.of("owner", "what")]
    follow_ups: Annotated[str, Slots.of("list")]
    more_follow_ups: Annotated[str, Slots.of("count")]
    on_the_list: Plain
    you: Plain

    now: Plain
    today: Plain
    tomorrow: Annotated[str, Slots.of("hour")]
    by_day: Annotated[str, Slots.of("month", "day")]
    by_day_of_year: Annotated[str, Slots.of("year", "month", "day")]
    past_day: Annotated[str, Slots.of("month", "day")]

    ask_door: Plain
    ask_door_of: Annotated[str, Slots.of("whom")]
    ask_which_door: Annotated[str, Slots.of("doors")]
    ask_building: Door
    ask_building_and_unit: Door
    ask_unit: Door
    ask_unit_and_room: Door
    ask_room: Door
    ask_which_message: Plain
    ask_new_door: Plain
    ask_visits: Plain

    greeting: Plain
    question: Plain
    request_data: Plain
    instruction: Plain
    instruction_beside_report: Plain
    other: Plain
    not_understood: Plain

    moved: Annotated[str, Slots.of("before", "after")]
    corrected: Plain
    correction_recorded: Plain
    correction_not_found: Plain
    withdrawn: Plain
    retraction_not_found: Plain
    ask_what_changed: Plain
    ask_which_report: Doors
    ask_what_is_right: Plain
    told_of_correction: Annotated[str, Slots.of("door", "by", "before", "after")]

    kept_but_set_aside: Plain
    was_cut: Plain
    unknown_account: Plain
    joined: Annotated[str, Slots.of("name")]
    code_opens_nothing: Plain
    code_of_other_account: Plain
    code_in_group: Plain

    help: Plain
    nothing_due: Plain
    today_in_group: Plain

    voice_needs_words: Plain
    voice_is_written_down: Plain
    photo_needs_words: Plain
    place_needs_words: Plain

    answer_noted: Plain
    alarm_is_older: Plain
    ask_seen: DoorWhat
    ask_which_is_done: Doors
    ask_which_is_not_done: Doors
    ask_which_was_empty: Doors
    ask_which_is_referred: Doors
    ask_to_whom: Plain
    ask_to_whom_again: Plain
    ask_why_referred: Annotated[str, Slots.of("whom")]
    done: DoorWhat
    done_already: Plain
    closed_now: Plain
    closing_proposed: Plain
    not_yet_noted: Doors
    not_yet_until: Annotated[str, Slots.of("doors", "month", "day")]
    referred: Annotated[str, Slots.of("door", "what", "whom")]
    referred_without_account: Annotated[str, Slots.of("door", "what", "whom")]
    told_of_assignment: Annotated[str, Slots.of("by", "count", "doors")]
    told_of_referral: Annotated[str, Slots.of("by", "door", "what", "due", "reason")]
    agreed: DoorWhat
    sent_back: DoorWhat
    reopened: DoorWhat
    nothing_to_agree: Door
    not_seen_yet: DoorWhat
    told_sent_back: DoorWhatByReason
    told_reopened: DoorWhatByReason
    told_dismissed: DoorWhatByReason
    ask_what_is_over: DoorWhat
    told_others: Annotated[str, Slots.of("severity", "door", "people", "why", "by")]
    told_of_proposal: Annotated[str, Slots.of("door", "what", "by", "words")]
    told_of_retraction: Annotated[str, Slots.of("door", "what", "by")]
    told_of_unread: Annotated[str, Slots.of("by", "number")]
    told_of_cluster: Annotated[str, Slots.of("estate", "count", "what")]
    told_of_rule_off: Annotated[str, Slots.of("rule")]
    why: Annotated[str, Slots.of("door", "severity", "why")]
    why_not: Annotated[str, Slots.of("door", "why")]
    why_not_at_all: Annotated[str, Slots.of("door")]
    why_unknown: Plain
    why_in_group: Plain
    door_unknown: Plain

    group_receipt: Annotated[str, Slots.of("number")]

    choices: Annotated[str, Slots.of("labels")]

    prompt: Annotated[str, Slots.of("door", "what", "due")]
    prompt_overdue: Annotated[str, Slots.of("door", "what", "due")]
    prompt_urgent: DoorWhat
    prompt_list_head: Annotated[str, Slots.of("count")]
    prompt_list_line: Annotated[str, Slots.of("door", "what", "due")]
    prompt_building: Annotated[str, Slots.of("building")]
    prompt_today_head: Annotated[str, Slots.of("count")]
    day_list_head: Annotated[str, Slots.of("count")]
    about: Annotated[str, Slots.of("called", "what")]
    owner_list_head: Annotated[str, Slots.of("count")]
    late_head: Annotated[str, Slots.of("count")]
    late_head_community: Annotated[str, Slots.of("count")]
    late_line: Annotated[str, Slots.of("door", "what", "due", "by")]
    called_first: Annotated[str, Slots.of("door", "why")]
    called_anew: Annotated[str, Slots.of("door", "why")]
    called_of_many: Annotated[str, Slots.of("count", "doors")]
    called_again: Annotated[str, Slots.of("text")]
    called_up: Annotated[str, Slots.of("level", "text")]
    told_settled: Annotated[str, Slots.of("door", "what", "by")]
    told_agreed: Annotated[str, Slots.of("door", "what", "by")]
    acknowledged_by: Annotated[str, Slots.of("door", "by")]
    away_with_deputy: Annotated[str, Slots.of("day", "deputy")]
    away_without_deputy: Annotated[str, Slots.of("day")]
    away_of_other: Annotated[str, Slots.of("who", "day", "deputy")]
    away_not_yours_to_say: Annotated[str, Slots.of("who")]
    away_which: Annotated[str, Slots.of("who")]
    back_again: Plain
    told_of_standing_in: Annotated[str, Slots.of("who", "day")]
    told_of_away: Annotated[str, Slots.of("who", "day", "deputy")]
    told_of_away_without_deputy: Annotated[str, Slots.of("who", "day")]
    told_of_back: Annotated[str, Slots.of("who")]
    told_of_back_tomorrow: Annotated[str, Slots.of("who")]
    back_tomorrow: Plain
    on_day: Annotated[str, Slots.of("month", "day")]
    told_of_handing_over_off: Annotated[str, Slots.of("who")]
    until_today: Plain
    until_day: Annotated[str, Slots.of("from_month", "from_day", "month", "day")]
    told_police: Annotated[str, Slots.of("severity", "door", "people", "kind", "stage", "amount", "phone", "by")]
    somebody: Plain
    stage_unknown: Plain
    amount_unknown: Plain
    amount_yuan: Annotated[str, Slots.of("amount")]
    amount_wan: Annotated[str, Slots.of("amount")]
    phone_unknown: Plain
    week_head: Annotated[str, Slots.of("p0", "p1", "p2", "p3", "late")]
    week_line: Annotated[str, Slots.of("severity", "door", "what", "since")]
    week_line_late: Annotated[str, Slots.of("severity", "door", "what", "since")]
    week_more: Annotated[str, Slots.of("count")]


class Buttons(Entry):
    """The labels of buttons; a label is also what is understood when somebody types it."""

    withdraw: str
    amend: str
    done: str
    not_yet: str
    not_home: str
    refer: str
    acknowledge: str
    agree_to_close: str
    send_back: str


class Replies(Entry):
    """The whole of ``replies.yaml``."""

    sources: Mapping[str, Source]
    severities: Mapping[Severity, SeverityName]
    themes: Mapping[str, str]
    responders: Mapping[Responder, str]
    stages: Mapping[FraudStage, str]
    states: Mapping[EvidenceState, str]
    levels: Mapping[AreaLevel, str]
    #: by circumstance, the first that was said
    phone: Mapping[str, str]
    visits: Mapping[VisitOutcome, str]
    kinds: Mapping[str, KindReplies]
    fraud_advice: tuple[Advice, ...]
    sayings: Sayings
    station: StationSayings
    requests: RequestSayings
    guidance: GuidanceSayings
    refusals: RefusalSayings
    why_words: WhyWords
    away_words: AwayWords
    command_words: CommandWords
    answer_words: AnswerWords
    buttons: Buttons
    never_repeat: tuple[str, ...] = Field(default=())

    def called(self, kind: str) -> str:
        """What a finding kind is called when spoken to a worker. Raises KeyError for a kind that has no entry."""
        return self.kinds[kind].called

    def advice_for(
        self, kind: str, severity: Severity, stage: FraudStage | None, circumstances: frozenset[str]
    ) -> str | None:
        """The first advice that applies: the kind's own, then (for fraud) the one of its stage; None if none does."""
        own = self.kinds[kind].advice
        general = self.fraud_advice if kind.startswith("fraud.") else ()
        for advice in (*own, *general):
            if advice.applies(severity, stage, circumstances):
                return advice.say
        return None


def load_replies(folder: Path = OWN, phones: Mapping[Responder, str] | None = None) -> Replies:
    """Read and check ``replies.yaml`` of the folder. Raises KnowledgeError with the line and the likely mend.

    ``phones`` are the community's own numbers: ``{gas}`` in advice becomes the gas company's, or nothing.
    """
    file = folder / "replies.yaml"
    try:
        replies = Replies.model_validate(yamlfile.load(file))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _fault(file, first["loc"], f"{where} 不对：{first['msg']}", "对照文件开头的写法改") from fault
    _check_sources(replies, file)
    _check_slots(replies, file)
    _check_every_code_has_a_name(replies, file)
    return _with_phones(replies, phones or {})


def _with_phones(replies: Replies, phones: Mapping[Responder, str]) -> Replies:
    numbers = {responder.value: phones.get(responder, "") for responder in Responder}

    def filled(all_advice: tuple[Advice, ...]) -> tuple[Advice, ...]:
        return tuple(advice.model_copy(update={"say": advice.say.format(**numbers)}) for advice in all_advice)

    kinds = {kind: entry.model_copy(update={"advice": filled(entry.advice)}) for kind, entry in replies.kinds.items()}
    return replies.model_copy(update={"kinds": kinds, "fraud_advice": filled(replies.fraud_advice)})


def _places_of_advice(replies: Replies) -> Iterator[tuple[tuple[str | int, ...], Advice]]:
    for kind, entry in replies.kinds.items():
        for index, advice in enumerate(entry.advice):
            yield ("kinds", kind, "advice", index), advice
    for index, advice in enumerate(replies.fraud_advice):
        yield ("fraud_advice", index), advice


def _check_sources(replies: Replies, file: Path) -> None:
    for place, advice in _places_of_advice(replies):
        if advice.source not in replies.sources:
            raise _fault(file, place, f"没有这个出处：{advice.source}", "先在 sources 里写上，或写 ours")


#: the sections that hold sentences
_SENTENCES = ("sayings", "station", "requests", "guidance", "refusals")


def _check_slots(replies: Replies, file: Path) -> None:
    for section in _SENTENCES:
        entry: Entry = getattr(replies, section)
        for name, info in type(entry).model_fields.items():
            said = getattr(entry, name)
            if isinstance(said, Mapping):
                allowed = _slots_in(get_args(info.annotation)[1])
                for key, sentence in said.items():
                    _check_slots_of(sentence, allowed, f"{name}.{key}", (section, name, str(key)), file)
            elif isinstance(said, str):
                allowed = next((each.names for each in info.metadata if isinstance(each, Slots)), frozenset())
                _check_slots_of(said, allowed, name, (section, name), file)
    responders = frozenset(Responder)
    for place, advice in _places_of_advice(replies):
        _check_slots_of(advice.say, responders, "这条建议", place, file)


def _slots_in(annotation: Any) -> frozenset[str]:
    """The words that the sentences of a mapping may ask for."""
    marks = getattr(annotation, "__metadata__", ())
    return next((each.names for each in marks if isinstance(each, Slots)), frozenset())


def _check_slots_of(text: str, allowed: frozenset[str], name: str, place: tuple[str | int, ...], file: Path) -> None:
    try:
        asked = {slot for _, slot, _, _ in Formatter().parse(text) if slot is not None}
    except ValueError as fault:
        raise _fault(file, place, f"{name} 的花括号不成对", "花括号要成对写") from fault
    if unknown := asked - allowed:
        fits = "、".join(f"{{{each}}}" for each in sorted(allowed)) or "没有，这一句不能用花括号"
        raise _fault(file, place, f"{name} 不能填 {'、'.join(sorted(unknown))}", f"这一句能填的词：{fits}")


def _check_every_code_has_a_name(replies: Replies, file: Path) -> None:
    groups: tuple[tuple[str, Mapping[Any, Any], Any], ...] = (
        ("severities", replies.severities, Severity),
        ("responders", replies.responders, Responder),
        ("stages", replies.stages, FraudStage),
        ("states", replies.states, EvidenceState),
        ("visits", replies.visits, VisitOutcome),
        ("levels", replies.levels, CLIMB),
    )
    for group, named, codes in groups:
        if missing := [code.value for code in codes if code not in named]:
            raise _fault(file, (group,), f"{group} 少了 {'、'.join(missing)}", f"在 {group} 下补上")


def _fault(file: Path, place: tuple[str | int, ...], what: str, mend: str) -> KnowledgeError:
    return KnowledgeError(f"{file.parent.name}/{file.name}", yamlfile.line_of(file, place), what, mend)
