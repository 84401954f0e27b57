"""What an import writes: doors into the address book, residents behind them, one ledger line with the counts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.errors import NotAllowed
from assistant.domain.reports import CareGrade
from assistant.exchange.bringing import bring_in, look_at
from assistant.exchange.columns import EXAMPLES, TEMPLATES, Form
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.records import household_for
from assistant.storage.tables import Action, Area, Estate, Household, Import, ImportState, Resident
from tests.console.world import NOW, World, build_world
from tests.exchange.conftest import Record
from tests.exchange.sheets import ADDRESSES, RESIDENTS, excel, text

DOORS = [
    ADDRESSES,
    ("怡丽佳苑", "5栋", "1单元", 101, 1, "一号微网格"),
    ("怡丽佳苑", "5栋", "1单元", 102, None, "一号微网格"),
]


def bring(world: World, form: Form, content: bytes, **more: Any) -> Any:
    return bring_in(world.database, world.viewer(), form, content, NOW, file_name="表.xlsx", **more)


def household(database: Database, key: str) -> Household:
    with database.reading() as session:
        return session.exec(select(Household).where(Household.key == key)).one()


def people(database: Database, key: str) -> list[Resident]:
    with database.reading() as session:
        return list(
            session.exec(
                select(Resident).join(Household).where(Household.key == key).order_by(col(Resident.id))  # type: ignore[arg-type]
            )
        )


def test_doors_come_into_the_address_book(world: World) -> None:
    plan = bring(world, Form.ADDRESSES, excel(DOORS))

    row = household(world.database, "5-1-102")
    assert (plan.added, plan.changed, plan.unchanged) == (2, 0, 0)
    assert (row.building, row.unit, row.room, row.floor) == ("5", "1", "102", "1")
    assert row.in_address_book
    assert row.area_id == world.micro_grid_id
    assert row.door_order is not None


def test_the_same_sheet_again_changes_nothing(world: World, record: Record) -> None:
    bring(world, Form.ADDRESSES, excel(DOORS))
    before = record()

    plan = bring(world, Form.ADDRESSES, excel(DOORS))

    assert (plan.added, plan.changed, plan.unchanged) == (0, 0, 2)
    assert record() == before


def test_a_door_that_a_report_had_named_is_taken_into_the_book_as_it_is(world: World) -> None:
    household_id = world.has_household("5-1-101")

    plan = bring(world, Form.ADDRESSES, excel(DOORS))

    row = household(world.database, "5-1-101")
    assert (plan.added, plan.changed) == (1, 1)
    assert row.id == household_id
    assert row.in_address_book


def test_one_line_of_the_ledger_tells_who_brought_how_much(world: World) -> None:
    bring(world, Form.ADDRESSES, excel(DOORS))

    with world.database.reading() as session:
        line = session.exec(select(Action).where(Action.verb == "brought_in")).one()
        kept = session.exec(select(Import)).one()
    assert line.worker_id == world.people[Role.COORDINATOR]
    assert line.after == {"state": "done", "done_at": NOW.isoformat(), "added": 2}
    assert (kept.state, kept.content, kept.added) == (ImportState.DONE, None, 2)


def test_residents_come_behind_their_doors(world: World) -> None:
    rows = [
        RESIDENTS,
        ("怡丽佳苑", 3, 2, 501, "张大爷", "男", "1944年3月", "是", "否", None),
        ("怡丽佳苑", 3, 2, 501, "张婆婆", None, None, None, None, "是"),
    ]

    bring(world, Form.RESIDENTS, excel(rows))

    man, woman = people(world.database, "3-2-501")
    assert (man.called, man.sex, man.birth_year, man.lives_alone, man.disabled) == ("张大爷", "m", 1944, True, False)
    assert (woman.sex, woman.lives_alone, woman.agrees_to_doctor_list) == (None, None, True)


def test_what_a_sheet_leaves_empty_stays_and_what_it_tells_is_changed(world: World) -> None:
    bring(world, Form.RESIDENTS, excel([RESIDENTS, ("怡丽佳苑", 3, 2, 501, "张大爷", "男", 1944, "是", None, None)]))

    plan = bring(
        world, Form.RESIDENTS, excel([RESIDENTS, ("怡丽佳苑", 3, 2, 501, "张大爷", None, None, "否", None, None)])
    )

    man = people(world.database, "3-2-501")[0]
    assert (plan.added, plan.changed) == (0, 1)
    assert (man.sex, man.birth_year, man.lives_alone) == ("m", 1944, False)


@pytest.mark.parametrize(
    ("written", "grade"),
    [("红", CareGrade.RED), ("黄色", CareGrade.YELLOW), (" 蓝级 ", CareGrade.BLUE), ("无", CareGrade.ON_REQUEST)],
)
def test_a_grade_of_care_comes_with_the_sheet(world: World, written: str, grade: CareGrade) -> None:
    bring(world, Form.RESIDENTS, excel([("门牌", "姓名", "三色等级"), ("3-2-501", "张大爷", written)]))

    assert people(world.database, "3-2-501")[0].care_grade is grade


def test_a_grade_is_changed_and_taken_back_and_stays_where_the_sheet_has_none(world: World) -> None:
    grades = []
    for written in ("红", "黄", None, "无"):
        bring(world, Form.RESIDENTS, excel([("门牌", "姓名", "照护等级"), ("3-2-501", "张大爷", written)]))
        grades.append(people(world.database, "3-2-501")[0].care_grade)

    assert grades == [CareGrade.RED, CareGrade.YELLOW, CareGrade.YELLOW, CareGrade.ON_REQUEST]


def test_an_age_counts_from_the_day_of_the_import(world: World) -> None:
    rows = [("门牌", "姓名", "年龄"), ("3栋2单元501室", "张大爷", "82岁"), ("3-2-502", "李婆婆", 79)]

    bring(world, Form.RESIDENTS, excel(rows))

    man = people(world.database, "3-2-501")[0]
    assert (man.age_said, man.age_said_on) == (82, NOW.date())
    assert man.age_on(NOW.date() + timedelta(days=366)) == 83


@pytest.mark.parametrize(
    "content",
    [text(DOORS, "gb18030"), text(DOORS, "utf-8"), text(DOORS, "utf-16"), text(DOORS, delimiter="\t")],
    ids=["GBK, as Excel writes it in Chinese", "UTF-8 without a mark", "UTF-16", "tabs"],
)
def test_a_csv_is_read_however_it_was_saved(world: World, content: bytes) -> None:
    assert bring(world, Form.ADDRESSES, content).added == 2


def test_only_the_first_sheet_is_read_and_the_others_are_told_of(world: World) -> None:
    plan = look_at(world.database, world.viewer(), Form.ADDRESSES, excel(DOORS, more_sheets=["旧的"]), NOW.date())

    assert plan.added == 2
    assert [str(remark) for remark in plan.found.remarks] == ["只读了工作表“Sheet”，别的没有读"]


def test_the_templates_with_their_examples_can_be_brought_in(database: Database) -> None:
    world = build_world(database)

    plans = [bring(world, form, excel([TEMPLATES[form], *EXAMPLES[form]])) for form in Form]

    assert [(plan.added, plan.found.fault_count) for plan in plans] == [(2, 0), (2, 0)]


def test_an_address_book_takes_only_those_who_may(world: World) -> None:
    for role in (Role.WORKER, Role.RESPONDER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            look_at(world.database, world.viewer(role), Form.ADDRESSES, excel(DOORS), NOW.date())


def test_progress_is_told_to_the_end(world: World) -> None:
    told: list[tuple[int, int]] = []
    rows = [("怡丽佳苑", 6, 1, number, None, "一号微网格") for number in range(101, 1_301)]

    bring(world, Form.ADDRESSES, excel([ADDRESSES, *rows]), on_progress=lambda done, of: told.append((done, of)))

    assert told[-1] == (1_200, 1_200)


# while others write


@dataclass
class Meanwhile:
    """A database in which something happens each time before a writer gets in, ``times`` times."""

    database: Database
    happens: Callable[[int], object]
    times: int
    count: int = 0

    def reading(self) -> AbstractContextManager[Session]:
        return self.database.reading()

    def writing(self) -> AbstractContextManager[Session]:
        if self.count < self.times:
            self.count += 1
            self.happens(self.count)
        return self.database.writing()


@pytest.mark.parametrize("times", [1, 2, 20])
def test_a_door_that_a_report_names_while_the_sheet_is_read_is_taken_into_the_book_as_it_is(
    world: World, times: int
) -> None:
    named: list[int] = []

    def somebody_reports(count: int) -> None:
        with world.database.writing() as session:
            estate = session.exec(select(Estate).where(Estate.name == "怡丽佳苑")).one()
            ledger = Ledger(session, NOW)
            door = household_for(ledger, estate, f"5-1-{100 + count}", area_id=world.micro_grid_id)
            named.append(door.id or 0)

    meanwhile: Any = Meanwhile(world.database, somebody_reports, times)
    plan = bring_in(meanwhile, world.viewer(), Form.ADDRESSES, excel(DOORS), NOW, file_name="表.xlsx")

    assert plan.changed == min(times, 2)
    assert household(world.database, "5-1-101").id == named[0]
    assert household(world.database, "5-1-101").in_address_book


def test_a_door_that_goes_to_another_grid_while_the_sheet_is_read_keeps_all_of_it_out(
    world: World, record: Record
) -> None:
    bring(world, Form.ADDRESSES, excel(DOORS[:2]))
    before: list[Any] = []

    def it_is_given_away(_: int) -> None:
        with world.database.writing() as session:
            door = session.exec(select(Household).where(Household.key == "5-1-101")).one()
            grid = session.exec(select(Area).where(Area.id != world.micro_grid_id, Area.level == "micro_grid")).first()
            assert grid is not None
            Ledger(session, NOW).changes(door, "moved", area_id=grid.id)
        before.append(record())

    meanwhile: Any = Meanwhile(world.database, it_is_given_away, 1)
    plan = bring_in(meanwhile, world.viewer(), Form.ADDRESSES, excel(DOORS), NOW, file_name="表.xlsx")

    assert plan.found.fault_count == 1
    assert record() == before[0]


def test_a_contact_at_a_door_does_not_hold_up_an_import(world: World) -> None:
    household_id = world.has_household("3-2-777")
    looks: list[int] = []

    def somebody_calls(count: int) -> None:
        looks.append(count)
        with world.database.writing() as session:
            door = session.get_one(Household, household_id)
            Ledger(session, NOW).changes(door, "contacted", last_contact_at=NOW + timedelta(minutes=count))

    meanwhile: Any = Meanwhile(world.database, somebody_calls, 20)
    bring_in(meanwhile, world.viewer(), Form.ADDRESSES, excel(DOORS), NOW, file_name="表.xlsx")

    assert looks == [1]
