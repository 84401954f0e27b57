"""The first user journey: typed into the worker's chat, seen on the coordinator's list beside it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.demo_process import DemoProcess
from tests.e2e.desk import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCAM = "3栋2单元501张大爷在网上跟老师炒股，准备再转5万"
ALL_WELL = "1-1-101李婆婆今天精神好，吃饭吃药都正常"
CHECKED = "2-1-302燃气检查无异常"
LEAK = "5栋一单元六楼2号闻到有气味"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_four_sentences_do_what_they_should_and_the_list_follows_without_a_reload(
    size: dict[str, int], demo: DemoProcess, browser: Browser
) -> None:
    desk = Desk.open(browser, demo.url, size)
    desk.page.evaluate("window.stillTheSamePage = true")
    counts = [int(text) for text in desk.page.locator(".count strong").all_text_contents()]
    assert counts[0] == 0
    assert all(counts[1:])

    scam = desk.says(SCAM)
    assert "3-2-501" in scam
    assert "别转账" in scam
    assert "110" in scam
    assert "96110" in scam
    assert "社区民警" in scam
    desk.looks_at_list()
    card = desk.card("3-2-501")
    expect(card).to_be_visible()
    expect(card).to_contain_text("P0")
    expect(card).to_contain_text("紧急")
    expect(card).to_contain_text("诈骗")
    marked = "".join(card.locator("mark").all_inner_texts())
    assert "炒股" in marked
    assert "再转" in marked

    for text, door in ((ALL_WELL, "1-1-101"), (CHECKED, "2-1-302")):
        reply = desk.says(text)
        assert door in reply
        assert "没有要跟进的" in reply

    leak = desk.says(LEAK)
    assert "5-1-602" in leak
    assert "关阀" in leak
    desk.looks_at_list()
    expect(desk.card("5-1-602")).to_contain_text("P0")
    expect(desk.card("5-1-602").locator("mark").first).to_contain_text("气味")
    expect(desk.card("1-1-101")).to_have_count(0)
    expect(desk.card("2-1-302")).to_have_count(0)
    doors = desk.page.locator(".card .door").all_inner_texts()
    assert doors[0].startswith("5-1-602")
    assert doors[1].startswith("3-2-501")

    assert desk.page.evaluate("window.stillTheSamePage") is True
    assert desk.axe_violations() == []
    assert desk.hosts_asked() == {"127.0.0.1"}
    assert desk.complaints == []
    desk.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_each_side_has_its_own_page_that_everybody_can_use(
    size: dict[str, int], shared_demo: DemoProcess, browser: Browser
) -> None:
    for path in ("/", "/chat", "/console", "/nothing-here"):
        desk = Desk.open(browser, shared_demo.url, size, path)
        assert desk.axe_violations() == [], path
        width = desk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{path} scrolls sideways"
        desk.close()


def test_a_second_page_hears_of_it_and_of_its_being_taken_back(shared_demo: DemoProcess, browser: Browser) -> None:
    typing = Desk.open(browser, shared_demo.url, PHONE)
    watching = Desk.open(browser, shared_demo.url, DESKTOP, "/console")
    expect(watching.card("5-1-602")).to_have_count(0)

    typing.says(LEAK)

    expect(watching.card("5-1-602")).to_be_visible()
    expect(watching.page.locator("[data-announce]")).to_contain_text("5-1-602")
    typing.page.get_by_role("tab", name="网格员聊天").click()
    typing.page.get_by_role("button", name="撤回").last.click()
    expect(watching.card("5-1-602")).to_have_count(0)
    typing.close()
    watching.close()


def test_what_was_typed_while_the_service_was_down_goes_out_by_itself_and_counts_once(
    demo: DemoProcess, browser: Browser
) -> None:
    desk = Desk.open(browser, demo.url, DESKTOP)
    demo.kill()

    desk.page.get_by_label("写给微光的话").fill(LEAK)
    desk.page.get_by_role("button", name="发送").click()
    expect(desk.page.locator(".bubble.is-pending")).to_contain_text("还没发")
    demo.start()

    expect(desk.card("5-1-602")).to_be_visible(timeout=30_000)
    expect(desk.page.locator(".bubble.mine", has_text=LEAK)).to_have_count(1)
    desk.page.reload()
    expect(desk.page.locator(".bubble.mine", has_text=LEAK)).to_have_count(1)
    expect(desk.page.locator(".bubble.theirs", has_text="5-1-602")).to_have_count(1)
    desk.close()


def test_the_chat_works_without_script(shared_demo: DemoProcess, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shared_demo.url}/chat")

    page.get_by_label("写给微光的话").fill(CHECKED)
    page.get_by_role("button", name="发送").click()

    expect(page.locator(".bubble.mine", has_text=CHECKED)).to_be_visible()
    context.close()
