"""Who may see and do what: one table, held against the function, against the lists in SQL, and against the pages."""

from datetime import timedelta
from itertools import product

import pytest
from sqlmodel import col, select

from assistant.console.menu import MENU
from assistant.domain.access import Role, Sensitivity
from assistant.domain.reports import Severity
from assistant.domain.rights import Right, Subject, Viewer, may
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.requests import ask
from assistant.storage.rooms import book
from assistant.storage.station import add_turn
from assistant.storage.tables import (
    DutySlot,
    Flag,
    FollowUp,
    Household,
    Report,
    ResidentRequest,
    RoomBooking,
    Station,
    Worker,
)
from assistant.storage.viewing import (
    flags_seen_by,
    follow_ups_seen_by,
    households_seen_by,
    reports_seen_by,
    subject_of,
)
from tests.console.conftest import site_of
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import NOW, World

#: what is not here is refused. "given": the viewer reported it, or a follow-up of it is theirs.
TABLE = """
role           right           own,ordinary own,restricted own,given elsewhere,given elsewhere
worker         see_cases       yes          no             yes       yes             no
worker         see_household   yes          no             yes       yes             no
worker         comment         yes          no             yes       yes             no
worker         see_station     yes          yes            yes       no              no
worker         see_requests    yes          yes            yes       no              no
worker         see_rules       yes          yes            yes       no              no
coordinator    see_cases       yes          yes            yes       no              no
coordinator    see_household   yes          yes            yes       no              no
coordinator    comment         yes          yes            yes       no              no
coordinator    decide          yes          yes            yes       no              no
coordinator    export          yes          yes            yes       no              no
coordinator    see_charts      yes          yes            yes       no              no
coordinator    see_rules       yes          yes            yes       no              no
coordinator    publish_rules   yes          yes            yes       no              no
coordinator    see_station     yes          yes            yes       no              no
coordinator    run_station     yes          yes            yes       no              no
coordinator    see_requests    yes          yes            yes       no              no
coordinator    run_requests    yes          yes            yes       no              no
coordinator    import          yes          yes            yes       no              no
coordinator    see_log         yes          yes            yes       no              no
coordinator    erase           yes          yes            yes       no              no
coordinator    manage_people   yes          yes            yes       no              no
responder      see_cases       no           no             yes       yes             no
responder      see_household   no           no             yes       yes             no
responder      comment         no           no             yes       yes             no
auditor        see_log         yes          yes            yes       no              no
auditor        see_rules       yes          yes            yes       no              no
auditor        see_charts      yes          yes            yes       no              no
administrator  import          yes          yes            yes       no              no
administrator  see_log         yes          yes            yes       no              no
administrator  see_rules       yes          yes            yes       no              no
administrator  publish_rules   yes          yes            yes       no              no
administrator  manage_people   yes          yes            yes       no              no
administrator  erase           yes          yes            yes       no              no
"""
OWN, BELOW, BESIDE, ABOVE = "/1/2/", "/1/2/7/", "/1/22/", "/1/"
RESTRICTED = [sensitivity for sensitivity in Sensitivity if sensitivity is not Sensitivity.ORDINARY]


def table() -> dict[tuple[str, str, str], bool]:
    first, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {
        (row[0], row[1], situation): said == "yes"
        for row in rows
        for situation, said in zip(first[2:], row[2:], strict=True)
    }


