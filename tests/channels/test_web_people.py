"""Whose web chat it is: everybody who is logged in has their own, and nothing is taken under another's name."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.storage.columns import new
from assistant.storage.invitations import invite
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, IntakeItem, OutboxMessage, Worker
from tests.channels.test_web import received, told
from tests.console.conftest import site_of
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import NOW, World


@pytest.fixture
def worker(world: World, gated: Visitor) -> Visitor:
    """刘大姐, logged in."""
    world.has_login(Role.WORKER, "liu", PASSWORD)
    gated.logs_in("liu", PASSWORD)
    return gated


def invitation(world: World, role: Role) -> str:
    with world.database.writing() as session:
        return invite(Ledger(session, NOW), session.get_one(Worker, world.people[role]))


def accounts(world: World, role: Role) -> list[Account]:
    with world.database.reading() as session:
        query = select(Account).where(Account.worker_id == world.people[role]).order_by(col(Account.id))
        return list(session.exec(query))


def test_an_invitation_leads_into_the_workers_own_chat(world: World, gated: Visitor) -> None:
    path = f"/invite/{invitation(world, Role.WORKER)}"
    fields = {"csrf": gated.token(path), "name": "liu", "password": PASSWORD, "again": PASSWORD}

    answer = gated.post(path, fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")
    assert "刘大姐" in gated.get("/chat").text
    assert gated.says("漏气了").status_code == 200
    assert received(world)[0].author == "liu"


def test_whoever_is_not_logged_in_is_asked_to_and_nothing_is_kept(world: World, gated: Visitor) -> None:
    page = gated.get("/chat")
    fields = {"csrf": gated.token("/login"), "id": "0123456789", "text": "漏气了"}

    assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2Fchat")
    assert gated.post("/chat/messages", fields).status_code == 401
    for path in ("/chat/news", "/chat/earlier", "/chat/pass"):
        assert gated.get(path).status_code == 401
    assert received(world) == []


def test_a_worker_stays_logged_in_on_the_phone_for_a_month(world: World) -> None:
    clock = [NOW]
    phone = Visitor(site_of(world, now=lambda: clock[0]).pages)
    world.has_login(Role.WORKER, "liu", PASSWORD)
    phone.logs_in("liu", PASSWORD)

    clock[0] = NOW + timedelta(days=29)
    assert phone.get("/chat").status_code == 200
    clock[0] = NOW + timedelta(days=31)
    assert phone.get("/chat").status_code == 303


def test_who_can_be_told_nothing_anywhere_is_told_things_here_once_they_have_opened_it(
    world: World, gated: Visitor
) -> None:
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    gated.logs_in("he", PASSWORD)
    before = accounts(world, Role.COORDINATOR)

    gated.get("/chat")
    gated.get("/chat")

    assert before == []
    assert [each.channel for each in accounts(world, Role.COORDINATOR)] == ["web"]


def test_who_is_told_things_elsewhere_goes_on_to_be_until_they_write_here(world: World, gated: Visitor) -> None:
    coordinator = world.people[Role.COORDINATOR]
    with world.database.writing() as session:
        area_id = session.get_one(Worker, coordinator).area_id
        session.add(
            new(Account, area_id=area_id, worker_id=coordinator, channel="telegram", address="77", bound_at=NOW)
        )
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    gated.logs_in("he", PASSWORD)

    gated.get("/chat")
    only_read = [each.channel for each in accounts(world, Role.COORDINATOR)]
    gated.says("收到")

    assert only_read == ["telegram"]
    assert [each.channel for each in accounts(world, Role.COORDINATOR)] == ["telegram", "web"]
    assert received(world)[0].author == accounts(world, Role.COORDINATOR)[1].address


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_only_looks_has_no_chat(role: Role, world: World, gated: Visitor) -> None:
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)

    assert gated.get("/chat").status_code == 303
    assert accounts(world, role) == []


def test_a_page_of_somebody_who_is_logged_in_no_more_sends_nothing_under_the_next_ones_name(
    world: World, worker: Visitor
) -> None:
    answer = worker.post(
        "/chat/messages", {"csrf": worker.token(), "id": "0123456789", "text": "漏气了", "as": "worker-2"}
    )

    assert answer.status_code == 409
    assert received(world) == []


def test_a_page_of_somebody_who_is_logged_in_no_more_is_shown_nothing_of_the_next_one(
    world: World, worker: Visitor
) -> None:
    told(world, "3-2-501：已记。")

    for path in ("/chat/news", "/chat/earlier"):
        refused = worker.get(f"{path}?in=0&out=0&as=worker-2")
        assert (refused.status_code, "3-2-501" in refused.text) == (409, False)
        assert worker.get(f"{path}?in=0&out=0&as=liu").status_code == 200


def test_a_page_that_was_opened_without_a_line_learns_whose_it_is(world: World, worker: Visitor) -> None:
    shell = worker.get("/chat/shell")
    known = worker.get("/chat/pass").json()

    assert "刘大姐" not in shell.text
    assert (known["as"], known["name"]) == ("liu", "刘大姐")
    answer = worker.post("/chat/messages", {"id": "0123456789", "text": "漏气了"}, x_csrf_token=known["csrf"])
    assert answer.status_code == 200


def test_the_shell_shows_nobodys_messages(world: World, worker: Visitor) -> None:
    told(world, "王婆婆家：已记。")
    worker.says("李大爷家软管裂了")
    page = worker.get("/chat").text

    shell = worker.get("/chat/shell").text

    for words in ("王婆婆", "李大爷"):
        assert words in page
        assert words not in shell


def test_the_shell_begins_no_session_so_that_a_login_in_another_window_goes_through(gated: Visitor) -> None:
    shell = gated.get("/chat/shell")

    assert "set-cookie" not in shell.headers
    assert 'name="csrf" value=""' in shell.text


@pytest.mark.parametrize(
    ("waited", "ago"), [("0", 0), ("5400", 5400), ("99999999", 7 * 86400), ("9" * 15, 7 * 86400), ("-5", 0), ("x", 0)]
)
def test_what_waited_in_the_browser_was_written_when_it_was_written(
    waited: str, ago: int, world: World, worker: Visitor
) -> None:
    worker.says("漏气了", waited=waited)

    (row,) = received(world)
    assert (row.sent_at, row.received_at) == (NOW - timedelta(seconds=ago), NOW)


def test_a_page_that_was_away_gets_all_that_came_since_however_much_it_is(world: World, worker: Visitor) -> None:
    sent = [f"第{number:03d}条" for number in range(130)]
    rows = [
        told(world, text, sent_ago=timedelta(hours=10) - timedelta(minutes=number)) for number, text in enumerate(sent)
    ]
    last = rows[9]
    seen: list[str] = []
    query = {"in": 0, "out": last.id, "until": (NOW - timedelta(hours=10) + timedelta(minutes=9)).isoformat()}

    for _ in range(10):
        answer = worker.get(
            "/chat/news?" + "&".join(f"{name}={value}" for name, value in query.items()).replace("+", "%2B")
        )
        seen += [text for text in sent if text in answer.text]
        with world.database.reading() as session:
            newest = session.exec(select(OutboxMessage).where(OutboxMessage.text == seen[-1])).one()
        query = {"in": 0, "out": newest.id, "until": newest.sent_at.isoformat()}
        if answer.headers["x-more"] == "0":
            break

    assert set(seen) >= set(sent[10:])
    assert answer.headers["x-more"] == "0"


def test_what_is_given_again_is_bounded_whatever_moment_a_page_claims(world: World, worker: Visitor) -> None:
    rows = [told(world, f"第{number:03d}条", sent_ago=timedelta(minutes=210 - number)) for number in range(210)]

    html = worker.get(f"/chat/news?in=0&out={rows[-1].id}&until=2001-01-01T00:00:00%2B00:00").text

    assert html.count('class="bubble') == 200
    assert "第010条" in html
    assert "第009条" not in html


@pytest.mark.parametrize(
    "asked",
    [
        "in=-1&out=x&until=gestern",
        "in=1&out=999999999999999&until=0001-01-01T00:00:00%2B00:00",
        "in=1&out=1&until=9999-12-31T23:59:59%2B00:00",
        "in=1&out=1&until=2026-03-02T09:30:00",
        "in=" + "9" * 400,
    ],
)
def test_a_page_that_says_nonsense_of_what_it_has_is_answered_all_the_same(
    asked: str, world: World, worker: Visitor
) -> None:
    told(world, "3-2-501：已记。")

    for path in ("/chat/news", "/chat/earlier"):
        assert worker.get(f"{path}?{asked}").status_code == 200


def test_older_messages_come_a_screenful_at_a_time(world: World, worker: Visitor) -> None:
    rows = [told(world, f"第{number:03d}条") for number in range(50)]
    page = worker.get("/chat").text
    answer = worker.get(f"/chat/earlier?in=0&out={rows[10].id}")

    assert "第009条" not in page
    assert "第010条" in page
    assert "第009条" in answer.text
    assert "第010条" not in answer.text
    assert answer.headers["x-more"] == "0"


def test_the_chat_can_be_put_on_a_home_screen(worker: Visitor) -> None:
    manifest = worker.get("/chat/manifest.webmanifest").json()
    script = worker.get("/chat/worker.js")

    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/chat", "/chat", "standalone")
    assert all(worker.get(icon["src"]).status_code == 200 for icon in manifest["icons"])
    assert script.headers["service-worker-allowed"] == "/chat"


def test_two_people_in_two_browsers_each_have_their_own(world: World, worker: Visitor) -> None:
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    other = Visitor(worker.app)
    other.logs_in("he", PASSWORD)

    worker.says("3栋软管老化", "0123456789")
    other.says("知道了，我去看", "0123456789")

    with world.database.reading() as session:
        assert len(session.exec(select(IntakeItem)).all()) == 2
    assert "我去看" not in worker.get("/chat").text
    assert "3栋软管老化" not in other.get("/chat").text
