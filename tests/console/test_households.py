"""The page of households: filters by address, kept views, several households given to one person."""

import httpx
import pytest
from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.domain.reports import Severity
from assistant.storage.columns import new
from assistant.storage.tables import Action, Flag, FollowUp, OutboxMessage, SavedView, Worker
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import NOW, World

LIST = "/console/households"


@pytest.fixture
def two_at_home(world: World) -> list[int]:
    """Two households for which the worker owes something, and one that only the gas company owes."""
    ids = []
    for key in ("3-2-501", "3-2-502"):
        ids.append(world.has_household(key, "张大爷"))
        owes(world, ids[-1], Responder.WORKER)
    ids.append(world.has_household("3-2-601"))
    owes(world, ids[-1], Responder.GAS)
    return ids


def owes(world: World, household_id: int, owner: Responder) -> None:
    flag_id = world.is_flagged(household_id, Severity.P2)
    with world.database.writing() as session:
        flag = session.get_one(Flag, flag_id)
        session.add(
            new(
                FollowUp,
                area_id=flag.area_id,
                household_id=household_id,
                report_id=flag.report_id,
                flag_id=flag_id,
                worker_id=world.worker_id,
                owner=owner,
                what="复查软管",
                rule=flag.rule,
                severity=flag.severity,
                due_at=NOW,
                first_found_at=NOW,
            )
        )


def colleague(world: World, area_id: int | None = None) -> int:
    with world.database.writing() as session:
        worker = new(Worker, area_id=area_id or world.other_micro_grid_id, name="周孃孃", role=Role.WORKER)
        session.add(worker)
        session.flush()
        assert worker.id is not None
        return worker.id


def assigns(site: Visitor, ids: list[int], to: int | str, back: str = "") -> httpx.Response:
    fields = {"csrf": site.token(), "household": [str(id_) for id_ in ids], "to": str(to), "back": back}
    return site.post(f"{LIST}/assign", fields)


def running(world: World) -> list[tuple[int, Responder, int | None]]:
    with world.database.reading() as session:
        rows = session.exec(
            select(FollowUp).where(FollowUp.state == FollowUpState.OPEN).order_by(col(FollowUp.household_id))
        ).all()
    return [(row.household_id, row.owner, row.worker_id) for row in rows]


def test_chosen_households_pass_to_one_person_who_hears_of_it_once(
    world: World, site: Visitor, two_at_home: list[int]
) -> None:
    to = colleague(world)

    answer = assigns(site, two_at_home, to, back="?theme=gas")

    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}?theme=gas")
    first, second, third = two_at_home
    assert running(world) == [
        (first, Responder.WORKER, to),
        (second, Responder.WORKER, to),
        (third, Responder.GAS, world.worker_id),
    ]
    page = site.get(f"{LIST}?theme=gas").text
    assert "已交给周孃孃：2 户。" in page
    assert "已交给周孃孃" not in site.get(LIST).text
    with world.database.reading() as session:
        (told,) = session.exec(select(OutboxMessage).where(OutboxMessage.worker_id == to)).all()
        who = session.exec(select(Action.worker_id).where(Action.verb == "referred")).all()
    assert told.text.startswith("何网格长交给您2户：3-2-501、3-2-502。")
    assert set(who) == {world.people[Role.COORDINATOR]}


def test_giving_them_again_to_the_same_person_changes_and_tells_nothing(
    world: World, site: Visitor, two_at_home: list[int]
) -> None:
    to = colleague(world)
    assigns(site, two_at_home, to)
    before = running(world)

    assigns(site, two_at_home, to)

    assert running(world) == before
    with world.database.reading() as session:
        assert len(session.exec(select(OutboxMessage).where(OutboxMessage.worker_id == to)).all()) == 1


def test_a_household_of_another_grid_among_them_stops_all_of_it(
    world: World, site: Visitor, two_at_home: list[int]
) -> None:
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    before = running(world)

    answer = assigns(site, [*two_at_home, elsewhere], colleague(world))

    assert answer.status_code == 404
    assert running(world) == before


def test_nothing_is_given_to_somebody_of_another_grid(world: World, site: Visitor, two_at_home: list[int]) -> None:
    before = running(world)

    answer = assigns(site, two_at_home, colleague(world, world.other_grid_id))

    assert answer.status_code == 404
    assert running(world) == before