def situations() -> dict[str, list[Subject]]:
    return {
        "own,ordinary": [Subject(path) for path in (OWN, BELOW)],
        "own,restricted": [Subject(*each) for each in product((OWN, BELOW), RESTRICTED)],
        "own,given": [Subject(path, which, True) for path, which in product((OWN, BELOW), Sensitivity)],
        "elsewhere,given": [Subject(path, which, True) for path, which in product((BESIDE, ABOVE), Sensitivity)],
        "elsewhere": [Subject(*each) for each in product((BESIDE, ABOVE), Sensitivity)],
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_every_role_may_do_what_the_table_says_and_nothing_else(role: Role, right: Right) -> None:
    viewer = Viewer(1, "某人", role, 2, OWN)
    said = table()

    for situation, subjects in situations().items():
        expected = said.get((role, right, situation), False)
        assert [may(viewer, right, subject) for subject in subjects] == [expected] * len(subjects), situation


@pytest.mark.parametrize("role", Role)
def test_a_list_holds_exactly_what_may_be_seen_one_by_one(role: Role, world: World) -> None:
    _put_one_of_each_on_record(world)
    viewer = world.viewer(role)

    for kind, condition in (
        (Flag, flags_seen_by(viewer)),
        (FollowUp, follow_ups_seen_by(viewer)),
        (Report, reports_seen_by(viewer)),
        (Household, households_seen_by(viewer)),
    ):
        with world.database.reading() as session:
            listed = set(session.exec(select(kind.id).where(condition)).all())
            one_by_one = {
                row.id
                for row in session.exec(select(kind).order_by(col(kind.id)))
                if may(viewer, Right.SEE_CASES, subject_of(session, viewer, row))
            }
        assert listed == one_by_one, kind
        assert bool(listed) == viewer.has(Right.SEE_CASES), kind


def test_a_worker_sees_restricted_matters_of_others_neither_here_nor_elsewhere(world: World) -> None:
    _put_one_of_each_on_record(world)
    worker = world.viewer(Role.WORKER)

    with world.database.reading() as session:
        seen = session.exec(select(Flag).where(flags_seen_by(worker))).all()
        reported = set(session.exec(select(Report.id).where(Report.worker_id == worker.worker_id)).all())
        owed = set(session.exec(select(FollowUp.flag_id).where(FollowUp.worker_id == worker.worker_id)).all())

    strangers = [flag for flag in seen if flag.report_id not in reported and flag.id not in owed]
    assert strangers
    assert {flag.sensitivity for flag in strangers} == {Sensitivity.ORDINARY}
    assert {flag.area_id for flag in strangers} == {world.micro_grid_id}


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_those_who_have_its_right(role: Role, world: World, gated: Visitor) -> None:
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)
    viewer = world.viewer(role)

    served = _paths(world)
    for entry in MENU:
        if entry.path in served:
            answer = gated.get(entry.path)
            assert answer.status_code == (200 if viewer.has(entry.right) else 403), entry.path
            assert (f'href="{entry.path}"' in answer.text) == viewer.has(entry.right)


def test_nobody_sees_anything_before_they_have_logged_in(world: World, gated: Visitor) -> None:
    for path in _paths(world):
        answer = gated.get(path.replace("{id}", "1").replace("{id:int}", "1"))
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/login?next="), path
    assert gated.get("/live").status_code == 401


def test_every_page_of_the_console_stands_behind_the_gate(world: World) -> None:
    before_it = {"/login", "/logout", "/live", "/health", "/static"}

    unguarded = {
        route.path
        for route in site_of(world).pages.routes
        if not (route.name or "").startswith("gate:") and not route.path.startswith(("/chat", "/invite"))
    }

    assert unguarded <= before_it


def _paths(world: World) -> list[str]:
    """Every path that the gate lets somebody read."""
    return [
        route.path
        for route in site_of(world).pages.routes
        if (route.name or "").startswith("gate:") and "GET" in (route.methods or ())
    ]


def _put_one_of_each_on_record(world: World) -> None:
    """In each area a flag of each class: reported by the worker or the coordinator, with or without a follow-up."""
    areas = (world.micro_grid_id, world.other_micro_grid_id, world.other_grid_id)
    numbers = iter(range(101, 999))
    for area_id, which, by, is_owed in product(areas, Sensitivity, (Role.WORKER, Role.COORDINATOR), (True, False)):
        world.is_flagged(
            world.has_household(f"1-1-{next(numbers)}", area_id=area_id),
            Severity.P1,
            sensitivity=which,
            by=by,
            due_in=NOW - NOW if is_owed else None,
        )


