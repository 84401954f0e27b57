"""A message that bears no words: what came with it is kept, and one sentence asks for them."""

from assistant.dialogue.compose import Reply
from assistant.domain.reports import Intent
from assistant.storage import evidence
from assistant.storage.tables import Account, Estate, Worker
from assistant.turn.course import Course


def joins_album(course: Course, account: Account, worker: Worker, estate: Estate) -> bool:
    """Is it a further picture of an album, without words? Then it hangs where the album does, and nothing is said."""
    if course.item.text.strip() or course.item.edits is not None:
        return False
    album = evidence.album_before(course.session, course.item)
    if not album:
        return False
    report = evidence.report_of_words(course.session, album)
    if report is None:
        # the first one was asked about: the words that follow are for all
        course.put_report(worker, account, estate, intent=Intent.OTHER)
    else:
        evidence.hang_under(course.session, report, course.item)
    return True


def ask_for_words(course: Course, account: Account, worker: Worker, estate: Estate) -> Reply | None:
    """The question; None when there are words, or nothing came with it.

    A voice whose words will follow by themselves is not asked about.
    """
    if course.item.text.strip() or not course.item.attachments:
        return None
    sayings = course.replies.sayings
    kinds = {each.get("kind") for each in course.item.attachments}
    course.put_report(worker, account, estate, intent=Intent.OTHER)
    if "unheard_voice" in kinds:
        return Reply(sayings.voice_needs_words)
    if "voice" in kinds:
        return Reply(sayings.voice_is_written_down if course.minds.hears_voices else sayings.voice_needs_words)
    return Reply(sayings.place_needs_words if kinds == {"location"} else sayings.photo_needs_words)
