"""Notices on account of the report that is being handled: to one person, to all coordinators of an area."""

from collections.abc import Collection, Sequence

from assistant.outbox.queue import tell
from assistant.storage import reach
from assistant.storage.tables import Purpose, Worker
from assistant.turn.course import Reported


def tell_one(reported: Reported, person: Worker, key: str, text: str) -> None:
    """Tell one person; once for a ``key``."""
    tell(
        reported.session,
        person,
        key=f"{key}:{person.id}",
        purpose=Purpose.NOTICE,
        text=text,
        now=reported.course.now,
        report_id=reported.report.id,
    )


def tell_coordinators(
    reported: Reported,
    area_id: int,
    key: str,
    text: str,
    *,
    writer_too: bool = False,
    without: Collection[int | None] = (),
    everywhere: bool = False,
    buttons: Sequence[str] = (),
    flag_ids: Sequence[int] = (),
) -> None:
    """Tell those who answer for the area; once for a ``key``, and not who wrote unless ``writer_too``."""
    for person in reach.coordinators_of(reported.session, area_id):
        if person.id in without or (person.id == reported.worker.id and not writer_too):
            continue
        tell(
            reported.session,
            person,
            key=f"{key}:{person.id}",
            purpose=Purpose.NOTICE,
            text=text,
            now=reported.course.now,
            everywhere=everywhere,
            buttons=buttons,
            report_id=reported.report.id,
            flag_ids=flag_ids,
        )
