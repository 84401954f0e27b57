"""How the contact went: met, missed, by phone, at the station, or from outside."""

from collections.abc import Callable

import pytest

from assistant.domain.reports import Message, Reading
from assistant.understand.reader import Reader
from knowledge.book import load_book
from tests.understand.conftest import NOON


@pytest.fixture(scope="module")
def visits() -> Callable[[str], dict[str, str]]:
    """The outcome at each door, read with the project's own lexicon."""
    reader = Reader(load_book())

    def visits(text: str) -> dict[str, str]:
        reading: Reading = reader.read(Message("1", text, NOON, "怡丽佳苑"))
        return {case.key: case.visit.value for case in reading.cases}

    return visits


@pytest.mark.parametrize(
    ("said", "outcomes"),
    [
        pytest.param("昨天下午去3-1-402敲门没人应", {"3-1-402": "missed"}, id="told a day later"),
        pytest.param(
            "上回3-1-402敲门没人应,今天婆婆在家,都好", {"3-1-402": "met"}, id="a miss of another day, met now"
        ),
        pytest.param("3-1-402早上敲门没人应", {"3-1-402": "missed"}, id="missed this morning, and that is all"),
        pytest.param(
            "我推门进去的,3-1-402婆婆躺起,喊她没人应", {"3-1-402": "met"}, id="no answer of somebody who lies there"
        ),
        pytest.param(
            "3-1-402推门进去见到了,晚上再去没人应", {"3-1-402": "missed"}, id="met, and then missed on another try"
        ),
        pytest.param(
            "电话回访:3-1-402一切正常;5-2-301说腿痛", {"3-1-402": "phone", "5-2-301": "phone"}, id="a heading for all"
        ),
        pytest.param(
            "在站里坐了一上午,2-1-301来量血压,130比80;4-2-502来问社保",
            {"2-1-301": "station", "4-2-502": "station"},
            id="a day at the station",
        ),
        pytest.param(
            "邻居说3-1-402老化的软管,我进去看的,推门进去就看到", {"3-1-402": "met"}, id="told, then looked at"
        ),
        pytest.param("3-1-402灶下漏气,人都喊出去了", {"3-1-402": "met"}, id="called out of the house, not gone out"),
        pytest.param("3-1-402的姚爷爷走丢了,派出所送回来了", {"3-1-402": "none"}, id="found elsewhere"),
        pytest.param("3-1-402无人居住大半年了", {"3-1-402": "none"}, id="nobody lives there"),
        pytest.param("隔壁说3-1-402的软管换好了,我没亲眼看", {"3-1-402": "none"}, id="only told that it is mended"),
        pytest.param(
            "6栋8个人来站里量血压,最高的是6-1-402的大姐,172/102",
            {"6-1-402": "station"},
            id="a building came to the station",
        ),
        pytest.param("拍门喊他一点反应没有,3-1-402", {"3-1-402": "missed"}, id="the answer said last"),
        pytest.param("3-1-402电话里那人自称公安局的,喊她转钱到安全账户", {"3-1-402": "met"}, id="the swindler's call"),
    ],
)
def test_the_outcome(visits: Callable[[str], dict[str, str]], said: str, outcomes: dict[str, str]) -> None:
    assert visits(said) == outcomes
