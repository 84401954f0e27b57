"""Somebody whom nobody knows: an invitation's code makes their account a worker's; all else is told how to get one.

A code counts in a private chat only. Whoever is known may give a code again, alone: it may be the same message come
twice, and then nothing changes.
"""

from assistant.dialogue.compose import Reply
from assistant.storage import invitations
from assistant.storage.invitations import InvitationRefused, WhyNot
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Worker
from assistant.turn.course import Course


def join(course: Course) -> None:
    """Answer somebody unknown, and let them in where their code says so."""
    code = invitations.code_in(course.item.text)
    if code is None:
        course.reply(Reply(course.replies.sayings.unknown_account))
    else:
        _give(course, code)


def join_again(course: Course, account: Account, worker: Worker) -> bool:
    """Answer somebody known whose message is a code and nothing else. Was it?"""
    code = invitations.code_in(course.item.text)
    if code is None or invitations.code_in(course.item.text.strip()[: len(code) + 2]) != code:
        return False
    _give(course, code, account, worker)
    return True


def _give(course: Course, code: str, account: Account | None = None, worker: Worker | None = None) -> None:
    sayings = course.replies.sayings
    if course.item.is_group:
        course.reply(Reply(sayings.code_in_group), worker, account)
        return
    try:
        account, _ = invitations.bind(Ledger(course.session, course.now), code, course.item.channel, course.item.author)
    except InvitationRefused as refused:
        said = sayings.code_of_other_account if refused.why is WhyNot.TAKEN else sayings.code_opens_nothing
        course.reply(Reply(said), worker, account)
        return
    worker = course.session.get_one(Worker, account.worker_id)
    course.item.area_id, account.last_used_at = worker.area_id, course.now
    course.reply(Reply(sayings.joined.format(name=worker.name)), worker, account)
