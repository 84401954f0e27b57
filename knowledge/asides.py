"""What is said beside reports: at the station, of residents' requests, from the guidance, and where we refuse.

Sections of ``replies.yaml``; the annotation of a sentence says which words it may ask for.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from assistant.domain.errors import KnowledgeError
from assistant.domain.requests import RequestStage
from knowledge import yamlfile
from knowledge.slots import Entry, Plain, Slots


class StationSayings(Entry):
    """The service station: who is on duty, when it is open, when the doctor comes, who has the room."""

    weekdays: tuple[str, str, str, str, str, str, str]
    today: Plain
    tomorrow: Plain
    day: Annotated[str, Slots.of("month", "day", "weekday")]
    span: Annotated[str, Slots.of("opens", "closes")]
    span_of_days: Annotated[str, Slots.of("first", "last")]
    when: Annotated[str, Slots.of("day", "span")]
    nobody_named: Plain

    unknown: Annotated[str, Slots.of("whom")]
    on_duty: Annotated[str, Slots.of("day", "who", "hours")]
    duty_empty: Annotated[str, Slots.of("day", "whom")]
    duty_unknown: Annotated[str, Slots.of("whom")]
    your_duty: Annotated[str, Slots.of("days")]
    your_duty_none: Plain
    open_at: Annotated[str, Slots.of("hours", "place")]
    open_on: Annotated[str, Slots.of("day", "hours")]
    closed_on: Annotated[str, Slots.of("day", "hours")]
    hours_unknown: Annotated[str, Slots.of("whom")]
    at_place: Annotated[str, Slots.of("place")]
    place: Annotated[str, Slots.of("name", "place")]
    place_unknown: Annotated[str, Slots.of("whom")]
    phone: Annotated[str, Slots.of("phone")]
    phone_unknown: Annotated[str, Slots.of("whom")]
    doctor_days: Annotated[str, Slots.of("days", "hours")]
    doctor_comes: Annotated[str, Slots.of("day", "hours")]
    doctor_does_not_come: Annotated[str, Slots.of("day", "next")]
    doctor_unknown: Annotated[str, Slots.of("whom")]

    room_rule: Annotated[str, Slots.of("rooms")]
    room_rule_taken: Annotated[str, Slots.of("rooms", "taken")]
    room_taken_line: Annotated[str, Slots.of("room", "when", "who")]
    room_free: Annotated[str, Slots.of("room", "when")]
    room_taken: Annotated[str, Slots.of("room", "when", "who")]
    room_unknown: Annotated[str, Slots.of("whom")]
    room_which: Annotated[str, Slots.of("rooms")]
    room_say_when: Plain
    room_past: Plain
    room_closed: Annotated[str, Slots.of("when", "hours", "whom")]
    booked: Annotated[str, Slots.of("room", "when", "who", "purpose")]
    book_it: Annotated[str, Slots.of("room", "month", "day", "opens", "closes", "purpose")]
    booking_cancelled: Annotated[str, Slots.of("room", "when")]
    booking_not_found: Plain
    your_bookings: Annotated[str, Slots.of("list")]
    room_move: Annotated[str, Slots.of("list")]
    not_on_record: Annotated[str, Slots.of("whom")]
    rota: Annotated[str, Slots.of("list")]
    rota_nobody: Plain
    booking_which: Annotated[str, Slots.of("list")]

    swap_who: Plain
    swap_which_person: Annotated[str, Slots.of("names")]
    swap_no_slot: Annotated[str, Slots.of("day")]
    swap_not_his: Annotated[str, Slots.of("day", "who")]
    swap_has_none: Annotated[str, Slots.of("who")]
    swap_you_have_none: Plain
    swap_asked: Annotated[str, Slots.of("who", "days", "now")]
    swap_ask_to_take_over: Annotated[str, Slots.of("by", "days")]
    swap_ask_to_stand_in: Annotated[str, Slots.of("by", "days")]
    swap_ask_trade: Annotated[str, Slots.of("by", "his", "yours")]
    swap_agreed: Annotated[str, Slots.of("list")]
    swap_agreed_one: Annotated[str, Slots.of("day", "who")]
    swap_declined: Annotated[str, Slots.of("days", "who", "now")]
    swap_decline_noted: Annotated[str, Slots.of("days", "now")]
    swap_unknown_person: Annotated[str, Slots.of("who")]
    swap_is_over: Plain
    swap_withdrawn: Annotated[str, Slots.of("days", "now")]
    told_of_withdrawal: Annotated[str, Slots.of("by", "days")]
    undo_not_alone: Annotated[str, Slots.of("whom")]
    swap_which_answer: Annotated[str, Slots.of("list")]
    told_of_swap: Annotated[str, Slots.of("list")]
    took_empty: Annotated[str, Slots.of("day")]
    told_of_taking: Annotated[str, Slots.of("day", "who")]
    cannot_noted: Annotated[str, Slots.of("day", "whom")]
    told_of_cannot: Annotated[str, Slots.of("day", "by")]
    assigned: Annotated[str, Slots.of("day", "who")]
    told_of_assignment: Annotated[str, Slots.of("day", "by", "hours")]
    told_of_relief: Annotated[str, Slots.of("day", "by", "hours")]
    told_of_arranging: Annotated[str, Slots.of("by", "list")]
    told_of_empty: Annotated[str, Slots.of("day")]
    told_of_open_swap: Annotated[str, Slots.of("day", "who", "to", "asked")]
    remind_duty: Annotated[str, Slots.of("day", "hours")]

    doctor_list_head: Annotated[str, Slots.of("day", "count")]
    doctor_list_line: Annotated[str, Slots.of("door", "who", "what")]
    doctor_list_foot: Plain
    doctor_list_empty: Plain
    doctor_list_not_yours: Plain
    consent_yes: Annotated[str, Slots.of("who")]
    consent_no: Annotated[str, Slots.of("who")]
    consent_who: Plain

    agree_swap: Plain
    decline_swap: Plain


class RequestSayings(Entry):
    """Residents' requests; ``stages`` names each stage, ``word_back`` is what those who asked are told at it."""

    stages: Mapping[RequestStage, str]
    word_back: Mapping[RequestStage, Annotated[str, Slots.of("about", "by_day")]]
    number: Annotated[str, Slots.of("about", "number")]
    by_day: Annotated[str, Slots.of("month", "day")]
    status: Annotated[str, Slots.of("about", "number", "month", "day", "stage", "by_day", "count")]
    noted: Annotated[str, Slots.of("about", "number", "stage", "by_day", "told")]
    told_back: Annotated[str, Slots.of("count")]
    told_nobody: Plain
    to_pass_on: Annotated[str, Slots.of("news", "whom")]
    those_who_asked: Plain
    ended: Annotated[str, Slots.of("about", "stage")]
    not_found: Plain
    which: Annotated[str, Slots.of("list")]
    which_stage: Annotated[str, Slots.of("status")]
    late: Annotated[str, Slots.of("about", "number", "stage", "month", "day")]


