"""The page of one household: what is shown to whom, the buttons, and the log of who looked."""

import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState, Severity
from assistant.storage.columns import new
from assistant.storage.deciding import Deciding
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    Action,
    Comment,
    Evidence,
    Flag,
    FollowUp,
    IntakeItem,
    Matter,
    OutboxMessage,
    Resident,
    Verdict,
    Worker,
)
from assistant.storage.tables import (
    EvidenceState as FileState,
)
from tests.console.casework import has_matter
from tests.console.served import PASSWORD, OpenConsole, looks_right
from tests.console.visitor import Visitor
from tests.console.world import NOW, World

HOSE = ("gas.hose", "软管老化开裂", EvidenceState.SEEN)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


#: one grey dot
PHOTO = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(b"\x00\x80")),
        chunk(b"IEND", b""),
    )
)
TEXT = "3-2-501张大爷家软管老化开裂，他不肯换，没闻到味道，听邻居说他在炒股"


def page_of(household_id: int) -> str:
    return f"/console/households/{household_id}"


def presses(visitor: Visitor, path: str, **fields: str):
    token = visitor.token("/login") if visitor.get("/login").status_code == 200 else visitor.token("/console/today")
    return visitor.post(path, {"csrf": token, **fields})


def logs_in(world: World, visitor: Visitor, role: Role) -> None:
    world.has_login(role, role.value, PASSWORD)
    visitor.logs_in(role.value, PASSWORD)


def matter_is(world: World, id_: int) -> MatterState:
    with world.database.reading() as session:
        return session.get_one(Matter, id_).state


def promises(world: World) -> list[tuple[Responder, FollowUpState]]:
    with world.database.reading() as session:
        rows = session.exec(select(FollowUp).order_by(col(FollowUp.id))).all()
    return [(row.owner, row.state) for row in rows]


def messages(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.exec(select(OutboxMessage.text).order_by(col(OutboxMessage.id))).all())


@pytest.fixture
def home(world: World) -> int:
    return world.has_household("3-2-501", "张大爷")


@pytest.fixture
def matter(world: World, home: int) -> int:
    return has_matter(
        world,
        home,
        TEXT,
        HOSE,
        ("gas.leak", "没闻到味道", EvidenceState.NEGATED),
        ("fraud.investment", "听邻居说他在炒股", EvidenceState.HEARSAY),
        severity=Severity.P1,
        owners=(Responder.WORKER, Responder.GAS),
        due_in=timedelta(days=1),
    )


def test_the_words_are_marked_and_each_mark_says_how_it_is_known(site: Visitor, home: int, matter: int) -> None:
    page = site.get(page_of(home)).text

    assert '<mark class="is-seen">软管老化开裂<sup>1</sup></mark>' in page
    assert '<mark class="is-negated">没闻到味道<sup>2</sup></mark>' in page
    assert '<mark class="is-hearsay">听邻居说他在炒股<sup>3</sup></mark>' in page
    for said in ("亲眼看到", "说没有", "听别人说", "gas.hose-refused", "2026-03-01-a1b2"):
        assert said in page


def test_every_look_is_logged_with_who_and_on_what_ground(world: World, site: Visitor, home: int) -> None:
    site.get(page_of(home))
    site.get(page_of(home))

    with world.database.reading() as session:
        looks = session.exec(select(Action).where(Action.verb == "viewed")).all()
    assert [(look.subject, look.subject_id, look.worker_id, look.why) for look in looks] == [
        ("households", home, world.people[Role.COORDINATOR], "own area")
    ] * 2


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_has_no_business_with_households_sees_none(role: Role, world: World, gated: Visitor, home: int) -> None:
    logs_in(world, gated, role)

    assert gated.get(page_of(home)).status_code == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WORKER, Role.RESPONDER])
def test_a_household_of_another_grid_is_not_there_whoever_guesses_its_number(
    role: Role, world: World, gated: Visitor
) -> None:
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    logs_in(world, gated, role)

    answers = [gated.get(page_of(id_)).status_code for id_ in (elsewhere, 999_999)]

    assert answers == [404, 404]
    with world.database.reading() as session:
        assert session.exec(select(Action).where(Action.verb == "viewed")).all() == []


