"""Import and export on the pages: looked at before it counts, only one's own, and every file on the log."""

import asyncio
import time
from datetime import timedelta

import httpx
import pytest
from sqlmodel import func, select

from assistant.console.importing import UPLOAD_PATH
from assistant.domain.access import Role
from assistant.domain.reports import Severity
from assistant.exchange import keeping
from assistant.exchange.columns import Form
from assistant.storage.tables import Export, Household, Import, ImportState
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import NOW, World
from tests.exchange.sheets import ADDRESSES, OLD_EXCEL, RESIDENTS, excel, text

GOOD = ("怡丽佳苑", 5, 1, 101, 1, "一号微网格")
PAGE = "/console/exchange"
A_MONTH = {"since": "2026-03-01", "until": "2026-03-31", "kind": "csv", "purpose": "monthly"}


def sends(visitor: Visitor, content: bytes, name: str = "地址簿.xlsx", form: str = "addresses") -> str:
    """Send a sheet, wait until it was looked at, and give its page's path."""
    data = {"csrf": visitor.token(PAGE), "form": form}
    answer = asyncio.run(visitor.asks("POST", UPLOAD_PATH, data=data, files={"sheet": (name, content)}))
    assert answer.status_code == 303, answer.text
    waits(visitor, answer.headers["location"])
    return str(answer.headers["location"])


def waits(visitor: Visitor, path: str) -> None:
    until = time.monotonic() + 30
    while "hx-trigger" in visitor.get(f"{path}/part").text and time.monotonic() < until:
        time.sleep(0.05)


def does(visitor: Visitor, path: str, **fields: str) -> httpx.Response:
    return visitor.post(path, {"csrf": visitor.token(PAGE), **fields})


def doors(world: World) -> int:
    with world.database.reading() as session:
        return session.exec(select(func.count()).select_from(Household)).one()


def state_of(world: World, path: str) -> tuple[ImportState, bool]:
    with world.database.reading() as session:
        row = session.get_one(Import, int(path.rsplit("/", 1)[1]))
        return row.state, row.content is not None


def test_a_sheet_is_shown_first_and_counts_only_after_a_yes(world: World, site: Visitor) -> None:
    path = sends(site, excel([ADDRESSES, GOOD]))
    preview = site.get(path).text
    before = doors(world)

    does(site, f"{path}/bring")
    waits(site, path)

    assert "1 行都对，还没有导入" in preview
    assert "5-1-101" in preview
    assert before == 0
    assert doors(world) == 1
    assert "✓ 已导入：新增 1" in site.get(path).text
    assert state_of(world, path) == (ImportState.DONE, False)


def test_the_first_residents_are_shown_behind_their_doors(world: World, site: Visitor) -> None:
    bringing = sends(site, excel([ADDRESSES, GOOD]))
    does(site, f"{bringing}/bring")
    waits(site, bringing)

    path = sends(
        site,
        excel([RESIDENTS, ("怡丽佳苑", 5, 1, 101, "张大爷", "男", 1944, "是", None, None)]),
        "住户.xlsx",
        "residents",
    )

    shown = site.get(path).text
    assert [part.partition("</th>")[0] for part in shown.split('<th scope="col">')[1:]] == [
        "门牌", "称呼", "性别", "出生年"
    ]  # fmt: skip
    assert "<td>5-1-101</td><td>张大爷</td><td>男</td><td>1944</td>" in shown


def test_a_faulty_sheet_is_listed_with_its_remedies_and_its_file_goes(world: World, site: Visitor) -> None:
    path = sends(site, excel([ADDRESSES, GOOD, (*GOOD[:5], "九号微网格")]))

    page = site.get(path).text
    does(site, f"{path}/bring")

    assert "有 1 处要改。什么都没有导入" in page
    assert "第3行 微网格" in page
    assert "请照系统里的名字写" in page
    assert doors(world) == 0
    assert state_of(world, path) == (ImportState.FAULTY, False)


def test_the_whole_list_of_faults_can_be_taken_along(world: World, site: Visitor) -> None:
    path = sends(site, text([ADDRESSES, *[(*GOOD[:5], f"=微网格{number}") for number in range(150)]]), "a.csv")

    answer = site.get(f"{path}/faults.csv")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * 150  # a formula, and the same door again
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E8")
    assert site.get(path).text.count('class="mend"') == 100


@pytest.mark.parametrize(
    ("content", "said"), [(OLD_EXCEL, "旧版 Excel"), (b"", "文件是空的"), (b"%PDF-1.7", "这不是表格文件")]
)
def test_a_file_that_is_no_sheet_is_refused_in_words(world: World, site: Visitor, content: bytes, said: str) -> None:
    path = sends(site, content)

    assert said in site.get(path).text
    assert doors(world) == 0


