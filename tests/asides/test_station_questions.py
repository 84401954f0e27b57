"""Questions about the station are answered from its tables in whatever words; what is not there is unknown."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.storage.tables import Report
from knowledge import yamlfile
from tests.asides.neighbourhood import Neighbourhood, on_duty

WORDINGS: dict[str, dict[str, Any]] = yamlfile.load(Path(__file__).with_name("wordings.yaml"))
ROTA = {date(2026, 3, 5): "刘大姐", date(2026, 3, 6): "李大姐"}


@pytest.mark.parametrize("about", [about for about in WORDINGS if about != "elsewhere"])
def test_a_question_is_answered_however_it_is_asked(about: str, place: Neighbourhood) -> None:
    on_duty(place, ROTA)
    wanted = WORDINGS[about]

    answers = {ask: place.says("liu", ask) for ask in wanted["ask"]}

    assert {ask: said for ask, said in answers.items() if not all(part in said for part in wanted["answer"])} == {}
    assert {report.intent for report in place.rows(Report)} == {"question"}


def test_the_station_does_not_answer_what_is_about_something_else(place: Neighbourhood) -> None:
    on_duty(place, ROTA)
    of_the_station = ("值班", "开门", "家医要来", "家医每", "可以借", "架空层")

    answers = {ask: place.says("liu", ask) for ask in WORDINGS["elsewhere"]["ask"]}

    assert {ask: said for ask, said in answers.items() if any(word in said for word in of_the_station)} == {}


def test_a_day_without_anybody_is_said_to_be_empty_and_whom_to_ask(place: Neighbourhood) -> None:
    on_duty(place, {**ROTA, date(2026, 3, 9): None})

    assert place.says("liu", "9号哪个值班") == "3月9日（周一）还没排人值班，请问王主任。"
    assert "周六" in place.says("liu", "星期六哪个值班")


@pytest.mark.parametrize("ask", ["今天哪个值班", "服务站好久开门", "家医星期几来", "服务站电话是多少"])
def test_what_is_not_on_record_is_said_to_be_unknown(ask: str, place_without_hours: Neighbourhood) -> None:
    said = place_without_hours.says("liu", ask)

    assert "还没登记" in said
    assert "王主任" in said


@pytest.mark.parametrize("ask", ["今天哪个值班", "家医星期几来", "可不可以借来开会", "我来接李大姐的班"])
def test_where_there_is_no_station_nothing_is_made_up(ask: str, bare_place: Neighbourhood) -> None:
    assert bare_place.says("liu", ask) == "这边还没登记服务站，请问王主任。"


def test_who_asks_for_their_own_duty_hears_their_days(place: Neighbourhood) -> None:
    on_duty(place, {**ROTA, date(2026, 3, 12): "刘大姐"})

    assert place.says("liu", "我哪天值班") == "您值班的日子：3月5日（周四）、3月12日（周四）。"


def test_a_question_leaves_no_visit_and_no_finding(place: Neighbourhood) -> None:
    on_duty(place, ROTA)

    place.says("liu", "今天哪个值班")

    assert place.verbs("visits") == place.verbs("findings") == []
