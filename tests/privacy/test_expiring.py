"""What comes to the end of its time goes, with all that was copied from it; what is open or kept by law stays."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from assistant.domain.access import Retention, Role
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState
from assistant.domain.retention import GONE, Periods
from assistant.schedule.clock import SetClock
from assistant.schedule.retention import RetentionRound
from assistant.storage.columns import new
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.expiring import clear_out, due, last_runs
from assistant.storage.tables import (
    Account,
    Action,
    Comment,
    FindingRow,
    Flag,
    FollowUp,
    LoginAttempt,
    Matter,
    Report,
    Resident,
    RoomBooking,
    Station,
    Worker,
)
from tests.console.casework import has_matter
from tests.console.world import NOW, World
from tests.privacy.everything import where_is

LONG_AGO = timedelta(days=500)
TEXT = "3-2-501张大爷软管老化，住户不愿更换"
FINDING = ("gas.hose", "软管老化", EvidenceState.SEEN)


@pytest.fixture
def retention(world: World, folder: EvidenceFolder, periods: Periods) -> RetentionRound:
    return RetentionRound(
        world.database, SetClock(NOW), folder, periods, ZoneInfo("Asia/Shanghai"), NOW.time().replace(hour=3)
    )


def ends(world: World, matter_id: int, ago: timedelta) -> None:
    """Everything of the matter has come to its end so long ago."""
    at = NOW - ago
    with world.database.writing() as session:
        matter = session.get_one(Matter, matter_id)
        matter.state, matter.settled_at = MatterState.SETTLED, at
        for flag in session.exec(select(Flag).where(Flag.matter_id == matter_id)):
            flag.state, flag.ended_at = MatterState.SETTLED, at
        for promise in session.exec(select(FollowUp).where(FollowUp.matter_id == matter_id)):
            promise.state, promise.ended_at, promise.look_at = FollowUpState.DONE, at, None


def goes_through(retention: RetentionRound) -> int:
    total = 0
    while taken := clear_out(retention.database, retention.folder, retention.periods, NOW):
        total += taken
    return total


def counted(world: World, periods: Periods) -> dict[str, int]:
    with world.database.reading() as session:
        return {each.sort: each.count for each in due(session, periods, NOW) if each.count}


def test_words_of_an_ended_case_are_nowhere_any_more_and_its_codes_stay(
    world: World, retention: RetentionRound, periods: Periods, came_in: Callable[..., Path]
) -> None:
    home = world.has_household("3-2-501")
    matter = has_matter(world, home, TEXT, FINDING, ago=LONG_AGO)
    photo = came_in(1, "3-2-501软管老化：请燃气公司上门", LONG_AGO)
    ends(world, matter, timedelta(days=400))

    foreseen = counted(world, periods)
    goes_through(retention)

    assert foreseen == {"case_reports": 1, "received": 1, "sent": 1}
    assert where_is(world.database, "软管老化") == set()
    assert where_is(world.database, "张大爷") == set()
    assert not photo.exists()
    with world.database.reading() as session:
        assert session.get_one(Report, 1).text == GONE
        assert session.exec(select(FindingRow)).one().kind == "gas.hose"
        assert session.exec(select(Flag)).one().severity == "P2"


@pytest.mark.parametrize("ended", [None, timedelta(days=300)], ids=["open", "ended too lately"])
def test_a_case_that_is_open_or_ended_lately_keeps_its_words(
    world: World, retention: RetentionRound, periods: Periods, ended: timedelta | None
) -> None:
    matter = has_matter(world, world.has_household("3-2-501"), TEXT, FINDING, ago=LONG_AGO)
    if ended is not None:
        ends(world, matter, ended)

    assert counted(world, periods) == {}
    assert goes_through(retention) == 0
    assert "reports.text" in where_is(world.database, TEXT)


def test_one_open_promise_keeps_the_words_although_the_matter_has_ended(
    world: World, retention: RetentionRound
) -> None:
    matter = has_matter(world, world.has_household("3-2-501"), TEXT, FINDING, ago=LONG_AGO)
    ends(world, matter, timedelta(days=400))
    with world.database.writing() as session:
        session.exec(select(FollowUp)).one().state = FollowUpState.OVERDUE

    assert goes_through(retention) == 0


def test_a_correction_keeps_its_words_as_long_as_what_it_corrects(world: World, retention: RetentionRound) -> None:
    has_matter(world, world.has_household("3-2-501"), TEXT, FINDING, ago=LONG_AGO)
    with world.database.writing() as session:
        session.add(_report(world, "不是501，是502", LONG_AGO, retention=Retention.ROUTINE, amends_id=1))

    assert goes_through(retention) == 0


def test_a_run_again_changes_nothing_and_the_ledger_has_a_line_without_words(
    world: World, retention: RetentionRound
) -> None:
    with world.database.writing() as session:
        session.add(_report(world, "3-2-501一切正常", timedelta(days=200), retention=Retention.ROUTINE))

    assert retention.look()
    assert not retention.look()

    assert goes_through(retention) == 0
    with world.database.reading() as session:
        verbs = session.exec(select(Action.verb).order_by(col(Action.id))).all()
        assert list(verbs) == ["expired", "cleared_out"]
        assert last_runs(session)[0].counts == {"routine_reports": 1}
    assert where_is(world.database, "一切正常") == set()


def test_the_round_goes_once_a_day_after_its_hour(world: World, folder: EvidenceFolder, periods: Periods) -> None:
    clock = SetClock(NOW.replace(hour=2))
    retention = RetentionRound(world.database, clock, folder, periods, ZoneInfo("Asia/Shanghai"), NOW.time())
    with world.database.writing() as session:
        session.add(_report(world, "3-2-501一切正常", timedelta(days=200), retention=Retention.ROUTINE))

    assert not retention.look()
    clock.move_to(NOW)
    assert [retention.look(), retention.look()] == [True, False]

    with world.database.writing() as session:
        session.add(_report(world, "3-2-502一切正常", timedelta(days=200), retention=Retention.ROUTINE))
    assert not retention.look()
    clock.move_on(timedelta(days=1))
    assert retention.look()


def test_never_by_itself_where_no_hour_is_set(world: World, folder: EvidenceFolder, periods: Periods) -> None:
    retention = RetentionRound(world.database, SetClock(NOW), folder, periods, ZoneInfo("Asia/Shanghai"), None)
    with world.database.writing() as session:
        session.add(_report(world, "3-2-501一切正常", LONG_AGO, retention=Retention.ROUTINE))

    assert not retention.look()
    assert goes_through(retention) == 1


def test_who_moved_away_and_what_names_somebody_in_passing_goes(world: World, retention: RetentionRound) -> None:
    home = world.has_household("3-2-501", "张大爷", "李婆婆")
    with world.database.writing() as session:
        _add_what_passes(session, world, home)

    goes_through(retention)

    with world.database.reading() as session:
        assert [each.called for each in session.exec(select(Resident))] == ["李婆婆"]
        assert [each.booked_for for each in session.exec(select(RoomBooking))] == ["王大姐"]
        assert session.exec(select(LoginAttempt)).all() == []
        assert [each.text for each in session.exec(select(Comment))] == ["还没办完的备注"]
        gone = session.exec(select(Account).where(Account.worker_id == world.people[Role.WORKER])).all()
        assert {each.address for each in gone} == {f"left:{each.id}" for each in gone}


def test_a_photo_that_two_reports_hold_stays_for_the_second(
    world: World, retention: RetentionRound, came_in: Callable[..., Path]
) -> None:
    old = has_matter(world, world.has_household("3-2-501"), TEXT, FINDING, ago=LONG_AGO)
    ends(world, old, timedelta(days=400))
    has_matter(world, world.has_household("3-2-502"), "3-2-502软管老化", FINDING)
    photo = came_in(1, "好", LONG_AGO)
    assert came_in(2, "好", timedelta(0)) == photo

    goes_through(retention)

    assert photo.exists()


def _report(world: World, text: str, ago: timedelta, **more: object) -> Report:
    return new(
        Report,
        area_id=world.micro_grid_id,
        channel="web",
        message_id=f"{len(text)} {ord(text[6])}",
        worker_id=world.worker_id,
        text=text,
        sent_at=NOW - ago,
        received_at=NOW - ago,
        **more,
    )


def _add_what_passes(session: Session, world: World, home: int) -> None:
    session.exec(select(Resident).where(Resident.called == "张大爷")).one().moved_away_on = date(2025, 1, 5)
    session.get_one(Worker, world.worker_id).left_at = NOW - LONG_AGO
    station = new(Station, area_id=world.grid_id, name="服务站")
    session.add(station)
    session.flush()
    for who, ago in (("赵大姐", LONG_AGO), ("王大姐", timedelta(days=1))):
        at = NOW - ago
        session.add(
            new(
                RoomBooking,
                area_id=world.grid_id,
                station_id=station.id,
                room="活动室",
                booked_for=who,
                starts_at=at,
                ends_at=at,
            )
        )
    session.add(new(LoginAttempt, name_digest="x", origin="y", at=NOW - LONG_AGO, succeeded=False))
    matter = new(
        Matter,
        area_id=world.micro_grid_id,
        household_id=home,
        kind="gas.hose",
        severity="P2",
        first_found_at=NOW - LONG_AGO,
        last_found_at=NOW - LONG_AGO,
    )
    session.add(matter)
    session.flush()
    for text, about in (("还没办完的备注", matter.id), ("随手的备注", None)):
        session.add(
            new(
                Comment,
                area_id=world.micro_grid_id,
                household_id=home,
                matter_id=about,
                worker_id=world.people[Role.COORDINATOR],
                verb="commented",
                text=text,
                at=NOW - LONG_AGO,
            )
        )
