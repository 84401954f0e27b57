"""Residents' requests in chat: opened by the report that asks, moved by who knows how it stands, told of at each step.

    娃娃没得地方耍,想要个乒乓室      a report; the request 乒乓室 is opened, or joined
    乒乓室的事开始征求意见           who reported it is told, with what to pass on
    乒乓室那个事咋样了               where it stands, since when, until when

Residents are never written to: a worker passes the word on.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from assistant.dialogue.compose import Reply
from assistant.dialogue.requests import is_about, name_of, say_by_day, say_to_pass_on, say_word_back
from assistant.domain.access import Role
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import Intent
from assistant.domain.requests import RequestStage
from assistant.outbox.queue import tell
from assistant.storage import requests
from assistant.storage.tables import Purpose, ResidentRequest
from assistant.turn.beside import Aside, Heard, says
from assistant.turn.course import Reported
from assistant.turn.hearing import Beside
from assistant.turn.notices import tell_coordinators
from assistant.understand.normalise import FoldedText, fold
from assistant.understand.times import Direction, find_times

#: which wishes become requests: a policy question is answered, not consulted upon
_KINDS = ("request.public_space", "request.other")
#: the stages that words can tell, the last one first: who tells of a vote tells of the talks before it too
_STAGES = (
    RequestStage.DECLINED,
    RequestStage.DONE,
    RequestStage.CONSENTED,
    RequestStage.OPTIONS,
    RequestStage.CONSULTING,
)
_NUMBER = re.compile(r"(?:诉求|编号)\s*(?:编号)?\s*(\d{1,9})")
#: what is promised for a stage is looked at on its last day from then on
_LOOKED_AT = time(16)
_LONGEST = 120
#: a request is named this early where a message is about it
_NAMED_WITHIN = 12
_LISTED = 4


def find(heard: Heard) -> Aside | None:
    """A step of a request, or a question where it stands; None when the message is about none that is known."""
    if len(heard.text) > _LONGEST or not _may_speak_of_requests(heard):
        return None
    signs = heard.beside.requests.heard(heard.text)
    stage = next((stage for stage in _STAGES if stage.value in signs), None)
    if stage is None and "ask_progress" not in signs:
        return _ask_for_the_stage(heard)
    meant = _meant(heard, running_only="ask_progress" not in signs)
    if not meant:
        return None
    if len(meant) > 1:
        return says(Reply(_which(heard, meant)), Intent.QUESTION)
    request = meant[0]
    if "ask_progress" in signs:  # 好久能弄好,有进展没: not done because 弄好 is in it
        return says(Reply(_status(heard, request)))
    assert stage is not None
    return Aside(Intent.OTHER, lambda reported: _step(heard, reported, request, stage))


def _ask_for_the_stage(heard: Heard) -> Aside | None:
    """What who answers for the area tells of a request is not lost because no stage is heard in it."""
    answers_for_all = heard.worker.role in (Role.COORDINATOR, Role.RESPONDER)
    if not answers_for_all or not heard.reports_only_wishes or not heard.names_no_door or heard.tells_of_somebody:
        return None
    running = requests.running(heard.course.session, heard.estate)
    named = [one for one in running if is_about(heard.text[:_NAMED_WITHIN], one.about)]
    if len(named) != 1:
        return None
    return says(Reply(heard.course.replies.requests.which_stage.format(status=_status(heard, named[0]))), Intent.OTHER)


def _may_speak_of_requests(heard: Heard) -> bool:
    """A step may hold words that look like a finding (隔一间); only who answers for the area is believed there."""
    if heard.reports_only_wishes:
        return True
    answers_for_all = heard.worker.role in (Role.COORDINATOR, Role.RESPONDER)
    running = requests.running(heard.course.session, heard.estate)
    is_named = any(is_about(heard.text[:_NAMED_WITHIN], one.about) for one in running)
    whole_door = any(
        not is_place(case.key) and HouseholdKey.parse(case.key).is_complete for case in heard.reading.cases
    )
    return answers_for_all and is_named and not whole_door and not heard.reading.moves


def _meant(heard: Heard, *, running_only: bool) -> list[ResidentRequest]:
    session = heard.course.session
    known = requests.running(session, heard.estate)
    if not running_only:
        known += [one for one in requests.latest(session, heard.estate) if one not in known]
    if found := _NUMBER.search(heard.text):
        return [one for one in known if one.id == int(found[1])]
    by_name = [one for one in known if one.about in heard.text]
    near = by_name or [one for one in known if is_about(heard.text, one.about)]
    return [one for one in near if not one.stage.has_ended] or near[:1]


def _which(heard: Heard, several: Sequence[ResidentRequest]) -> str:
    say = heard.course.replies.requests
    listed = "、".join(say.number.format(about=one.about, number=one.id) for one in several[:_LISTED])
    return say.which.format(list=listed)


def _status(heard: Heard, request: ResidentRequest) -> str:
    say = heard.course.replies.requests
    asked = request.asked_at.astimezone(heard.course.at.tzinfo)
    return say.status.format(
        about=request.about,
        number=request.id,
        month=asked.month,
        day=asked.day,
        count=len(requests.voices(heard.course.session, request)),
        stage=say.stages[request.stage],
        by_day=say_by_day(request.due_on, heard.course.replies),
    )


def _step(heard: Heard, reported: Reported, request: ResidentRequest, stage: RequestStage) -> Reply:
    replies, say = reported.course.replies, reported.course.replies.requests
    if request.stage.has_ended or (stage is not request.stage and not request.stage.may_become(stage)):
        return Reply(say.ended.format(about=request.about, stage=say.stages[request.stage]))
    due_on = None if stage.has_ended else _due_on(heard, stage)
    if stage is request.stage and due_on == request.due_on:
        return Reply(_status(heard, request))  # said before: nobody is told twice
    owed = requests.askers(reported.session, request)
    requests.move(reported.ledger, request, stage, due_on)
    if due_on is not None:
        requests.put_off(reported.ledger, request, datetime.combine(due_on, _LOOKED_AT, reported.course.at.tzinfo))
    news = say_word_back(request.about, stage, due_on, replies)
    others = [asker for asker in owed if asker.worker.id != reported.worker.id]
    for asker in others:
        tell(
            reported.session,
            asker.worker,
            key=f"request:{request.id}:{reported.report.id}:{asker.worker.id}",
            purpose=Purpose.NOTICE,
            text=say_to_pass_on(news, asker.doors, replies),
            now=reported.course.now,
            report_id=reported.report.id,
        )
    key = f"request:{request.id}:{reported.report.id}"
    tell_coordinators(reported, request.area_id, key, news, without={asker.worker.id for asker in owed})
    told = say.told_back.format(count=len(others)) if others else say.told_nobody
    return Reply(
        say.noted.format(
            about=request.about,
            number=request.id,
            stage=say.stages[stage],
            by_day=say_by_day(due_on, replies),
            told=told,
        )
    )


def _due_on(heard: Heard, stage: RequestStage) -> date:
    """The day that the words name, else as long as the stage may take."""
    at = heard.course.at
    assert at.tzinfo is not None, "a course's moments are aware"
    for mention in find_times(heard.text, at, at.tzinfo):
        if mention.direction is Direction.FUTURE:
            return (mention.ends_at - timedelta(microseconds=1)).date()
    return at.date() + timedelta(days=heard.beside.request_days[stage])


def note_wishes(reported: Reported, beside: Beside) -> None:
    """Open, or join, a request for each wish that the message just put on record."""
    folded = fold(reported.report.text)
    due_on = reported.course.at.date() + timedelta(days=beside.request_days[RequestStage.ASKED])
    for finding, place in requests.wishes_of(reported.session, reported.report, _KINDS):
        start = next((at for at in range(len(folded.text)) if _typed_at(folded, at) >= finding.quote_start), 0)
        about = name_of(folded.text, start, beside.requests)
        if about is not None:
            requests.ask(reported.ledger, reported.report, place, finding.kind, about, due_on)


def _typed_at(folded: FoldedText, at: int) -> int:
    return folded.quote(at, at + 1).start
