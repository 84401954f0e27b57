"""Talk and reports: what a message only speaks of, and what has happened to somebody."""

from collections.abc import Callable

import pytest

from assistant.domain.reports import Reading


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        pytest.param("网格员在一家小馆子后厨看到,软管都老化了,店主说下周换", {"gas.hose"}, id="told of a grid worker"),
        pytest.param("网格员培训会议纪要:软管老化要换,漏气要先关阀", set(), id="minutes, though of grid workers"),
        pytest.param(
            "十几个业主围在物业办公室,说电线破皮了也没公示", {"electric.damaged_wire"}, id="residents' complaint"
        ),
        pytest.param("公示:本季度软管老化更换名单如下,请大家对照", set(), id="a notice"),
        pytest.param("假设楼上漏气,我们先断电", set(), id="a neighbour of nobody makes no fact"),
        pytest.param("中庭堆满杂物,几个住户都有意见", {"fire.clutter"}, id="an everyday word at a place"),
        pytest.param("防火意见:楼道莫堆杂物,定期检查软管老化", set(), id="the same word over a lesson"),
    ],
)
def test_what_stands_of_it(read: Callable[..., Reading], said: str, standing: set[str]) -> None:
    assert {one.kind for case in read(said).cases for one in case.findings if one.state.is_active} == standing
