"""The reply to a message: what was understood by door, what to do now and who follows up, one question at most.

Three short lines hold it, because a worker reads on the stairs. It never repeats what the worker wrote (a quote may be
rude, or hold somebody's number): it names doors, people as they were called, and findings by their short names. In a
group chat nothing of a household is said at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.dialogue.asking import case_to_ask_about, doors_to_choose_from
from assistant.dialogue.wording import say_door, say_due, say_people, widen
from assistant.domain.casework import Decision, FollowUpDecided, Responder
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    Finding,
    Intent,
    Reading,
    Severity,
    VisitOutcome,
    worst,
)
from knowledge.replies import Replies

_DOORS_NAMED = 3
_QUIET_DOORS_NAMED = 6
_FINDINGS_NAMED = 2
_FOLLOW_UPS_NAMED = 2

_Pair = tuple[CaseReading, Decision]


@dataclass(frozen=True)
class Occasion:
    """What the turn knows beside the reading. ``at`` is the message's moment (aware)."""

    at: datetime
    #: the report's number, for the receipt
    number: str = ""
    is_group: bool = False
    #: did the turn carry out the correction or retraction (else a person looks at it)?
    is_undone: bool = False
    #: did a matter end by it, or go to a coordinator to be ended?
    is_closed: bool = False
    is_proposed: bool = False


@dataclass(frozen=True)
class Reply:
    """What is told to the worker; ``buttons`` are labels, and a tap says the label."""

    text: str
    buttons: tuple[str, ...] = ()


def compose(
    reading: Reading, decisions: Sequence[Decision], asked: str | None, replies: Replies, occasion: Occasion
) -> Reply:
    """Put the reply together. ``asked`` is what ``question`` returned; ``decisions`` follow the reading's cases."""
    if occasion.is_group:
        return Reply(replies.sayings.group_receipt.format(number=occasion.number))
    pairs = sorted(zip(reading.cases, decisions, strict=True), key=lambda pair: pair[1].severity.urgency)
    if reading.intent is Intent.RETRACTION:
        return _of_retraction(asked, replies, occasion)
    if pairs and reading.intent in (Intent.REPORT, Intent.CORRECTION, Intent.INSTRUCTION):
        return _of_report(reading, decisions, pairs, asked, replies, occasion)
    if reading.intent is Intent.CORRECTION:
        undone = _of_correction(reading, replies, occasion)
        return Reply(asked or (undone if occasion.is_undone else replies.sayings.correction_not_found))
    return Reply(asked or _small_talk(reading.intent, replies))


def _of_report(
    reading: Reading,
    decisions: Sequence[Decision],
    pairs: Sequence[_Pair],
    asked: str | None,
    replies: Replies,
    occasion: Occasion,
) -> Reply:
    first = _understood(pairs, replies)
    if reading.intent is Intent.CORRECTION:
        first = _of_correction(reading, replies, occasion) + first
    lines = [first, _advice(pairs, replies), asked or _what_else(reading, pairs, replies, occasion)]
    return Reply("\n".join(line for line in lines if line), _buttons(reading, decisions, replies))


def _what_else(reading: Reading, pairs: Sequence[_Pair], replies: Replies, occasion: Occasion) -> str:
    """The third line where nothing is asked."""
    if reading.intent is Intent.INSTRUCTION:
        return replies.sayings.instruction_beside_report
    if reading.was_cut:
        return replies.sayings.was_cut
    closed = replies.sayings.closed_now if occasion.is_closed else ""
    proposed = replies.sayings.closing_proposed if occasion.is_proposed else ""
    return closed + proposed + _follow_ups(pairs, replies, occasion)


def _buttons(reading: Reading, decisions: Sequence[Decision], replies: Replies) -> tuple[str, ...]:
    doubtful = case_to_ask_about(reading, decisions)
    if doubtful is not None and doubtful.also_fits:
        return doors_to_choose_from(doubtful)
    return (replies.buttons.amend, replies.buttons.withdraw)


def _of_correction(reading: Reading, replies: Replies, occasion: Occasion) -> str:
    sayings = replies.sayings
    if not occasion.is_undone:
        return sayings.correction_recorded
    if not reading.moves:
        return sayings.corrected
    move = reading.moves[0]
    return sayings.moved.format(before=say_door(move.from_key), after=say_door(move.to_key))


def _of_retraction(asked: str | None, replies: Replies, occasion: Occasion) -> Reply:
    sayings = replies.sayings
    return Reply(asked or (sayings.withdrawn if occasion.is_undone else sayings.retraction_not_found))


def _small_talk(intent: Intent, replies: Replies) -> str:
    sayings = replies.sayings
    return {
        Intent.GREETING: sayings.greeting,
        Intent.QUESTION: sayings.question,
        Intent.REQUEST_DATA: sayings.request_data,
        Intent.INSTRUCTION: sayings.instruction,
        Intent.REPORT: sayings.not_understood,
    }.get(intent, sayings.other)


def _understood(pairs: Sequence[_Pair], replies: Replies) -> str:
    """The first line: doors with something to follow first, then those where all is well, under one heading."""
    sayings = replies.sayings
    telling = [pair for pair in pairs if _tells_something(*pair)]
    quiet = [case for case, decision in pairs if not _tells_something(case, decision)]
    parts = [_one_door(pair, replies) for pair in telling[:_DOORS_NAMED]]
    if len(telling) > _DOORS_NAMED:
        parts.append(sayings.more_doors.format(count=len(telling) - _DOORS_NAMED))
    parts += _quiet_doors(quiet, replies)
    line = "；".join(parts) + "。"
    return sayings.urgent.format(line=line) if pairs[0][1].severity is Severity.P0 else line


