"""The coordinator's list: who is on it, in which order, and in whose words."""

from datetime import timedelta

from assistant.console.flagged import FlaggedList, flagged_households
from assistant.domain.followups import MatterState
from assistant.domain.reports import Severity
from tests.console.world import NOW, World


def the_list(world: World) -> FlaggedList:
    with world.database.reading() as session:
        return flagged_households(session, world.viewer(), NOW)


def test_the_most_urgent_household_comes_first_and_of_equals_the_newest(world: World) -> None:
    for key, severity, hours in (
        ("1-1-101", Severity.P2, 1),
        ("1-1-102", Severity.P0, 9),
        ("1-1-201", Severity.P0, 2),
        ("1-1-202", Severity.P1, 0),
    ):
        world.is_flagged(world.has_household(key), severity, ago=timedelta(hours=hours))

    doors = [household.door for household in the_list(world).households]

    assert doors == ["1-1-201", "1-1-102", "1-1-202", "1-1-101"]


def test_a_household_with_several_flags_is_one_entry_at_its_worst_severity(world: World) -> None:
    household = world.has_household("3-2-501", "张大爷")
    world.is_flagged(household, Severity.P2, "软管老化", "软管老化", ago=timedelta(days=1))
    world.is_flagged(household, Severity.P0)

    (entry,) = the_list(world).households

    assert entry.severity is Severity.P0
    assert [reason.severity for reason in entry.reasons] == [Severity.P0, Severity.P2]
    assert len(entry.said) == 2
    assert entry.newest_at == NOW


def test_what_was_settled_or_cancelled_is_not_on_the_list(world: World) -> None:
    household = world.has_household("3-2-501")
    for state in MatterState:
        if not state.stands:
            world.is_flagged(household, Severity.P0, state=state, ago=timedelta(minutes=len(state)))

    assert the_list(world).households == ()


def test_what_waits_for_the_coordinators_word_is_marked_so(world: World) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P1, state=MatterState.PROPOSED)

    assert the_list(world).households[0].reasons[0].is_proposed


def test_another_grids_households_are_not_shown(world: World) -> None:
    world.is_flagged(world.has_household("9-1-101", area_id=world.other_grid_id), Severity.P0)

    shown = the_list(world)

    assert shown.households == ()
    assert shown.counts[Severity.P0] == 0


def test_the_words_that_led_to_it_are_marked_and_the_rest_is_not(world: World) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P0, "5楼闻到有气味，人在楼下", "闻到有气味")

    (said,) = the_list(world).households[0].said

    assert [(piece.text, piece.is_marked) for piece in said.words] == [
        ("5楼", False),
        ("闻到有气味", True),
        ("，人在楼下", False),
    ]
    assert said.by == "刘大姐"


def test_the_person_the_report_names_is_shown_rather_than_all_who_live_there(world: World) -> None:
    household = world.has_household("3-2-501", "张大爷", "张婆婆")
    world.is_flagged(household, Severity.P0, "张婆婆屋头闻到有气味")

    assert the_list(world).households[0].people == ("张婆婆",)


def test_who_acts_and_until_when_is_said_and_what_is_late_is_told_apart(world: World) -> None:
    late = world.has_household("3-2-501")
    world.is_flagged(late, Severity.P1, ago=timedelta(days=2), due_in=timedelta(days=1))
    timely = world.has_household("3-2-502")
    world.is_flagged(timely, Severity.P2, ago=timedelta(days=2), due_in=timedelta(days=7))

    first, second = the_list(world).households

    assert first.promises[0].is_overdue
    assert not second.promises[0].is_overdue
    assert second.promises[0].due_at == NOW + timedelta(days=5)


def test_households_beyond_what_anybody_reads_are_counted(world: World) -> None:
    for number in range(203):
        world.is_flagged(world.has_household(f"1-1-{1000 + number}"), Severity.P3)

    shown = the_list(world)

    assert shown.counts[Severity.P3] == 203
    assert shown.left_off == 3
