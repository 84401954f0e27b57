"""The web chat in a browser, at both widths: nothing is lost, nothing is doubled, whatever becomes of the line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.chat_window import ChatWindow
from tests.e2e.demo_process import DemoProcess, running_demo
from tests.e2e.desk import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEAK = "5栋一单元六楼2号闻到有气味"
CHECKED = "2-1-302燃气检查无异常"
WELL = "1-1-101李婆婆今天精神好，吃饭吃药都正常"


@pytest.fixture(scope="module")
def shared_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """A demo of this file's own: what is written here would puzzle the tests of other pages."""
    with running_demo(tmp_path_factory.mktemp("chat")) as started:
        yield started


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def desk(request: pytest.FixtureRequest, shared_demo: DemoProcess, browser: Browser) -> Iterator[Desk]:
    opened = Desk.open(browser, shared_demo.url, request.param, "/chat")
    yield opened
    opened.close()


@pytest.fixture
def phone(demo: DemoProcess, browser: Browser) -> Iterator[Desk]:
    """A phone on a demo of its own, that may be killed."""
    opened = Desk.open(browser, demo.url, PHONE, "/chat")
    yield opened
    opened.close()


def a_photo(desk: Desk) -> bytes:
    return desk.page.screenshot(type="jpeg")


def test_typing_buttons_and_photos_are_there_after_a_reload(desk: Desk) -> None:
    chat = ChatWindow(desk.page)
    assert "2-1-302" in chat.says(CHECKED)
    chat.picks(a_photo(desk))
    chat.says("2-1-302的表")
    before = chat.replies.count()
    chat.replies.filter(has_text="2-1-302").last.get_by_role("button", name="撤回").click()
    expect(chat.replies).to_have_count(before + 1, timeout=15_000)
    own, told = chat.texts(), chat.replies.all_inner_texts()

    desk.page.reload()

    assert chat.texts() == own
    assert chat.replies.all_inner_texts() == told
    picture = chat.mine("2-1-302的表").last.locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 100
    assert desk.axe_violations() == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= desk.page.viewport_size["width"]
    assert desk.hosts_asked() == {"127.0.0.1"}
    assert desk.complaints == []


def test_a_message_whose_answer_the_power_cut_swallowed_is_one_message(phone: Desk, demo: DemoProcess) -> None:
    chat = ChatWindow(phone.page)

    def reaches_the_server_and_then_the_power_fails(route: Route) -> None:
        assert route.fetch().ok
        demo.kill()
        route.abort()

    phone.page.route("**/chat/messages", reaches_the_server_and_then_the_power_fails, times=1)
    phone.page.route("**/chat/news*", lambda route: route.abort())
    chat.writes(LEAK)
    expect(chat.waiting).to_contain_text("还没发")

    phone.page.unroute("**/chat/news*")
    demo.start()

    expect(chat.mine(LEAK)).to_have_count(1, timeout=40_000)
    expect(chat.replies.filter(has_text="5-1-602")).to_have_count(1, timeout=15_000)
    expect(chat.waiting).to_have_count(0)


def test_what_was_written_without_a_line_outlives_the_page_and_goes_out_in_order(
    phone: Desk, demo: DemoProcess
) -> None:
    chat = ChatWindow(phone.page)
    chat.keeps_its_shell()
    demo.kill()
    for text in (LEAK, CHECKED):
        chat.writes(text)
    expect(chat.waiting).to_have_count(2)
    phone.page.close()

    opened = ChatWindow(phone.context.new_page())
    opened.page.goto(f"{demo.url}/chat")
    expect(opened.waiting).to_have_count(2)
    expect(opened.page.locator(".pane-head h2")).to_contain_text("刘大姐")
    opened.picks(opened.page.screenshot(type="jpeg"))
    opened.writes(WELL)
    expect(opened.waiting.last.locator("img")).to_be_visible()
    assert Desk(phone.context, opened.page, is_phone=True).axe_violations() == []
    demo.start()

    expect(opened.waiting).to_have_count(0, timeout=40_000)
    expect(opened.mine(WELL).locator("img")).to_have_count(1)
    expect(opened.replies.filter(has_text="1-1-101").last).to_be_visible(timeout=15_000)
    assert opened.texts()[-3:] == [LEAK, CHECKED, WELL]


def test_two_windows_show_the_same_chat_and_send_what_waits_once(phone: Desk, demo: DemoProcess) -> None:
    one, other = ChatWindow(phone.page), ChatWindow(phone.context.new_page())
    other.page.goto(f"{demo.url}/chat")
    one.says(CHECKED)
    expect(other.mine(CHECKED)).to_have_count(1)
    demo.kill()
    one.writes(LEAK)
    expect(other.waiting.filter(has_text=LEAK)).to_have_count(1)
    other.writes(WELL)
    expect(one.waiting).to_have_count(2)

    demo.start()

    for window in (one, other):
        expect(window.waiting).to_have_count(0, timeout=40_000)
        for text in (CHECKED, LEAK, WELL):
            expect(window.mine(text)).to_have_count(1)
        expect(window.replies.filter(has_text="5-1-602")).to_have_count(1, timeout=15_000)
        assert window.texts()[-2:] == [LEAK, WELL]


