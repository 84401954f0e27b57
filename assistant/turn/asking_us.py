"""What is asked of the assistant itself, in so many words: what there is to do, and how it is spoken to.

Only a message that is one of these questions and nothing more is taken for one. Asking changes nothing.
"""

from sqlmodel import col, select

from assistant.dialogue.compose import Reply
from assistant.domain.reports import Intent
from assistant.schedule.due import told
from assistant.storage.tables import Account, Estate, FollowUp, Worker
from assistant.telling import say_day
from assistant.turn.course import Course

_AROUND = " ，,。.!！?？～~呢啊呀嘛吗哦哈"


def answer_about_us(course: Course, account: Account, worker: Worker, estate: Estate) -> Reply | None:
    """The answer; None when the message is something else."""
    words, sayings = course.replies.command_words, course.replies.sayings
    said = course.item.text.strip(_AROUND)
    if said in words.help:
        reply = Reply(sayings.help)
    elif said in words.today:
        reply = Reply(sayings.today_in_group) if course.item.is_group else _what_is_due(course, worker)
    else:
        return None
    course.put_report(worker, account, estate, intent=Intent.QUESTION)
    return reply


def _what_is_due(course: Course, worker: Worker) -> Reply:
    """What this worker has promised until tonight, and what is late."""
    now = course.now.astimezone(course.at.tzinfo)
    tonight = now.replace(hour=23, minute=59, second=59)
    rows = course.session.exec(
        select(FollowUp)
        .where(FollowUp.worker_id == worker.id, col(FollowUp.ended_at).is_(None), FollowUp.due_at <= tonight)
        .order_by(col(FollowUp.id))
    ).all()
    if not rows:
        return Reply(course.replies.sayings.nothing_due)
    return Reply(say_day(told(course.session, rows), now, course.replies))
