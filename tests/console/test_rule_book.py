"""规则: the book is read, a sentence tried, a draft compared and tried on the record, published and taken back."""

import re
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlmodel import select

from assistant.domain.access import Role
from assistant.publishing.desk import RuleDesk
from assistant.storage.tables import Report
from knowledge.book import load_book
from rules.engine.vocabulary import load_vocabulary
from tests.console.conftest import site_of
from tests.console.served import PASSWORD, logged_in, looks_right, served
from tests.console.visitor import Visitor
from tests.console.world import NOW, World
from tests.publishing.conftest import texts
from tests.turn.rehearsal import ZONE

RULES, TRY, DRAFT = "/console/rules", "/console/rules/try", "/console/rules/draft"
URGENT = texts()["gas.rules.yaml"].replace("severity: default", "severity: P1", 1)


@pytest.fixture(scope="module")
def reader():
    from assistant.understand.reader import Reader

    return Reader(load_book())


class OneThatWaits(RuleDesk):
    """Tries on the record as any other, but waits in the middle for as long as it is told to, or breaks off there."""

    may_go_on: threading.Event | None = None
    breaks_off: Exception | None = None

    def backtest(self, draft, since, on_progress=lambda done, of: None):
        if self.may_go_on is not None:
            on_progress(120, 3000)
            self.may_go_on.wait(20)
        if self.breaks_off is not None:
            raise self.breaks_off
        return super().backtest(draft, since, on_progress)


@pytest.fixture
def desk(world: World, reader, tmp_path: Path) -> OneThatWaits:
    return OneThatWaits(
        world.database,
        own=texts(),
        vocabulary=load_vocabulary(),
        read=reader.read,
        cache=tmp_path / "books",
        zone=ZONE,
    )


@pytest.fixture
def office(world: World, desk: OneThatWaits) -> Visitor:
    return Visitor(site_of(world, always=world.people[Role.COORDINATOR], is_demo=True, rule_desk=desk).pages)


def drafts(office: Visitor, text: str = URGENT, file: str = "gas.rules.yaml"):
    page = office.get(f"{DRAFT}?file={file}").text
    base = re.search(r'name="base" value="([^"]+)"', page)
    assert base is not None
    return office.post(f"{DRAFT}/keep", {"csrf": office.token(TRY), "file": file, "text": text, "base": base[1]})


def drafts_with_its_scenario(office: Visitor) -> None:
    drafts(office)
    scenario = texts()["gas.scenarios.yaml"].replace("P2", "P1")
    assert drafts(office, scenario, "gas.scenarios.yaml").status_code == 303


def sends(office: Visitor, what: str, **fields: str):
    return office.post(f"{DRAFT}/{what}", {"csrf": office.token(TRY), **fields})


def test_the_book_is_read_theme_by_theme_with_its_numbers(office: Visitor) -> None:
    page = office.get(RULES).text

    assert "gas.hose-old" in page
    assert "出处" in page
    assert "岁" in office.get(f"{RULES}?theme=numbers").text


def test_a_sentence_tells_why_it_is_flagged_and_why_not_more(office: Visitor) -> None:
    page = office.post(TRY, {"csrf": office.token(TRY), "words": "3栋2单元501软管老化"}).text

    assert "<mark>" in page
    assert "gas.hose" in page[page.index("为什么标") :]
    assert "高龄老人家的软管" in page[page.index("为什么没有按别的规则") :]


def test_what_is_tried_is_kept_nowhere(world: World, office: Visitor) -> None:
    office.post(TRY, {"csrf": office.token(TRY), "words": "3栋2单元501软管老化"})

    with world.database.reading() as session:
        assert session.exec(select(Report)).all() == []


def test_a_sentence_with_markup_is_shown_as_it_was_typed(office: Visitor) -> None:
    page = office.post(TRY, {"csrf": office.token(TRY), "words": "<script>alert(1)</script>3-2-501软管老化"}).text

    assert "<script>alert" not in page