def test_what_came_while_the_line_was_down_is_shown_once_and_in_order(desk: Desk, shared_demo: DemoProcess) -> None:
    chat = ChatWindow(desk.page)
    chat.says(CHECKED)
    desk.context.set_offline(True)
    desk.page.wait_for_function("navigator.onLine === false")
    elsewhere = Desk.open(desk.context.browser, shared_demo.url, DESKTOP, "/chat")
    other = ChatWindow(elsewhere.page)
    for text in (WELL, "3-1-202家里没人，敲了两次门"):
        other.says(text)
    own, told = other.texts(), other.replies.all_inner_texts()

    desk.context.set_offline(False)

    expect(chat.mine("敲了两次门")).not_to_have_count(0, timeout=15_000)
    expect(chat.replies).to_have_count(len(told))
    assert chat.texts() == own
    assert chat.replies.all_inner_texts() == told
    elsewhere.close()


def test_what_nobody_has_looked_at_yet_is_marked_until_it_is(desk: Desk, shared_demo: DemoProcess) -> None:
    chat = ChatWindow(desk.page)
    elsewhere = Desk.open(desk.context.browser, shared_demo.url, DESKTOP, "/chat")
    other = ChatWindow(elsewhere.page)
    for _ in range(3):
        other.says(CHECKED)
    expect(chat.replies).to_have_count(other.replies.count())
    feed = desk.page.locator("#feed")
    feed.evaluate("feed => feed.scrollTo({top: 0, behavior: 'instant'})")
    desk.page.wait_for_function("document.getElementById('feed').scrollTop === 0")

    other.says(WELL)

    button = desk.page.get_by_role("button", name="1 条新消息")
    expect(button).to_be_visible()
    assert desk.page.title().startswith("(1)")
    assert desk.axe_violations() == []
    button.click()
    expect(button).to_be_hidden()
    expect(chat.replies.last).to_be_in_viewport()
    assert not desk.page.title().startswith("(")

    desk.page.goto("about:blank")
    other.says(WELL)
    desk.page.goto(f"{shared_demo.url}/chat")
    expect(desk.page.get_by_text("以下是新消息")).to_be_in_viewport()
    desk.page.reload()
    expect(desk.page.get_by_text("以下是新消息")).to_have_count(0)
    elsewhere.close()


def test_what_the_server_does_not_take_is_said_and_holds_up_nothing(desk: Desk) -> None:
    chat = ChatWindow(desk.page)
    chat.picks(b"no picture at all")
    chat.writes("3栋门口的灯")
    expect(chat.waiting).to_contain_text("没有发出去：这里只收照片")

    chat.says(CHECKED)
    assert desk.axe_violations() == []
    desk.page.get_by_role("button", name="拿回来改").click()

    expect(desk.page.get_by_label("写给微光的话")).to_have_value("3栋门口的灯")
    expect(chat.waiting).to_have_count(0)


def test_what_a_hotels_log_in_page_swallowed_is_sent_again(desk: Desk) -> None:
    chat = ChatWindow(desk.page)
    page = "<html><p>Welcome to our free Wi-Fi</p></html>"
    desk.page.route("**/chat/messages", lambda route: route.fulfill(body=page, content_type="text/html"), times=1)
    before = chat.mine(CHECKED).count()

    chat.writes(CHECKED)

    expect(chat.mine(CHECKED)).to_have_count(before + 1, timeout=15_000)
    expect(chat.waiting).to_have_count(0)


def test_words_do_not_wait_for_a_photo_that_the_line_is_too_slow_for(desk: Desk) -> None:
    chat = ChatWindow(desk.page)
    desk.page.clock.install()
    held: list[Route] = []
    desk.page.route("**/chat/messages", lambda route: held.append(route), times=1)
    chat.picks(a_photo(desk))
    chat.writes("3-2-501的软管，看照片")
    expect(chat.waiting).to_have_count(1)
    before = chat.mine(LEAK).count()
    chat.writes(LEAK)
    expect(chat.waiting).to_have_count(2)

    desk.page.clock.run_for(31_000)  # the photo is given up for now
    desk.page.clock.run_for(5_000)

    expect(chat.mine(LEAK)).to_have_count(before + 1, timeout=15_000)
    expect(chat.waiting).to_have_count(0, timeout=15_000)
    assert chat.texts()[-2:] == [LEAK, "3-2-501的软管，看照片"]
    desk.page.unroute_all(behavior="ignoreErrors")


def test_a_draft_is_still_there_after_a_reload(desk: Desk) -> None:
    desk.page.get_by_label("写给微光的话").fill("还没写完")

    desk.page.reload()

    expect(desk.page.get_by_label("写给微光的话")).to_have_value("还没写完")
