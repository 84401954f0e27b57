"""Open pages hear of every change."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from assistant.channels.base import Incoming
from assistant.console.live import Mark, Pulse, latest_mark
from assistant.domain.errors import StorageError
from assistant.domain.reports import Severity
from assistant.intake import put
from assistant.outbox import enqueue
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Household, OutboxMessage, Purpose
from tests.console.world import NOW, World


class Records:
    """Stands for the database: a number that moves, and may be out of reach for a while."""

    def __init__(self) -> None:
        self.number = 0
        self.is_out_of_reach = False

    def look(self) -> Mark:
        if self.is_out_of_reach:
            raise StorageError("gone")
        return (self.number,)


async def first_beat(pulse: Pulse, listening: asyncio.Event) -> bool:
    beats = pulse.beats()
    listening.set()
    beat = await anext(beats)
    await beats.aclose()  # type: ignore[attr-defined]
    return beat


async def after_listening(pulse: Pulse, listeners: int, then: Callable[[], None]) -> list[bool]:
    signals = [asyncio.Event() for _ in range(listeners)]
    tasks = [asyncio.create_task(first_beat(pulse, signal)) for signal in signals]
    for signal in signals:
        await signal.wait()
    await asyncio.sleep(0.4)  # until the first look, against which the next ones are held
    then()
    return await asyncio.wait_for(asyncio.gather(*tasks), 10)


def test_every_open_page_hears_of_a_change() -> None:
    records = Records()

    def change() -> None:
        records.number += 1

    assert asyncio.run(after_listening(Pulse(records.look), 3, change)) == [True, True, True]


def test_a_database_out_of_reach_for_a_while_ends_nothing() -> None:
    records = Records()

    async def play() -> list[bool]:
        pulse = Pulse(records.look)
        task = asyncio.create_task(after_listening(pulse, 1, lambda: setattr(records, "is_out_of_reach", True)))
        await asyncio.sleep(1)
        records.is_out_of_reach, records.number = False, 1
        return await task

    assert asyncio.run(play()) == [True]


def test_when_the_server_stops_every_page_is_let_go() -> None:
    pulse = Pulse(Records().look)

    assert asyncio.run(after_listening(pulse, 2, pulse.end)) == [False, False]


def test_the_mark_moves_with_whatever_a_page_may_show(world: World) -> None:
    marks = [latest_mark(world.database)]

    put(world.database, Incoming("web", "liu:12345678", "liu", "漏气", NOW), NOW)
    marks.append(latest_mark(world.database))
    with world.database.writing() as session:
        row = enqueue(
            session,
            key="reply:1",
            purpose=Purpose.REPLY,
            area_id=world.grid_id,
            channel="web",
            address="liu",
            text="已记",
            now=NOW,
        )
        assert row is not None
        message_id = row.id
    marks.append(latest_mark(world.database))
    with world.database.writing() as session:
        session.get_one(OutboxMessage, message_id).sent_at = NOW
    marks.append(latest_mark(world.database))
    household = world.has_household("3-2-501")
    world.is_flagged(household, Severity.P1)
    with world.database.writing() as session:
        place = session.get_one(Household, household)
        Ledger(session, NOW).changes(place, "contacted", last_contact_at=NOW - timedelta(hours=1))
    marks.append(latest_mark(world.database))

    assert len(set(marks)) == len(marks)
