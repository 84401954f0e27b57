"""今天: what stands where, what one click does, and that an open page hears of it by itself."""

from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import expect
from sqlmodel import select

from assistant.domain.access import Retention, Role, Sensitivity
from assistant.domain.followups import MatterState
from assistant.domain.reports import EvidenceState, Intent, Severity, VisitOutcome
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.read.today import Today, todays
from assistant.storage.tables import Action, DutySlot, Flag, Household, Login, Report, Station, Visit
from tests.console.conftest import site_of
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import NOW, World, build_world

PAGE = "/console/today"
SINCE = NOW - timedelta(hours=3)


def today(world: World, role: Role = Role.COORDINATOR, since: datetime = SINCE) -> Today:
    with world.database.reading() as session:
        return todays(session, world.viewer(role), NOW, since)


def flag_of(world: World, flag_id: int) -> Flag:
    with world.database.reading() as session:
        return session.get_one(Flag, flag_id)


def acknowledges(site: Visitor, flag_id: int, **headers: str) -> httpx.Response:
    return site.post(f"{PAGE}/alarms/{flag_id}/acknowledge", {"csrf": site.token()}, **headers)


def test_alarms_that_nobody_took_come_first_the_longest_waiting_on_top(world: World) -> None:
    for key, minutes in (("1-1-101", 5), ("1-1-102", 40), ("1-1-103", 90)):
        flag_id = world.is_flagged(world.has_household(key), Severity.P0, ago=timedelta(minutes=minutes))
    with world.database.writing() as session:
        taken = session.get_one(Flag, flag_id)
        taken.acknowledged_at, taken.acknowledged_by_id = NOW, world.people[Role.COORDINATOR]

    lines = today(world).alarms.lines

    assert [line.door.key for line in lines] == ["1-1-102", "1-1-101", "1-1-103"]
    assert [line.acknowledged_by for line in lines] == [None, None, "何网格长"]


def test_a_click_takes_an_alarm_over_once_under_the_name_of_who_clicked(world: World, site: Visitor) -> None:
    flag_id = world.is_flagged(world.has_household("3-2-501"), Severity.P0)

    first = acknowledges(site, flag_id)
    acknowledges(site, flag_id)

    assert (first.status_code, first.headers["location"]) == (303, PAGE)
    flag = flag_of(world, flag_id)
    assert (flag.acknowledged_at, flag.acknowledged_by_id) == (NOW, world.people[Role.COORDINATOR])
    with world.database.reading() as session:
        lines = session.exec(select(Action).where(Action.verb == "acknowledged")).all()
    assert [line.worker_id for line in lines] == [world.people[Role.COORDINATOR]]
    assert "何网格长已接手" in site.get(PAGE).text


def test_htmx_gets_the_part_it_puts_in_place(world: World, site: Visitor) -> None:
    flag_id = world.is_flagged(world.has_household("3-2-501"), Severity.P0)

    answer = acknowledges(site, flag_id, hx_request="true")

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="today"')
    assert "何网格长已接手" in answer.text