def test_a_responder_sees_the_matter_that_is_theirs_and_half_of_a_name(
    world: World, gated: Visitor, home: int, matter: int
) -> None:
    has_matter(world, home, "3-2-501张大爷血压182", ("health.bp_high", "血压182", EvidenceState.SEEN))
    has_matter(
        world,
        home,
        TEXT,
        HOSE,
        owners=(Responder.GAS,),
        why="张大爷家软管老化",
        severity=Severity.P1,
        ago=timedelta(days=1),
    )
    with world.database.writing() as session:
        deciding = Deciding(Ledger(session, NOW, world.people[Role.COORDINATOR]), world.viewer())
        deciding.comment(session.get_one(Matter, matter), "张大爷下午在")
    logs_in(world, gated, Role.RESPONDER)

    page = gated.get(page_of(home)).text

    assert "软管老化开裂" in page
    for said in ("3-2-501张**家", "张**家软管老化</p>", "张**下午在"):
        assert said in page
    assert "张大爷" not in page
    assert "血压" not in page


def test_a_worker_sees_the_household_but_not_what_others_told_of_its_health(
    world: World, gated: Visitor, home: int, matter: int
) -> None:
    other = has_matter(
        world,
        home,
        "3-2-501张大爷血压182",
        ("health.bp_high", "血压182", EvidenceState.SEEN),
        owners=(),
        by=Role.COORDINATOR,
        why="血压很高",
    )
    logs_in(world, gated, Role.WORKER)

    page = gated.get(page_of(home)).text

    assert "张大爷" in page
    assert "软管老化开裂" in page
    assert "血压" not in page
    assert presses(gated, f"/console/cases/matter/{other}/comment", reason="看看").status_code == 404


def test_care_needs_are_shown_as_far_as_they_are_on_record(world: World, site: Visitor, home: int) -> None:
    with world.database.writing() as session:
        row = session.exec(select(Resident).where(Resident.household_id == home)).one()
        row.birth_year, row.lives_alone = 1938, True
        session.add(row)

    page = site.get(page_of(home)).text

    assert all(said in page for said in ("88岁", "高龄", "独居"))
    assert "残疾" not in page


def test_a_false_alarm_ends_with_its_reason_and_what_was_promised_is_called_off(
    world: World, site: Visitor, home: int, matter: int
) -> None:
    answer = presses(site, f"/console/cases/matter/{matter}/dismiss", reason="看过了，是新软管")

    assert (answer.status_code, answer.headers["location"]) == (303, page_of(home))
    assert matter_is(world, matter) is MatterState.SETTLED
    assert {state for _, state in promises(world)} == {FollowUpState.CANCELLED}
    with world.database.reading() as session:
        verdict = session.exec(select(Verdict)).one()
        lines = session.exec(select(Action)).all()
    assert (verdict.is_right, verdict.reason) == (False, "看过了，是新软管")
    assert all("新软管" not in f"{line.before}{line.after}{line.why}" for line in lines)
    assert messages(world) == ["3-2-501 软管隐患：何网格长看过，不用再跟进了。看过了，是新软管"]
    page = site.get(page_of(home)).text
    assert "记下了：误报" in page
    assert "说这是误报" in page


def test_what_was_dismissed_can_be_opened_again_with_its_promises(
    world: World, site: Visitor, home: int, matter: int
) -> None:
    presses(site, f"/console/cases/matter/{matter}/dismiss", reason="误会")

    presses(site, f"/console/cases/matter/{matter}/reopen", reason="又看见了")

    assert matter_is(world, matter) is MatterState.OPEN
    assert promises(world)[2:] == [(Responder.WORKER, FollowUpState.OPEN), (Responder.GAS, FollowUpState.OPEN)]
    assert messages(world)[-1].endswith("又看见了")


@pytest.mark.parametrize("deed", ["dismiss", "close", "send-back", "reopen", "comment"])
def test_without_a_reason_nothing_is_decided(deed: str, world: World, site: Visitor, home: int, matter: int) -> None:
    presses(site, f"/console/cases/matter/{matter}/{deed}", reason=" ")

    assert matter_is(world, matter) is MatterState.OPEN
    assert messages(world) == []
    with world.database.reading() as session:
        assert session.exec(select(Comment)).all() == []


def test_what_a_worker_proposed_is_closed_with_one_click_and_they_hear_of_it(
    world: World, site: Visitor, home: int
) -> None:
    proposed = has_matter(world, home, TEXT, HOSE, severity=Severity.P1, state=MatterState.PROPOSED)

    presses(site, f"/console/cases/matter/{proposed}/close")

    assert matter_is(world, proposed) is MatterState.SETTLED
    assert messages(world) == ["3-2-501：软管隐患，何网格长同意办结了。"]


