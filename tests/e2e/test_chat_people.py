"""The web chat where people log in: by invitation, again when the login has ended, and never under another's name."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import select

from assistant.domain.access import Role
from assistant.storage.invitations import invite
from assistant.storage.ledger import Ledger
from assistant.storage.tables import IntakeItem, OutboxMessage, Worker
from tests.channels.test_web import told
from tests.console.conftest import site_of, size, world
from tests.console.served import PASSWORD, served
from tests.console.world import NOW, World
from tests.e2e.chat_window import ChatWindow
from tests.e2e.demo_process import launched
from tests.e2e.desk import PHONE, Desk

__all__ = ["size", "world"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with served(site_of(world)) as address:
        yield address


def received(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        return [(row.author, row.text) for row in session.exec(select(IntakeItem).order_by(IntakeItem.id))]  # type: ignore[arg-type]


def logs_in(desk: Desk, name: str) -> None:
    desk.page.get_by_label("登录名").fill(name)
    desk.page.get_by_label("密码", exact=True).fill(PASSWORD)
    desk.page.get_by_role("button", name="登录").click()


def test_an_invitation_leads_into_the_chat_and_what_is_written_there_is_the_workers(
    size: dict[str, int], world: World, url: str, browser: Browser
) -> None:
    with world.database.writing() as session:
        code = invite(Ledger(session, NOW), session.get_one(Worker, world.worker_id))
    desk = Desk.open(browser, url, size, f"/invite/{code}")

    desk.page.get_by_label("登录名").fill("liu")
    desk.page.get_by_label("密码", exact=True).fill(PASSWORD)
    desk.page.get_by_label("再写一遍密码").fill(PASSWORD)
    desk.page.get_by_role("button", name="进去").click()
    desk.page.wait_for_url("**/chat")
    chat = ChatWindow(desk.page)
    expect(desk.page.locator(".pane-head h2")).to_contain_text("刘大姐")
    chat.writes("3-2-501软管老化")

    expect(chat.mine("3-2-501软管老化")).to_have_count(1)
    assert received(world) == [("liu", "3-2-501软管老化")]
    assert desk.axe_violations() == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert desk.hosts_asked() == {"127.0.0.1"}
    desk.close()


def test_what_is_written_after_the_login_has_ended_waits_for_the_next(
    size: dict[str, int], world: World, url: str, browser: Browser
) -> None:
    world.has_login(Role.WORKER, "liu", PASSWORD)
    desk = Desk.open(browser, url, size, "/chat")
    logs_in(desk, "liu")
    desk.page.wait_for_url("**/chat")
    chat = ChatWindow(desk.page)
    desk.context.clear_cookies()

    chat.writes("3-2-501软管老化")
    link = desk.page.get_by_role("link", name="请重新登录")
    expect(link).to_be_visible()
    assert received(world) == []
    link.click()
    logs_in(desk, "liu")

    expect(chat.mine("3-2-501软管老化")).to_have_count(1, timeout=10_000)
    assert received(world) == [("liu", "3-2-501软管老化")]
    desk.close()


def test_what_one_person_left_unsent_never_goes_out_under_the_next_ones_name(
    size: dict[str, int], world: World, url: str, browser: Browser
) -> None:
    world.has_login(Role.WORKER, "liu", PASSWORD)
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    desk = Desk.open(browser, url, size, "/chat")
    logs_in(desk, "liu")
    desk.page.wait_for_url("**/chat")
    chat = ChatWindow(desk.page)
    desk.context.clear_cookies()
    second = Desk(desk.context, desk.context.new_page(), is_phone=False)
    second.page.goto(f"{url}/login?next=/chat")
    logs_in(second, "he")
    second.page.wait_for_url("**/chat")

    chat.writes("3-2-501软管老化")
    expect(desk.page.get_by_role("link", name="请重新登录")).to_be_visible()
    ChatWindow(second.page).writes("我去看看")
    expect(ChatWindow(second.page).mine("我去看看")).to_have_count(1)

    assert [text for _, text in received(world)] == ["我去看看"]
    expect(ChatWindow(second.page).waiting).to_have_count(0)
    desk.close()


def test_an_open_page_shows_nothing_of_who_logs_in_next_in_the_same_browser(
    size: dict[str, int], world: World, url: str, browser: Browser
) -> None:
    world.has_login(Role.WORKER, "liu", PASSWORD)
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    desk = Desk.open(browser, url, size, "/chat")
    logs_in(desk, "liu")
    desk.page.wait_for_url("**/chat")
    desk.context.clear_cookies()
    second = Desk(desk.context, desk.context.new_page(), is_phone=False)
    second.page.goto(f"{url}/login?next=/chat")
    logs_in(second, "he")
    second.page.wait_for_url("**/chat")
    ChatWindow(second.page).writes("我去看看")
    expect(ChatWindow(second.page).mine("我去看看")).to_have_count(1)

    desk.page.evaluate("document.body.dispatchEvent(new Event('changed'))")

    expect(desk.page.get_by_role("link", name="请重新登录")).to_be_visible()
    expect(desk.page.get_by_text("我去看看")).to_have_count(0)
    desk.close()


def test_what_was_held_overnight_comes_although_something_was_written_since(
    size: dict[str, int], world: World, url: str, browser: Browser
) -> None:
    held = told(world, "夜里压下的提醒", is_sent=False)
    told(world, "昨晚的回复", sent_ago=timedelta(hours=12))
    world.has_login(Role.WORKER, "liu", PASSWORD)
    desk = Desk.open(browser, url, size, "/chat")
    logs_in(desk, "liu")
    desk.page.wait_for_url("**/chat")
    chat = ChatWindow(desk.page)
    chat.writes("3-2-501软管老化")
    expect(chat.mine("3-2-501软管老化")).to_have_count(1)
    with world.database.writing() as session:
        row = session.get_one(OutboxMessage, held.id)
        row.sent_at, row.sent_as = NOW - timedelta(hours=1), row.idempotency_key

    desk.page.evaluate("document.body.dispatchEvent(new Event('changed'))")

    expect(desk.page.get_by_text("夜里压下的提醒")).to_be_visible()
    desk.close()


def test_older_messages_are_fetched_in_their_order_and_the_eye_stays_where_it_was(
    size: dict[str, int], world: World, url: str, browser: Browser
) -> None:
    said = [f"第{number:03d}条" for number in range(50)]
    for number, text in enumerate(said):
        told(world, text, sent_ago=timedelta(hours=50 - number))
    world.has_login(Role.WORKER, "liu", PASSWORD)
    desk = Desk.open(browser, url, size, "/chat")
    logs_in(desk, "liu")
    desk.page.wait_for_url("**/chat")
    leads = desk.page.locator(".bubble.theirs .lead")
    expect(leads).to_have_text(said[10:])
    desk.page.locator("#feed").evaluate("feed => feed.scrollTo({top: 0, behavior: 'instant'})")

    desk.page.get_by_role("button", name="看更早的").click()

    expect(leads).to_have_text(said)
    expect(desk.page.get_by_text(said[10])).to_be_in_viewport()
    expect(desk.page.get_by_role("button", name="看更早的")).to_have_count(0)
    assert desk.axe_violations() == []
    desk.close()


def test_a_phone_that_reaches_the_site_without_encryption_loses_nothing_either(
    world: World, url: str, browser: Browser
) -> None:
    """Such a browser has no service worker and no locks, and makes no random ids of its own."""
    world.has_login(Role.WORKER, "liu", PASSWORD)
    flag = "--host-resolver-rules=MAP testserver 127.0.0.1"
    with launched(browser.browser_type, flag) as unencrypted:
        desk = Desk.open(unencrypted, url.replace("127.0.0.1", "testserver"), PHONE, "/chat")
        logs_in(desk, "liu")
        desk.page.wait_for_url("**/chat")
        assert desk.page.evaluate("[isSecureContext, navigator.locks]") == [False, None]
        chat = ChatWindow(desk.page)
        desk.page.route("**/chat/messages", lambda route: route.abort(), times=1)

        chat.picks(desk.page.screenshot(type="jpeg"))
        chat.writes("3-2-501软管老化")
        chat.writes("他明天换")

        expect(chat.mine("他明天换")).to_have_count(1, timeout=15_000)
        expect(chat.mine("3-2-501软管老化").locator("img")).to_have_count(1)
        assert [text for _, text in received(world)] == ["3-2-501软管老化", "他明天换"]
        desk.close()
