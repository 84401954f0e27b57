"""Which words are about which door."""

from collections.abc import Callable

import pytest

from assistant.domain.reports import Reading


def summary(reading: Reading) -> dict[str, tuple[str, list[str]]]:
    return {case.key: (case.visit.value, [one.kind for one in case.findings]) for case in reading.cases}


@pytest.mark.parametrize(
    ("said", "cases"),
    [
        pytest.param(
            "3-2-501软管老化;502没人;503她说腿痛",
            {"3-2-501": ("met", ["gas.hose"]), "3-2-502": ("missed", []), "3-2-503": ("met", ["health.unwell"])},
            id="a list with elided prefixes",
        ),
        pytest.param(
            "4-1-301和401软管老化",
            {"4-1-301": ("met", ["gas.hose"]), "4-1-401": ("met", ["gas.hose"])},
            id="in one breath",
        ),
        pytest.param("软管老化 2-4-601", {"2-4-601": ("met", ["gas.hose"])}, id="the door comes last"),
        pytest.param("2栋李婆婆说3-1-201软管老化", {"3-1-201": ("none", ["gas.hose"])}, id="who only tells is no case"),
        pytest.param("8栋楼道堆满纸板", {"place:8栋楼道": ("none", ["fire.clutter"])}, id="a public place"),
        pytest.param("12栋堆了杂物", {"place:12栋": ("none", ["fire.clutter"])}, id="a building, for what is common"),
        pytest.param("3-2-501打电话来,说软管老化", {"3-2-501": ("phone", ["gas.hose"])}, id="by phone"),
        pytest.param(
            "4-3-102、103软管老化,104的换好了",
            {"4-3-102": ("met", ["gas.hose"]), "4-3-103": ("met", ["gas.hose"]), "4-3-104": ("met", ["gas.hose"])},
            id="leaning on the door before",
        ),
        pytest.param(
            "软管老化的是3-2-402,没人的是403,404腿痛",
            {"3-2-402": ("met", ["gas.hose"]), "3-2-403": ("missed", []), "3-2-404": ("met", ["health.unwell"])},
            id="what is said before 的是 is said of that door",
        ),
        pytest.param(
            "2-1-701、702,701没人,702腿痛",
            {"2-1-701": ("missed", []), "2-1-702": ("met", ["health.unwell"])},
            id="a list, then each of it",
        ),
        pytest.param(
            "2-1-501婆婆腿痛得很,她说楼下401软管老化",
            {"2-1-501": ("met", ["health.unwell"]), "2-1-401": ("none", ["gas.hose"])},
            id="who tells of another door has a word of her own too",
        ),
        pytest.param(
            "6栋1单元楼道堆满纸箱杂物,6-1-302没人",
            {"place:6栋1单元楼道": ("none", ["fire.clutter"]), "6-1-302": ("missed", [])},
            id="a place and a door that was missed",
        ),
        pytest.param(
            "3-2-501软管老化,楼上601也老化了,楼下401已经换好了",
            {"3-2-501": ("met", ["gas.hose"]), "3-2-601": ("met", ["gas.hose"]), "3-2-401": ("met", ["gas.hose"])},
            id="neighbours by number have it too",
        ),
        pytest.param(
            "3-2-501和楼上601软管老化",
            {"3-2-501": ("met", ["gas.hose"]), "3-2-601": ("met", ["gas.hose"])},
            id="a neighbour in one breath",
        ),
        pytest.param(
            "3-2-101、102、103,前两家没人,最后一家软管老化",
            {"3-2-101": ("missed", []), "3-2-102": ("missed", []), "3-2-103": ("met", ["gas.hose"])},
            id="members of a list",
        ),
        pytest.param(
            "3-2-101,102没人,201软管老化",
            {"3-2-101": ("missed", []), "3-2-102": ("missed", []), "3-2-201": ("met", ["gas.hose"])},
            id="a list by commas, told of together",
        ),
        pytest.param("3-2-101没人,问了102,说回老家了", {"3-2-101": ("missed", [])}, id="who was asked is no case"),
        pytest.param("3-2-101没人,给103留了话", {"3-2-101": ("missed", [])}, id="who was left word with is no case"),
        pytest.param(
            "3-2-501软管老化,她女儿住6-1-302", {"3-2-501": ("met", ["gas.hose"])}, id="where her daughter lives"
        ),
        pytest.param(
            "软管老化,她女儿住6-1-302", {"?-?-?": ("met", ["gas.hose"])}, id="where her daughter lives is not her door"
        ),
        pytest.param(
            "跟女儿住6-1-302,软管老化", {"6-1-302": ("met", ["gas.hose"])}, id="with her daughter she lives there"
        ),
        pytest.param("3栋2单元3到4楼走完,正常", {"3-2-3F": ("met", []), "3-2-4F": ("met", [])}, id="floors gone along"),
        pytest.param(
            "没人的有3-2-101、102;软管老化的有201",
            {"3-2-101": ("missed", []), "3-2-102": ("missed", []), "3-2-201": ("met", ["gas.hose"])},
            id="doors named behind what is said of them",
        ),
        pytest.param(
            "3-2-101到103有两户没人:101、103,其他软管老化",
            {"3-2-101": ("missed", []), "3-2-102": ("met", ["gas.hose"]), "3-2-103": ("missed", [])},
            id="so many homes, then which",
        ),
        pytest.param("13栋1单元顶楼没人", {"13-1-?": ("missed", [])}, id="a top floor is somebody's"),
        pytest.param("2栋那家软管老化,2栋1单元402", {"2-1-402": ("met", ["gas.hose"])}, id="a home, then its door"),
        pytest.param(
            "①8-1-101没人②8-1-102腿痛",
            {"8-1-101": ("missed", []), "8-1-102": ("met", ["health.unwell"])},
            id="numbered points are no part of a door",
        ),
        pytest.param(
            "3栋1单元402、5栋2单元403,两家软管老化",
            {"3-1-402": ("met", ["gas.hose"]), "5-2-403": ("met", ["gas.hose"])},
            id="a room before a building is no list of buildings",
        ),
        pytest.param("2-1-302 一切正常", {"2-1-302": ("met", [])}, id="all clear"),
        pytest.param("煤气味", {"?-?-?": ("met", ["gas.leak"])}, id="no door at all"),
    ],
)
def test_cases(read: Callable[..., Reading], said: str, cases: dict[str, tuple[str, list[str]]]) -> None:
    assert summary(read(said)) == cases


def test_who_only_tells_of_the_door_before_is_no_case(read: Callable[..., Reading]) -> None:
    (case,) = read("9-1-201窗子拉根飞线出来,202说飞线天天都在").cases

    assert (case.key, [one.state.value for one in case.findings]) == ("9-1-201", ["hearsay"])


@pytest.mark.parametrize(
    ("said", "key", "state"),
    [
        pytest.param("在西门喊老年人跟老师炒股", "place:西门", "seen", id="a scam at a place befell nobody yet"),
        pytest.param("业主群里头有人喊跟老师炒股", "place:业主群", "seen", id="what a scammer posts is seen"),
        pytest.param("业主群里头说3栋触电", "3-?-?", "hearsay", id="what a chat group says of others"),
    ],
)
def test_who_tells_at_a_place(read: Callable[..., Reading], said: str, key: str, state: str) -> None:
    (case,) = read(said).cases

    assert (case.key, [one.state.value for one in case.findings]) == (key, [state])
