"""楼栋图: from estate to building to household, each lettered by the worst that the viewer may see."""

import re

import pytest

from assistant.console.building_map import drawn
from assistant.domain.access import Role, Sensitivity
from assistant.domain.followups import MatterState
from assistant.domain.places import floor_of
from assistant.domain.reports import Severity
from assistant.storage.columns import new
from assistant.storage.read.buildings import DoorTile, Floor, Unit, building_of, buildings_of, estates_of
from assistant.storage.tables import Area, Estate, Household
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import World

MAP = "/console/map"


def has_door(world: World, key: str, area_id: int | None = None) -> int:
    """A household with its floor, as the address book brings it."""
    id_ = world.has_household(key, area_id=area_id)
    with world.database.writing() as session:
        row = session.get_one(Household, id_)
        row.floor = floor_of(row.room or "")
        session.add(row)
    return id_


def has_second_estate(world: World) -> None:
    with world.database.writing() as session:
        area = session.get_one(Area, world.other_micro_grid_id)
        estate = new(Estate, area_id=area.id, name="安居苑")
        session.add(estate)
        session.flush()
        door = {"key": "1-1-101", "building": "1", "unit": "1", "room": "101", "floor": "1"}
        session.add(new(Household, area_id=area.id, estate_id=estate.id, **door))


@pytest.fixture
def block(world: World) -> dict[str, int]:
    """3栋 with two units of three floors, and one door of 10栋."""
    keys = [f"3-{unit}-{floor}0{end}" for unit in "12" for floor in "123" for end in "12"]
    return {key: has_door(world, key) for key in [*keys, "10-0-301"]}


def read(world: World, role: Role = Role.COORDINATOR, name: str = "3"):
    with world.database.reading() as session:
        return building_of(session, world.viewer(role), session.get_one(Estate, world.estate_id), name)


def test_a_building_is_its_units_with_the_highest_floor_first(world: World, block: dict[str, int]) -> None:
    building = read(world)

    assert building is not None
    assert [unit.name for unit in building.units] == ["1", "2"]
    assert [[door.room for door in floor.doors] for floor in building.units[1].floors] == [
        ["301", "302"],
        ["201", "202"],
        ["101", "102"],
    ]


def test_a_door_shows_its_worst_that_stands_and_a_building_its_worst_door(world: World, block: dict[str, int]) -> None:
    world.is_flagged(block["3-2-301"], Severity.P2)
    world.is_flagged(block["3-2-301"], Severity.P1, "3-2-301有老人跌倒", "有老人跌倒", theme="elder")
    world.is_flagged(block["3-1-101"], Severity.P0, state=MatterState.SETTLED)

    building = read(world)

    assert building is not None
    assert {door.key: door.severity for unit in building.units for door in unit.doors if door.severity} == {
        "3-2-301": Severity.P1
    }
    with world.database.reading() as session:
        viewer, estate = world.viewer(), session.get_one(Estate, world.estate_id)
        tiles = buildings_of(session, viewer, estate)
        (here,) = estates_of(session, viewer)
    assert [(tile.name, tile.doors, tile.severity) for tile in tiles] == [("3", 12, Severity.P1), ("10", 1, None)]
    assert here.counts == {Severity.P1: 1}


def test_a_building_without_units_has_one_without_a_name(world: World, block: dict[str, int]) -> None:
    building = read(world, name="10")

    assert building is not None
    assert [unit.name for unit in building.units] == [""]


def test_corridors_and_half_known_doors_stand_beside_the_plan_while_something_is_open(
    world: World, block: dict[str, int]
) -> None:
    corridor = world.has_household("place:3栋楼道")
    world.has_household("place:3栋电梯")
    other = world.has_household("place:33栋楼道")
    half = world.has_household("3-?-2F")
    for id_ in (corridor, other, half):
        world.is_flagged(id_, Severity.P2, theme="fire")

    building = read(world)

    assert building is not None
    assert {door.key for door in building.around} == {"place:3栋楼道", "3-?-2F"}
    assert building.counts == {Severity.P2: 2}


def test_a_restricted_matter_of_others_colours_no_door_for_a_worker(world: World, block: dict[str, int]) -> None:
    world.is_flagged(block["3-1-101"], Severity.P0, theme="health", sensitivity=Sensitivity.HEALTH, by=Role.COORDINATOR)

    for_worker, for_coordinator = read(world, Role.WORKER), read(world)

    assert for_worker is not None
    assert for_worker.counts == {}
    assert for_coordinator is not None
    assert for_coordinator.counts == {Severity.P0: 1}


def test_doors_of_another_grid_are_not_drawn(world: World, block: dict[str, int]) -> None:
    has_door(world, "3-1-401", world.other_grid_id)
    has_door(world, "7-1-101", world.other_grid_id)

    building = read(world)

    assert building is not None
    assert all(door.room != "401" for unit in building.units for door in unit.doors)
    assert read(world, name="7") is None
    assert read(world, Role.RESPONDER) is None


