"""Answers to what the assistant asked or told: by a button, or by its words alone (已处理, 收到)."""

from sqlmodel import col, select

from assistant.dialogue.compose import Reply
from assistant.domain.access import Role
from assistant.domain.reports import Intent
from assistant.storage import settle
from assistant.storage.tables import (
    Account,
    Estate,
    Flag,
    FollowUp,
    Household,
    Matter,
    OutboxMessage,
    Purpose,
    Report,
    Worker,
)
from assistant.turn.amending import retract
from assistant.turn.course import Course, Reported
from assistant.turn.telling import tell_of_proposals


def answer(course: Course, account: Account, worker: Worker, estate: Estate) -> Reply | None:
    """Carry out an answer, and what to say to it; None when the message is none and has to be read."""
    said = course.item.text.strip()
    buttons = course.replies.buttons
    if worker.role in (Role.COORDINATOR, Role.RESPONDER) and said == buttons.acknowledge:
        asked = _asked(course, account, Purpose.ALARM)
    elif worker.role is Role.COORDINATOR and said in (buttons.agree_to_close, buttons.send_back):
        asked = _asked(course, account, Purpose.NOTICE)
    elif said == buttons.withdraw and course.item.answers_id is not None:
        asked = _asked(course, account, Purpose.REPLY)
    elif course.minds.says_done(said):
        asked = _asked(course, account, Purpose.PROMPT)
    else:
        return None
    if asked is None:
        return None
    intent = Intent.RETRACTION if asked.purpose is Purpose.REPLY else Intent.OTHER
    report = course.put_report(worker, account, estate, intent=intent)
    reported = Reported(course, account, worker, estate, report)
    if asked.purpose is Purpose.REPLY:
        return _is_withdrawn(reported, asked)
    if asked.purpose is Purpose.PROMPT:
        _is_done(reported, asked)
    else:
        _second_word(reported, asked, said)
    asked.answered_at = course.now
    return Reply(course.replies.sayings.answer_noted)


def _asked(course: Course, account: Account, purpose: Purpose) -> OutboxMessage | None:
    """What is answered: the message that was named, else the newest of its purpose that has no answer yet."""
    query = select(OutboxMessage).where(
        OutboxMessage.account_id == account.id,
        OutboxMessage.purpose == purpose,
        col(OutboxMessage.answered_at).is_(None),
        col(OutboxMessage.cancelled_at).is_(None),
    )
    if course.item.answers_id is not None:
        query = query.where(OutboxMessage.id == course.item.answers_id)
    return course.session.exec(query.order_by(col(OutboxMessage.id).desc())).first()


def _is_withdrawn(reported: Reported, receipt: OutboxMessage) -> Reply:
    """The worker takes back the report that this receipt was given for."""
    sayings = reported.course.replies.sayings
    withdrawn = reported.session.get(Report, receipt.report_id) if receipt.report_id is not None else None
    if withdrawn is None or not retract(reported, withdrawn):
        return Reply(sayings.retraction_not_found)
    receipt.answered_at = reported.course.now
    return Reply(sayings.withdrawn)


def _is_done(reported: Reported, prompt: OutboxMessage) -> None:
    """The worker did what the prompt asked for."""
    query = select(FollowUp).where(col(FollowUp.id).in_(prompt.follow_up_ids)).order_by(col(FollowUp.id))
    waiting = settle.answer_follow_ups(reported.ledger, reported.session.exec(query).all())
    for matter in waiting:
        tell_of_proposals(reported, reported.session.get_one(Household, matter.household_id), [matter])


def _second_word(reported: Reported, asked: OutboxMessage, said: str) -> None:
    """A coordinator's word on an alarm or on a proposal to close."""
    buttons = reported.course.replies.buttons
    query = select(Flag).where(col(Flag.id).in_(asked.flag_ids)).order_by(col(Flag.id))
    for flag in reported.session.exec(query).all():
        matter = reported.session.get(Matter, flag.matter_id) if flag.matter_id is not None else None
        if said == buttons.acknowledge:
            settle.acknowledge(reported.ledger, flag)
        elif matter is not None and said == buttons.agree_to_close:
            settle.agree_to_close(reported.ledger, matter)
        elif matter is not None:
            settle.send_back(reported.ledger, matter)
