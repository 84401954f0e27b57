"""What was found and is over is told apart from what was only promised, asked for, or done in part."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.reports import Finding, Message, VisitOutcome
from assistant.understand.reader import Reader
from knowledge.book import load_book

AT = datetime(2026, 3, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_book())


@pytest.fixture(scope="module")
def found(reader: Reader) -> Callable[[str], dict[str, Finding]]:
    def findings(text: str) -> dict[str, Finding]:
        reading = reader.read(Message("1", text, AT, "怡丽佳苑"))
        return {found.kind: found for case in reading.cases for found in case.findings}

    return findings


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("网格员发现5栋2单元楼道堆满纸箱,联系物业清运,目前楼道已恢复畅通", "fire.clutter"),
        ("8栋门前的路灯不亮,物业当晚换了灯泡,路灯重新亮起", "place.facility_fault"),
        ("网格员发现3-2-402燃气软管老化开裂,联系燃气公司上门更换,目前隐患已消除", "gas.hose"),
        ("走失的老人当晚在公园找到,平安送回家中", "elder.wandering"),
        ("6栋1单元电梯困住两人,维保人员一刻钟后将其救出", "place.facility_danger"),
        ("6栋1单元电梯困住两人。维保人员赶来,一刻钟后门开了。被困的母女安全走出轿厢", "place.facility_danger"),
        ("6-2-502锅烧起来拿盖子捂灭了,人没事", "fire.burning"),
    ],
)
def test_a_story_that_ends_well_is_over(found: Callable[[str], dict[str, Finding]], text: str, kind: str) -> None:
    assert found(text)[kind].state == "resolved"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("3-1-602软管老化,燃气公司说后天来换", "gas.hose", id="to be done"),
        pytest.param("2-1-902住户同意拆除卧室内的燃气管道,燃气公司将于后天施工", "gas.in_living_space", id="agreed"),
        pytest.param("15栋2单元楼道堆放废品,多次劝导仍未清理,已下达整改通知书", "fire.clutter", id="a paper"),
        pytest.param("12-2-1302的群租,房东拆了两间,还剩一间隔断没拆", "tenancy.group_rental", id="in part"),
        pytest.param("5-2-503丈夫写下不再动手的保证书", "dispute.violence_threat", id="a vow"),
        pytest.param("站在天台边缘的小伙子劝下来了,情绪稳定了", "health.self_harm", id="calm for now"),
        pytest.param("8-3-903电瓶拿进屋充电,说了他两句,拔了", "fire.battery_indoors", id="unplugged for now"),
    ],
)
def test_what_is_not_over_stands(found: Callable[[str], dict[str, Finding]], text: str, kind: str) -> None:
    assert found(text)[kind].state.is_active


def test_what_made_it_urgent_is_over_with_it(reader: Reader) -> None:
    text = "6栋1单元电梯困住两人,维保人员一刻钟后将其救出"

    [case] = reader.read(Message("1", text, AT, "怡丽佳苑")).cases

    assert {one.code: one.state for one in case.circumstances}["trapped"] == "resolved"


def test_a_question_whether_it_was_mended_settles_nothing(found: Callable[[str], dict[str, Finding]]) -> None:
    assert "gas.hose" not in found("3-2-501软管换了没有")


def test_an_act_that_is_denied_in_the_clause_before_is_denied(found: Callable[[str], dict[str, Finding]]) -> None:
    assert found("8-2-1101电瓶没在充电,就是放在客厅头的")["fire.battery_indoors"].state == "negated"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("闻到煤气味咋办", {"gas.leak"}),
        ("要是闻到煤气味咋办哦", set()),
    ],
)
def test_who_has_it_in_the_nose_reports_by_asking(
    found: Callable[[str], dict[str, Finding]], text: str, kinds: set[str]
) -> None:
    assert {kind for kind, finding in found(text).items() if finding.state.is_active} == kinds


def test_lamps_that_are_off_instruct_nobody_and_a_miss_is_no_finding_of_the_model(
    found: Callable[[str], dict[str, Finding]], reader: Reader
) -> None:
    reading = reader.read(Message("1", "7-2-501所有灯都关了,喊了两声没人应", AT, "怡丽佳苑"))

    assert (reading.intent, reading.cases[0].visit) == ("report", VisitOutcome.MISSED)
    assert found("三栋二单元五楼一号敲门没人应") == {}


def test_a_child_found_alone_was_met_although_nobody_answers_the_telephone(reader: Reader) -> None:
    reading = reader.read(Message("1", "4-2-804就一个七岁的娃在家,爸妈电话打不通,晚上八点了没人回", AT, "怡丽佳苑"))

    assert (reading.cases[0].findings[0].kind, reading.cases[0].visit) == ("child.alone", VisitOutcome.MET)


@pytest.mark.parametrize(
    ("text", "kind", "stage", "amount"),
    [
        ("5-3-601昨天转了两万八给那个网上的战友", "fraud.romance", "paid", 28_000),
        ("8-1-204网上贷款批了八万,喊先交两千八解冻费,他交了", "fraud.loan_credit", "paid", 2_800),
        ("10-2-803正准备转5万过去,说老师叫的,我按都按不住", "fraud.unspecified", "about_to_pay", 50_000),
    ],
)
def test_a_scam_bears_the_sum_nearest_to_its_words(
    found: Callable[[str], dict[str, Finding]], text: str, kind: str, stage: str, amount: int
) -> None:
    finding = found(text)[kind]

    assert (finding.stage, finding.values["amount_yuan"]) == (stage, amount)


def test_a_transfer_without_a_story_is_no_scam(found: Callable[[str], dict[str, Finding]]) -> None:
    assert found("3-1-201她正准备转20万付房子的首付") == {}
