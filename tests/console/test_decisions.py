"""The buttons of the household page: what each changes, who hears of it, and who may not press it."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity
from assistant.storage.columns import new
from assistant.storage.tables import (
    Action,
    Comment,
    Flag,
    FollowUp,
    OutboxMessage,
    Verdict,
    Worker,
)
from tests.console.casework import has_matter
from tests.console.household_page import (
    HOSE,
    TEXT,
    first_promise,
    logs_in,
    matter_is,
    messages,
    page_of,
    presses,
    promises,
)
from tests.console.visitor import Visitor
from tests.console.world import NOW, World


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


def test_a_click_without_the_token_of_the_session_decides_nothing(
    world: World, site: Visitor, home: int, matter: int
) -> None:
    for path in (f"/console/cases/matter/{matter}/close", "/console/follow-ups/1/refer", f"{page_of(home)}/comment"):
        assert site.post(path, {"csrf": "wrong", "reason": "好了", "body": "gas"}).status_code == 403

    assert matter_is(world, matter) is MatterState.OPEN
