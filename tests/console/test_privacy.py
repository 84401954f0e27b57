"""The pages of privacy: who may open and do what, what they show and hide, and what each step leaves on the log."""

import io
import re

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from assistant.domain.access import Role, Sensitivity
from assistant.domain.reports import EvidenceState, Severity
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Action, Erasure, Household, Report, Resident
from tests.console.casework import has_matter
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import NOW, World

LOG = "/console/privacy"
PEOPLE = "/console/privacy/people"
PERIODS = "/console/privacy/periods"
FINDING = ("health.bp_high", "血压180/110", EvidenceState.SEEN)

#: role × page: everything that is not here is refused
MAY = {
    Role.COORDINATOR: {"log", "periods", "run", "begin", "find", "show", "export", "erase"},
    Role.ADMINISTRATOR: {"log", "periods", "run", "begin", "find", "show", "erase"},
    Role.AUDITOR: {"log", "periods"},
    Role.WORKER: set(),
    Role.RESPONDER: set(),
}
PAGES = {
    "log": ("GET", LOG),
    "periods": ("GET", PERIODS),
    "run": ("POST", f"{PERIODS}/run"),
    "begin": ("GET", PEOPLE),
    "find": ("POST", f"{PEOPLE}/find"),
    "show": ("POST", f"{PEOPLE}/show"),
    "export": ("POST", f"{PEOPLE}/export"),
    "erase": ("POST", f"{PEOPLE}/erase"),
}


def logged_in(world: World, gated: Visitor, role: Role) -> Visitor:
    world.has_login(role, "somebody", PASSWORD)
    gated.logs_in("somebody", PASSWORD)
    return gated


def sends(visitor: Visitor, deed: str, **fields: object) -> httpx.Response:
    given = {"ground": "asked_by_person", **{name: str(value) for name, value in fields.items()}}
    return visitor.post(f"{PEOPLE}/{deed}", {"csrf": visitor.token(), **given})


@pytest.mark.parametrize("role", Role)
def test_each_page_is_open_to_whom_the_table_says(role: Role, world: World, gated: Visitor, home: int) -> None:
    visitor = logged_in(world, gated, role)
    token = visitor.token()

    for name, (method, path) in PAGES.items():
        fields = {
            "csrf": token,
            "ground": "asked_by_person",
            "term": "张大爷",
            "household": str(home),
            "called": "张大爷",
        }
        answer = visitor.get(path) if method == "GET" else visitor.post(path, fields)
        assert (answer.status_code != 403) == (name in MAY[role]), name


