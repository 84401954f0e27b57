"""The list of households: what each filter holds, in which order, a page at a time, and nobody else's."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.access import Role, Sensitivity
from assistant.domain.casework import Responder
from assistant.domain.followups import MatterState
from assistant.domain.reports import EvidenceState, Severity
from assistant.storage.database import Database
from assistant.storage.read.households import Found, households
from assistant.storage.read.mark import Mark
from assistant.storage.read.wanted import Order, Stands, Wanted, words_of
from tests.console.world import NOW, World, build_world


def found(
    world: World, role: Role = Role.COORDINATOR, after: Mark | None = None, size: int = 50, **wanted: Any
) -> Found:
    with world.database.reading() as session:
        return households(session, world.viewer(role), Wanted(**wanted), NOW, after, size)


def doors(found: Found) -> list[str]:
    return [line.door.key for line in found.lines]


@pytest.fixture
def world(database: Database) -> World:
    """On SQLite and on PostgreSQL."""
    return build_world(database)


@pytest.fixture
def flagged(world: World) -> World:
    """Five households: a leak, a hose said to be done, a scam that is only told, a fall that is late, an old one."""
    world.is_flagged(world.has_household("3-2-501", "张大爷"), Severity.P0, "501闻到有气味", "闻到有气味")
    world.is_flagged(
        world.has_household("3-2-502", "李婆婆"), Severity.P2, "软管换了", "软管换了", state=MatterState.PROPOSED,
        ago=timedelta(hours=3), why="软管老化：换新",
    )  # fmt: skip
    world.is_flagged(
        world.has_household("10-1-101", "王叔叔"), Severity.P1, "听说在炒股", "听说在炒股", theme="fraud",
        by=Role.COORDINATOR, evidence=EvidenceState.HEARSAY, ago=timedelta(hours=1), why="像投资骗局",
    )  # fmt: skip
    world.is_flagged(
        world.has_household("2-1-301", "赵婆婆"), Severity.P1, "绊了一跤", "绊了一跤", theme="elder",
        ago=timedelta(days=2), due_in=timedelta(days=1), why="跌倒：当天看伤",
    )  # fmt: skip
    world.is_flagged(
        world.has_household("2-1-302"), Severity.P3, "太吵了", "太吵", theme="dispute", ago=timedelta(days=40),
        why="噪音扰民",
    )  # fmt: skip
    world.has_household("2-1-303", "平安先生")
    return world


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({}, ["3-2-501", "10-1-101", "2-1-301", "3-2-502", "2-1-302"]),
        ({"theme": "fraud"}, ["10-1-101"]),
        ({"severity": Severity.P1}, ["10-1-101", "2-1-301"]),
        ({"stands": Stands.PROPOSED}, ["3-2-502"]),
        ({"stands": Stands.DUE}, ["2-1-301"]),
        ({"stands": Stands.UNSURE}, ["10-1-101"]),
        ({"stands": Stands.OPEN, "theme": "gas"}, ["3-2-501"]),
        ({"owner": Responder.GAS}, ["2-1-301"]),
        ({"owner": Responder.POLICE}, []),
        ({"since": NOW - timedelta(days=1)}, ["3-2-501", "10-1-101", "3-2-502"]),
        ({"order": Order.NEWEST}, ["3-2-501", "10-1-101", "3-2-502", "2-1-301", "2-1-302"]),
        ({"order": Order.DOOR}, ["2-1-301", "2-1-302", "3-2-501", "3-2-502", "10-1-101"]),
        ({"text": "气味"}, ["3-2-501"]),
        ({"text": "婆婆"}, ["2-1-301", "3-2-502"]),
        ({"text": "３栋２单元"}, ["3-2-501", "3-2-502"]),
        ({"text": "2-1-30"}, ["2-1-301", "2-1-302"]),
        ({"text": "赵婆婆 绊了"}, ["2-1-301"]),
        ({"text": "赵婆婆 气味"}, []),
        ({"text": "%"}, []),
        ({"everyone": True}, ["2-1-301", "2-1-302", "2-1-303", "3-2-501", "3-2-502", "10-1-101"]),
        ({"everyone": True, "text": "平安"}, ["2-1-303"]),
        ({"everyone": True, "text": "3-2"}, ["3-2-501", "3-2-502"]),
        ({"everyone": True, "building": "10"}, ["10-1-101"]),
        ({"building": "3"}, ["3-2-501", "3-2-502"]),
    ],
    ids=str,
)
def test_a_filter_holds_what_it_says_in_its_order(wanted: dict[str, Any], keys: list[str], flagged: World) -> None:
    assert doors(found(flagged, **wanted)) == keys


def test_who_reported_it_is_a_filter(flagged: World) -> None:
    assert doors(found(flagged, worker_id=flagged.people[Role.COORDINATOR])) == ["10-1-101"]


def test_the_next_promise_is_first_when_sorted_by_it(flagged: World) -> None:
    assert doors(found(flagged, order=Order.DUE))[0] == "2-1-301"


def test_a_line_says_the_worst_and_whose_turn_it_is(flagged: World) -> None:
    line = next(line for line in found(flagged).lines if line.door.key == "2-1-301")

    assert line.severity is Severity.P1
    assert line.door.people == ("赵婆婆",)
    assert (line.owner, line.due_at) == (Responder.GAS, NOW - timedelta(days=1))


def test_the_counts_are_of_all_that_was_found_not_of_the_page(flagged: World) -> None:
    page = found(flagged, size=2)

    assert len(page.lines) == 2
    assert page.total == 5
    assert [page.counts[severity] for severity in (Severity.P0, Severity.P1, Severity.P2, Severity.P3)] == [1, 2, 1, 1]


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("everyone", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_page_after_page_is_the_whole_list_once(order: Order, everyone: bool, size: int, flagged: World) -> None:
    whole = doors(found(flagged, order=order, everyone=everyone))

    walked: list[str] = []
    mark = None
    while True:
        page = found(flagged, order=order, everyone=everyone, size=size, after=mark)
        walked += doors(page)
        if page.next is None:
            break
        mark = Mark.parse(str(page.next), order)

    assert walked == whole


def test_pages_go_on_where_many_are_alike(world: World) -> None:
    for number in range(30):
        world.is_flagged(world.has_household(f"1-1-{number + 101}"), Severity.P2)

    first = found(world, size=20)
    second = found(world, size=20, after=first.next)

    assert len({*doors(first), *doors(second)}) == 30


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_a_mark_that_somebody_wrote_is_read_or_left_aside(text: str) -> None:
    mark = Mark.parse(text, "newest")

    assert mark is None or str(mark) == text


@pytest.mark.parametrize(
    "text", ["newest~x~y", "newest~2026-01-01~1", "newest~2026-01-01T00:00:00Z~-1", "urgent~0", ""]
)
def test_a_mark_that_does_not_fit_begins_at_the_beginning(text: str, flagged: World) -> None:
    assert doors(found(flagged, order=Order.NEWEST, after=Mark.parse(text, "newest"))) == doors(
        found(flagged, order=Order.NEWEST)
    )


def test_another_grids_households_are_in_no_list(flagged: World) -> None:
    flagged.is_flagged(flagged.has_household("9-1-901", "别家人", area_id=flagged.other_grid_id), Severity.P0)

    for wanted in ({}, {"everyone": True}, {"text": "别家人"}, {"everyone": True, "text": "别家人"}, {"building": "9"}):
        assert "9-1-901" not in doors(found(flagged, **wanted))
    assert found(flagged).counts[Severity.P0] == 1


def test_a_workers_list_shows_and_counts_no_restricted_matter_of_others(flagged: World) -> None:
    home = flagged.has_household("5-1-501", "孩子家")
    flagged.is_flagged(
        home, Severity.P0, "娃娃一个人", "娃娃一个人", theme="child", sensitivity=Sensitivity.CHILD, by=Role.COORDINATOR
    )

    assert "5-1-501" in doors(found(flagged))
    assert "5-1-501" not in doors(found(flagged, Role.WORKER))
    assert doors(found(flagged, Role.WORKER, text="娃娃")) == []
    (line,) = (line for line in found(flagged, Role.WORKER, everyone=True).lines if line.door.key == "5-1-501")
    assert (line.severity, line.flags) == (None, ())


def test_a_responders_list_holds_what_they_are_called_for(flagged: World) -> None:
    assert doors(found(flagged, Role.RESPONDER)) == ["2-1-301"]
    assert doors(found(flagged, Role.RESPONDER, everyone=True)) == ["2-1-301"]


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("3栋2单元501", "3-2-501"),
        ("3-2", "3-2"),
        ("Ａ座1203室", "A-1203"),
        ("501", "501"),
        ("张大爷", None),
        ("漏气", None),
    ],
)
def test_a_word_is_a_door_where_it_can_be_one(text: str, door: str | None) -> None:
    (word,) = words_of(text)

    assert word.door == door


@pytest.mark.parametrize("text", ["楼道", "楼道 换新", "8栋楼道", "place:8 软管"])
def test_a_place_is_found_by_its_name(text: str, flagged: World) -> None:
    place = flagged.has_household("place:8栋楼道")
    flagged.is_flagged(place, Severity.P2, "软管拖在地上", "软管", why="软管老化：换新")
    flagged.has_household("place:9栋楼道")

    assert doors(found(flagged, text=text)) == ["place:8栋楼道"]


def test_doors_are_sorted_as_people_count(world: World) -> None:
    for key in ("10-1-101", "2-1-101", "2-1-1001", "2-1-201", "A-1-101", "2-2-101"):
        world.has_household(key)

    listed = doors(found(world, everyone=True))

    assert listed == ["2-1-101", "2-1-201", "2-1-1001", "2-2-101", "A-1-101", "10-1-101"]
    assert all(before != after for before, after in pairwise(listed))


@pytest.mark.parametrize("wanted", [{}, {"order": Order.DUE}, {"stands": Stands.UNSURE}, {"text": "气味"}])
def test_sqlite_finds_what_stands_in_an_index_alone(wanted: dict[str, Any], sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    asked: list[tuple[str, Any]] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    found(build_world(database), **wanted)
    question, values = next((text, values) for text, values in asked if text.startswith("WITH found"))

    with database.engine.connect() as connection:
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", values)]

    database.close()
    assert [step for step in steps if " flags " in step] == [
        "SEARCH flags USING COVERING INDEX ix_flags_told (area_id=?)"
    ]
