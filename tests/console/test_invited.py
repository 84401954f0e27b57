"""An invitation link leads in, once; opening it uses nothing up."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.storage.invitations import invite
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Login, Worker
from tests.console.conftest import site_of
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import NOW, World


def invited(world: World, role: Role) -> str:
    with world.database.writing() as session:
        code = invite(Ledger(session, NOW), session.get_one(Worker, world.people[role]))
    return f"/invite/{code}"


def accepts(
    visitor: Visitor, path: str, name: str = "he", password: str = PASSWORD, again: str | None = None
) -> httpx.Response:
    fields = {"csrf": visitor.token(path), "name": name, "password": password, "again": again or password}
    return visitor.post(path, fields)


@pytest.mark.parametrize(
    ("role", "begins_at"),
    [
        (Role.COORDINATOR, "/console/today"),
        (Role.RESPONDER, "/console/today"),
        (Role.WORKER, "/chat"),
    ],
)
def test_who_accepts_is_in_where_their_work_begins(role: Role, begins_at: str, world: World, gated: Visitor) -> None:
    answer = accepts(gated, invited(world, role))

    assert (answer.status_code, answer.headers["location"]) == (303, begins_at)
    assert gated.get(begins_at).status_code == 200
    again = Visitor(gated.app)
    assert again.logs_in("he", PASSWORD).status_code == 303


def test_a_preview_of_the_link_uses_nothing_up(world: World, gated: Visitor) -> None:
    path = invited(world, Role.COORDINATOR)

    for _ in range(3):
        page = Visitor(gated.app).get(path)
        assert "何网格长，您好" in page.text

    assert accepts(gated, path).status_code == 303


def test_a_link_leads_in_once(world: World, gated: Visitor) -> None:
    path = invited(world, Role.COORDINATOR)
    visitor = Visitor(gated.app)
    fields = {"csrf": gated.token(path), "name": "evil", "password": PASSWORD, "again": PASSWORD}

    accepts(visitor, path)
    answer = gated.post(path, fields)

    assert answer.status_code == 404
    assert "已经用过了" in answer.text
    with world.database.reading() as session:
        assert [login.name for login in session.exec(select(Login))] == ["he"]


@pytest.mark.parametrize("path", ["/invite/ABCD-EFGH-JKMN", "/invite/x", "/invite/%3Cscript%3E"])
def test_a_code_that_nobody_made_greets_nobody(path: str, gated: Visitor) -> None:
    answer = gated.get(path)

    assert answer.status_code == 404
    assert "您好" not in answer.text
    assert "<script>" not in answer.text


def test_a_link_is_good_for_a_week(world: World) -> None:
    path = invited(world, Role.COORDINATOR)
    later = Visitor(site_of(world, now=lambda: NOW + timedelta(days=8)).pages)

    assert "过期了" in later.get(path).text


@pytest.mark.parametrize(
    ("fields", "trouble"),
    [
        ({"name": " "}, "请写一个登录名"),
        ({"password": "short"}, "密码至少要"),
        ({"again": "another one entirely"}, "两次写的密码不一样"),
        ({"name": "taken"}, "已经有人用了"),
    ],
)
def test_what_is_wrong_is_said_and_the_link_stays_good(
    fields: dict[str, str], trouble: str, world: World, gated: Visitor
) -> None:
    world.has_login(Role.AUDITOR, "taken", PASSWORD)
    path = invited(world, Role.COORDINATOR)

    answer = accepts(gated, path, **fields)

    assert answer.status_code == 403
    assert trouble in answer.text
    assert accepts(gated, path).status_code == 303


def test_a_new_invitation_replaces_a_forgotten_password(world: World, gated: Visitor) -> None:
    world.has_login(Role.COORDINATOR, "he", "the forgotten one")
    open_window = Visitor(gated.app)
    open_window.logs_in("he", "the forgotten one")

    accepts(gated, invited(world, Role.COORDINATOR))

    assert open_window.get("/console/today").status_code == 303
    assert Visitor(gated.app).logs_in("he", "the forgotten one").status_code == 403
    assert Visitor(gated.app).logs_in("he", PASSWORD).status_code == 303