@pytest.mark.parametrize("area", ["own", "other"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_persons_data_by_role_area_and_class(role: Role, area: str, world: World, gated: Visitor) -> None:
    """Own area: both see how much there is; only a coordinator takes it out. Elsewhere: nothing. Words: nobody here."""
    area_id = world.micro_grid_id if area == "own" else world.other_grid_id
    is_own = area == "own"
    visitor = logged_in(world, gated, role)

    for number, sensitivity in enumerate(Sensitivity):
        name = f"张{number}大爷"
        home = world.has_household(f"3-2-50{number}", name, area_id=area_id)
        world.is_flagged(home, Severity.P1, f"3-2-50{number}{name}闻到有气味", sensitivity=sensitivity)
        found = sends(visitor, "find", term=name).text
        shown = sends(visitor, "show", household=home, called=name)
        taken = sends(visitor, "export", household=home, called=name)
        erased = sends(visitor, "erase", household=home, called=name, sure=1)

        assert ("看看记了什么" in found) == is_own
        assert [shown.status_code, erased.status_code] == ([200, 303] if is_own else [404, 404])
        expected = 200 if role is Role.COORDINATOR and is_own else 403 if role is Role.ADMINISTRATOR else 404
        assert taken.status_code == expected
        assert "有气味" not in shown.text
    with world.database.reading() as session:
        assert len(session.exec(select(Erasure)).all()) == (len(Sensitivity) if is_own else 0)


def test_a_person_is_found_by_the_number_they_say_although_it_is_kept_masked(
    world: World, gated: Visitor, home: int
) -> None:
    has_matter(world, home, "3-2-501张大爷电话138****5678，血压180/110", FINDING)

    page = sends(logged_in(world, gated, Role.COORDINATOR), "find", term="13812345678").text

    assert "张大爷</strong>" in page
    assert "13812345678" not in page


def test_an_administrator_never_reads_a_name_in_full_nor_words(world: World, gated: Visitor, home: int) -> None:
    has_matter(world, home, "3-2-501张大爷血压180/110", FINDING)
    visitor = logged_in(world, gated, Role.ADMINISTRATOR)

    with world.database.reading() as session:
        resident = session.exec(select(Resident)).one().id
    found = sends(visitor, "find", term="3-2-501").text
    shown = sends(visitor, "show", household=home, resident=resident).text

    for page in (found, shown):
        assert "张**" in page
        assert "张大爷" not in page
    assert "血压180" not in shown
    assert "健康 1" in shown


def test_each_step_is_on_the_log_with_its_ground_and_without_the_name(world: World, gated: Visitor, home: int) -> None:
    visitor = logged_in(world, gated, Role.COORDINATOR)

    sends(visitor, "find", term="张大爷", ground="asked_by_family")
    sends(visitor, "show", household=home, called="张大爷", ground="asked_by_family")
    sends(visitor, "export", household=home, called="张大爷", ground="asked_by_family")
    sends(visitor, "erase", household=home, called="张大爷", ground="asked_by_family", sure=1)

    page = visitor.get(LOG).text
    for said in ("查找个人信息", "看了个人信息汇总", "导出个人信息", "登记删除", "家人代办", "3-2-501", "何网格长"):
        assert said in page
    assert "张大爷" not in page
    with world.database.reading() as session:
        lines = session.exec(select(Action).where(col(Action.why).is_not(None))).all()
        assert {line.why for line in lines} == {"asked_by_family"}


@pytest.mark.parametrize(
    ("deed", "fields"),
    [
        ("find", {"term": "张大爷", "ground": ""}),
        ("find", {"term": "", "ground": "moved_away"}),
        ("show", {"called": "张大爷", "ground": "curiosity"}),
        ("export", {"called": "张大爷", "ground": ""}),
    ],
)
def test_nothing_is_shown_without_a_ground(
    deed: str, fields: dict[str, str], world: World, gated: Visitor, home: int
) -> None:
    visitor = logged_in(world, gated, Role.COORDINATOR)

    answer = sends(visitor, deed, household=home, **fields)

    assert answer.status_code in (400, 404)
    with world.database.reading() as session:
        assert session.exec(select(Action).where(Action.verb != "login_set_up")).all() == []


def test_nothing_is_erased_before_somebody_says_that_they_have_looked(world: World, gated: Visitor, home: int) -> None:
    visitor = logged_in(world, gated, Role.COORDINATOR)

    answer = sends(visitor, "erase", household=home, called="张大爷")

    assert answer.status_code == 400
    assert "先勾上" in answer.text
    with world.database.reading() as session:
        assert session.exec(select(Erasure)).all() == []


def test_the_page_says_what_goes_what_waits_and_what_law_keeps(world: World, gated: Visitor, home: int) -> None:
    has_matter(world, home, "3-2-501张大爷血压180/110", FINDING)
    visitor = logged_in(world, gated, Role.COORDINATOR)

    page = sends(visitor, "show", household=home, called="张大爷").text

    for said in ("等办结以后删", "还没办完的事", "个人信息保护法第四十七条", "第五十六条", "备份"):
        assert said in page


def test_requests_that_wait_are_listed_until_they_are_done(world: World, gated: Visitor, home: int) -> None:
    has_matter(world, home, "3-2-501张大爷血压180/110", FINDING)
    visitor = logged_in(world, gated, Role.ADMINISTRATOR)
    assert "等办结再删的" not in visitor.get(PEOPLE).text

    sends(visitor, "erase", household=home, called="张大爷", sure=1)

    page = visitor.get(PEOPLE).text
    assert "等办结再删的" in page
    assert "张**" in page
    assert "张大爷" not in page
    with world.database.writing() as session:
        session.exec(select(Erasure)).one().done_at = NOW
    assert "等办结再删的" not in visitor.get(PEOPLE).text


def test_the_file_for_the_person_holds_their_data_and_nothing_that_runs(world: World, gated: Visitor) -> None:
    home = world.has_household("3-2-501", "张大爷", "=李婆婆")
    has_matter(world, home, "=cmd|' /C calc'!A1 3-2-501张大爷血压180/110，=李婆婆在旁边", FINDING)
    visitor = logged_in(world, gated, Role.COORDINATOR)

    answer = sends(visitor, "export", household=home, called="张大爷")

    assert answer.headers["content-disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(answer.content))
    cells = [cell for row in book["个人信息"].iter_rows() for cell in row if cell.value is not None]
    text = "\n".join(str(cell.value) for cell in cells)
    assert "张大爷" in text
    assert "健康" in text
    assert "李婆婆" not in text
    risky = [cell for cell in cells if str(cell.value).startswith("=")]
    assert risky
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_the_log_is_filtered_by_who_door_day_and_deed(world: World, gated: Visitor, home: int) -> None:
    other = world.has_household("4-1-101", "李婆婆")
    visitor = logged_in(world, gated, Role.COORDINATOR)
    visitor.get(f"/console/households/{home}")
    visitor.get(f"/console/households/{other}")
    sends(visitor, "find", term="张大爷")

    def doors(query: str) -> set[str]:
        page = visitor.get(f"{LOG}?{query}").text
        return {door for door in ("3-2-501", "4-1-101") if f'class="which-door">{door}' in page}

    assert doors("") == {"3-2-501", "4-1-101"}
    assert doors("door=3-2-501") == {"3-2-501"}
    assert doors("door=3栋2单元501") == {"3-2-501"}
    assert doors(f"who={world.people[Role.COORDINATOR]}&what=viewed&on={NOW.date()}") == {"3-2-501", "4-1-101"}
    assert doors(f"who={world.worker_id}") == set()
    assert doors("on=2020-01-01") == set()
    assert doors("what=searched") == set()
    assert doors("who=x&on=never&what=nothing&before=-1") == {"3-2-501", "4-1-101"}


def test_the_log_goes_on_from_its_last_line(world: World, gated: Visitor, home: int) -> None:
    visitor = logged_in(world, gated, Role.COORDINATOR)
    with world.database.writing() as session:
        ledger = Ledger(session, NOW, world.people[Role.COORDINATOR])
        for _ in range(51):
            ledger.notes(session.get_one(Household, home), "viewed", why="own area")

    first = visitor.get(LOG).text

    assert first.count('class="look"') == 50
    last = first.split("before=")[1].split('"')[0]
    assert visitor.get(f"{LOG}?before={last}").text.count('class="look"') == 1


def test_a_look_at_restricted_matters_says_so(world: World, gated: Visitor, home: int) -> None:
    visitor = logged_in(world, gated, Role.COORDINATOR)
    visitor.get(f"/console/households/{home}")
    has_matter(world, home, "3-2-501张大爷血压180/110", FINDING)
    visitor.get(f"/console/households/{home}")

    with world.database.reading() as session:
        whys = session.exec(select(Action.why).where(Action.verb == "viewed").order_by(col(Action.id))).all()
    assert list(whys) == ["own area", "own area, restricted"]


def test_what_another_grid_looked_at_is_not_on_this_log(world: World, gated: Visitor) -> None:
    elsewhere = world.has_household("9-1-901", area_id=world.other_grid_id)
    with world.database.writing() as session:
        session.add(
            Action(
                area_id=world.other_grid_id,
                retention="ledger",
                at=NOW,
                verb="viewed",
                household_id=elsewhere,
                subject="households",
                subject_id=elsewhere,
            )
        )

    assert "9-1-901" not in logged_in(world, gated, Role.AUDITOR).get(LOG).text


def test_what_has_expired_is_counted_first_and_goes_at_a_word(world: World, gated: Visitor) -> None:
    with world.database.writing() as session:
        at = NOW.replace(year=NOW.year - 2)
        row = {"area_id": world.micro_grid_id, "retention": "routine", "channel": "web", "message_id": "old"}
        session.add(Report(**row, text="3-2-501一切正常", sent_at=at, received_at=at))
    visitor = logged_in(world, gated, Role.ADMINISTRATOR)

    before = visitor.get(PERIODS).text
    visitor.post(f"{PERIODS}/run", {"csrf": visitor.token()})
    still = visitor.get(PERIODS).text
    visitor.post(f"{PERIODS}/run", {"csrf": visitor.token(), "sure": "1"})
    after = visitor.get(PERIODS).text

    assert "现在删掉这 1 项" in before
    assert "现在删掉这 1 项" in still
    assert "没有到期的" in after
    assert "平常的上报 1" in after
    with world.database.reading() as session:
        assert "一切正常" not in session.exec(select(Report)).one().text


def test_a_form_that_was_taken_out_is_on_the_log_with_its_purpose(world: World, gated: Visitor, home: int) -> None:
    world.is_flagged(home, Severity.P2)
    visitor = logged_in(world, gated, Role.COORDINATOR)
    asked = {"form": "hazards", "kind": "csv", "purpose": "other", "note": "给物业", "with_restricted": "1"}
    days = {"since": "2026-03-01", "until": "2026-03-02"}
    taken = visitor.post("/console/exchange/exports", {"csrf": visitor.token(), **asked, **days})
    assert taken.status_code == 200

    page = visitor.get(f"{LOG}?what=took_out").text

    assert "导出报表" in page
    [said] = re.findall(r'<p class="look-why hint">(.+?)</p>', page)
    assert re.fullmatch(r"隐患排查台账，\d+ 行，其他：给物业，连限制查看的", said)
