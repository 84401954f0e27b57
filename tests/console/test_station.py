"""服务站 and 诉求: the rota, the doctor's days and the rooms; residents' requests with their stage."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import col, select

from assistant.domain.access import Retention, Role
from assistant.domain.requests import RequestStage
from assistant.domain.station import openings
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.requests import ask
from assistant.storage.rooms import book
from assistant.storage.tables import (
    DutySlot,
    Household,
    OutboxMessage,
    Report,
    ResidentRequest,
    RoomBooking,
    Station,
    Worker,
)
from knowledge.asides import load_days
from knowledge.signs import OWN
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
        ask(Ledger(session, NOW), report, place, "request.public_space", about, NOW.date() - timedelta(days=1))


def posts(site: Visitor, path: str, **fields: object):
    return site.post(path, {"csrf": site.token(STATION), **{name: str(each) for name, each in fields.items()}})


def turns(world: World) -> list[tuple[str, int | None]]:
    with world.database.reading() as session:
        rows = session.exec(select(DutySlot).order_by(col(DutySlot.starts_at))).all()
    return [(each.starts_at.astimezone(NOW.tzinfo).strftime("%m-%d %H:%M"), each.worker_id) for each in rows]


def told(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.exec(select(OutboxMessage.text).order_by(col(OutboxMessage.id))))


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


TURN = {"day": "2026-03-05", "opens": "09:00", "closes": "12:00", "worker": "", "weeks": "1"}


def test_a_turn_is_put_on_the_rota_for_several_weeks_and_who_has_it_is_told(world: World, site: Visitor) -> None:
    has_station(world)

    posts(site, "/console/stations/1/slots", **TURN | {"worker": world.worker_id, "weeks": 2})

    assert turns(world)[1:] == [("03-05 09:00", world.worker_id), ("03-12 09:00", world.worker_id)]
    assert told(world) == ["何网格长安排您3月5日（周四）在服务站值班（9:00–12:00）。来不了请说一声。"]
    assert "刘大姐" in site.get(STATION).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "5号"}, "没写对"),
        ({"closes": "09:00"}, "结束要比开始晚"),
        ({"day": "2026-03-01"}, "已经过了"),
        ({"day": "2026-03-02", "opens": "13:30", "closes": "15:00"}, "已经有一班"),
    ],
)
def test_a_turn_that_cannot_be_is_not_made_and_the_form_keeps_what_was_typed(
    fields: dict[str, str], said: str, world: World, site: Visitor
) -> None:
    has_station(world)
    before = turns(world)

    answer = posts(site, "/console/stations/1/slots", form="add-1", **TURN | fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{(TURN | fields)["opens"]}"' in answer.text
    assert turns(world) == before


def test_two_turns_change_hands_and_both_people_hear_of_it(world: World, site: Visitor) -> None:
    turn = has_station(world)
    posts(site, "/console/stations/1/slots", **TURN | {"worker": world.worker_id})
    assigns(site, turn, world.people[Role.COORDINATOR])
    before = len(told(world))

    posts(site, "/console/stations/1/exchange", one=turn, other=turn + 1)

    assert [who for _, who in turns(world)] == [world.worker_id, world.people[Role.COORDINATOR]]
    assert told(world)[before:] == ["何网格长调了班：3月2日（周一）刘大姐值班，3月5日（周四）何网格长值班。"]


@pytest.mark.parametrize("deed", ["", "/remove"], ids=["emptied", "removed"])
def test_a_turn_taken_from_somebody_is_told_to_who_had_it(deed: str, world: World, site: Visitor) -> None:
    turn = has_station(world)
    assigns(site, turn, world.worker_id)

    posts(site, f"{STATION}/slots/{turn}{deed}", worker="")

    assert turns(world) == ([] if deed else [("03-02 13:30", None)])
    assert told(world)[1:] == ["何网格长改了值班表：3月2日（周一）（13:30–17:30）这一班不用您来了。"]


BOOKING = {"room": "大活动室", "day": "2026-03-06", "opens": "14:00", "closes": "16:00", "booked_for": "舞蹈队"}


def test_a_room_is_booked(world: World, site: Visitor) -> None:
    has_station(world)

    posts(site, "/console/stations/1/bookings", **BOOKING)

    page = site.get(STATION).text
    assert "3月6日 周五 14:00–16:00" in page
    assert "舞蹈队" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "2026-03-03", "opens": "10:00", "closes": "11:00"}, "已经订给"),
        ({"opens": "08:00", "closes": "09:00"}, "没开门"),
        ({"day": "2026-03-07"}, "没开门"),
        ({"booked_for": " "}, "还没写给谁用"),
        ({"room": "书房"}, "还没选哪一间"),
    ],
)
def test_a_booking_that_clashes_or_falls_outside_the_hours_is_none(
    fields: dict[str, str], said: str, world: World, site: Visitor
) -> None:
    has_station(world)
    posts(site, "/console/stations/1/facts", hours="周一至周五 9:00-17:00", rooms="大活动室")

    answer = posts(site, "/console/stations/1/bookings", form="book-1", **BOOKING | fields)

    assert answer.status_code == 422
    assert said in answer.text
    with world.database.reading() as session:
        assert len(session.exec(select(RoomBooking)).all()) == 1


def test_what_was_typed_stands_in_the_form_again_and_never_becomes_markup(world: World, site: Visitor) -> None:
    has_station(world)

    page = posts(site, "/console/stations/1/bookings", form="book-1", **BOOKING | {"day": "", "purpose": '"><script>x'})

    assert "&#34;&gt;&lt;script&gt;x" in page.text
    assert "<script>x" not in page.text


def test_opening_hours_doctor_days_and_rooms_are_written_down_as_people_write_them(world: World, site: Visitor) -> None:
    has_station(world)

    fields = {
        "hours": "周一至周五 9:00-17:00\n周六9:00–12:00",
        "rooms": "议事厅、 书房,议事厅",
        "phone": "028-12345678",
    }
    posts(site, "/console/stations/1/facts", doctor_days=4, **fields)

    with world.database.reading() as session:
        station = session.get_one(Station, 1)
        assert openings(station.hours, date(2026, 3, 7)) == [(time(9), time(12))]
        assert (station.doctor_days, station.rooms, station.phone) == ([4], ["议事厅", "书房"], "028-12345678")
    page = site.get(STATION).text
    assert "周一至周五9:00–17:00，周六9:00–12:00" in page


def test_hours_that_cannot_be_read_change_nothing_and_say_how_to_write_them(world: World, site: Visitor) -> None:
    has_station(world)

    answer = posts(site, "/console/stations/1/facts", form="facts-1", hours="早九晚五", rooms="书房")

    assert answer.status_code == 422
    assert "写成“周一至周五 9:00-17:00”" in answer.text
    with world.database.reading() as session:
        assert session.get_one(Station, 1).rooms == ["大活动室"]


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


def moves(site: Visitor, number: int = 1, **fields: str):
    return site.post(f"{REQUESTS}/{number}/move", {"csrf": site.token(), **fields})


def test_a_step_is_told_to_who_asked_with_the_doors_to_pass_it_on_to(world: World, site: Visitor) -> None:
    has_request(world)

    moves(site, stage="consulting", due_on="2026-03-20", words="这周在架空层听意见")

    page = site.get(REQUESTS).text
    assert "在征求意见，3月20日前有下文" in page
    assert "已告诉当初反映的1位网格员" in page
    assert told(world) == ["“乒乓室”的事，正在征求大家意见，3月20日前有下文。这周在架空层听意见。请转告3-2-501。"]


def test_a_day_that_nobody_names_is_as_long_as_the_step_may_take(world: World, site: Visitor) -> None:
    has_request(world)

    moves(site, stage="consented")

    days = load_days(OWN / "requests.yaml")[RequestStage.CONSENTED]
    with world.database.reading() as session:
        assert session.get_one(ResidentRequest, 1).due_on == NOW.date() + timedelta(days=days)


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "asked"},
        {"stage": "withdrawn"},
        {"stage": ""},
        {"stage": "consulting", "due_on": "2026-02-30"},
        {"stage": "consulting", "due_on": "2026-03-01"},
    ],
)
def test_a_step_that_is_none_moves_nothing_and_tells_nobody(
    fields: dict[str, str], world: World, site: Visitor
) -> None:
    has_request(world)

    moves(site, **fields)

    assert "没有动" in site.get(REQUESTS).text
    assert told(world) == []
    with world.database.reading() as session:
        assert session.get_one(ResidentRequest, 1).stage is RequestStage.ASKED


def test_what_has_ended_is_listed_as_such_and_moves_no_more(world: World, site: Visitor) -> None:
    has_request(world)
    moves(site, stage="done")
    before = told(world)

    moves(site, stage="consulting")

    page = site.get(REQUESTS).text
    assert "已办成" in page[page.index("已经有结果的") :]
    assert told(world) == before
    assert "“乒乓室”的事，办成了。" in before[0]


def test_a_worker_reads_requests_and_moves_none(world: World, gated: Visitor) -> None:
    has_request(world)
    world.has_login(Role.WORKER, "liu", PASSWORD)
    gated.logs_in("liu", PASSWORD)

    assert "往下走一步" not in gated.get(REQUESTS).text
    assert moves(gated, stage="done").status_code == 403


@pytest.mark.browser
@pytest.mark.slow
def test_the_rota_and_a_room_are_arranged_and_a_request_moved_by_the_keyboard(
    world: World, open_console: OpenConsole
) -> None:
    has_station(world)
    has_request(world)
    desk = open_console(STATION)
    page = desk.page
    looks_right(desk, "station")

    page.get_by_label("谁值班").select_option("刘大姐")
    page.get_by_role("button", name="定下").press("Enter")
    page.get_by_text("刘大姐值这一班").wait_for()
    page.get_by_text("排一个班").press("Enter")
    page.get_by_label("谁来值").select_option("刘大姐")
    page.get_by_label("以后几周").select_option("连着两周的这一天")
    page.get_by_role("button", name="排上").press("Enter")
    page.get_by_text("排好了 2 个班").wait_for()
    for name in ("两个人换班", "排一个班", "订一间", "改开门时间、家医日子、房间"):
        page.get_by_text(name).press("Enter")
    looks_right(desk, "station-forms")
    page.get_by_label("给谁用").fill("舞蹈队")
    page.get_by_role("button", name="订下").press("Enter")
    page.get_by_text("订好了").wait_for()
    desk.page.goto(desk.page.url.replace(STATION, REQUESTS))
    looks_right(desk, "requests")
    page.get_by_text("往下走一步").press("Enter")
    page.get_by_label("现在到哪一步").select_option("在征求意见")
    looks_right(desk, "requests-move")
    page.get_by_role("button", name="记下").press("Enter")
    page.get_by_text("已告诉当初反映的1位网格员").wait_for()