class GuidanceSayings(Entry):
    """A card of knowledge/guidance, or that there is none."""

    card: Annotated[str, Slots.of("title", "steps", "source")]
    step: Annotated[str, Slots.of("number", "step")]
    happening_now: Plain
    say_door: Plain
    told_of_urgent: Annotated[str, Slots.of("by", "title")]
    nothing: Annotated[str, Slots.of("whom")]
    whom_nobody: Plain


class RefusalSayings(Entry):
    """What we don't do, and what instead; ``told_of`` is what the coordinator hears of it."""

    bulk_data: Plain
    close_all: Plain
    invent: Plain
    steer: Plain
    hide: Plain
    beside_report: Plain
    told_of: Mapping[str, Annotated[str, Slots.of("by")]]
    in_group: Plain


def load_days(path: Path) -> Mapping[RequestStage, int]:
    """How many days each stage of a request may take, from ``days`` of requests.yaml. Raises KnowledgeError."""
    content = yamlfile.load(path).get("days") or {}
    running = [stage for stage in RequestStage if not stage.has_ended]
    if set(content) != {stage.value for stage in running}:
        names = "、".join(stage.value for stage in running)
        raise KnowledgeError(path.name, yamlfile.line_of(path, ["days"]), "days 不齐", f"正好写这几步:{names}")
    for name, days in content.items():
        if not isinstance(days, int) or not 1 <= days <= 366:
            line = yamlfile.line_of(path, ["days", name])
            raise KnowledgeError(path.name, line, f"{name} 的天数不对", "写 1 到 366 的整数")
    return {stage: content[stage.value] for stage in running}