@pytest.mark.parametrize("role", [Role.WORKER, Role.RESPONDER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_a_coordinator_gives_work_away(role: Role, world: World, gated: Visitor, two_at_home: list[int]) -> None:
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)
    before = running(world)

    fields = {"csrf": gated.token(), "household": [str(two_at_home[0])], "to": str(colleague(world))}
    answer = gated.post(f"{LIST}/assign", fields)

    assert answer.status_code == 403
    assert running(world) == before


@pytest.mark.parametrize(("ids", "to"), [([], "1"), ([1], ""), ([1], "x")])
def test_without_households_or_a_person_it_says_what_is_missing(
    ids: list[int], to: str, world: World, site: Visitor, two_at_home: list[int]
) -> None:
    assigns(site, ids, to)

    assert "先勾上要交办的户" in site.get(LIST).text


def test_a_form_without_its_token_gives_nothing_away(world: World, site: Visitor, two_at_home: list[int]) -> None:
    before = running(world)

    answer = site.post(
        f"{LIST}/assign", {"csrf": "wrong", "household": str(two_at_home[0]), "to": str(world.worker_id)}
    )

    assert answer.status_code == 403
    assert running(world) == before


def test_a_view_is_kept_under_a_name_replaced_and_dropped(world: World, site: Visitor) -> None:
    for back in ("?theme=gas", "?theme=fraud&severity=P0&after=x~y&evil=1"):
        site.post(f"{LIST}/views", {"csrf": site.token(), "name": "我的", "back": back})

    page = site.get(LIST).text
    assert f'href="{LIST}?theme=fraud&amp;severity=P0"' in page
    with world.database.reading() as session:
        (view,) = session.exec(select(SavedView)).all()
    assert (view.name, view.query) == ("我的", "?theme=fraud&severity=P0")

    site.post(f"{LIST}/views/{view.id}/remove", {"csrf": site.token()})
    assert "我的" not in site.get(LIST).text


def test_nobody_sees_or_drops_the_views_of_another(world: World, gated: Visitor) -> None:
    with world.database.writing() as session:
        view = new(
            SavedView,
            area_id=world.grid_id,
            worker_id=world.people[Role.COORDINATOR],
            page=LIST,
            name="别人的视图",
            query="?q=x",
        )
        session.add(view)
        session.flush()
    world.has_login(Role.WORKER, "liu", PASSWORD)
    gated.logs_in("liu", PASSWORD)

    assert "别人的视图" not in gated.get(LIST).text
    assert gated.post(f"{LIST}/views/{view.id}/remove", {"csrf": gated.token()}).status_code == 404
    with world.database.reading() as session:
        assert session.get(SavedView, view.id) is not None


@pytest.mark.parametrize(
    "query",
    [
        "?theme=%3Cscript%3E",
        "?severity=P9",
        "?worker=abc&estate=-1",
        "?after=urgent~x~y~z",
        "?sort=x",
        "?since=9",
        "?q=" + "长" * 300,
        "?building=%00",
        "?q=%25_%5C",
        "?q=%F0%9F%94%A5",
        "?q=%ED%A0%80",
    ],
)
def test_an_address_that_somebody_typed_never_breaks_the_page(query: str, world: World, site: Visitor) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P0)

    answer = site.get(LIST + query)

    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_what_others_wrote_is_shown_and_never_becomes_markup(world: World, site: Visitor) -> None:
    attack = '<img src=x onerror="alert(1)">'
    world.is_flagged(world.has_household("3-2-501", attack), Severity.P0, why=f"{attack}{{{{7*7}}}}")
    site.post(f"{LIST}/views", {"csrf": site.token(), "name": "<b>x</b>", "back": "?q=<img src=x>"})

    for path in (LIST, f"{LIST}?q={attack}", "/console/today"):
        page = site.get(path).text
        assert "<img src=x" not in page
        assert "<b>x</b>" not in page
        assert "{{7*7}}" in page
    assert "3-2-501" in site.get(LIST).text


@pytest.mark.browser
@pytest.mark.slow
def test_a_coordinator_searches_filters_and_gives_work_away(
    world: World, open_console: OpenConsole, two_at_home: list[int]
) -> None:
    colleague(world)
    world.is_flagged(
        world.has_household("10-1-101", "王叔叔"), Severity.P0, "在炒股", "在炒股", theme="fraud", why="投资骗局"
    )
    desk = open_console(LIST)
    page = desk.page
    rows = page.locator(".row")
    rows.nth(3).wait_for()
    looks_right(desk, "households")

    page.get_by_label("搜门牌、人、说过的话").fill("３栋2单元5")
    page.locator(".row", has_text="10-1-101").wait_for(state="detached")
    assert rows.count() == 2
    assert "q=" in page.url

    page.get_by_label("全选这一页").check()
    page.get_by_label("交给", exact=True).select_option(label="周孃孃")
    page.get_by_role("button", name="交办").click()
    page.get_by_text("已交给周孃孃：2 户。").wait_for()
    assert rows.count() == 2
    looks_right(desk, "households-assigned")

    page.get_by_role("link", name="清掉筛选").click()
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("哪类事").select_option(label="诈骗")
    page.locator(".row", has_text="3-2-501").wait_for(state="detached")
    page.get_by_text("存成视图").click()
    page.get_by_label("给视图起个名字").fill("诈骗")
    page.get_by_role("button", name="存", exact=True).click()
    page.get_by_role("link", name="诈骗", exact=True).wait_for()
    looks_right(desk, "households-view")


def test_a_search_as_one_types_sends_the_rows_without_the_filters(site: Visitor) -> None:
    whole = site.get("/console/households").text
    part = site.get("/console/households", hx_request="true").text
    going_back = site.get("/console/households", hx_request="true", hx_history_restore_request="true").text

    assert 'id="filters"' in whole
    assert 'id="filters"' not in part
    assert 'id="found"' in part
    assert 'id="filters"' in going_back
