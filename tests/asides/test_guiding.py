"""A question gets its card; it never swallows a report, and what no card answers is said so."""

import pytest

from assistant.storage.tables import Flag, Report, Visit
from tests.asides.neighbourhood import Neighbourhood


def kinds(place: Neighbourhood) -> set[str]:
    return {row.kind for row in place.rows(Flag)}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("ask", "title", "holds"),
    [
        ("软管老化咋个办", "燃气软管老化", "波纹管"),
        ("遇到刷单的咋个劝嘛", "刷单返利", "96110"),
        ("要是煤气味大该怎么处理", "闻到燃气味", "开窗"),
        ("楼道堆东西不听劝怎么说", "楼道堆东西", "物业"),
        ("血压多少算高", "血压高", "180/110"),
        ("低保咋个申请", "低保、证件、政策", "社区"),
        ("假安检咋个认", "假燃气", "证件"),
        ("住户名单能不能发群里", "住户信息怎么保管", "不发任何群"),
        ("一般老人摔倒了能不能扶", "老人跌倒", "别急着扶"),
    ],
)
def test_a_question_is_answered_with_the_card_and_its_source(
    ask: str, title: str, holds: str, place: Neighbourhood
) -> None:
    said = place.says("liu", ask)

    lines = said.splitlines()
    assert lines[0].startswith(title)
    assert lines[1].startswith("1. ")
    assert holds in said
    assert any(line.startswith("出处：") for line in lines)


def test_a_question_is_no_report_and_raises_nothing(place: Neighbourhood) -> None:
    for ask in ("软管老化咋个办", "遇到刷单的咋个劝嘛", "要是煤气味大该怎么处理", "低保咋个申请"):
        place.says("liu", ask)

    assert {row.intent for row in place.rows(Report)} == {"question"}  # type: ignore[attr-defined]
    assert place.rows(Flag) == place.rows(Visit) == []
    assert place.told("wang") == []


@pytest.mark.parametrize(
    ("asks", "kind"),
    [
        ("3-2-501软管老化，咋个办", "gas.hose"),
        ("3-2-502屋头煤气味大得很，该怎么办", "gas.leak"),
        ("1-1-101老人摔倒了起不来，能不能扶", "elder.fall"),
        ("3-2-501张大爷正要转5万给炒股老师，咋个劝", "fraud.investment"),
    ],
)
def test_a_report_that_also_asks_is_filed_as_one(asks: str, kind: str, place: Neighbourhood) -> None:
    place.says("liu", asks)

    assert kind in kinds(place)


def test_life_at_stake_without_a_door_is_filed_and_gets_the_card_too(place: Neighbourhood) -> None:
    said = place.says("liu", "煤气味大怎么处置")

    assert kinds(place) == {"gas.leak"}
    assert "1. 关掉灶前阀和表前阀。" in said
    assert "请说几栋、几单元、几号" in said
    assert place.told("wang")


def test_who_asks_about_something_grave_may_stand_beside_it(place: Neighbourhood) -> None:
    said = place.says("liu", "中风的人咋救")

    assert "现在就有这情况" in said or "哪一户" in said
    assert any("可能正遇上" in told or "中风" in told for told in place.told("wang"))


@pytest.mark.parametrize("ask", ["养老金怎么领取资格认证", "怎么给领导写总结呢", "微信群怎么改名字"])
def test_what_no_card_answers_is_said_with_whom_to_ask(ask: str, place: Neighbourhood) -> None:
    assert place.says("liu", ask) == "这个我没有现成的指南，请问王主任。有急事先打110、119、120。"


def test_the_coordinator_is_not_sent_to_herself(place: Neighbourhood) -> None:
    assert "王主任" not in place.says("wang", "微信群怎么改名字")