def test_what_a_worker_proposed_can_be_sent_back(world: World, site: Visitor, home: int) -> None:
    proposed = has_matter(world, home, TEXT, HOSE, severity=Severity.P1, state=MatterState.PROPOSED)

    presses(site, f"/console/cases/matter/{proposed}/send-back", reason="拍张照看看接头")

    assert matter_is(world, proposed) is MatterState.OPEN
    assert messages(world)[0].endswith("拍张照看看接头")


def test_a_button_of_a_page_that_grew_old_changes_nothing_and_says_so(
    world: World, site: Visitor, home: int, matter: int
) -> None:
    presses(site, f"/console/cases/matter/{matter}/dismiss", reason="误会")
    told = len(messages(world))

    for deed in ("dismiss", "close", "send-back", "take"):
        presses(site, f"/console/cases/matter/{matter}/{deed}", reason="再来一次")
        assert "刚才已经变了" in site.get(page_of(home)).text

    assert len(messages(world)) == told


def test_confirming_is_kept_and_settles_nothing(world: World, site: Visitor, home: int, matter: int) -> None:
    presses(site, f"/console/cases/matter/{matter}/confirm")

    assert matter_is(world, matter) is MatterState.OPEN
    assert "✓ 属实" in site.get(page_of(home)).text


def test_an_alarm_is_taken_over(world: World, site: Visitor, home: int) -> None:
    flag_id = world.is_flagged(home, Severity.P0)

    presses(site, f"/console/cases/flag/{flag_id}/take")

    with world.database.reading() as session:
        assert session.get_one(Flag, flag_id).acknowledged_by_id == world.people[Role.COORDINATOR]
    assert "何网格长已接手" in site.get(page_of(home)).text


def first_promise(world: World, owner: Responder) -> int:
    with world.database.reading() as session:
        return session.exec(select(FollowUp.id).where(FollowUp.owner == owner)).first()


def test_a_promise_is_given_to_a_colleague_who_hears_of_it(world: World, site: Visitor, home: int, matter: int) -> None:
    with world.database.writing() as session:
        colleague = new(Worker, area_id=world.other_micro_grid_id, name="周孃孃", role=Role.WORKER)
        session.add(colleague)
        session.flush()
        to = colleague.id

    presses(site, f"/console/follow-ups/{first_promise(world, Responder.WORKER)}/assign", to=str(to))

    with world.database.reading() as session:
        row = session.exec(select(FollowUp).where(FollowUp.worker_id == to)).one()
        told = session.exec(select(OutboxMessage).where(OutboxMessage.worker_id == to)).one()
    assert (row.state, row.due_at) == (FollowUpState.OPEN, NOW - timedelta(hours=2) + timedelta(days=1))
    assert told.text.startswith("何网格长转给您：3-2-501")


@pytest.mark.parametrize(("days", "waits"), [("3", True), ("7", False), ("0", False), ("-1", False), ("", False)])
def test_a_promise_of_a_day_waits_three_days_at_most(
    days: str, waits: bool, world: World, site: Visitor, home: int, matter: int
) -> None:
    id_ = first_promise(world, Responder.WORKER)

    presses(site, f"/console/follow-ups/{id_}/postpone", days=days, reason="他去女儿家了")

    with world.database.reading() as session:
        row = session.get_one(FollowUp, id_)
    assert row.due_at == (NOW + timedelta(days=3) if waits else NOW + timedelta(hours=22))
    assert ("他去女儿家了" in site.get(page_of(home)).text) is waits


def test_an_overdue_promise_that_is_put_off_lives_on_as_a_new_one(world: World, site: Visitor, home: int) -> None:
    has_matter(world, home, TEXT, HOSE, ago=timedelta(days=9))

    id_ = first_promise(world, Responder.WORKER)
    presses(site, f"/console/follow-ups/{id_}/postpone", days="7", reason="他去女儿家了")

    with world.database.reading() as session:
        old, anew = session.exec(select(FollowUp).order_by(col(FollowUp.id))).all()
    assert old.state is FollowUpState.CANCELLED
    assert (anew.state, anew.due_at, anew.reopens_id) == (FollowUpState.OPEN, NOW + timedelta(days=7), old.id)


def test_an_emergency_cannot_be_put_off(world: World, site: Visitor, home: int) -> None:
    has_matter(world, home, TEXT, HOSE, severity=Severity.P0)
    id_ = first_promise(world, Responder.WORKER)

    presses(site, f"/console/follow-ups/{id_}/postpone", days="1", reason="明天再说")

    assert "不能推到那么晚" in site.get(page_of(home)).text
    with world.database.reading() as session:
        assert session.get_one(FollowUp, id_).state is FollowUpState.OPEN