def _tells_something(case: CaseReading, decision: Decision) -> bool:
    """Is there a finding, or a flag that speaks of none and is not what the visit's outcome says anyway?"""
    said_by_the_visit = case.visit in (VisitOutcome.MISSED, VisitOutcome.REFUSED)
    return bool(_spoken_of(decision) or (decision.flags and not said_by_the_visit))


def _one_door(pair: _Pair, replies: Replies) -> str:
    case, decision = pair
    spoken = _spoken_of(decision)
    what = "、".join(_say_finding(finding, decision, replies) for finding in spoken[:_FINDINGS_NAMED])
    if not spoken:
        what = "；".join(dict.fromkeys(widen(flag.why) for flag in decision.flags))
    if len(spoken) > _FINDINGS_NAMED:
        what += replies.sayings.more_follow_ups.format(count=len(spoken))
    return _headed(say_door(case.key, is_whole_unit=case.is_whole_unit), say_people(case, replies), what, replies)


def _quiet_doors(cases: Sequence[CaseReading], replies: Replies) -> list[str]:
    """Doors without a finding, gathered by how the visit went."""
    parts = []
    for outcome, said in replies.visits.items():
        alike = [case for case in cases if case.visit is outcome]
        if len(alike) == 1:
            parts.append(_headed(say_door(alike[0].key), say_people(alike[0], replies), said, replies))
        elif alike:
            doors = "、".join(filter(None, (say_door(case.key) for case in alike[:_QUIET_DOORS_NAMED])))
            if len(alike) > _QUIET_DOORS_NAMED:
                doors += replies.sayings.and_so_many_doors.format(count=len(alike))
            parts.append(_headed(doors, "", said, replies))
    return parts


def _headed(door: str, people: str, what: str, replies: Replies) -> str:
    sayings = replies.sayings
    if door and people:
        return sayings.door.format(door=door, people=people, what=what)
    if door:
        return sayings.door_without_people.format(door=door, what=what)
    return sayings.no_door.format(people=people, what=what) if people else sayings.nothing_named.format(what=what)


def _spoken_of(decision: Decision) -> list[Finding]:
    """The findings that a reply names: what stands, the most urgently flagged first, then what is over; a kind once."""
    flagged = _severity_by_kind(decision)
    standing = sorted(
        (finding for finding in decision.findings if finding.state.is_active),
        key=lambda finding: flagged.get(finding.kind, Severity.RECORD).urgency,
    )
    over = [finding for finding in decision.findings if finding.state is EvidenceState.RESOLVED]
    first_of_kind: dict[str, Finding] = {}
    for finding in (*standing, *over):
        first_of_kind.setdefault(finding.kind, finding)
    return list(first_of_kind.values())


def _severity_by_kind(decision: Decision) -> dict[str | None, Severity]:
    by_kind: dict[str | None, Severity] = {}
    for flag in decision.flags:
        by_kind[flag.kind] = worst([flag.severity, by_kind.get(flag.kind, Severity.RECORD)])
    return by_kind


def _say_finding(finding: Finding, decision: Decision, replies: Replies) -> str:
    sayings = replies.sayings
    called = replies.called(finding.kind)
    if finding.state is EvidenceState.RESOLVED:
        nothing_stands = not any(each.state.is_active for each in decision.findings)
        to_look_again = nothing_stands and decision.severity is not Severity.RECORD
        return (sayings.resolved_unseen if to_look_again else sayings.resolved).format(called=called)
    notes = [replies.stages[finding.stage]] if finding.stage else []
    if how_known := replies.states[finding.state]:
        notes.append(how_known)
    return sayings.with_note.format(called=called, note="，".join(notes)) if notes else called


def _advice(pairs: Sequence[_Pair], replies: Replies) -> str:
    """What to do now, for the most urgent finding that has advice; empty where there is none.

    The first finding of a case is advised on by the case's own severity, which may be higher than its flag's: a rule
    over several findings raises the case, and the milder advice would then be wrong.
    """
    for case, decision in pairs:
        said_of_it = frozenset(each.code for each in case.circumstances if each.state.is_active)
        flagged = _severity_by_kind(decision)
        for order, finding in enumerate(_spoken_of(decision)):
            if not finding.state.is_active:
                continue
            severity = decision.severity if order == 0 else flagged.get(finding.kind, decision.severity)
            advice = replies.advice_for(finding.kind, severity, finding.stage, said_of_it | finding.circumstances)
            if advice:
                return advice
    return ""


def _follow_ups(pairs: Sequence[_Pair], replies: Replies, occasion: Occasion) -> str:
    sayings = replies.sayings
    promised: list[FollowUpDecided] = [each for _, decision in pairs for each in decision.follow_ups]
    on_the_list = sayings.on_the_list if pairs[0][1].severity is Severity.P0 else ""
    if not promised:
        return on_the_list
    promised.sort(key=lambda each: (each.severity.urgency, each.due))
    said = "；".join(_say_follow_up(each, replies, occasion) for each in promised[:_FOLLOW_UPS_NAMED])
    if len(promised) > _FOLLOW_UPS_NAMED:
        said += sayings.more_follow_ups.format(count=len(promised))
    return sayings.follow_ups.format(list=said) + on_the_list


def _say_follow_up(follow_up: FollowUpDecided, replies: Replies, occasion: Occasion) -> str:
    sayings = replies.sayings
    owner = sayings.you if follow_up.owner is Responder.WORKER else replies.responders[follow_up.owner]
    due = say_due(follow_up.due, occasion.at, replies)
    # after the colon stands what the one called in must know, and the worker has just told us
    what = widen(follow_up.what).partition("：")[0]
    if what.startswith(due):  # rule authors write 马上上门 as often as 上门
        return sayings.follow_up_saying_when.format(owner=owner, what=what)
    return sayings.follow_up.format(owner=owner, due=due, what=what)
