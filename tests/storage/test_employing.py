"""Somebody begins, moves on and leaves, on either database: what hung on them always has an owner."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.domain.errors import NotAllowed
from assistant.domain.followups import FollowUpState
from assistant.domain.reports import Severity
from assistant.storage import employing
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.employing import Post
from assistant.storage.invitations import InvitationRefused, invite, worker_of
from assistant.storage.ledger import Ledger
from assistant.storage.reach import who_stands_in
from assistant.storage.read.staff import people_of
from assistant.storage.station import add_turn
from assistant.storage.tables import Action, DutySlot, FollowUp, Station, Worker
from tests.console.world import NOW, World, build_world


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def test_who_leaves_is_followed_by_whoever_takes_over(world: World) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P1, due_in=timedelta(days=1))
    with world.database.writing() as session:
        ledger = Ledger(session, NOW, world.people[Role.COORDINATOR])
        zhou = employing.employ(ledger, world.viewer(), Post("周姐", Role.WORKER, world.other_micro_grid_id))
        liu = session.get_one(Worker, world.worker_id)
        code = invite(ledger, liu)
        station = new(Station, area_id=world.grid_id, name="怡丽服务站")
        session.add(station)
        session.flush()
        add_turn(ledger, station, NOW + timedelta(hours=1), NOW + timedelta(hours=3), liu)

    with world.database.writing() as session:
        ledger = Ledger(session, NOW + timedelta(hours=2), world.people[Role.COORDINATOR])
        liu, zhou = session.get_one(Worker, world.worker_id), session.get_one(Worker, zhou.id)
        assert employing.takers_for(session, world.viewer(), liu)[-1] == zhou
        left = employing.leave(ledger, world.viewer(), liu, zhou)

    assert [(each.worker_id, each.state) for each in left.follow_ups] == [(zhou.id, FollowUpState.OPEN)]
    with world.database.reading() as session:
        assert session.exec(select(DutySlot.worker_id)).one() is None
        assert {each.state for each in session.exec(select(FollowUp))} == {FollowUpState.REFERRED, FollowUpState.OPEN}
        assert who_stands_in(session, world.worker_id, world.micro_grid_id, NOW)[0].id == zhou.id
        assert "刘大姐" not in [each.name for each in people_of(session, world.viewer(), NOW)]
        assert "left" in session.exec(select(Action.verb).where(Action.subject == "workers")).all()
        with pytest.raises(InvitationRefused):
            worker_of(session, code, NOW)


def test_people_are_listed_area_by_area_who_answers_for_it_first(world: World) -> None:
    with world.database.reading() as session:
        listed = [each.role for each in people_of(session, world.viewer(), NOW)]

    assert listed == [Role.COORDINATOR, Role.RESPONDER, Role.AUDITOR, Role.ADMINISTRATOR, Role.WORKER]


def test_nobody_manages_themselves(world: World) -> None:
    with world.database.writing() as session:
        me = session.get_one(Worker, world.people[Role.COORDINATOR])
        with pytest.raises(NotAllowed):
            employing.leave(Ledger(session, NOW, me.id), world.viewer(), me, None)
