"""Who works here, and who may invite whom."""

import re

import httpx
import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.storage.columns import new
from assistant.storage.tables import Invitation, Worker
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import World

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