def test_the_name_of_a_file_and_what_stands_in_it_are_only_text_on_the_page(world: World, site: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    path = sends(site, excel([ADDRESSES, (evil, *GOOD[1:])]), f"{evil}.xlsx")

    page = site.get(path).text + site.get(PAGE).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_another_persons_sheet_is_not_there(world: World, gated: Visitor) -> None:
    world.has_login(Role.COORDINATOR, "he", PASSWORD)
    world.has_login(Role.ADMINISTRATOR, "admin", PASSWORD)
    gated.logs_in("he", PASSWORD)
    path = sends(gated, excel([ADDRESSES, GOOD]))
    other = Visitor(gated.app)
    other.logs_in("admin", PASSWORD)

    looked = [other.get(path), other.get(f"{path}/part"), other.get(f"{path}/faults.csv")]
    acted = [does(other, f"{path}/{deed}") for deed in ("bring", "again", "drop")]

    assert [answer.status_code for answer in (*looked, *acted)] == [404] * 6
    assert state_of(world, path) == (ImportState.READY, True)


def test_a_new_sheet_puts_the_one_before_aside_and_its_file_goes(world: World, site: Visitor) -> None:
    first = sends(site, excel([ADDRESSES, GOOD]))

    second = sends(site, excel([ADDRESSES, GOOD]))

    assert state_of(world, first) == (ImportState.DROPPED, False)
    assert state_of(world, second) == (ImportState.READY, True)


def test_a_sheet_that_nobody_came_back_for_goes_when_the_next_one_comes(world: World, site: Visitor) -> None:
    with world.database.writing() as session:
        yesterday = NOW - timedelta(days=1, minutes=1)
        other = world.viewer(Role.ADMINISTRATOR)
        forgotten = keeping.keep(session, other, Form.ADDRESSES, "旧表.xlsx", b"...", yesterday)

    sends(site, excel([ADDRESSES, GOOD]))

    assert state_of(world, f"/{forgotten}") == (ImportState.DROPPED, False)


def test_a_sheet_that_was_being_read_when_the_program_ended_can_be_read_again(world: World, site: Visitor) -> None:
    with world.database.writing() as session:
        content = excel([ADDRESSES, GOOD])
        left = keeping.keep(session, world.viewer(), Form.ADDRESSES, "地址簿.xlsx", content, NOW)
    path = f"{UPLOAD_PATH}/{left}"
    before = site.get(path).text

    does(site, f"{path}/again")
    waits(site, path)

    assert "还没看完" in before
    assert state_of(world, path) == (ImportState.READY, True)


def test_what_is_put_aside_can_not_be_brought_in_any_more(world: World, site: Visitor) -> None:
    path = sends(site, excel([ADDRESSES, GOOD]))

    does(site, f"{path}/drop")
    does(site, f"{path}/bring")
    waits(site, path)

    assert doors(world) == 0


def test_a_sheet_without_the_pages_token_is_not_taken(world: World, site: Visitor) -> None:
    answer = asyncio.run(
        site.asks("POST", UPLOAD_PATH, data={"form": "addresses"}, files={"sheet": ("a.xlsx", excel([ADDRESSES]))})
    )

    assert answer.status_code == 403


def test_a_sheet_of_several_megabytes_is_taken_where_other_forms_take_little(site: Visitor) -> None:
    path = sends(
        site, text([ADDRESSES, *[(*GOOD[:3], 1000 + number, None, "一号微网格") for number in range(40_000)]]), "a.csv"
    )

    assert "40,000" in site.get(path).text


def test_a_number_that_somebody_writes_into_the_purpose_is_masked(world: World, site: Visitor) -> None:
    does(site, f"{PAGE}/exports", **(A_MONTH | {"form": "visits", "purpose": "other", "note": "给13812345678看"}))

    with world.database.reading() as session:
        note = session.exec(select(Export.purpose_note)).one()
    assert note is not None
    assert "12345678" not in note


def test_an_export_comes_as_a_file_and_stands_on_the_list(world: World, site: Visitor) -> None:
    world.is_flagged(world.has_household("3-2-501", "张大爷"), Severity.P2)

    answer = does(site, f"{PAGE}/exports", form="inspections", **A_MONTH)

    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert "3-2-501" in answer.content.decode("utf-8-sig")
    page = site.get(PAGE).text
    assert "隐患巡查记录" in page
    assert "本网格月度汇总" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"purpose": ""}, "没写做什么用"),
        ({"purpose": "other"}, "没写做什么用"),
        ({"since": "2026-04-01"}, "结束的日子在开始的前面"),
        ({"since": "三月"}, "日子没写对"),
        ({"form": "everything"}, "没选要哪一张表"),
    ],
)
def test_an_export_that_does_not_fit_says_what_to_change(
    world: World, site: Visitor, changed: dict[str, str], said: str
) -> None:
    answer = does(site, f"{PAGE}/exports", **({"form": "visits"} | A_MONTH | changed))

    assert answer.status_code == 400
    assert said in answer.text
    with world.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Export)).one() == 0


@pytest.mark.parametrize("role", [Role.WORKER, Role.RESPONDER, Role.AUDITOR])
def test_others_reach_neither_side(world: World, gated: Visitor, role: Role) -> None:
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)

    answers = [gated.get(PAGE), gated.get(f"{PAGE}/templates/addresses"), gated.get(f"{UPLOAD_PATH}/1")]

    assert {answer.status_code for answer in answers} == {403}
    assert gated.post(f"{PAGE}/exports", {"form": "visits", **A_MONTH}).status_code == 403


def test_an_administrator_brings_in_and_takes_nothing_out(world: World, gated: Visitor) -> None:
    world.has_login(Role.ADMINISTRATOR, "admin", PASSWORD)
    gated.logs_in("admin", PASSWORD)

    page = gated.get(PAGE).text

    assert "先看一遍" in page
    assert "哪一张表" not in page
    assert does(gated, f"{PAGE}/exports", form="visits", **A_MONTH).status_code == 403


def test_a_template_is_a_workbook(site: Visitor) -> None:
    answer = site.get(f"{PAGE}/templates/residents")

    assert answer.content.startswith(b"PK")
    assert site.get(f"{PAGE}/templates/passwords").status_code == 404