def test_a_promise_is_referred_to_an_office_that_hears_of_it(world: World, site: Visitor, home: int) -> None:
    has_matter(world, home, TEXT, HOSE)

    id_ = first_promise(world, Responder.WORKER)
    presses(site, f"/console/follow-ups/{id_}/refer", body="gas", reason="要换波纹管")

    assert promises(world) == [(Responder.WORKER, FollowUpState.REFERRED), (Responder.GAS, FollowUpState.OPEN)]
    with world.database.reading() as session:
        told = session.exec(select(OutboxMessage)).one()
    assert told.worker_id == world.people[Role.RESPONDER]
    assert "要换波纹管" in told.text


def test_an_office_without_an_account_is_said_to_need_a_call(world: World, site: Visitor, home: int) -> None:
    has_matter(world, home, TEXT, HOSE)

    presses(
        site, f"/console/follow-ups/{first_promise(world, Responder.WORKER)}/refer", body="police", reason="请民警同去"
    )

    assert "那边没有账号" in site.get(page_of(home)).text
    assert messages(world) == []


def test_a_comment_is_read_by_the_next_one_and_holds_no_number(world: World, site: Visitor, home: int) -> None:
    presses(site, f"{page_of(home)}/comment", reason="女儿电话13800138000 <b>下午</b>在")

    page = site.get(page_of(home)).text
    assert "13800138000" not in page
    assert "138****8000" in page
    assert "<b>下午</b>" not in page
    with world.database.reading() as session:
        assert "13800138000" not in session.exec(select(Comment)).one().text


@pytest.mark.parametrize("role", [Role.WORKER, Role.RESPONDER])
def test_who_may_only_comment_decides_nothing(role: Role, world: World, gated: Visitor, home: int, matter: int) -> None:
    logs_in(world, gated, role)
    before = promises(world)

    answers = {
        presses(gated, f"/console/cases/matter/{matter}/{deed}", reason="好了").status_code
        for deed in ("confirm", "dismiss", "close", "send-back", "reopen")
    }
    answers.add(
        presses(
            gated, f"/console/follow-ups/{first_promise(world, Responder.GAS)}/refer", body="fire", reason="x"
        ).status_code
    )

    assert answers <= {403, 404}
    assert promises(world) == before
    page = gated.get(page_of(home)).text
    assert "误报" not in page
    assert presses(gated, f"/console/cases/matter/{matter}/comment", reason="去过了").status_code == 303
    assert "去过了" in gated.get(page_of(home)).text


def test_a_coordinator_decides_nothing_in_another_grid(world: World, site: Visitor) -> None:
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    theirs = has_matter(world, elsewhere, TEXT, HOSE)

    for path in (
        f"/console/cases/matter/{theirs}/close",
        f"/console/follow-ups/{first_promise(world, Responder.WORKER)}/postpone",
        f"{page_of(elsewhere)}/comment",
    ):
        assert presses(site, path, reason="好了", days="1").status_code == 404
    assert matter_is(world, theirs) is MatterState.OPEN


@pytest.mark.parametrize(
    "path", ["/console/cases/flag/1/burn", "/console/cases/worker/1/close", "/console/cases/matter/1e9/close"]
)
def test_a_path_that_somebody_made_up_is_not_there(path: str, site: Visitor, matter: int) -> None:
    assert presses(site, path, reason="x").status_code == 404


def has_photo(world: World, folder: EvidenceFolder, report_id: int | None, **columns: object) -> int:
    kept = folder.keep(PHOTO)
    with world.database.writing() as session:
        received = {"received_at": NOW, "next_attempt_at": NOW}
        about = {"channel": "web", "message_id": f"photo {report_id}", "chat": "liu", "author": "liu", "text": ""}
        item = new(IntakeItem, **received, **about, sent_at=NOW)
        session.add(item)
        session.flush()
        kept_as = {"digest": kept.digest, "media_type": kept.media_type, "state": FileState.KEPT} | columns
        row = new(Evidence, **received, **kept_as, intake_id=item.id, report_id=report_id, channel="web", kind="photo")
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


@pytest.fixture
def folder(world: World) -> EvidenceFolder:
    return EvidenceFolder(Path(str(world.database.engine.url.database)).parent / "evidence")


