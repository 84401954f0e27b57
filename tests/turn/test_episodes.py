"""Findings of several themes at one household are one episode with one owner; a scam in an estate is told once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assistant.domain.casework import Decision, FollowUpDecided, Responder
from assistant.domain.followups import MatterState
from assistant.domain.reports import KnownHousehold, Reading, Severity
from assistant.storage import episodes
from assistant.storage.tables import Cluster, EpisodePart, EpisodeRow, Household
from tests.turn import fakes
from tests.turn.rehearsal import MINDS, Rehearsal


def all_episodes(rehearsal: Rehearsal) -> list[EpisodeRow]:
    return [row for row in rehearsal.rows(EpisodeRow) if isinstance(row, EpisodeRow)]


def test_three_themes_at_one_door_are_one_episode_with_one_owner(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose fire.clutter")
    rehearsal.wait(days=3)
    rehearsal.worker_says("3-2-501 met health.unwell")

    [episode] = all_episodes(rehearsal)
    assert len(rehearsal.rows(EpisodePart)) == 3
    assert (episode.worker_id, episode.state, episode.severity) == (1, MatterState.OPEN, Severity.P2)
    assert episode.sensitivity == "health"


def test_two_doors_are_two_episodes(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose; 3-2-502 met gas.hose")

    assert len(all_episodes(rehearsal)) == 2


@pytest.mark.parametrize(("days", "count"), [(14, 1), (15, 2)])
def test_what_is_found_after_the_window_is_another_episode(rehearsal: Rehearsal, days: int, count: int) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.clock.move_on(timedelta(days=days))

    rehearsal.worker_says("3-2-501 met fire.clutter")

    assert len(all_episodes(rehearsal)) == count


def test_the_severity_is_that_of_what_is_still_open(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose gas.service")
    rehearsal.worker_says("close 3-2-501 gas.hose")

    [episode] = all_episodes(rehearsal)
    assert (episode.severity, episode.state) == (Severity.P3, MatterState.OPEN)


def test_an_episode_is_over_when_all_of_it_is(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose gas.service")
    rehearsal.worker_says("close 3-2-501 gas.hose gas.service")
    rehearsal.worker_says("3-2-501 met fire.clutter")

    first, second = all_episodes(rehearsal)
    assert first.state is MatterState.SETTLED
    assert first.ended_at is not None
    assert second.state is MatterState.OPEN


def test_an_episode_that_was_taken_back_never_was(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("withdraw")

    [episode] = all_episodes(rehearsal)
    assert episode.state is MatterState.CANCELLED


def test_an_episode_of_a_p0_waits_for_the_coordinator(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.leak")
    rehearsal.worker_says("close 3-2-501 gas.leak")

    [episode] = all_episodes(rehearsal)
    assert episode.state is MatterState.PROPOSED


def test_the_episodes_of_a_household_list_all_that_belongs_to_them(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose fire.clutter")

    with rehearsal.database.reading() as session:
        place = next(each for each in rehearsal.rows(Household) if getattr(each, "key", "") == "3-2-501")
        assert isinstance(place, Household)
        [(_, matters)] = episodes.standing(session, place)

    assert [matter.kind for matter in matters] == ["gas.hose", "fire.clutter"]


def telling(reading: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]:
    """Every unwell person is told to the whole estate, once in a week."""
    return tuple(
        replace(
            decision,
            follow_ups=(
                *decision.follow_ups,
                *(
                    FollowUpDecided(Responder.COORDINATOR, at, "提醒", "r", flag.severity, flag.kind, timedelta(days=7))
                    for flag in decision.flags
                    if flag.kind == "health.unwell"
                ),
            ),
        )
        for decision in fakes.decide(reading, known, at)
    )


@pytest.fixture
def alert(rehearsal: Rehearsal) -> Rehearsal:
    rehearsal.turn = replace(rehearsal.turn, minds=replace(MINDS, decide=telling))
    return rehearsal


def test_a_cluster_is_told_to_every_worker_of_the_estate_and_names_no_door(alert: Rehearsal) -> None:
    alert.worker_says("3-2-501 met health.unwell")

    [notice] = [text for text in alert.told("li") if "怡丽佳苑" in text]
    assert "3-2-501" not in notice
    assert "1户" in notice


def test_a_cluster_is_told_once_however_it_grows(alert: Rehearsal) -> None:
    alert.worker_says("3-2-501 met health.unwell")
    alert.worker_says("3-2-502 met health.unwell")

    [cluster] = alert.rows(Cluster)
    assert isinstance(cluster, Cluster)
    assert cluster.households == 2
    assert len(alert.told("li")) == 1


def test_a_cluster_after_a_quiet_time_is_a_new_one(alert: Rehearsal) -> None:
    alert.worker_says("3-2-501 met health.unwell")
    alert.clock.move_on(timedelta(days=8))
    alert.worker_says("3-2-502 met health.unwell")

    assert len([text for text in alert.told("li") if "怡丽佳苑" in text]) == 2
