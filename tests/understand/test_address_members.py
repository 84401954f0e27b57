"""Words that pick some of the doors named together: the first two, the last, the rest, all but one."""

import pytest

from assistant.understand.address import find_doors
from assistant.understand.normalise import fold


def doors(text: str) -> list[list[str]]:
    return [[str(key) for key in mention.keys] for mention in find_doors(fold(text).text)]


FIRST, SECOND, THIRD = "3-1-301", "3-1-302", "3-1-303"


@pytest.mark.parametrize(
    ("said", "picked"),
    [
        ("前两家没人", [FIRST, SECOND]),
        ("前面的前两户没人", [FIRST, SECOND]),
        ("后两家没人", [SECOND, THIRD]),
        ("最后一家没人", [THIRD]),
        ("第二户没人", [SECOND]),
        ("中间那家没人", [SECOND]),
        ("头一家没人", [FIRST]),
    ],
)
def test_a_place_in_the_list_is_the_door_that_stands_there(said: str, picked: list[str]) -> None:
    assert doors(f"3-1-301、302、303都跑了,{said}") == [[FIRST, SECOND, THIRD], picked]


@pytest.mark.parametrize(
    "said", ["前五家", "第四户", "前3天", "最后一次", "第一时间", "后两个人", "前两个月", "另外两个老人"]
)
def test_what_the_list_does_not_hold_picks_nothing(said: str) -> None:
    assert doors(f"3-1-301、302、303,{said}没人") == [[FIRST, SECOND, THIRD]]


def test_the_rest_is_who_was_not_told_apart() -> None:
    assert doors("3-1-301、302、303,302没人,其余两家都好")[-1] == [FIRST, THIRD]


@pytest.mark.parametrize("said", ["3-1-301没人,其他都正常", "3-1-301、302没人,501在,其他正常", "3-1-301、302,其他都好"])
def test_the_rest_of_no_list_is_no_door(said: str) -> None:
    assert len(doors(said)) == said.count("01")


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("3栋2单元1到4楼除了3楼都没人", [["3-2-1F", "3-2-2F", "3-2-4F"]]),
        ("3栋2单元201-204除了203以外都没人", [["3-2-201", "3-2-202", "3-2-204"]]),
        ("3-2-201、202、203,除202外,均没人", [["3-2-201", "3-2-203"]]),
        ("3-2-201到203除202外软管都老化", [["3-2-201", "3-2-203"]]),
        ("3-2-201到203都没人,只有202在家", [["3-2-201", "3-2-203"], ["3-2-202"]]),
        ("3-2-201和202,前者没人", [["3-2-201", "3-2-202"], ["3-2-201"]]),
        ("3-2-201到203,除202软管老化外均没人", [["3-2-201", "3-2-203"], ["3-2-202"], ["3-2-201", "3-2-203"]]),
    ],
)
def test_what_follows_an_exception_is_said_of_the_others(said: str, keys: list[list[str]]) -> None:
    assert doors(said) == keys


def test_one_room_of_several_units_lends_them_all() -> None:
    assert doors("11栋两个单元的101没人,102正常") == [["11-1-101", "11-2-101"], ["11-1-102", "11-2-102"]]


def test_homes_beside_a_door_that_nobody_numbered_are_not_that_door() -> None:
    assert doors("4栋1单元101老化,其他三家都没人") == [["4-1-101"], ["4-1-?"]]
