"""A message that could not be handled: its words go on record, a coordinator is told, and the worker hears so."""

from assistant.dialogue.compose import Reply
from assistant.outbox.queue import tell
from assistant.storage import reach, records
from assistant.storage.tables import Purpose
from assistant.turn.course import Course


def give_up(course: Course) -> None:
    """Put a message that was set aside before people's eyes. Doing it again adds nothing."""
    sayings = course.replies.sayings
    wrote = records.who_wrote(course.session, course.item.channel, course.item.author)
    if wrote is None:
        course.reply(Reply(sayings.kept_but_set_aside))
        return
    account, worker = wrote
    estate = records.estate_of(course.session, worker, course.default_estate)
    report = course.put_report(worker, account, estate, unread_because=course.item.error)
    course.reply(Reply(sayings.kept_but_set_aside), worker, account)
    for person in reach.coordinators_of(course.session, worker.area_id):
        tell(
            course.session,
            person,
            key=f"unread:{report.id}:{person.id}",
            purpose=Purpose.NOTICE,
            text=sayings.told_of_unread.format(by=worker.name, number=report.id),
            now=course.now,
            everywhere=True,
            report_id=report.id,
        )
