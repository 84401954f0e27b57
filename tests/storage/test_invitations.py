"""A code opens one thing once, for the person it was made for."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from assistant.domain.access import AreaLevel, Role
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.invitations import InvitationRefused, WhyNot, bind, code_in, invite, use, worker_of
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Action, Area, Invitation, Worker

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def liu(database: Database) -> int:
    return _worker(database, "刘大姐")


def _worker(database: Database, name: str) -> int:
    with database.writing() as session:
        area = session.exec(select(Area)).first() or new(Area, level=AreaLevel.GRID, name="第一网格", path="/1/")
        session.add(area)
        session.flush()
        worker = new(Worker, area_id=area.id, name=name, role=Role.WORKER)
        session.add(worker)
        session.flush()
        assert worker.id is not None
        return worker.id


def _invited(database: Database, worker_id: int, at: datetime = NOW) -> str:
    with database.writing() as session:
        return invite(Ledger(session, at), session.get_one(Worker, worker_id))


def _bound(database: Database, code: str, address: str = "4001", at: datetime = NOW) -> tuple[int, bool]:
    with database.writing() as session:
        account, is_new = bind(Ledger(session, at), code, "telegram", address)
        return account.worker_id, is_new


def _refusal(database: Database, code: str, address: str = "4001", at: datetime = NOW) -> WhyNot:
    with pytest.raises(InvitationRefused) as refused:
        _bound(database, code, address, at)
    return refused.value.why


def test_a_code_binds_the_account_to_its_worker_once(database: Database, liu: int) -> None:
    code = _invited(database, liu)

    assert _bound(database, code) == (liu, True)
    assert _refusal(database, code, "9999") is WhyNot.USED
    with database.reading() as session:
        assert [each.address for each in session.exec(select(Account))] == ["4001"]


def test_the_same_account_may_give_its_code_again(database: Database, liu: int) -> None:
    code = _invited(database, liu)
    _bound(database, code)

    assert _bound(database, code, at=NOW + timedelta(days=30)) == (liu, False)


def test_a_code_ends_after_its_days_and_when_its_person_leaves(database: Database, liu: int) -> None:
    late, left = _invited(database, liu), _invited(database, _worker(database, "陈师傅"))
    with database.writing() as session:
        for worker in session.exec(select(Worker).where(Worker.name == "陈师傅")):
            worker.left_at = NOW

    assert _refusal(database, late, at=NOW + timedelta(days=7)) is WhyNot.EXPIRED
    assert _refusal(database, left) is WhyNot.REVOKED


def test_a_new_code_takes_the_place_of_one_that_nobody_used(database: Database, liu: int) -> None:
    first, second = _invited(database, liu), _invited(database, liu)

    assert _refusal(database, first) is WhyNot.REVOKED
    assert _bound(database, second) == (liu, True)


def test_what_nobody_was_given_opens_nothing(database: Database, liu: int) -> None:
    assert _refusal(database, "ABCD-EFGH-JKMN") is WhyNot.UNKNOWN
    assert _refusal(database, "") is WhyNot.UNKNOWN


def test_an_account_of_somebody_who_works_here_is_not_taken_over(database: Database, liu: int) -> None:
    chen = _worker(database, "陈师傅")
    _bound(database, _invited(database, liu))
    code = _invited(database, chen)

    assert _refusal(database, code) is WhyNot.TAKEN
    assert _bound(database, code, "4002") == (chen, True)


def test_an_account_of_somebody_who_left_passes_on(database: Database, liu: int) -> None:
    _bound(database, _invited(database, liu))
    chen = _worker(database, "陈师傅")
    with database.writing() as session:
        session.get_one(Worker, liu).left_at = NOW

    assert _bound(database, _invited(database, chen)) == (chen, True)


def test_a_blocked_account_is_opened_again_by_its_worker(database: Database, liu: int) -> None:
    _bound(database, _invited(database, liu))
    with database.writing() as session:
        session.exec(select(Account)).one().blocked_at = NOW

    assert _bound(database, _invited(database, liu)) == (liu, False)
    with database.reading() as session:
        assert session.exec(select(Account)).one().blocked_at is None


def test_a_code_may_open_something_else_and_is_used_up_by_it(database: Database, liu: int) -> None:
    code = _invited(database, liu)
    with database.reading() as session:
        assert worker_of(session, code, NOW).id == liu

    with database.writing() as session:
        used = use(Ledger(session, NOW), code, "pages")

    assert (used.worker_id, used.used_on) == (liu, "pages")
    assert _refusal(database, code) is WhyNot.USED


@pytest.mark.parametrize("typed", ["{code}", "/start {code}", "绑定{code}。", " {plain} ", "{lower}", "{wide}"])
def test_a_code_is_found_however_it_was_typed(database: Database, liu: int, typed: str) -> None:
    code = _invited(database, liu)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)

    text = typed.format(code=code, plain=code.replace("-", ""), lower=code.lower(), wide=wide)

    assert code_in(text) == code.replace("-", "")


@pytest.mark.parametrize("text", ["", "3-2-501软管老化", "ABCD-EFGH", "楼道灯坏了 ABCDEFGHJKMNP"])
def test_other_words_hold_no_code(text: str) -> None:
    assert code_in(text) is None


def test_neither_the_record_nor_the_ledger_tells_the_code(database: Database, liu: int) -> None:
    code = _invited(database, liu)
    _bound(database, code)

    with database.reading() as session:
        told = _everything(session)

    assert code not in told
    assert code.replace("-", "") not in told
    assert "bound" in told


def _everything(session: Session) -> str:
    return "".join(str(row.model_dump()) for table in (Invitation, Action) for row in session.exec(select(table)))
