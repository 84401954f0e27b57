"""Corrections of kind, person, time and outcome in a worker's words: what was filed is taken back and filed anew."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from assistant.domain.questions import Asks
from assistant.storage.tables import FindingRow, Flag, FollowUp, Household, Matter, Question, ReadingMade, Report, Visit
from tests.asides.neighbourhood import ZONE, Neighbourhood
from tests.turn.rehearsal import START


def standing(place: Neighbourhood) -> list[str]:
    """Matters that stand, as ``door kind severity``."""
    with place.app.database.reading() as session:
        rows = session.exec(
            select(Matter, Household.key)
            .join(Household, col(Household.id) == Matter.household_id)
            .order_by(col(Matter.id))
        ).all()
    return [f"{key} {matter.kind} {matter.severity}" for matter, key in rows if matter.state.stands]


def running(place: Neighbourhood) -> list[FollowUp]:
    return [row for row in place.rows(FollowUp) if isinstance(row, FollowUp) and row.look_at is not None]


def waiting_for(place: Neighbourhood) -> list[Asks]:
    return [row.asks for row in place.rows(Question) if isinstance(row, Question) and row.ended_at is None]


def test_another_kind_takes_the_place_of_the_one_that_was_denied(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302漏气了")
    assert standing(place) == ["8-1-302 gas.leak P0"]

    place.says("liu", "说错了，不是漏气，是软管老化")

    assert standing(place) == ["8-1-302 gas.hose P2"]


def test_both_versions_stay_on_record(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302漏气了")

    place.says("liu", "说错了，不是漏气，是软管老化")

    first, second = (row for row in place.rows(Report) if isinstance(row, Report))
    assert (first.retracted_at, second.amends_id) == (None, first.id)
    made = [row.report_id for row in place.rows(ReadingMade) if isinstance(row, ReadingMade)]
    assert {first.id, second.id} <= set(made)
    findings = [row for row in place.rows(FindingRow) if isinstance(row, FindingRow)]
    assert [(row.kind, row.withdrawn_at is None) for row in findings] == [("gas.leak", False), ("gas.hose", True)]
    assert place.verbs("findings") == ["found", "withdrawn", "found"]


def test_deadlines_count_from_the_first_report(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302阀门关不动")
    place.wait_until(START + timedelta(hours=6))

    place.says("liu", "说错了，8-1-302不是阀门关不动，是软管老化")

    assert standing(place) == ["8-1-302 gas.hose P2"]
    assert {row.due_at for row in running(place)} == {START + timedelta(days=7)}


def test_the_promises_of_what_was_denied_run_no_more(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302漏气了")

    place.says("liu", "说错了，不是漏气，是软管老化")

    assert {row.kind for row in running(place)} == {"gas.hose"}


def test_who_was_called_for_an_alarm_hears_what_it_really_was(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302漏气了")
    place.told("wang")

    place.says("liu", "说错了，不是漏气，是软管老化")

    [word] = place.told("wang")
    assert "8-1-302" in word
    assert "软管" in word


def test_a_corrected_alarm_is_called_no_more(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302漏气了")
    place.says("liu", "说错了，不是漏气，是软管老化")
    place.told("wang")

    place.wait_until(START + timedelta(hours=2))

    assert place.told("wang") == []
    flags = [row for row in place.rows(Flag) if isinstance(row, Flag)]
    assert all(row.call_at is None for row in flags)


def test_another_time_moves_the_visit(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302软管老化")

    place.says("liu", "说错了，是昨天下午的事")

    visit = next(row for row in place.rows(Visit) if isinstance(row, Visit) and row.withdrawn_at is None)
    assert visit.at.astimezone(ZONE).date() == START.astimezone(ZONE).date() - timedelta(days=1)


def test_a_correction_that_fits_two_doors_is_asked_about_and_changes_nothing_yet(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302阀门关不动")
    place.says("liu", "8-1-303阀门关不动")
    before = standing(place)

    asked = place.says("liu", "说错了，不是阀门关不动，是软管老化")

    assert "8-1-302" in asked
    assert "8-1-303" in asked
    assert standing(place) == before
    assert waiting_for(place) == [Asks.WHICH_REPORT_IS_WRONG]


def test_the_door_that_answers_is_the_one_that_is_put_right(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302阀门关不动")
    place.says("liu", "8-1-303阀门关不动")
    place.says("liu", "说错了，不是阀门关不动，是软管老化")

    place.says("liu", "8-1-302")

    assert sorted(standing(place)) == ["8-1-302 gas.hose P2", "8-1-303 gas.valve_faulty P1"]
    assert waiting_for(place) == []


def test_a_button_makes_the_next_message_a_correction(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302漏气了")

    asked = place.taps("liu", "改一下")
    place.says("liu", "软管老化")

    assert asked.startswith("哪里要改？")
    assert standing(place) == ["8-1-302 gas.hose P2"]


@pytest.mark.parametrize("words", ["说错了", "写错了，改一下"])
def test_a_correction_that_does_not_say_what_is_right_asks_and_changes_nothing(
    words: str, place: Neighbourhood
) -> None:
    place.says("liu", "8-1-302软管老化")

    place.says("liu", words)

    assert standing(place) == ["8-1-302 gas.hose P2"]


def test_what_is_left_untouched_stays_in_the_first_words(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302软管老化，灶具没得熄火保护")

    place.says("liu", "说错了，不是软管老化，是软管裂了")

    assert sorted(standing(place)) == ["8-1-302 gas.hose P1", "8-1-302 gas.no_flameout P2"]
    flameout = [
        row
        for row in place.rows(FindingRow)
        if isinstance(row, FindingRow) and row.kind == "gas.no_flameout" and row.withdrawn_at is None
    ]
    [first, *_] = (row for row in place.rows(Report) if isinstance(row, Report))
    assert [row.report_id for row in flameout] == [first.id]


def test_taking_back_a_correction_leaves_what_was_said_before_it(place: Neighbourhood) -> None:
    place.says("liu", "8-1-302漏气了")
    place.says("liu", "说错了，不是漏气，是软管老化")

    place.says("liu", "刚才那条撤回")

    assert standing(place) == ["8-1-302 gas.leak P0"]
    assert {row.kind for row in running(place)} == {"gas.leak"}


@pytest.mark.parametrize("lead", ["说错了，8-1-302不是阀门关不动", "8-1-302那条不是阀门关不动"])
def test_the_danger_that_is_put_in_the_place_of_another_is_never_lost(lead: str, place: Neighbourhood) -> None:
    place.says("liu", "8-1-302阀门关不动")

    place.says("liu", f"{lead}，是软管裂了")

    assert standing(place) == ["8-1-302 gas.hose P1"]
