"""A community from one sheet: areas in each other, estates where they belong, people who can be invited."""

import pytest
from sqlmodel import col, select

from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.exchange.bringing import bring_in
from assistant.exchange.columns import EXAMPLES, TEMPLATES, Form
from assistant.exchange.faults import Problem
from assistant.exchange.founding import Founded, found, look_at_roster, read_roster
from assistant.storage.database import Database
from assistant.storage.tables import Action, Area, Estate, Worker
from assistant.storage.viewing import viewer_of
from tests.console.world import NOW
from tests.exchange.sheets import ADDRESSES, excel

HEADING = TEMPLATES[Form.ROSTER]
BODIES = {"社区民警": Responder.POLICE}
STREET = ("示例街道", "怡丽社区", "第一网格")


def sheet(*rows: tuple[object, ...]) -> bytes:
    return excel([HEADING, *rows])


def test_the_template_with_its_examples_founds_a_community(database: Database) -> None:
    roster, news = look_at_roster(database, excel([HEADING, *EXAMPLES[Form.ROSTER]]), BODIES)

    found(database, roster, NOW)

    with database.reading() as session:
        areas = session.exec(select(Area).order_by(col(Area.id))).all()
        people = session.exec(select(Worker).order_by(col(Worker.id))).all()
        verbs = session.exec(select(Action.verb)).all()
    assert news == Founded(areas=4, estates=1, people=4)
    assert [area.level for area in areas] == [
        AreaLevel.STREET,
        AreaLevel.COMMUNITY,
        AreaLevel.GRID,
        AreaLevel.MICRO_GRID,
    ]
    assert areas[-1].path == "/1/2/3/4/"
    assert [(person.name, person.role) for person in people][:2] == [
        ("刘大姐", Role.WORKER),
        ("何网格长", Role.COORDINATOR),
    ]
    assert people[2].acts_as is Responder.POLICE
    assert set(verbs) == {"founded"}


def test_looking_changes_nothing_and_the_same_sheet_again_adds_nothing(database: Database) -> None:
    content = excel([HEADING, *EXAMPLES[Form.ROSTER]])
    roster, first = look_at_roster(database, content, BODIES)

    _, again = look_at_roster(database, content, BODIES)
    found(database, roster, NOW)
    _, after = look_at_roster(database, content, BODIES)

    assert first == again
    assert after == Founded(0, 0, 0)


def test_an_estate_belongs_to_the_narrowest_area_that_holds_all_its_rows(database: Database) -> None:
    rows = [(*STREET, micro_grid, "怡丽佳苑", None, None, None) for micro_grid in ("一号微网格", "二号微网格")]

    found(database, read_roster(sheet(*rows), BODIES), NOW)

    with database.reading() as session:
        home = session.exec(select(Area.name).join(Estate, col(Estate.area_id) == Area.id)).one()
    assert home == "第一网格"


def test_the_founded_coordinator_can_bring_in_the_address_book(database: Database) -> None:
    found(database, read_roster(excel([HEADING, *EXAMPLES[Form.ROSTER]]), BODIES), NOW)
    with database.reading() as session:
        coordinator = session.exec(select(Worker.id).where(Worker.role == Role.COORDINATOR)).one()
        viewer = viewer_of(session, coordinator or 0)
    assert viewer is not None
    content = excel([ADDRESSES, ("怡丽佳苑", 3, 2, 501, 5, "二号微网格")])

    plan = bring_in(database, viewer, Form.ADDRESSES, content, NOW, file_name="地址簿.xlsx")

    assert (plan.added, plan.found.fault_count) == (1, 0)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("示例街道", None, "第一网格", None, None, None, None, None), Problem.SKIPPED_LEVEL),
        ((None, None, None, None, None, "刘大姐", "微网格员", None), Problem.SKIPPED_LEVEL),
        ((*STREET, None, None, "刘大姐", "热心人", None), Problem.NOT_A_ROLE),
        ((*STREET, None, None, "孙警官", "处置单位", "某处"), Problem.NOT_A_BODY),
        ((*STREET, None, None, "刘大姐13800000000", "网格长", None), Problem.NUMBER_IN_NAME),
    ],
    ids=["a level left out", "no area", "no role", "no body", "a phone number"],
)
def test_a_faulty_row_keeps_everything_out(database: Database, row: tuple[object, ...], problem: Problem) -> None:
    roster = read_roster(sheet((*STREET, None, None, "何网格长", "网格长", None), row), BODIES)

    with pytest.raises(ValueError, match="faults"):
        found(database, roster, NOW)

    assert [(fault.line, fault.problem) for fault in roster.found.faults] == [(3, problem)]
    with database.reading() as session:
        assert session.exec(select(Area)).all() == []


def test_somebody_who_stands_there_twice_is_told(database: Database) -> None:
    row = (*STREET, None, None, "何网格长", "网格长", None)

    assert [fault.problem for fault in read_roster(sheet(row, row), BODIES).found.faults] == [Problem.PERSON_TWICE]
