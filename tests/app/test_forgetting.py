"""With the real assistant: what was said of a person is nowhere any more, by its age or at their word."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from assistant.app import App
from assistant.channels.base import Incoming
from assistant.domain.access import Role
from assistant.schedule.clock import SetClock
from assistant.storage.dossier import Person
from assistant.storage.erasure import ask_for
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Erasure, Flag, Household, Resident, Worker
from tests.privacy.everything import where_is
from tests.turn.rehearsal import Telegraph

#: each message with who writes it; words that are looked for afterwards stand in SAID
STORY = (
    ("liu", "3栋2单元501张大爷在网上跟老师炒股,准备再转5万"),
    ("wang", "收到"),
    ("liu", "3-2-501张大爷血压180/110,头昏得很,他娃儿在外地"),
    ("liu", "张大爷的血压说错了,是160/95"),
    ("liu", "1-1-101李婆婆说3-2-501张大爷昨晚黑在楼道绊了一跤"),
    ("liu", "3-2-501张大爷钱没转,已经报警了,平安"),
    ("wang", "3-2-501同意办结"),
    ("liu", "3-2-501张大爷家软管老化,他答应明天换"),
)
SAID = ("张大爷", "炒股", "头昏", "绊了一跤", "软管老化")
ENDED = ("已经换好了", "都好了", "没事了")


def tell(app: App, *lines: tuple[str, str]) -> None:
    channel = Telegraph()
    for number, (who, text) in enumerate(lines):
        clock = app.clock
        assert isinstance(clock, SetClock)
        app.receive(Incoming("test", f"{clock.now().isoformat()} {number}", who, text, app.now()))
        app.settle_down({"test": channel})
        clock.move_on(timedelta(minutes=3))


def end_all(app: App) -> None:
    """A coordinator ends whatever stands, as by hand on the page."""
    from assistant.storage.deciding import Deciding
    from assistant.storage.tables import Matter
    from assistant.storage.viewing import viewer_of

    with app.database.writing() as session:
        coordinator = session.exec(select(Worker.id).where(Worker.role == Role.COORDINATOR)).one()
        viewer = viewer_of(session, coordinator or 0)
        assert viewer is not None
        deciding = Deciding(Ledger(session, app.now(), coordinator), viewer)
        for matter in session.exec(select(Matter)).all():
            if matter.state.stands:
                deciding.close(matter, "看过了")
        session.flush()
        for flag in session.exec(select(Flag)).all():
            session.refresh(flag)
            if flag.state.stands:
                deciding.close(flag, "看过了")


@pytest.fixture(params=["app", pytest.param("app_on_postgres", marks=pytest.mark.postgres)])
def told(request: pytest.FixtureRequest) -> App:
    """张大爷's story, told and all of it over."""
    assistant: App = request.getfixturevalue(request.param)
    tell(assistant, *STORY)
    assert all(where_is(assistant.database, word) for word in SAID)
    end_all(assistant)
    return assistant


def test_erased_at_their_word_the_person_is_nowhere(told: App) -> None:
    with told.database.writing() as session:
        home = session.exec(select(Household.id).where(Household.key == "3-2-501")).one()
        coordinator = session.exec(select(Worker.id).where(Worker.role == Role.COORDINATOR)).one()
        ledger = Ledger(session, told.now(), coordinator)
        ask_for(ledger, Person(home or 0, "张大爷"), "asked_by_person")

    with told.database.reading() as session:
        assert session.exec(select(Erasure)).one().done_at is not None
        assert session.exec(select(Resident).where(Resident.called == "张大爷")).all() == []
    assert {word: where_is(told.database, word) for word in SAID} == {word: set() for word in SAID}
    # … and what the neighbour is to us stays
    assert "reports.text" in where_is(told.database, "李婆婆")


def test_after_its_time_no_word_of_it_is_left_and_its_codes_are(told: App) -> None:
    with told.database.reading() as session:
        kinds = session.exec(select(Flag.kind, Flag.severity).order_by(col(Flag.id))).all()
    clock = told.clock
    assert isinstance(clock, SetClock)
    clock.move_to(clock.now() + timedelta(days=400))

    told.settle_down({"test": Telegraph()})

    found = {word: where_is(told.database, word) for word in (*SAID, "李婆婆")}
    # who lives there stays until they move away
    assert found == {word: set() for word in found} | {name: {"residents.called"} for name in ("张大爷", "李婆婆")}
    with told.database.reading() as session:
        assert session.exec(select(Flag.kind, Flag.severity).order_by(col(Flag.id))).all() == kinds