def test_a_photo_stands_under_its_report_and_runs_nothing(
    world: World, site: Visitor, folder: EvidenceFolder, home: int, matter: int
) -> None:
    photo = has_photo(world, folder, 1)

    assert f'src="/console/evidence/{photo}"' in site.get(page_of(home)).text
    answer = site.get(f"/console/evidence/{photo}")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/png", PHOTO)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "columns",
    [
        {"digest": "../" * 20 + "etc/passwd"},
        {"digest": "0" * 64},
        {"media_type": "text/html"},
        {"state": FileState.REFUSED},
        {"digest": None},
    ],
    ids=str,
)
def test_a_file_that_is_none_of_ours_is_not_there(
    columns: dict[str, object], world: World, site: Visitor, folder: EvidenceFolder, matter: int
) -> None:
    assert site.get(f"/console/evidence/{has_photo(world, folder, 1, **columns)}").status_code == 404


def test_a_photo_is_seen_by_who_may_see_its_report_and_nobody_else(
    world: World, gated: Visitor, folder: EvidenceFolder, home: int, matter: int
) -> None:
    has_matter(
        world, home, "3-2-501血压182", ("health.bp_high", "血压182", EvidenceState.SEEN), owners=(), by=Role.COORDINATOR
    )
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    has_matter(world, elsewhere, TEXT, HOSE, owners=(), by=Role.COORDINATOR)
    own, restricted, theirs = (has_photo(world, folder, report_id) for report_id in (1, 2, 3))
    of_no_report = has_photo(world, folder, None)

    seen = {}
    for role in Role:
        logs_in(world, gated, role)
        ids = (own, restricted, theirs, of_no_report)
        seen[role] = [gated.get(f"/console/evidence/{id_}").status_code for id_ in ids]
        gated.cookies.clear()

    assert seen == {
        Role.COORDINATOR: [200, 200, 404, 404],
        Role.WORKER: [200, 404, 404, 404],
        Role.RESPONDER: [200, 404, 404, 404],
        Role.AUDITOR: [403] * 4,
        Role.ADMINISTRATOR: [403] * 4,
    }


def test_what_others_wrote_is_shown_and_never_becomes_markup(world: World, site: Visitor) -> None:
    attack = "<img src=x onerror=alert(1)>{{7*7}}"
    home = world.has_household("3-2-501", attack)
    matter = has_matter(
        world,
        home,
        f"{attack}软管老化开裂{attack}",
        ("gas.hose", f"软管老化开裂{attack}", EvidenceState.SEEN),
        why=attack,
    )
    presses(site, f"/console/cases/matter/{matter}/comment", reason=attack)
    presses(site, f"/console/cases/matter/{matter}/dismiss", reason=attack)

    page = site.get(page_of(home)).text

    assert "<img" not in page.partition("<main")[2]
    assert page.count("{{7*7}}") >= 5


def test_a_click_without_the_token_of_the_session_decides_nothing(
    world: World, site: Visitor, home: int, matter: int
) -> None:
    for path in (f"/console/cases/matter/{matter}/close", "/console/follow-ups/1/refer", f"{page_of(home)}/comment"):
        assert site.post(path, {"csrf": "wrong", "reason": "好了", "body": "gas"}).status_code == 403

    assert matter_is(world, matter) is MatterState.OPEN


@pytest.mark.browser
@pytest.mark.slow
def test_a_coordinator_works_through_a_household(
    world: World, open_console: OpenConsole, home: int, matter: int
) -> None:
    with world.database.writing() as session:
        row = session.exec(select(Resident).where(Resident.household_id == home)).one()
        row.birth_year, row.lives_alone = 1938, True
        session.add(row)
    world.is_flagged(home, Severity.P0, "3-2-501闻到有气味，张大爷说头昏", "闻到有气味", why="闻到有气味：先关阀开窗")
    desk = open_console(page_of(home))
    page = desk.page
    page.get_by_role("heading", name="3-2-501").wait_for()
    looks_right(desk, "household")

    page.get_by_role("button", name="我来处理").click()
    page.get_by_text("好，您接手了。").wait_for()
    promise = page.locator(".promise", has_text="复查软管")
    promise.locator("summary", has_text="改期").click()
    promise.get_by_label("推到").select_option(label="3天后")
    promise.get_by_role("textbox", name="为什么").fill("他去女儿家了")
    looks_right(desk, "household-postponing")
    promise.get_by_role("button", name="改期").click()
    page.get_by_text("期限改了。").wait_for()

    card = page.locator(f"#matter-{matter}")
    card.locator("summary", has_text="误报").focus()
    page.keyboard.press("Enter")
    card.get_by_label("为什么说是误报").fill("看过了，是新软管")
    page.keyboard.press("Enter")
    page.get_by_text("记下了：误报").wait_for()
    assert card.count() == 1
    assert page.locator("article.card").count() == 1
    page.locator("summary", has_text="重新打开").wait_for()
    looks_right(desk, "household-after")
