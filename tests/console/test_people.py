"""Who works here, and who may invite whom."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.domain.reports import Severity
from assistant.outbox.queue import tell
from assistant.storage.columns import new
from assistant.storage.tables import (
    Account,
    DutySlot,
    FollowUp,
    Invitation,
    OutboxMessage,
    Purpose,
    Station,
    Worker,
)
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import NOW, World

PAGE = "/console/people"


def logged_in(world: World, gated: Visitor, role: Role) -> Visitor:
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)
    return gated


def invites(visitor: Visitor, worker_id: int) -> httpx.Response:
    return visitor.post(f"{PAGE}/{worker_id}/invite", {"csrf": visitor.token()})


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        (Role.COORDINATOR, Role.WORKER, True),
        (Role.COORDINATOR, Role.RESPONDER, True),
        (Role.COORDINATOR, Role.COORDINATOR, False),
        (Role.COORDINATOR, Role.AUDITOR, False),
        (Role.COORDINATOR, Role.ADMINISTRATOR, False),
        *((Role.ADMINISTRATOR, whom, True) for whom in Role),
    ],
)
def test_nobody_invites_somebody_who_may_more(who: Role, whom: Role, may: bool, world: World, gated: Visitor) -> None:
    visitor = logged_in(world, gated, who)

    answer = invites(visitor, world.people[whom])

    assert answer.status_code == (200 if may else 404)
    assert (f"/{world.people[whom]}/invite" in visitor.get(PAGE).text) == may
    with world.database.reading() as session:
        made = session.exec(select(Invitation)).all()
    assert [each.worker_id for each in made] == ([world.people[whom]] if may else [])


def test_the_link_is_shown_once_and_leads_in(world: World, gated: Visitor) -> None:
    page = invites(logged_in(world, gated, Role.COORDINATOR), world.worker_id).text

    found = re.search(r"http://testserver(/invite/[A-Z0-9-]+)", page)
    assert found is not None
    assert found[1] not in gated.get(PAGE).text
    assert "刘大姐，您好" in Visitor(gated.app).get(found[1]).text


@pytest.mark.parametrize("who", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_people_of_another_grid_are_not_listed_and_not_invited(who: Role, world: World, gated: Visitor) -> None:
    with world.database.writing() as session:
        stranger = new(Worker, area_id=world.other_grid_id, name="别家的人", role=Role.WORKER)
        session.add(stranger)
        session.flush()
    visitor = logged_in(world, gated, who)

    assert "别家的人" not in visitor.get(PAGE).text
    assert invites(visitor, stranger.id or 0).status_code == 404


def test_ending_somebodys_access_ends_their_open_pages(world: World, gated: Visitor) -> None:
    world.has_login(Role.RESPONDER, "li", PASSWORD)
    theirs = Visitor(gated.app)
    theirs.logs_in("li", PASSWORD)
    assert theirs.get("/console/today").status_code == 200

    visitor = logged_in(world, gated, Role.COORDINATOR)
    visitor.post(f"{PAGE}/{world.people[Role.RESPONDER]}/end", {"csrf": visitor.token()})

    assert theirs.get("/console/today").status_code == 303
    assert "在所有设备上都退出了" in visitor.get(PAGE).text


@pytest.mark.browser
@pytest.mark.slow
def test_a_coordinator_makes_an_invitation_and_the_worker_comes_in_by_it(
    world: World, open_console: OpenConsole
) -> None:
    desk = open_console(PAGE)

    desk.page.get_by_role("button", name="给刘大姐发邀请").click()
    link = desk.page.locator(".link code").inner_text()
    looks_right(desk, "people")

    guest = desk.context.browser.new_context().new_page()
    guest.goto(link)
    guest.get_by_label("登录名").fill("liu")
    guest.get_by_label("密码", exact=True).fill(PASSWORD)
    guest.get_by_label("再写一遍密码").fill(PASSWORD)
    desk.page.goto(link)
    looks_right(desk, "invite")
    guest.get_by_role("button", name="进去").click()
    guest.wait_for_url("**/chat")
    guest.context.close()


def posts(visitor: Visitor, where: str, **fields: object) -> httpx.Response:
    return visitor.post(
        f"{PAGE}/{where}", {"csrf": visitor.token(), **{name: str(each) for name, each in fields.items()}}
    )


def test_who_is_added_is_invited_at_once_and_comes_in_as_what_was_said(world: World, gated: Visitor) -> None:
    visitor = logged_in(world, gated, Role.COORDINATOR)

    page = posts(visitor, "new", name="周姐", role="worker", area_id=world.other_micro_grid_id).text

    link = re.search(r"http://testserver(/invite/[A-Z0-9-]+)", page)
    assert link is not None
    guest = Visitor(gated.app)
    fields = {"csrf": guest.token(link[1]), "name": "zhou", "password": PASSWORD, "again": PASSWORD}
    assert guest.post(link[1], fields).headers["location"] == "/chat"
    with world.database.reading() as session:
        worker = session.exec(select(Worker).where(Worker.name == "周姐")).one()
    assert (worker.role, worker.area_id, worker.estate_id) == (Role.WORKER, world.other_micro_grid_id, world.estate_id)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": " "}, "还没写姓名"),
        ({"role": ""}, "还没选身份"),
        ({"area_id": ""}, "还没选身份或片区"),
        ({"role": "responder"}, "处置单位要选是哪一家"),
        ({"name": "刘大姐"}, "已经有一位刘大姐"),
    ],
)
def test_a_form_that_leaves_something_out_says_what_and_keeps_what_was_typed(
    fields: dict[str, str], told: str, world: World, site: Visitor
) -> None:
    before = everybody(world)

    answer = posts(site, "new", **{"name": "周姐", "role": "worker", "area_id": world.micro_grid_id} | fields)

    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{fields.get("name", "周姐").strip()}"' in answer.text
    assert everybody(world) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "coordinator"},
        {"role": "administrator"},
        {"role": "auditor"},
        {"area_id": "other grid"},
        {"area_id": 999999},
        {"estate_id": 999999},
    ],
)
def test_a_coordinator_makes_nobody_who_may_more_and_nobody_elsewhere(
    fields: dict[str, object], world: World, site: Visitor
) -> None:
    before = everybody(world)
    fields = {name: world.other_grid_id if value == "other grid" else value for name, value in fields.items()}
    new = {"name": "周姐", "role": "worker", "area_id": world.micro_grid_id} | fields

    assert posts(site, "new", **new).status_code == 404
    assert posts(site, f"{world.worker_id}/move", **new).status_code == 404
    assert everybody(world) == before


def test_a_coordinator_changes_neither_themselves_nor_who_may_more_nor_strangers(world: World, site: Visitor) -> None:
    with world.database.writing() as session:
        stranger = new(Worker, area_id=world.other_grid_id, name="别家的人", role=Role.WORKER)
        session.add(stranger)
        session.flush()
        numbers = [stranger.id, *(world.people[role] for role in (Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR))]
    before = everybody(world)
    post = {"name": "x", "role": "worker", "area_id": world.micro_grid_id}

    for number in numbers:
        assert site.get(f"{PAGE}/{number}").status_code == 404
        assert posts(site, f"{number}/move", **post).status_code == 404
        assert posts(site, f"{number}/leave", to=world.worker_id).status_code == 404
    assert everybody(world) == before


def test_who_leaves_hands_over_what_is_open_and_is_out_at_once(world: World, gated: Visitor) -> None:
    home = world.has_household("3-2-501", "张大爷")
    world.is_flagged(home, Severity.P1, due_in=timedelta(days=1))
    world.has_login(Role.WORKER, "liu", PASSWORD)
    theirs = Visitor(gated.app)
    theirs.logs_in("liu", PASSWORD)
    turn = has_turn(world)
    visitor = logged_in(world, gated, Role.COORDINATOR)
    link = re.search(r"(/invite/[A-Z0-9-]+)", invites(visitor, world.worker_id).text)
    assert link is not None
    to = has_colleague(world)

    assert posts(visitor, f"{world.worker_id}/leave").status_code == 422
    assert posts(visitor, f"{world.worker_id}/leave", to=to).status_code == 303

    assert "没办完的 1 件交给了李大姐" in visitor.get(PAGE).text
    assert theirs.get("/console/today").status_code == 303
    assert theirs.logs_in("liu", PASSWORD).status_code == 403
    assert Visitor(gated.app).get(link[1]).status_code == 404
    with world.database.reading() as session:
        promises = session.exec(select(FollowUp).order_by(FollowUp.id)).all()
        assert [(each.state, each.worker_id, each.owner) for each in promises] == [
            (FollowUpState.REFERRED, world.worker_id, Responder.GAS),
            (FollowUpState.OPEN, to, Responder.GAS),
        ]
        assert promises[0].due_at == promises[1].due_at
        assert session.get_one(DutySlot, turn).worker_id is None
        told = session.exec(select(OutboxMessage).where(OutboxMessage.worker_id == to)).one()
        assert "3-2-501" in told.text


def test_what_an_office_owes_goes_to_another_of_the_office_or_to_our_own_people(world: World, site: Visitor) -> None:
    gas = world.people[Role.RESPONDER]
    posts(site, "new", name="燃气小陈", role="responder", acts_as="gas", area_id=world.grid_id)
    posts(site, "new", name="孙警官", role="responder", acts_as="police", area_id=world.grid_id)

    page = site.get(f"{PAGE}/{gas}").text
    takers = page[page.index('id="leave-to"') : page.index("</select>", page.index('id="leave-to"'))]

    assert re.findall(r">(\w+)（", takers) == ["何网格长", "燃气小陈", "刘大姐"]
    with world.database.reading() as session:
        police = session.exec(select(Worker.id).where(Worker.name == "孙警官")).one()
    assert posts(site, f"{gas}/leave", to=police).status_code == 404


def test_what_was_still_to_be_sent_to_who_left_is_not_sent(world: World, site: Visitor) -> None:
    with world.database.writing() as session:
        worker = session.get_one(Worker, world.worker_id)
        tell(session, worker, key="k", purpose=Purpose.NOTICE, text="明天去看看", now=NOW)

    posts(site, f"{world.worker_id}/leave")

    with world.database.reading() as session:
        assert session.exec(select(OutboxMessage)).one().cancelled_at is not None


def test_the_only_coordinator_of_a_grid_neither_leaves_nor_becomes_something_else(world: World, gated: Visitor) -> None:
    visitor = logged_in(world, gated, Role.ADMINISTRATOR)
    number = world.people[Role.COORDINATOR]

    for deed in ("leave", "move"):
        answer = posts(visitor, f"{number}/{deed}", name="何网格长", role="worker", area_id=world.grid_id)
        assert answer.status_code == 422
        assert "唯一的网格长" in answer.text

    posts(visitor, "new", name="罗网格长", role="coordinator", area_id=world.grid_id)
    assert posts(visitor, f"{number}/leave").status_code == 303


def test_who_moves_keeps_what_they_promised_and_loses_the_turns_of_the_old_station(world: World, site: Visitor) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P1, due_in=timedelta(days=1))
    turn = has_turn(world, world.micro_grid_id)

    fields = {"name": "刘大姐", "role": "worker", "area_id": world.other_micro_grid_id}
    assert posts(site, f"{world.worker_id}/move", **fields).status_code == 303

    with world.database.reading() as session:
        assert session.get_one(Worker, world.worker_id).area_id == world.other_micro_grid_id
        assert session.exec(select(FollowUp)).one().worker_id == world.worker_id
        assert session.get_one(DutySlot, turn).worker_id is None
        assert {each.area_id for each in session.exec(select(Account))} == {world.other_micro_grid_id}


def test_a_name_with_markup_is_shown_as_it_was_typed(world: World, site: Visitor) -> None:

    page = posts(site, "new", name="<script>alert(1)</script>", role="worker", area_id=world.micro_grid_id).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def everybody(world: World) -> list[dict[str, object]]:
    with world.database.reading() as session:
        return [each.model_dump() for each in session.exec(select(Worker).order_by(Worker.id))]


def has_colleague(world: World, name: str = "李大姐") -> int:
    with world.database.writing() as session:
        row = new(Worker, area_id=world.other_micro_grid_id, name=name, role=Role.WORKER)
        session.add(row)
        session.flush()
        return row.id or 0


def has_turn(world: World, area_id: int | None = None) -> int:
    """A turn of duty of the worker's, at a station of the grid or of this area."""
    with world.database.writing() as session:
        station = new(Station, area_id=area_id or world.grid_id, name="怡丽服务站")
        session.add(station)
        session.flush()
        span = {"starts_at": NOW + timedelta(hours=4), "ends_at": NOW + timedelta(hours=8)}
        slot = new(
            DutySlot,
            area_id=station.area_id,
            station_id=station.id,
            on_day=NOW.date(),
            worker_id=world.worker_id,
            **span,
        )
        session.add(slot)
        session.flush()
        return slot.id or 0


@pytest.mark.browser
@pytest.mark.slow
def test_somebody_is_added_and_leaves_by_the_keyboard(world: World, open_console: OpenConsole) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P1, due_in=timedelta(days=1))
    desk = open_console(PAGE)
    page = desk.page
    page.get_by_role("link", name="加一个人").press("Enter")
    page.get_by_label("姓名").fill("周姐")
    page.get_by_label("身份").select_option("微网格员")
    page.get_by_label("管哪一片").select_option(label="一号微网格（微网格）")
    looks_right(desk, "person-new")
    page.get_by_role("button", name="加进来，发邀请").press("Enter")
    page.get_by_role("heading", name="给周姐的邀请").wait_for()
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制链接").press("Enter")
    page.get_by_role("button", name="复制好了").wait_for()
    assert "/invite/" in page.evaluate("navigator.clipboard.readText()")

    page.get_by_role("link", name="刘大姐：改动或离岗").press("Enter")
    looks_right(desk, "person")
    page.get_by_label("没办完的 1 件交给谁").select_option(label="周姐（微网格员）")
    page.get_by_label("不在这里做了").check()
    page.get_by_role("button", name="离岗").press("Enter")
    page.get_by_text("没办完的 1 件交给了周姐").wait_for()