@pytest.mark.parametrize("role", [Role.WORKER, Role.RESPONDER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_an_alarm_that_is_not_yours_can_not_be_taken_by_guessing_its_number(
    role: Role, world: World, gated: Visitor
) -> None:
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    flag_id = world.is_flagged(elsewhere, Severity.P0, by=Role.COORDINATOR)
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)

    answers = {acknowledges(gated, number).status_code for number in (flag_id, 999_999)}

    assert answers <= {403, 404}
    assert len(answers) == 1
    assert flag_of(world, flag_id).acknowledged_at is None


@pytest.mark.parametrize("number", ["x", "-1", "1e3", "９９", "9" * 40, "%00"])
def test_a_number_that_is_none_is_not_there(number: str, site: Visitor) -> None:
    assert site.post(f"{PAGE}/alarms/{number}/acknowledge", {"csrf": site.token()}).status_code == 404


def test_without_the_forms_token_nobody_takes_anything(world: World, site: Visitor) -> None:
    flag_id = world.is_flagged(world.has_household("3-2-501"), Severity.P0)

    answer = site.post(f"{PAGE}/alarms/{flag_id}/acknowledge", {"csrf": "x"})

    assert answer.status_code == 403
    assert flag_of(world, flag_id).acknowledged_at is None


def test_what_waits_for_a_word_what_is_late_and_what_is_due_today_are_told_apart(world: World) -> None:
    world.is_flagged(world.has_household("1-1-101"), Severity.P1, state=MatterState.PROPOSED)
    world.is_flagged(world.has_household("1-1-102"), Severity.P2, ago=timedelta(days=9), due_in=timedelta(days=7))
    world.is_flagged(world.has_household("1-1-103"), Severity.P2, due_in=timedelta(hours=5))
    world.is_flagged(world.has_household("1-1-104"), Severity.P2, due_in=timedelta(days=1))

    shown = today(world)

    assert [line.door.key for line in shown.waiting.lines] == ["1-1-101"]
    assert [(line.door.key, line.is_overdue) for line in shown.due.lines] == [("1-1-102", True), ("1-1-103", False)]


def test_what_an_alarm_promises_is_listed_as_due_only_once_somebody_took_it(world: World, site: Visitor) -> None:
    flag_id = world.is_flagged(
        world.has_household("1-1-101"), Severity.P0, ago=timedelta(minutes=15), due_in=timedelta(0)
    )
    world.is_flagged(world.has_household("1-1-102"), Severity.P2, due_in=timedelta(hours=5))

    before = today(world).due
    acknowledges(site, flag_id)
    after = today(world).due

    assert ([line.door.key for line in before.lines], before.count) == (["1-1-102"], 1)
    assert ([line.door.key for line in after.lines], after.count) == (["1-1-101", "1-1-102"], 2)
    assert '<span class="due is-late">马上</span>' in site.get(PAGE).text


def test_one_click_agrees_that_it_is_over_and_comes_back_here(world: World, site: Visitor) -> None:
    flag_id = world.is_flagged(world.has_household("3-2-501"), Severity.P1, state=MatterState.PROPOSED)
    assert f'action="/console/cases/flag/{flag_id}/close"' in site.get(PAGE).text

    answer = site.post(f"/console/cases/flag/{flag_id}/close", {"csrf": site.token(), "back": PAGE})

    assert answer.headers["location"] == PAGE
    assert flag_of(world, flag_id).state is MatterState.SETTLED
    assert "办结了" in site.get(PAGE).text
    assert "要您点头的" not in site.get(PAGE).text.split("眼下没有")[0]


def test_who_may_not_decide_has_no_button_for_it(world: World, gated: Visitor) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P1, state=MatterState.PROPOSED)
    world.has_login(Role.WORKER, "liu", PASSWORD)
    gated.logs_in("liu", PASSWORD)

    page = gated.get(PAGE).text

    assert "3-2-501" in page
    assert "同意办结" not in page


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/"])
def test_a_decision_sends_nobody_elsewhere(evil: str, world: World, site: Visitor) -> None:
    flag_id = world.is_flagged(world.has_household("3-2-501"), Severity.P1, state=MatterState.PROPOSED)

    answer = site.post(f"/console/cases/flag/{flag_id}/close", {"csrf": site.token(), "back": evil})

    assert answer.headers["location"].startswith("/console/households/")


def test_what_came_in_since_is_counted_and_listed_newest_first(world: World) -> None:
    world.is_flagged(world.has_household("1-1-101"), Severity.P2, ago=timedelta(hours=9))
    world.is_flagged(world.has_household("1-1-102"), Severity.P2, ago=timedelta(hours=2))
    world.is_flagged(world.has_household("1-1-103"), Severity.P3, ago=timedelta(hours=1))
    world.is_flagged(world.has_household("1-1-104"), Severity.P0, ago=timedelta(hours=1))

    shown = today(world)

    assert [line.door.key for line in shown.fresh.lines] == ["1-1-103", "1-1-102"]
    assert shown.reports == 3


def test_a_second_miss_in_a_row_stands_there_and_a_first_does_not(world: World) -> None:
    for key, misses in (("1-1-101", 1), ("1-1-102", 2)):
        household = world.has_household(key)
        for number in range(misses):
            world.is_flagged(household, Severity.P2, "没人应", "没人应", theme="visit", ago=timedelta(days=number))
        with world.database.writing() as session:
            for report in session.exec(select(Report).where(Report.text == "没人应")):
                if report.message_id.startswith(f"{household}-"):
                    session.add(
                        new(
                            Visit,
                            area_id=report.area_id,
                            retention=Retention.ROUTINE,
                            report_id=report.id,
                            household_id=household,
                            outcome=VisitOutcome.MISSED,
                            at=report.sent_at,
                        )
                    )

    lines = today(world).missed.lines

    assert [(line.door.key, line.times) for line in lines] == [("1-1-102", 2)]


def test_what_is_only_told_stands_there_until_somebody_has_seen_it(world: World) -> None:
    household = world.has_household("1-1-101")
    world.is_flagged(household, Severity.P1, "听说摔了", "摔了", evidence=EvidenceState.HEARSAY)
    world.is_flagged(world.has_household("1-1-102"), Severity.P1, "摔了", "摔了")

    assert [line.door.key for line in today(world).unsure.lines] == ["1-1-101"]


def test_a_correction_shows_what_was_said_before_and_after(world: World) -> None:
    world.is_flagged(world.has_household("1-1-101"), Severity.P1, "501漏气", "漏气", ago=timedelta(hours=2))
    with world.database.writing() as session:
        before = session.exec(select(Report)).one()
        session.add(
            new(
                Report,
                area_id=world.micro_grid_id,
                retention=Retention.CASE,
                channel="web",
                message_id="correction",
                worker_id=world.worker_id,
                text="更正：是502",
                sent_at=NOW,
                received_at=NOW,
                intent=Intent.CORRECTION,
                amends_id=before.id,
            )
        )

    (line,) = today(world).put_right.lines

    assert (line.before, line.after, line.by) == ("501漏气", "更正：是502", "刘大姐")


