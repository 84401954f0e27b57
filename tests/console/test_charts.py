"""The charts: what they count, for whom, and that what is drawn is what stands in the table."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from assistant.console.chart_tables import Table, tables_of
from assistant.domain.access import Role
from assistant.domain.followups import MatterState
from assistant.domain.reports import EvidenceState, Severity
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.deciding import Deciding
from assistant.storage.ledger import Ledger
from assistant.storage.read.charts import Charts, charts_of
from assistant.storage.tables import Flag, Matter, OutboxMessage, Purpose, Worker
from knowledge.replies import load_replies
from tests.console.casework import has_matter
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import NOW, World, build_world

PAGE = "/console/charts"
TEXT = "软管老化开裂，电线也破了"
HOSE = ("gas.hose", "软管老化开裂", EvidenceState.SEEN)
WIRE = ("electric.damaged_wire", "电线也破了", EvidenceState.SEEN)
DAY = timedelta(days=1)


def charts(world: World, weeks: int = 4) -> Charts:
    with world.database.reading() as session:
        return charts_of(session, world.viewer(), NOW, weeks)


def table(world: World, id_: str) -> Table:
    return next(each for each in tables_of(charts(world), load_replies()) if each.id == id_)


def numbers(shown: Table) -> dict[str, list[float]]:
    return {row.name: [cell.value for cell in row.cells] for row in shown.rows}


def ends(world: World, matter_id: int, ago: timedelta) -> None:
    with world.database.writing() as session:
        row = session.get_one(Matter, matter_id)
        row.state, row.settled_at = MatterState.SETTLED, NOW - ago
        session.add(row)


def is_judged(world: World, matter_id: int, is_right: bool) -> None:
    with world.database.writing() as session:
        deciding = Deciding(Ledger(session, NOW, world.people[Role.COORDINATOR]), world.viewer())
        matter = session.get_one(Matter, matter_id)
        assert deciding.confirm(matter) if is_right else deciding.dismiss(matter, "误报")


def is_prompted(world: World, area_id: int, number: int) -> None:
    with world.database.writing() as session:
        for n in range(number):
            session.add(
                new(
                    OutboxMessage,
                    area_id=area_id,
                    idempotency_key=f"{area_id}-{n}",
                    purpose=Purpose.PROMPT,
                    channel="web",
                    address="liu",
                    text="复查",
                    created_at=NOW,
                    next_attempt_at=NOW,
                    sent_at=NOW - timedelta(hours=1),
                )
            )


def test_what_was_open_is_counted_at_the_end_of_each_week(world: World, home: int) -> None:
    # the day is a Monday: the last of the four weeks has just begun
    ends(world, has_matter(world, home, TEXT, HOSE, ago=16 * DAY), 5 * DAY)
    has_matter(world, home, TEXT, WIRE, ago=9 * DAY)

    shown = table(world, "open")

    assert shown.series == ("用电", "燃气") or shown.series == ("燃气", "用电")
    gas = shown.series.index("燃气")
    assert {name: (values[gas], values[1 - gas]) for name, values in numbers(shown).items()} == {
        "2月9日": (1, 0),
        "2月16日": (1, 1),
        "2月23日": (0, 1),
        "3月2日": (0, 1),
    }
    assert shown.sentence == "现在有 1 件没办完，用电最多（1 件）。"


def test_what_a_correction_took_back_is_no_matter(world: World, home: int) -> None:
    id_ = has_matter(world, home, TEXT, HOSE)
    with world.database.writing() as session:
        row = session.get_one(Matter, id_)
        row.state = MatterState.CANCELLED
        session.add(row)

    assert table(world, "open").sentence == "现在没有没办完的事。"
    assert table(world, "settled").is_empty


def test_emergencies_are_counted_by_how_long_they_waited_for_somebody(world: World, home: int) -> None:
    waits = {
        "闻到气味": timedelta(minutes=10),
        "又闻到气味": timedelta(minutes=11),
        "还有气味": None,
        "满屋气味": timedelta(days=1),
    }
    for words, wait in waits.items():
        id_ = world.is_flagged(home, Severity.P0, f"3-2-501{words}", words, ago=2 * DAY)
        with world.database.writing() as session:
            flag = session.get_one(Flag, id_)
            flag.acknowledged_at = None if wait is None else flag.first_raised_at + wait
            session.add(flag)
    world.is_flagged(home, Severity.P1, ago=2 * DAY)

    shown = table(world, "taken")

    assert [values[0] for values in numbers(shown).values()] == [1, 1, 0, 1, 1]
    assert "4 件紧急的事，1 件在 10 分钟内有人接手；一半在11分钟之内" in shown.sentence


def test_an_emergency_that_was_opened_again_waits_from_there(world: World, home: int) -> None:
    id_ = world.is_flagged(home, Severity.P0, ago=2 * DAY)
    with world.database.writing() as session:
        flag = session.get_one(Flag, id_)
        flag.reopened_at = NOW - DAY
        flag.acknowledged_at = NOW - DAY + timedelta(minutes=4)

    assert "1 件紧急的事，1 件在 10 分钟内有人接手；一半在4分钟之内" in table(world, "taken").sentence


def test_time_to_settlement_is_counted_by_severity(world: World, home: int) -> None:
    ends(world, has_matter(world, home, TEXT, HOSE, severity=Severity.P1, ago=2 * DAY), 1 * DAY)
    ends(world, has_matter(world, home, TEXT, WIRE, severity=Severity.P2, ago=10 * DAY), 2 * DAY)
    has_matter(world, home, TEXT + "。", HOSE, severity=Severity.P1, ago=3 * DAY)

    world.is_flagged(home, Severity.P0)

    shown = table(world, "settled")

    assert shown.sentence == "新发现 4 件，办结 2 件；紧急和当日的有 2 件还没办结。"
    assert numbers(shown) == {
        "P0 紧急": [0, 0, 0, 0, 1],
        "P1 当日": [1, 0, 0, 0, 1],
        "P2 限期": [0, 0, 1, 0, 0],
        "P3 一般": [0, 0, 0, 0, 0],
    }


def test_a_false_alarm_is_neither_taken_nor_settled_but_told_apart(world: World, home: int) -> None:
    lone = world.is_flagged(home, Severity.P0, ago=timedelta(minutes=5))
    is_judged(world, has_matter(world, home, TEXT, HOSE, severity=Severity.P1), is_right=False)
    with world.database.writing() as session:
        deciding = Deciding(Ledger(session, NOW, world.people[Role.COORDINATOR]), world.viewer())
        assert deciding.dismiss(session.get_one(Flag, lone), "隔壁炒菜")

    taken, settled = table(world, "taken"), table(world, "settled")

    assert taken.is_empty
    assert taken.sentence == "这段时间没有紧急的事。另有 1 件是误报，不算在内。"
    assert settled.is_empty
    assert settled.sentence == "这段时间没有新发现。另有 2 件是误报，不算在内。"


def test_a_false_alarm_that_was_reopened_is_open_and_then_settled_like_any(world: World, home: int) -> None:
    lone = world.is_flagged(home, Severity.P0, ago=timedelta(minutes=5))
    sentences = []
    for minutes, deed in enumerate(("dismiss", "reopen", "close")):
        with world.database.writing() as session:
            at = NOW + timedelta(minutes=minutes)
            deciding = Deciding(Ledger(session, at, world.people[Role.COORDINATOR]), world.viewer())
            getattr(deciding, deed)(session.get_one(Flag, lone), "又有味道")
        sentences.append(table(world, "settled").sentence)

    assert sentences[1:] == ["新发现 1 件，办结 0 件；紧急和当日的有 1 件还没办结。", "新发现 1 件，办结 1 件。"]


def test_a_rule_is_judged_by_the_last_word_and_only_from_five_words_on(world: World, home: int) -> None:
    for n in range(6):
        is_judged(world, has_matter(world, home, f"{TEXT}{n}", HOSE, ago=(n + 1) * timedelta(hours=1)), is_right=n < 4)
    is_judged(world, has_matter(world, home, TEXT, WIRE), is_right=False)

    rows = {row.name: row for row in table(world, "rules").rows}

    hose, wire = rows["燃气 gas.hose-refused"], rows["用电 electric.damaged_wire-refused"]
    assert hose.cells[0].value == 67
    assert hose.cells[0].said.startswith("67%（30%–90%）")
    assert hose.more == ("6", "4", "2")
    assert (wire.cells[0].value, wire.cells[0].said) == (0, "还太少，说不准")


def test_the_burden_is_told_by_area_in_their_order_and_what_was_dismissed_is_no_use(world: World, home: int) -> None:
    other = world.has_household("5-1-101", area_id=world.other_micro_grid_id)
    is_prompted(world, world.micro_grid_id, 3)
    is_prompted(world, world.other_micro_grid_id, 9)
    is_prompted(world, world.other_grid_id, 7)
    has_matter(world, home, TEXT, HOSE)
    is_judged(world, has_matter(world, home, TEXT, WIRE), is_right=False)
    has_matter(world, other, TEXT, HOSE)

    shown = table(world, "burden")

    assert [(row.name, [cell.value for cell in row.cells], row.more) for row in shown.rows] == [
        ("一号微网格", [3, 1], ("3.0",)),
        ("二号微网格", [9, 1], ("9.0",)),
    ]


def test_reports_are_counted_by_the_hour_of_the_community(world: World, home: int) -> None:
    for hours in (1, 1.2, 13):
        has_matter(world, home, f"{TEXT}{hours}", HOSE, ago=timedelta(hours=hours))

    counted = {name: values[0] for name, values in numbers(table(world, "hours")).items() if values[0]}

    assert counted == {"8点": 2, "20点": 1}


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
def test_hours_are_those_of_any_zone(zone: str, world: World, home: int) -> None:
    has_matter(world, home, TEXT, HOSE, ago=timedelta(hours=13))
    there = NOW.astimezone(ZoneInfo(zone))

    with world.database.reading() as session:
        counted = charts_of(session, world.viewer(), there, 4).by_hour

    assert [at for at, count in enumerate(counted) if count] == [(there - timedelta(hours=13)).hour]


def test_either_database_counts_the_same(database: Database) -> None:
    world = build_world(database)
    home = world.has_household("3-2-501", "张大爷")
    ends(world, has_matter(world, home, TEXT, HOSE, severity=Severity.P1, ago=9 * DAY), 5 * DAY)
    has_matter(world, home, TEXT, WIRE, severity=Severity.P2, ago=timedelta(hours=13))
    is_judged(world, has_matter(world, home, f"{TEXT}。", WIRE, severity=Severity.P2), is_right=False)
    taken = world.is_flagged(home, Severity.P0, ago=2 * DAY)
    with world.database.writing() as session:
        flag = session.get_one(Flag, taken)
        flag.acknowledged_at = flag.first_raised_at + timedelta(minutes=10)

    found = charts(world)

    assert found.open.counts == ({}, {"gas": 1}, {"gas": 1, "electric": 1}, {"gas": 1, "electric": 2})
    assert (found.acknowledged.within, found.acknowledged.middle) == ((1, 0, 0), timedelta(minutes=10))
    p0, p1, p2, _ = found.settled
    assert (p0.not_yet, p1.within, p1.middle, p2.not_yet, p2.dismissed) == (1, (0, 1, 0), 4 * DAY, 1, 1)
    assert {hour: count for hour, count in enumerate(found.by_hour) if count} == {7: 1, 9: 2, 20: 1}


def test_nothing_of_another_grid_is_counted(world: World) -> None:
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    has_matter(world, elsewhere, TEXT, HOSE)
    world.is_flagged(elsewhere, Severity.P0)

    assert all(shown.is_empty for shown in tables_of(charts(world), load_replies()))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.COORDINATOR, 200),
        (Role.AUDITOR, 200),
        (Role.WORKER, 403),
        (Role.RESPONDER, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_numbers_are_for_who_answers_for_the_area_and_names_nobody(
    role: Role, status: int, world: World, gated: Visitor, home: int
) -> None:
    has_matter(world, home, TEXT, HOSE)
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)

    answer = gated.get(PAGE)

    assert answer.status_code == status
    main = answer.text.partition("<main")[2]
    with world.database.reading() as session:
        names = session.exec(select(Worker.name).where(col(Worker.role) == Role.WORKER)).all()
    assert not any(name in main for name in (*names, "张大爷", "3-2-501"))


@pytest.mark.parametrize("query", ["?weeks=4", "?weeks=26", "?weeks=0", "?weeks=-1", "?weeks=x", "?weeks=%00"])
def test_any_period_in_the_address_gives_a_page(query: str, world: World, site: Visitor, home: int) -> None:
    has_matter(world, home, TEXT, HOSE)

    assert site.get(PAGE + query).status_code == 200


def test_large_static_files_are_sent_packed(site: Visitor) -> None:
    page = site.get(PAGE).text
    path = next(part for part in page.split('"') if "echarts" in part)

    answer = site.get(path, accept_encoding="gzip")

    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.content) > 400_000


@pytest.mark.browser
@pytest.mark.slow
def test_every_chart_is_drawn_beside_its_table(world: World, open_console: OpenConsole, home: int) -> None:
    for n, finding in enumerate([HOSE, WIRE] * 4):
        id_ = has_matter(world, home, f"{TEXT}{n}", finding, ago=n * 3 * DAY + timedelta(hours=n + 1))
        if n % 3 == 0:
            ends(world, id_, n * DAY)
        elif n < 7:
            is_judged(world, id_, is_right=n != 5)
    for n in range(5):
        is_judged(world, has_matter(world, home, f"{TEXT}甲{n}", HOSE), is_right=n < 4)
    world.is_flagged(home, Severity.P0)
    is_prompted(world, world.micro_grid_id, 14)
    is_prompted(world, world.other_micro_grid_id, 4)
    desk = open_console(PAGE)
    page = desk.page
    page.locator("html[data-drawn='6']").wait_for()
    page.wait_for_timeout(1200)

    for picture in page.locator(".picture canvas").all():
        assert picture.evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value !== 0)"
        )
    looks_right(desk, "charts")
    page.get_by_role("link", name="近半年").click()
    page.locator("html[data-drawn='6']").wait_for()
    page.wait_for_timeout(1200)
    looks_right(desk, "charts-half-a-year")