def test_a_draft_says_what_differs_and_decides_nothing(desk: OneThatWaits, office: Visitor) -> None:
    in_use = desk.in_use().version

    assert drafts(office).status_code == 303

    page = office.get(DRAFT).text
    changed = page[page.index("不同的地方") : page.index("拿已有的上报试一遍")]
    assert "gas.hose" in changed
    assert re.findall(r"<li>([-+]) [^<]*</li>", changed) == ["-", "+"]
    assert desk.in_use().version == in_use


def test_a_draft_that_does_not_load_is_not_kept_and_the_fault_has_its_line(desk: OneThatWaits, office: Visitor) -> None:
    answer = drafts(office, URGENT.replace("severity: P1", "severity: P9"))

    assert answer.status_code == 422
    assert re.search(r"gas\.rules\.yaml 第\d+行", answer.text)
    assert "severity: P9" in answer.text
    assert desk.draft() is None


@pytest.mark.parametrize("file", ["../../etc/passwd", "new.rules.yaml", ""])
def test_no_file_that_the_book_does_not_have_is_written(file: str, desk: OneThatWaits, office: Visitor) -> None:
    base, _ = desk.working_copy()

    answer = sends(office, "keep", file=file, text="- id: x", base=base)

    assert answer.status_code == 404
    assert desk.draft() is None


def test_who_edits_an_older_draft_is_told_and_overwrites_nothing(desk: OneThatWaits, office: Visitor) -> None:
    before, _ = desk.working_copy()
    drafts(office)
    kept, _ = desk.working_copy()

    answer = sends(office, "keep", file="gas.rules.yaml", text=texts()["gas.rules.yaml"], base=before)

    assert answer.status_code == 422
    assert desk.working_copy()[0] == kept


def test_a_scenario_that_does_not_come_out_stops_publishing(desk: OneThatWaits, office: Visitor) -> None:
    in_use = desk.in_use().version
    drafts(office)
    draft = desk.draft()
    assert draft is not None

    answer = sends(office, "publish", version=draft.version, note="软管当日处理")

    assert answer.status_code == 422
    assert "没有发布" in answer.text
    assert desk.in_use().version == in_use


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(desk: OneThatWaits, office: Visitor) -> None:
    drafts(office)

    answer = sends(office, "publish", version="0" * 12, note="软管当日处理")

    assert answer.status_code == 422
    assert "草稿刚才变了" in answer.text


@pytest.mark.parametrize(("role", "reads", "drafts_"), [
    (Role.WORKER, 200, 403), (Role.RESPONDER, 403, 403), (Role.AUDITOR, 200, 403),
    (Role.ADMINISTRATOR, 200, 200), (Role.COORDINATOR, 200, 200),
])  # fmt: skip
def test_who_reads_and_who_drafts(role: Role, reads: int, drafts_: int, world: World, desk: OneThatWaits) -> None:
    visitor = Visitor(site_of(world, rule_desk=desk).pages)
    world.has_login(role, "somebody", PASSWORD)
    visitor.logs_in("somebody", PASSWORD)

    assert visitor.get(RULES).status_code == reads
    assert visitor.get(TRY).status_code == reads
    assert visitor.get(DRAFT).status_code == drafts_


def test_a_form_without_the_sessions_token_publishes_nothing(desk: OneThatWaits, office: Visitor) -> None:
    drafts(office)
    draft = desk.draft()
    assert draft is not None

    assert office.post(f"{DRAFT}/publish", {"version": draft.version, "note": "x"}).status_code == 403
    assert desk.draft() is not None


def test_a_kind_may_not_lose_its_last_rule(desk: OneThatWaits, office: Visitor) -> None:
    without = texts()["gas.rules.yaml"].split("- id: gas.service")[0]
    assert drafts(office, without).status_code == 303
    draft = desk.draft()
    assert draft is not None

    answer = sends(office, "publish", version=draft.version, note="去掉客服")

    assert answer.status_code == 422
    assert "gas.service" in answer.text
    assert desk.draft() is not None