def test_duty_that_nobody_has_in_the_next_week_stands_there(world: World) -> None:
    with world.database.writing() as session:
        station = new(Station, area_id=world.grid_id, name="服务站")
        session.add(station)
        session.flush()
        for days, worker_id in ((1, None), (2, world.worker_id), (3, None), (9, None), (-1, None)):
            at = NOW + timedelta(days=days)
            session.add(
                new(
                    DutySlot,
                    area_id=world.grid_id,
                    station_id=station.id,
                    on_day=at.date(),
                    starts_at=at,
                    ends_at=at + timedelta(hours=8),
                    worker_id=worker_id,
                )
            )

    turns = today(world).empty_turns.lines

    assert [(turn.starts_at - NOW).days for turn in turns] == [1, 3]
    assert today(world, Role.RESPONDER).empty_turns.count == 0


def test_another_grid_and_a_restricted_matter_of_others_are_in_no_part(world: World) -> None:
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    world.is_flagged(elsewhere, Severity.P0, by=Role.COORDINATOR)
    restricted = world.has_household("1-1-101")
    world.is_flagged(restricted, Severity.P0, sensitivity=Sensitivity.VIOLENCE, by=Role.COORDINATOR)

    assert [line.door.key for line in today(world).alarms.lines] == ["1-1-101"]
    assert today(world, Role.WORKER).alarms.count == 0


def test_every_part_can_be_asked_of_either_database(database: Database) -> None:
    world = build_world(database)
    world.is_flagged(world.has_household("1-1-101"), Severity.P0)
    world.is_flagged(world.has_household("1-1-102"), Severity.P1, state=MatterState.PROPOSED, due_in=timedelta(0))
    told = world.has_household("1-1-103")
    world.is_flagged(told, Severity.P2, evidence=EvidenceState.HEARSAY, ago=timedelta(hours=1))

    for role in (Role.COORDINATOR, Role.WORKER, Role.RESPONDER):
        shown = today(world, role)
        assert shown.alarms.count == (0 if role is Role.RESPONDER else 1)
        assert shown.waiting.count == shown.due.count == 1
        assert shown.unsure.count == shown.fresh.count == (0 if role is Role.RESPONDER else 1)


def test_having_looked_through_is_remembered_for_who_looked(world: World, gated: Visitor) -> None:
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    world.is_flagged(world.has_household("1-1-101"), Severity.P2, ago=timedelta(hours=2))
    gated.logs_in("he", PASSWORD)
    assert "新立 <strong>1</strong> 件" in gated.get(PAGE).text

    gated.post(f"{PAGE}/seen", {"csrf": gated.token()})

    assert "新立 <strong>0</strong> 件" in gated.get(PAGE).text
    with world.database.reading() as session:
        assert session.exec(select(Login.seen_until_at)).one() == NOW


def test_who_comes_for_the_first_time_is_told_from_when_and_later_it_is_the_visit_before(
    world: World,
) -> None:
    clock = [NOW - timedelta(days=1)]
    gated = Visitor(site_of(world, now=lambda: clock[0]).pages)
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    gated.logs_in("he", PASSWORD)
    assert "您第一次来" in gated.get(PAGE).text
    world.is_flagged(world.has_household("1-1-101"), Severity.P2, ago=timedelta(hours=20))
    world.is_flagged(world.has_household("1-1-102"), Severity.P2, ago=timedelta(hours=28))

    clock[0] = NOW
    gated.logs_in("he", PASSWORD)
    page = gated.get(PAGE).text
    assert "昨天09:30以来" in page
    assert "第一次" not in page
    assert "新立 <strong>1</strong> 件" in page

    clock[0] = NOW + timedelta(minutes=10)
    gated.logs_in("he", PASSWORD)
    assert "昨天09:30以来" in gated.get(PAGE).text


@pytest.mark.browser
@pytest.mark.slow
def test_an_alarm_appears_by_itself_and_is_taken_with_one_click(world: World, open_console: OpenConsole) -> None:
    desk = open_console(PAGE)
    page = desk.page
    page.evaluate("window.stillTheSamePage = true")
    page.get_by_text("现在没有紧急的事").wait_for()

    household = world.has_household("3-2-501", "张大爷")
    world.is_flagged(household, Severity.P0)
    _something_is_written_on_the_ledger(world)

    expect(desk.card("3-2-501")).to_be_visible()
    expect(page.locator("[data-announce]")).to_contain_text("3-2-501")
    running = page.locator("[data-since]").inner_text()
    expect(page.locator("[data-since]")).not_to_have_text(running, timeout=5_000)
    looks_right(desk, "today-alarm")

    page.get_by_role("button", name="我来处理").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("何网格长已接手")).to_be_visible()
    assert page.evaluate("window.stillTheSamePage") is True
    looks_right(desk, "today-taken")


def _something_is_written_on_the_ledger(world: World) -> None:
    """As the turn does: the open pages look at the ledger."""
    with world.database.writing() as session:
        Ledger(session, NOW).notes(session.exec(select(Household)).one(), "told")