def test_doors_with_the_same_end_stand_above_each_other() -> None:
    floors = [
        Floor(str(n), tuple(DoorTile(n * 10 + int(end), f"1-1-{n}0{end}", f"{n}0{end}", None) for end in ends))
        for n, ends in ((3, "123"), (2, "13"), (1, "2"))
    ]

    rows = drawn(Unit("1", tuple(floors))).rows

    at = {cell.door.room: (cell.x, row.y) for row in rows for cell in row.cells}
    assert at["303"][0] == at["203"][0]
    assert at["302"][0] == at["102"][0]
    assert at["301"][1] < at["201"][1] < at["102"][1]


def test_a_floor_of_old_doors_without_floors_is_drawn_without_overlap() -> None:
    doors = tuple(DoorTile(n, f"1-3-{n}", str(n), None) for n in (11, 111, 211))

    (row,) = drawn(Unit("3", (Floor("", doors),))).rows

    assert len({cell.x for cell in row.cells}) == 3


def test_one_estate_is_opened_at_once_and_several_are_offered(
    world: World, site: Visitor, block: dict[str, int]
) -> None:
    assert site.get(MAP).headers["location"] == f"{MAP}/{world.estate_id}"

    has_second_estate(world)

    page = site.get(MAP)
    assert page.status_code == 200
    assert "安居苑" in page.text


def test_a_tall_building_is_shown_unit_by_unit_beginning_with_the_worst(world: World, site: Visitor) -> None:
    with world.database.writing() as session:
        for unit in range(1, 7):
            for floor in range(1, 34):
                for end in range(1, 5):
                    door = {"building": "3", "unit": str(unit), "room": f"{floor}0{end}", "floor": str(floor)}
                    key = f"3-{unit}-{floor}0{end}"
                    row = {"area_id": world.micro_grid_id, "estate_id": world.estate_id, "key": key}
                    session.add(new(Household, **row, **door))
        session.flush()
    worst = has_door(world, "3-4-3401")
    world.is_flagged(worst, Severity.P0)

    page = site.get(f"{MAP}/{world.estate_id}/3").text

    assert re.findall(r'class="unit" aria-label="([^"]+)"', page) == ["4单元"]
    assert re.findall(r'class="unit" aria-label="([^"]+)"', site.get(f"{MAP}/{world.estate_id}/3?unit=2").text) == [
        "2单元"
    ]
    assert len(page.encode()) < 150_000


@pytest.mark.parametrize(
    "path", ["999", "1/999栋", "x", "1/%3Cscript%3E", "1/3%25", "1/%3F", "-1", "1/" + "9" * 300, "1/_"]
)
def test_an_address_that_somebody_made_up_is_not_there(path: str, site: Visitor, block: dict[str, int]) -> None:
    answer = site.get(f"{MAP}/{path}")

    assert answer.status_code == 404
    assert "<script>" not in answer.text


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 403), (Role.ADMINISTRATOR, 403), (Role.RESPONDER, 404)])
def test_the_plan_is_for_those_who_answer_for_the_doors(
    role: Role, status: int, world: World, gated: Visitor, block: dict[str, int]
) -> None:
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)

    assert gated.get(f"{MAP}/{world.estate_id}/3").status_code == status


@pytest.mark.browser
@pytest.mark.slow
def test_from_estate_to_building_to_household(world: World, open_console: OpenConsole, block: dict[str, int]) -> None:
    has_second_estate(world)
    world.is_flagged(block["3-2-301"], Severity.P0)
    world.is_flagged(block["3-1-102"], Severity.P2, theme="fire", why="楼道充电")
    world.is_flagged(block["10-0-301"], Severity.P3, theme="request", why="想装扶手")
    world.is_flagged(world.has_household("place:3栋楼道"), Severity.P1, theme="fire", why="楼道堆物")
    desk = open_console(MAP)
    page = desk.page
    page.get_by_role("heading", name="楼栋图").wait_for()
    looks_right(desk, "map")

    page.get_by_role("link", name="怡丽佳苑").click()
    page.get_by_role("heading", name="怡丽佳苑").wait_for()
    looks_right(desk, "map-estate")

    page.get_by_role("link", name="3栋", exact=False).first.click()
    page.get_by_role("heading", name="3栋", exact=True).wait_for()
    assert page.locator(".said-top").count() == 0
    looks_right(desk, "map-building")

    page.get_by_role("link", name="3-2-301，P0 紧急").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="3-2-301").wait_for()
    page.get_by_role("link", name="3栋").click()
    page.get_by_role("heading", name="3栋", exact=True).wait_for()