def test_a_draft_is_published_and_the_book_before_it_comes_back(desk: OneThatWaits, office: Visitor) -> None:
    drafts_with_its_scenario(office)
    first = desk.draft()
    assert first is not None
    sends(office, "publish", version=first.version, note="软管当日处理")
    assert desk.in_use().version == first.version
    drafts(office, texts(parameters=texts()["parameters.yaml"] + "\n# 备注\n")["parameters.yaml"], "parameters.yaml")
    second = desk.draft()
    assert second is not None
    sends(office, "publish", version=second.version, note="备注")
    assert desk.in_use().version == second.version

    sends(office, "back", version=first.version)

    assert desk.in_use().version == first.version
    assert "软管当日处理" in office.get(DRAFT).text


def test_there_is_no_way_back_to_what_was_never_in_use(desk: OneThatWaits, office: Visitor) -> None:
    drafts(office)
    draft = desk.draft()
    assert draft is not None

    assert sends(office, "back", version=draft.version).status_code == 404
    assert sends(office, "back", version="f" * 12).status_code == 404


def test_the_book_that_came_with_the_program_can_always_be_gone_back_to(desk: OneThatWaits, office: Visitor) -> None:
    own = desk.in_use().version
    drafts_with_its_scenario(office)
    draft = desk.draft()
    assert draft is not None
    sends(office, "publish", version=draft.version, note="软管当日处理")

    sends(office, "back", version=own)

    assert desk.in_use().version == own


def test_a_try_on_the_record_tells_how_far_it_has_got_and_then_what_it_found(
    desk: OneThatWaits, office: Visitor
) -> None:
    drafts(office)
    desk.may_go_on = threading.Event()

    sends(office, "backtest", days="90")
    sends(office, "backtest", days="90")

    part = looked_at_until(office, 90, "120 / 3,000 户次")
    assert "<html" not in part
    assert "120 / 3,000 户次" in office.get(f"{DRAFT}?days=90").text
    desk.may_go_on.set()
    assert "hx-get" not in looked_at_until(office, 90, "最近 90 天的 0 户次")


def test_a_try_that_breaks_off_says_so(desk: OneThatWaits, office: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    drafts(office)
    desk.breaks_off = ValueError("张大爷")

    sends(office, "backtest", days="7")

    looked_at_until(office, 7, "没有试完")
    assert "ValueError" in caplog.text
    assert "张大爷" not in caplog.text


def looked_at_until(office: Visitor, days: int, words: str) -> str:
    """The part of the page that tells how far it has got, once it says this."""
    give_up_at = time.monotonic() + 30
    while words not in (part := office.get(f"{DRAFT}/backtest?days={days}", hx_request="true").text):
        assert time.monotonic() < give_up_at, part
        time.sleep(0.05)
    return part


@pytest.mark.browser
@pytest.mark.slow
def test_from_reading_to_publishing(world: World, desk: OneThatWaits, browser: Browser, size: dict[str, int]) -> None:
    scenario = texts()["gas.scenarios.yaml"].replace("P2", "P1")
    for file, text in (("gas.rules.yaml", URGENT), ("gas.scenarios.yaml", scenario)):
        desk.keep(world.viewer(), file, text, desk.working_copy()[0], NOW)
    world.has_login(Role.COORDINATOR, "coordinator", PASSWORD)
    with served(site_of(world, rule_desk=desk)) as url:
        window = logged_in(browser, url, size, RULES, "coordinator")
        page = window.page
        looks_right(window, "rules")
        page.get_by_role("link", name="界限和期限").click()
        looks_right(window, "rules-numbers")

        page.get_by_role("link", name="试一句").click()
        page.get_by_label("写一句上报").fill("3栋2单元501软管老化，他说不换")
        page.get_by_role("button", name="试试看").press("Enter")
        page.get_by_role("heading", name="为什么标").wait_for()
        looks_right(window, "rules-try")

        page.get_by_role("link", name="草稿和发布").click()
        page.get_by_role("button", name="试一遍").click()
        page.get_by_text("什么都没改").wait_for()
        looks_right(window, "rules-tried")
        page.get_by_label("文件", exact=True).select_option("gas.rules.yaml")
        page.get_by_role("button", name="打开").click()
        looks_right(window, "rules-draft")
        page.get_by_label("这次改了什么").fill("软管当日处理")
        page.get_by_role("button", name="发布草稿").click()
        page.get_by_text("发布好了").wait_for()
        looks_right(window, "rules-published")
        window.close()
