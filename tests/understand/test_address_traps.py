"""Numbers that are no doors, and what a book of doors may add."""

import pytest

from assistant.understand.address import find_doors, known_book
from assistant.understand.normalise import fold


def doors(text: str, known: tuple[str, ...] = ()) -> list[str]:
    found = find_doors(fold(text).text, book=known_book(known))
    return [str(key) for mention in found for key in mention.keys]


@pytest.mark.parametrize(
    "said",
    [
        "血压120/80",
        "高压182低压108",
        "低压108高压182",
        "血压160 95",
        "血压有点高,168/101",
        "172比102",
        "96/148",
        "血压上了210",
        "交了501块钱",
        "收了380",
        "微信转了501",
        "给了302元",
        "拿502胶水粘起的",
        "999感冒灵",
        "打110没人接",
        "120拉走了",
        "12345热线",
        "96110来电话",
        "电话13812345678",
        "138-1234-1206",
        "028-85551201",
        "3-15活动",
        "3月5号",
        "5号来修",
        "2026年3月5日",
        "2026-03-05",
        "9:30去的",
        "三点过",
        "3-5天",
        "1-2次",
        "2-3个人",
        "8户",
        "走访20户",
        "85%",
        "坐102路公交",
        "301医院住院",
        "318国道",
        "型号1203",
        "第2单元课文",
        "第501次",
        "一单三十",
        "刷了二十单",
        "二天再去",
        "八十好几了",
        "38度5",
        "血糖19.3",
        "空腹十七点八",
        "爬了8层楼",
        "楼高33层",
        "两栋楼",
        "这3栋楼",
        "三室一厅",
        "一百六十五九十八",
        "两百多个人",
        "跑了两万步",
        "3-500块",
        "1楼到顶",
        "年份2008年",
        "315晚会",
        "幺二零来了",
        "12345",
    ],
)
def test_a_number_that_means_something_else_is_no_door(said: str) -> None:
    assert [key for key in doors(said) if key[-1] != "F"] == []


def test_a_building_keeps_its_number_beside_a_count() -> None:
    assert doors("6栋8个人来站里量血压") == ["6-?-?"]
    assert doors("3栋2单元共24户") == ["3-2-?"]
    assert doors("3栋5号来修") == ["3-?-?"]


def test_a_corrected_pressure_is_no_door() -> None:
    assert doors("刚才血压打错了,4-2-301是148/96,不是184") == ["4-2-301"]
    assert doors("血压写错了,是118,不是108") == []


def test_a_door_next_to_a_reading_is_still_a_door() -> None:
    assert doors("血压168/100,101没人") == ["?-?-101"]
    assert doors("4栋301血压量了168/100") == ["4-?-301"]
    assert doors("5-4-601血压200比118") == ["5-4-601"]


@pytest.mark.parametrize(
    ("said", "known", "keys"),
    [
        ("9-603气阀关不动", ("9-0-603",), ["9-0-603"]),
        ("A座1203的师傅", ("A-0-1203",), ["A-0-1203"]),
        ("701洗澡头昏", ("5-1-701", "6-1-801"), ["5-1-701"]),
        ("3201的婆婆", ("3-2-201", "32-1-101"), ["3-2-201"]),
        ("3201的婆婆", ("3-2-201", "4-1-3201"), ["?-?-3201"]),
        ("701洗澡头昏", ("5-1-701", "6-1-701"), ["?-?-701"]),
        ("3-2-5的门锁坏了", ("3-1-205",), ["3-1-205"]),
        ("3-2-5的门锁坏了", ("3-2-5",), ["3-2-5"]),
        ("3-2-5的门锁坏了", (), ["3-?-?"]),
        ("说错了,不是502,是503", ("3-2-502",), ["3-2-502", "3-2-503"]),
        ("12栋消防栓没水", ("12-1-301",), ["12-?-?"]),
        ("3栋6楼那家", ("3-1-602",), ["3-?-6F"]),
        ("4-2-301换了", ("4-2-302",), ["4-2-301"]),
    ],
)
def test_a_book_fills_only_what_one_door_fits(said: str, known: tuple[str, ...], keys: list[str]) -> None:
    assert doors(said, known) == keys


def test_places_and_open_keys_are_no_part_of_a_known_book() -> None:
    assert doors("701没人", ("place:8栋楼道", "5-?-701", "坏的")) == ["?-?-701"]


def test_the_name_of_the_estate_is_no_door() -> None:
    text = "锦和街28号301又在吵"

    (mention,) = find_doors(text, estate="锦和街28号")

    assert [str(key) for key in mention.keys] == ["?-?-301"]
    assert text[mention.start : mention.end] == "301"