#: what stands for each part of a path that names a record
PARTS = {
    "held": ("matter", "flag"),
    "deed": ("take", "confirm", "dismiss", "close", "send-back", "reopen", "comment", "assign", "postpone", "refer"),
}
#: paths whose numbers name an estate, which several grids share, or something of one's own
NOT_OF_A_GRID = ("/console/map", "/console/households/views", "/console/people")


@pytest.mark.parametrize("role", Role)
def test_a_number_of_another_grids_record_is_answered_like_one_that_is_not_there(
    role: Role, world: World, gated: Visitor
) -> None:
    elsewhere = world.has_household("9-1-901", "别家的人", area_id=world.other_grid_id)
    world.is_flagged(elsewhere, Severity.P0, "漏气了别家的话", "漏气了", by=Role.COORDINATOR)
    _put_a_station_and_a_request_there(world, elsewhere)
    before = _all_on_record(world)
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)
    token = gated.token()

    for method, path in _paths_with_numbers(world):
        answers = []
        for number in (1, 999_999):
            fields = {"csrf": token, "reason": "x", "to": "1", "worker": "1", "text": "x"}
            there = path.replace("{id}", str(number))
            answers.append(gated.get(there) if method == "GET" else gated.post(there, fields))
        assert {answer.status_code for answer in answers} <= {403, 404}, path
        assert answers[0].text == answers[1].text, path
        assert "别家" not in answers[0].text
    assert _all_on_record(world) == before


def _paths_with_numbers(world: World) -> list[tuple[str, str]]:
    found = []
    for route in site_of(world).pages.routes:
        if (route.name or "").startswith("gate:") and "{id}" in route.path and not route.path.startswith(NOT_OF_A_GRID):
            names = [name for name in PARTS if f"{{{name}}}" in route.path]
            for chosen in product(*(PARTS[name] for name in names)):
                path = route.path
                for name, value in zip(names, chosen, strict=True):
                    path = path.replace(f"{{{name}}}", value)
                found.append(("GET" if "GET" in route.methods else "POST", path))
    return found


EVERY_KIND = (Flag, FollowUp, Household, Report, Station, DutySlot, RoomBooking, ResidentRequest, Worker)


def _put_a_station_and_a_request_there(world: World, household_id: int) -> None:
    """All of the other grid, and each the first of its kind."""
    with world.database.writing() as session:
        ledger = Ledger(session, NOW)
        station = new(Station, area_id=world.other_grid_id, name="别家的服务站", rooms=["书房"])
        session.add(station)
        session.flush()
        span = (NOW + timedelta(hours=1), NOW + timedelta(hours=2))
        slot = add_turn(ledger, station, *span, None)
        assert slot is not None
        booker = session.get_one(Worker, world.people[Role.COORDINATOR])
        assert book(ledger, station, booker, "书房", *span, "别家的人", None) is not None
        place = session.get_one(Household, household_id)
        report = session.exec(select(Report).where(Report.text == "漏气了别家的话")).one()
        ask(ledger, report, place, "request.public_space", "别家的亭子", NOW.date())


def _all_on_record(world: World) -> list[object]:
    with world.database.reading() as session:
        return [row.model_dump() for kind in EVERY_KIND for row in session.exec(select(kind)).all()]


@pytest.mark.parametrize("path", ["/console/today", "/console/households", "/console/flagged"])
def test_a_responder_reads_half_of_a_name_in_every_list(path: str, world: World, gated: Visitor) -> None:
    home = world.has_household("3-2-501", "张大爷", "李婆婆", "小张娃儿")
    world.is_flagged(
        home, Severity.P0, "3-2-501小张娃儿闻到有气味", why="小张娃儿家闻到有气味", due_in=timedelta(minutes=5)
    )
    world.has_login(Role.RESPONDER, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)

    page = gated.get(path).text

    assert "3-2-501" in page
    assert "小***家闻到有气味" in page
    assert not any(name in page for name in ("张大爷", "李婆婆", "小张娃儿"))
