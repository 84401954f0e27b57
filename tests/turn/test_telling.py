"""What the police officer, the coordinator and the responder are told, with the real understanding and rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assistant.decide import decide
from assistant.domain.access import Role
from assistant.domain.casework import Decision, Responder
from assistant.domain.reports import KnownHousehold, Message, Reading
from assistant.storage.columns import new
from assistant.storage.records import EstateBook
from assistant.storage.tables import Account, Estate, OutboxMessage, Purpose, Worker
from assistant.understand.reader import Reader
from knowledge.book import load_book
from rules.engine.book import load_rules
from rules.engine.reference import ReferenceMatcher
from tests.turn.rehearsal import MINDS, START, Rehearsal

MATCHER = ReferenceMatcher(load_rules())
READER = Reader(load_book())


def reading(message: Message, addresses: EstateBook) -> Reading:
    return READER.read(message, addresses)


def deciding(read: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]:
    return decide(read, known, at, MATCHER)


@pytest.fixture
def station(rehearsal: Rehearsal) -> Rehearsal:
    """The small community with a police officer, read and decided for real."""
    quiet = rehearsal.watch.reminder.courtesy.quiet
    minds = replace(MINDS, read=reading, decide=deciding, not_at_night=quiet.not_in_them)
    rehearsal.turn = replace(rehearsal.turn, minds=minds)
    with rehearsal.database.writing() as session:
        grid = session.get_one(Estate, 1).area_id
        officer = new(Worker, area_id=grid, name="孙警官", role=Role.RESPONDER, acts_as=Responder.POLICE, estate_id=1)
        session.add(officer)
        session.flush()
        session.add(new(Account, area_id=grid, worker_id=officer.id, channel="test", address="sun", bound_at=START))
    return rehearsal


@pytest.mark.parametrize(
    ("says", "line"),
    [
        (
            "3-2-501张大爷在网上跟老师炒股，准备再转5万，电话一直占线",
            "【紧急】怡丽佳苑3-2-501 张大爷：疑似投资炒股骗局，准备给钱，5万元，电话占线（刘大姐报）",
        ),
        (
            "3-2-502李大爷刷单已经转了3800元",
            "【紧急】怡丽佳苑3-2-502 李大爷：疑似刷单骗局，钱已经出去，3800元，电话没说（刘大姐报）",
        ),
    ],
)
def test_the_police_officer_gets_one_line_with_all_that_counts(station: Rehearsal, says: str, line: str) -> None:
    station.worker_says(says)

    assert station.told("sun")[:1] == [line]


def test_money_of_another_matter_is_not_put_on_the_scam(station: Rehearsal) -> None:
    station.worker_says(
        "3-2-501张大爷在网上跟老师炒股，准备转钱给对方，劝了半天他还是要转，说老师对他好得很，天天打电话来问候他，"
        "儿子说的话一句都听不进去。楼下601王婆婆来问医保，说今年要交380元"
    )

    assert "380" not in station.told("sun")[0]


def test_a_p1_is_told_to_the_coordinator_at_once_and_to_the_officer_in_the_morning(station: Rehearsal) -> None:
    station.clock.move_on(timedelta(hours=12))  # 22:00
    station.worker_says("3-2-501张大爷接到冒充客服的电话，说要退款，他还没照做")

    at_night = (len(station.told("wang")), len(station.told("sun")))
    station.wait(hours=10)

    assert at_night == (1, 0)
    assert len([each for each in station.told("sun") if "3-2-501" in each]) == 1


def test_a_p2_waits_for_the_lists(station: Rehearsal) -> None:
    station.worker_says("3栋2单元502软管老化了")

    others = [each for each in station.outbox() if isinstance(each, OutboxMessage) and each.purpose != Purpose.REPLY]
    assert others == []
