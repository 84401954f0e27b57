"""The page of one household: what is shown to whom, and the log of who looked."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.reports import CareGrade, EvidenceState, Severity
from assistant.storage.deciding import Deciding
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    ROUND,
    Action,
    Matter,
    Report,
    Resident,
)
from tests.console.casework import has_matter
from tests.console.conftest import site_of
from tests.console.household_page import HOSE, TEXT, logs_in, page_of, presses
from tests.console.served import OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import NOW, World


def test_the_words_are_marked_and_each_mark_says_how_it_is_known(site: Visitor, home: int, matter: int) -> None:
    page = site.get(page_of(home)).text

    assert '<mark class="is-seen">软管老化开裂<sup>1</sup></mark>' in page
    assert '<mark class="is-negated">没闻到味道<sup>2</sup></mark>' in page
    assert '<mark class="is-hearsay">听邻居说他在炒股<sup>3</sup></mark>' in page
    for said in ("亲眼看到", "说没有", "听别人说", "gas.hose-refused", "2026-03-01-a1b2"):
        assert said in page


def test_a_rule_is_shown_by_its_title_with_its_name_and_book_behind_it(world: World, home: int, matter: int) -> None:
    titles = {"gas.hose-refused": "软管有隐患,住户不愿更换"}
    pages = site_of(world, always=world.people[Role.COORDINATOR], is_demo=True, rule_called=titles.get).pages

    page = Visitor(pages).get(page_of(home)).text

    assert '规则“<abbr title="gas.hose-refused">软管有隐患，住户不愿更换</abbr>”' in page
    assert '规则书 <abbr title="2026-03-01-a1b2">2026…</abbr>' in page


def test_every_look_is_logged_with_who_and_on_what_ground(world: World, site: Visitor, home: int) -> None:
    site.get(page_of(home))
    site.get(page_of(home))

    with world.database.reading() as session:
        looks = session.exec(select(Action).where(Action.verb == "viewed")).all()
    assert [(look.subject, look.subject_id, look.worker_id, look.why) for look in looks] == [
        ("households", home, world.people[Role.COORDINATOR], "own area")
    ] * 2


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_has_no_business_with_households_sees_none(role: Role, world: World, gated: Visitor, home: int) -> None:
    logs_in(world, gated, role)

    assert gated.get(page_of(home)).status_code == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WORKER, Role.RESPONDER])
def test_a_household_of_another_grid_is_not_there_whoever_guesses_its_number(
    role: Role, world: World, gated: Visitor
) -> None:
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    logs_in(world, gated, role)

    answers = [gated.get(page_of(id_)).status_code for id_ in (elsewhere, 999_999)]

    assert answers == [404, 404]
    with world.database.reading() as session:
        assert session.exec(select(Action).where(Action.verb == "viewed")).all() == []


def test_a_responder_sees_the_matter_that_is_theirs_and_half_of_a_name(
    world: World, gated: Visitor, home: int, matter: int
) -> None:
    has_matter(world, home, "3-2-501张大爷血压182", ("health.bp_high", "血压182", EvidenceState.SEEN))
    has_matter(
        world,
        home,
        TEXT,
        HOSE,
        owners=(Responder.GAS,),
        why="张大爷家软管老化",
        severity=Severity.P1,
        ago=timedelta(days=1),
    )
    with world.database.writing() as session:
        deciding = Deciding(Ledger(session, NOW, world.people[Role.COORDINATOR]), world.viewer())
        deciding.comment(session.get_one(Matter, matter), "张大爷下午在")
    logs_in(world, gated, Role.RESPONDER)

    page = gated.get(page_of(home)).text

    assert "软管老化开裂" in page
    for said in ("3-2-501张**家", "张**家软管老化</p>", "张**下午在"):
        assert said in page
    assert "张大爷" not in page
    assert "血压" not in page


def test_a_worker_sees_the_household_but_not_what_others_told_of_its_health(
    world: World, gated: Visitor, home: int, matter: int
) -> None:
    other = has_matter(
        world,
        home,
        "3-2-501张大爷血压182",
        ("health.bp_high", "血压182", EvidenceState.SEEN),
        owners=(),
        by=Role.COORDINATOR,
        why="血压很高",
    )
    logs_in(world, gated, Role.WORKER)

    page = gated.get(page_of(home)).text

    assert "张大爷" in page
    assert "软管老化开裂" in page
    assert "血压" not in page
    assert presses(gated, f"/console/cases/matter/{other}/comment", reason="看看").status_code == 404


def test_care_needs_are_shown_as_far_as_they_are_on_record(world: World, site: Visitor, home: int) -> None:
    with world.database.writing() as session:
        row = session.exec(select(Resident).where(Resident.household_id == home)).one()
        row.birth_year, row.lives_alone, row.care_grade = 1938, True, CareGrade.RED
        session.add(row)

    page = site.get(page_of(home)).text

    assert all(said in page for said in ("88岁", "高龄", "独居", "红色照护"))
    assert "残疾" not in page


def test_what_the_daily_round_found_is_nobodys_report(world: World, site: Visitor, home: int, matter: int) -> None:
    with world.database.writing() as session:
        session.exec(select(Report)).one().channel = ROUND

    page = site.get(page_of(home)).text

    assert "每天巡一遍" in page
    assert "没有人上报，是照日历和走访记录算出来的" in page
    assert 'class="said"' not in page


def test_what_others_wrote_is_shown_and_never_becomes_markup(world: World, site: Visitor) -> None:
    attack = "<img src=x onerror=alert(1)>{{7*7}}"
    home = world.has_household("3-2-501", attack)
    matter = has_matter(
        world,
        home,
        f"{attack}软管老化开裂{attack}",
        ("gas.hose", f"软管老化开裂{attack}", EvidenceState.SEEN),
        why=attack,
    )
    presses(site, f"/console/cases/matter/{matter}/comment", reason=attack)
    presses(site, f"/console/cases/matter/{matter}/dismiss", reason=attack)

    page = site.get(page_of(home)).text

    assert "<img" not in page.partition("<main")[2]
    assert page.count("{{7*7}}") >= 5


@pytest.mark.browser
@pytest.mark.slow
def test_a_coordinator_works_through_a_household(
    world: World, open_console: OpenConsole, home: int, matter: int
) -> None:
    with world.database.writing() as session:
        row = session.exec(select(Resident).where(Resident.household_id == home)).one()
        row.birth_year, row.lives_alone = 1938, True
        session.add(row)
    world.is_flagged(home, Severity.P0, "3-2-501闻到有气味，张大爷说头昏", "闻到有气味", why="闻到有气味：先关阀开窗")
    desk = open_console(page_of(home))
    page = desk.page
    page.get_by_role("heading", name="3-2-501").wait_for()
    looks_right(desk, "household")

    page.get_by_role("button", name="我来处理").click()
    page.get_by_text("好，您接手了。").wait_for()
    promise = page.locator(".promise", has_text="复查软管")
    promise.locator("summary", has_text="改期").click()
    promise.get_by_label("推到").select_option(label="3天后")
    promise.get_by_role("textbox", name="为什么").fill("他去女儿家了")
    looks_right(desk, "household-postponing")
    promise.get_by_role("button", name="改期").click()
    page.get_by_text("期限改了。").wait_for()

    card = page.locator(f"#matter-{matter}")
    card.locator("summary", has_text="误报").focus()
    page.keyboard.press("Enter")
    card.get_by_label("为什么说是误报").fill("看过了，是新软管")
    page.keyboard.press("Enter")
    page.get_by_text("记下了：误报").wait_for()
    assert card.count() == 1
    assert page.locator("article.card").count() == 1
    page.locator("summary", has_text="重新打开").wait_for()
    looks_right(desk, "household-after")
