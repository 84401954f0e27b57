"""Word of how things end: coordinators are asked, workers hear what was decided, who takes something over is told."""

from collections.abc import Sequence

from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.outbox.queue import tell
from assistant.storage.settle import Held
from assistant.storage.tables import Flag, FollowUp, Household, Matter, Purpose, Report, Worker
from assistant.telling.ending import say_handed_on, say_matter, say_put_right, say_seen, say_sent_back
from assistant.turn.course import Reported
from assistant.turn.notices import tell_coordinators


def called(held: Held, reported: Reported) -> str:
    """What it is called in Chinese."""
    theme = held.theme if isinstance(held, Flag) else held.kind.split(".")[0]
    return say_matter(held.kind, theme, reported.course.replies)


def tell_of_proposals(reported: Reported, place: Household, held: Sequence[Held]) -> None:
    """Ask the coordinators for their word on what the worker says is over, with what was seen."""
    buttons = reported.course.replies.buttons
    for each in held:
        what, by = called(each, reported), reported.worker.name
        tell_coordinators(
            reported,
            place.area_id,
            f"proposal:{reported.report.id}:{_name(each)}",
            say_seen(place.key, what, by, reported.course.item.text, reported.course.replies),
            writer_too=True,
            buttons=(buttons.agree_to_close, buttons.send_back),
            flag_ids=_flag_ids(reported, each),
        )


def tell_of_sending_back(
    reported: Reported, place: Household, held: Held, anew: Sequence[FollowUp], reason: str, *, is_reopened: bool
) -> None:
    """The workers hear that it is open again, and can answer at once."""
    replies = reported.course.replies
    text = say_sent_back(
        place.key, called(held, reported), reported.worker.name, reason, is_reopened=is_reopened, replies=replies
    )
    for person in _in_hand(reported, held):
        tell(
            reported.session,
            person,
            key=f"sent back:{reported.report.id}:{_name(held)}:{person.id}",
            purpose=Purpose.PROMPT if anew else Purpose.NOTICE,
            text=text,
            now=reported.course.now,
            buttons=prompt_buttons(reported) if anew else (),
            report_id=reported.report.id,
            follow_up_ids=[each.id for each in anew if each.id is not None],
        )


def tell_of_handing_on(
    reported: Reported, place: Household, to: Worker, handed: Sequence[FollowUp], reason: str
) -> None:
    """Whoever takes a promise over is told of it, and can answer like any other prompt."""
    course = reported.course
    for follow_up in handed:
        tell(
            reported.session,
            to,
            key=f"handed:{follow_up.id}:{to.id}",
            purpose=Purpose.PROMPT,
            text=say_handed_on(
                place.key, follow_up.what, reported.worker.name, follow_up.due_at, reason, course.at, course.replies
            ),
            now=course.now,
            buttons=prompt_buttons(reported),
            report_id=reported.report.id,
            follow_up_ids=[follow_up.id] if follow_up.id is not None else [],
        )


def tell_of_correction(reported: Reported, place: Household, before: str, after: str, *, was_alarm: bool) -> None:
    """Those who were called hear that what was reported was something else."""
    tell_coordinators(
        reported,
        place.area_id,
        f"put right:{reported.report.id}:{place.id}",
        say_put_right(place.key, reported.worker.name, before, after, reported.course.replies),
        writer_too=True,
        everywhere=was_alarm,
    )


def prompt_buttons(reported: Reported) -> tuple[str, ...]:
    """What a prompt can be answered with."""
    buttons = reported.course.replies.buttons
    return (buttons.done, buttons.not_yet, buttons.not_home, buttons.refer)


def _name(held: Held) -> str:
    return f"{held.__tablename__}:{held.id}"


def _flag_ids(reported: Reported, held: Held) -> list[int]:
    """The newest flag of it: a coordinator's tap finds the way back by it."""
    if isinstance(held, Matter):
        newest = select(Flag.id).where(Flag.matter_id == held.id).order_by(col(Flag.id).desc()).limit(1)
        return [each for each in reported.session.exec(newest).all() if each is not None]
    return [held.id] if held.id is not None else []


def _in_hand(reported: Reported, held: Held) -> list[Worker]:
    """The workers who promised something for it or told that it is over, without the one who speaks now."""
    hangs_on = FollowUp.matter_id == held.id if isinstance(held, Matter) else FollowUp.flag_id == held.id
    ids = set(reported.session.exec(select(FollowUp.worker_id).where(hangs_on)).all())
    by = held.settled_by_report_id if isinstance(held, Matter) else None
    told_by = reported.session.get(Report, by) if by is not None else None
    ids |= {told_by.worker_id} if told_by is not None else set()
    people = reported.session.exec(
        select(Worker)
        .where(col(Worker.id).in_(ids - {reported.worker.id, None}), Worker.role == Role.WORKER)
        .where(col(Worker.left_at).is_(None))
        .order_by(col(Worker.id))
    )
    return list(people.all())
