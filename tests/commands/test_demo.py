"""The fictitious community, and what happened there before the demo began."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import func, select

from assistant.channels.base import Incoming
from assistant.commands.opening import opened
from assistant.console.flagged import flagged_households
from assistant.demo.community import Community, load_community
from assistant.demo.seed import is_seeded, seed
from assistant.domain.access import AreaLevel, Role
from assistant.settings import Settings
from assistant.storage.database import Database
from assistant.storage.tables import Area, DutySlot, Household, Report, Resident, Worker
from assistant.storage.viewing import viewer_of

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def community() -> Community:
    return load_community()


@pytest.fixture
def seeded(community: Community, tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'demo.db'}")
    with database.writing() as session:
        seed(session, community, NOW)
    yield database
    database.close()


def test_the_community_is_the_size_of_the_storys(community: Community) -> None:
    doors = [key for key, _ in community.doors()]

    assert len({key.building for key in doors}) >= 12
    assert 280 <= len(doors) <= 340
    assert len(doors) == len(set(doors))


def test_the_same_file_gives_the_same_people(community: Community) -> None:
    assert list(community.residents()) == list(load_community().residents())


def test_every_named_household_has_a_door(community: Community) -> None:
    assert community.households.keys() <= {str(key) for key, _ in community.doors()}


def test_every_micro_grid_has_a_worker_and_the_households_that_one_can_visit(
    seeded: Database, community: Community
) -> None:
    with seeded.reading() as session:
        sizes = Counter(session.exec(select(Household.area_id)))
        areas = session.exec(select(Area).where(Area.level == AreaLevel.MICRO_GRID)).all()
        workers = Counter(session.exec(select(Worker.area_id).where(Worker.role == Role.WORKER)))

    assert len(areas) == len(community.micro_grids)
    for area in areas:
        assert 30 <= sizes[area.id] <= 100
        assert workers[area.id] == 1


def test_the_rota_covers_two_weeks_and_leaves_one_slot_to_be_filled(seeded: Database) -> None:
    with seeded.reading() as session:
        slots = session.exec(select(DutySlot)).all()

    assert len(slots) == 10
    assert sum(slot.worker_id is None for slot in slots) == 1
    assert {slot.on_day.isoweekday() for slot in slots} == {1, 2, 3, 4, 5}


def test_a_database_that_is_seeded_says_so(seeded: Database, community: Community, tmp_path: Path) -> None:
    empty = Database.open(f"sqlite:///{tmp_path / 'empty.db'}")

    with seeded.reading() as session, empty.reading() as nothing:
        assert is_seeded(session, community)
        assert not is_seeded(nothing, community)

    empty.close()


def test_the_past_was_understood_and_decided_on_not_written(tmp_path: Path) -> None:
    with opened(Settings(data_dir=tmp_path)) as demo:
        with demo.app.database.reading() as session:
            reports = session.exec(select(Report)).all()
            coordinator = session.exec(select(Worker).where(Worker.role == Role.COORDINATOR)).one()
            assert coordinator.id is not None
            viewer = viewer_of(session, coordinator.id)
            assert viewer is not None
            shown = flagged_households(session, viewer, demo.app.now())

        assert len(reports) == len(demo.community.history)
        assert all(report.sent_at < demo.app.now() for report in reports)
        assert len(shown.households) >= 6
        assert all(said.words for household in shown.households for said in household.said)


def test_what_was_typed_stays_until_a_fresh_start_is_asked_for(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    beside = tmp_path / "somebody-elses.txt"
    beside.write_text("stays")
    with opened(settings) as demo:
        account = demo.community.micro_grids[1].account
        demo.app.receive(Incoming("web", f"{account}:12345678", account, "2-1-302燃气检查无异常", demo.app.now()))
        demo.app.settle_down()

    with opened(settings) as demo:
        kept = count_reports(demo.app.database)
    with opened(settings, fresh=True) as demo:
        anew = count_reports(demo.app.database)

    assert kept == anew + 1
    assert beside.exists()


def test_residents_are_known_by_how_they_are_called_and_nothing_else(seeded: Database) -> None:
    with seeded.reading() as session:
        called = session.exec(select(Resident.called)).all()

    assert all(2 <= len(name) <= 4 for name in called)
    assert not any(character.isdigit() for name in called for character in name)


def count_reports(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Report)).one()
