"""The outcome comes back to whoever reported it: a matter that somebody else brought to its end in this turn.

Called once at the end of a turn, it looks at what the turn wrote on the ledger, so that it holds however the end came
about: by a colleague's words, a responder's answer or a coordinator's word. Who speaks has the reply, and is not told.
"""

from sqlmodel import col, select

from assistant.dialogue.wording import say_door
from assistant.domain.access import Role
from assistant.outbox.queue import tell
from assistant.storage import requests
from assistant.storage.ledger import ids_of
from assistant.storage.tables import Flag, FollowUp, Household, Matter, Purpose, Report, Worker
from assistant.turn.course import Course


def tell_outcomes(course: Course, speaker: Worker) -> None:
    """Tell the workers who reported what was settled now, or promised to see to it."""
    told_already = requests.ended_now(course.session)
    for matter_id in ids_of(course.session, "matters", "settled"):
        if matter_id in told_already:
            continue
        matter = course.session.get_one(Matter, matter_id)
        if not matter.state.stands:
            for person in _who_had_it_in_hand(course, matter, speaker):
                _tell(course, matter, speaker, person)


def _tell(course: Course, matter: Matter, speaker: Worker, person: Worker) -> None:
    sayings = course.replies.sayings
    said = sayings.told_agreed if speaker.role is Role.COORDINATOR else sayings.told_settled
    place = course.session.get_one(Household, matter.household_id)
    tell(
        course.session,
        person,
        key=f"outcome:{matter.id}:{course.item.id}:{person.id}",
        purpose=Purpose.NOTICE,
        text=said.format(
            door=say_door(place.key) or sayings.door_unknown, what=course.replies.called(matter.kind), by=speaker.name
        ),
        now=course.now,
        not_before=course.minds.not_at_night(course.now),
        report_id=matter.settled_by_report_id,
    )


def _who_had_it_in_hand(course: Course, matter: Matter, speaker: Worker) -> list[Worker]:
    session = course.session
    reports = set(session.exec(select(Flag.report_id).where(Flag.matter_id == matter.id)).all())
    if matter.settled_by_report_id is not None:
        reports.add(matter.settled_by_report_id)
    ids = set(session.exec(select(Report.worker_id).where(col(Report.id).in_(reports))).all())
    ids |= set(session.exec(select(FollowUp.worker_id).where(FollowUp.matter_id == matter.id)).all())
    return list(
        session.exec(
            select(Worker)
            .where(col(Worker.id).in_(ids - {speaker.id, None}), Worker.role == Role.WORKER)
            .where(col(Worker.left_at).is_(None))
            .order_by(col(Worker.id))
        )
    )
