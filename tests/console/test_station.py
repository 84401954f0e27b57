"""服务站 and 诉求: the rota, the doctor's days and the rooms; residents' requests with their stage."""

from datetime import timedelta

import pytest

from assistant.domain.access import Retention, Role
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.requests import ask
from assistant.storage.rooms import book
from assistant.storage.tables import DutySlot, Household, Report, ResidentRequest, Station, Worker
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import NOW, World

STATION, REQUESTS = "/console/station", "/console/requests"


def has_station(world: World, area_id: int | None = None, name: str = "怡丽服务站") -> int:
    """A station with an empty turn today, the doctor tomorrow, and a booked room; the empty turn's id."""
    with world.database.writing() as session:
        ledger = Ledger(session, NOW)
        station = new(Station, area_id=area_id or world.grid_id, name=name, doctor_days=[2], rooms=["大活动室"])
        session.add(station)
        session.flush()
        turn = new(
            DutySlot,
            area_id=station.area_id,
            station_id=station.id,
            on_day=NOW.date(),
            starts_at=NOW + timedelta(hours=4),
            ends_at=NOW + timedelta(hours=8),
        )
        ledger.adds(turn)
        worker = session.get_one(Worker, world.worker_id)
        starts = NOW + timedelta(days=1)
        book(ledger, station, worker, "大活动室", starts, starts + timedelta(hours=2), "<b>合唱队</b>", "排练")
        return turn.id or 0


def has_request(world: World, about: str = "乒乓室") -> None:
    household = world.has_household("3-2-501")
    with world.database.writing() as session:
        place = session.get_one(Household, household)
        report = new(
            Report,
            area_id=place.area_id,
            retention=Retention.CASE,
            channel="web",
            message_id=about,
            worker_id=world.worker_id,
            text=about,
            sent_at=NOW,
            received_at=NOW,
        )
        session.add(report)
        session.flush()
        ask(Ledger(session, NOW), report, place, "request.facility", about, NOW.date() - timedelta(days=1))


def assigns(site: Visitor, turn: int, worker: int | str):
    return site.post(f"{STATION}/slots/{turn}", {"csrf": site.token(STATION), "worker": str(worker)})


def test_the_rota_shows_gaps_doctor_days_and_rooms_with_names_escaped(world: World, site: Visitor) -> None:
    has_station(world)

    page = site.get(STATION).text

    assert "还没人" in page
    assert "家庭医生来" in page
    assert "&lt;b&gt;合唱队" in page


def test_an_empty_turn_gets_somebody_of_the_station(world: World, site: Visitor) -> None:
    turn = has_station(world)

    assigns(site, turn, world.worker_id)

    with world.database.reading() as session:
        assert session.get_one(DutySlot, turn).worker_id == world.worker_id


def test_nobody_from_outside_the_station_is_put_on_duty(world: World, site: Visitor) -> None:
    turn = has_station(world)

    assert assigns(site, turn, world.people[Role.RESPONDER]).status_code == 404
    assert assigns(site, turn, "99999").status_code == 404


def test_a_station_of_another_grid_is_not_there(world: World, site: Visitor) -> None:
    has_station(world)
    other = has_station(world, world.other_grid_id, "第二服务站")

    assert "第二服务站" not in site.get(STATION).text
    assert assigns(site, other, "").status_code == 404


def test_a_worker_sees_the_rota_and_changes_nothing(world: World, gated: Visitor) -> None:
    turn = has_station(world)
    world.has_login(Role.WORKER, "liu", PASSWORD)
    gated.logs_in("liu", PASSWORD)

    assert "怡丽服务站" in gated.get(STATION).text
    assert assigns(gated, turn, world.worker_id).status_code == 403


def test_a_booking_is_cancelled(world: World, site: Visitor) -> None:
    has_station(world)

    site.post(f"{STATION}/bookings/1/cancel", {"csrf": site.token(STATION)})

    assert "合唱队" not in site.get(STATION).text


def test_a_request_shows_its_stage_and_that_its_word_is_late(world: World, site: Visitor) -> None:
    has_request(world)

    page = site.get(REQUESTS).text

    assert "乒乓室" in page
    assert "已提出，本该" in page


def test_a_request_of_another_grid_is_not_listed(world: World, site: Visitor) -> None:
    has_request(world)
    with world.database.writing() as session:
        row = session.get_one(ResidentRequest, 1)
        row.area_id = world.other_grid_id
        session.add(row)

    assert "乒乓室" not in site.get(REQUESTS).text


@pytest.mark.browser
@pytest.mark.slow
def test_a_turn_is_filled_and_the_requests_are_read(world: World, open_console: OpenConsole) -> None:
    has_station(world)
    has_request(world)
    desk = open_console(STATION)
    looks_right(desk, "station")

    desk.page.get_by_label("谁值班").select_option("刘大姐")
    desk.page.get_by_role("button", name="定下").press("Enter")
    desk.page.get_by_text("刘大姐值这一班").wait_for()
    desk.page.goto(desk.page.url.replace(STATION, REQUESTS))
    looks_right(desk, "requests")
