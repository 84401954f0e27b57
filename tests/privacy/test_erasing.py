"""A person's data is found, and goes at their word: all copies, nobody else's, and nothing that is still needed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState, VisitOutcome
from assistant.domain.retention import Periods
from assistant.domain.rights import Viewer
from assistant.storage.columns import new
from assistant.storage.dossier import Person, dossier_of, find_people
from assistant.storage.erasure import Plan, ask_for, complete_waiting, plan_of
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.expiring import clear_out
from assistant.storage.forgetting import let_go_of_files
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    Action,
    Comment,
    Erasure,
    FindingRow,
    Flag,
    FollowUp,
    Matter,
    Report,
    Resident,
    SavedView,
    Visit,
)
from tests.console.casework import has_matter
from tests.console.world import NOW, World
from tests.privacy.everything import where_is

TEXT = "3-2-501张大爷血压180/110，头昏"
FINDING = ("health.bp_high", "血压180/110", EvidenceState.SEEN)
ZHANG = "张大爷"


@pytest.fixture
def home(world: World) -> int:
    return world.has_household("3-2-501", ZHANG)


@pytest.fixture
def settled(world: World, home: int) -> int:
    """A matter of 张大爷 that is over."""
    matter = has_matter(world, home, TEXT, FINDING, why="血压180/110：联系家庭医生")
    settle(world, matter)
    return matter


def settle(world: World, matter_id: int) -> None:
    with world.database.writing() as session:
        session.get_one(Matter, matter_id).state = MatterState.SETTLED
        for flag in session.exec(select(Flag).where(Flag.matter_id == matter_id)):
            flag.state = MatterState.SETTLED
        for promise in session.exec(select(FollowUp).where(FollowUp.matter_id == matter_id)):
            promise.state, promise.look_at = FollowUpState.DONE, None


def erased(world: World, household_id: int, called: str = ZHANG, also: Sequence[int] = ()) -> Erasure:
    with world.database.writing() as session:
        ledger = Ledger(session, NOW, world.people[Role.COORDINATOR])
        return ask_for(ledger, Person(household_id, called), "asked_by_person", also)


def planned(world: World, household_id: int, called: str = ZHANG) -> Plan:
    with world.database.reading() as session:
        return plan_of(session, dossier_of(session, Person(household_id, called)))


def test_nothing_of_the_person_stands_anywhere_afterwards(
    world: World, home: int, settled: int, came_in: Callable[..., Path], folder: EvidenceFolder
) -> None:
    photo = came_in(1, "3-2-501张大爷血压180/110：请联系家庭医生", timedelta(0))
    with world.database.writing() as session:
        session.add(_comment(world, home, "张大爷说头昏好些了", settled))
        session.add(
            new(
                SavedView,
                area_id=world.grid_id,
                worker_id=world.people[Role.COORDINATOR],
                page="/",
                name="老人",
                query="?q=%E5%BC%A0%E5%A4%A7%E7%88%B7",
            )
        )

    erasure = erased(world, home)
    let_go_of_files(world.database, folder)

    assert erasure.done_at is not None
    for words in (ZHANG, "血压180", "头昏", "%E5%BC%A0"):
        assert where_is(world.database, words) == set(), words
    assert not photo.exists()
    with world.database.reading() as session:
        assert session.exec(select(FindingRow)).one().kind == "health.bp_high"


def test_what_the_plan_says_is_what_goes(world: World, home: int, settled: int, came_in: Callable[..., Path]) -> None:
    came_in(1, "3-2-501张大爷：请联系家庭医生", timedelta(0))
    plan = planned(world, home)

    erasure = erased(world, home)

    assert not plan.waits
    assert erasure.counts == {sort: count for sort, count in plan.goes.items() if count}
    assert erasure.counts == {"residents": 1, "reports": 1, "files": 1, "messages": 1}
    assert planned(world, home).is_empty


def test_the_ledger_knows_that_it_was_done_and_not_to_whom(world: World, home: int, settled: int) -> None:
    erased(world, home)

    with world.database.reading() as session:
        lines = session.exec(select(Action)).all()
        assert [line.verb for line in lines] == ["erasure_asked", "words_erased", "person_erased"]
        assert {line.household_id for line in lines if line.subject == "erasures"} == {home}
    assert where_is(world.database, ZHANG) == set()


def test_asked_twice_it_is_done_once(world: World, home: int, settled: int) -> None:
    first = erased(world, home)
    again = erased(world, home)

    assert first.counts == {"residents": 1, "reports": 1}
    assert again.counts == {}
    with world.database.reading() as session:
        assert session.get_one(Report, 1).erased_at == first.done_at


def test_what_is_not_over_waits_and_goes_by_itself_when_it_is(world: World, home: int) -> None:
    matter = has_matter(world, home, TEXT, FINDING)

    plan, erasure = planned(world, home), erased(world, home)
    assert plan.is_empty
    assert plan.waits == {"residents": 1, "reports": 1}
    assert erasure.done_at is None
    assert "reports.text" in where_is(world.database, ZHANG)

    assert erased(world, home).id == erasure.id
    assert _carried_on(world) == 0
    settle(world, matter)
    assert _carried_on(world) == 1

    assert where_is(world.database, ZHANG) == set()
    with world.database.reading() as session:
        assert session.exec(select(Erasure)).one().counts == {"residents": 1, "reports": 1}


def test_of_a_report_of_two_doors_only_the_persons_words_go(world: World, home: int) -> None:
    next_door = world.has_household("3-2-502", "李婆婆")
    text = "3-2-501张大爷血压180/110；3-2-502李婆婆软管老化"
    matter = has_matter(world, home, text, FINDING)
    settle(world, matter)
    with world.database.writing() as session:
        session.add(
            new(
                Visit,
                area_id=world.micro_grid_id,
                report_id=1,
                household_id=next_door,
                outcome=VisitOutcome.MET,
                at=NOW,
                retention="routine",
            )
        )

    erased(world, home)

    with world.database.reading() as session:
        words = session.get_one(Report, 1).text
    assert words == "3-2-501＊＊＊＊＊＊＊＊＊＊＊＊；3-2-502李婆婆软管老化"
    assert len(words) == len(text)
    assert planned(world, home).is_empty


def test_others_of_the_household_keep_what_is_theirs(world: World) -> None:
    home = world.has_household("3-2-501", ZHANG, "李婆婆")
    settle(world, has_matter(world, home, TEXT, FINDING))
    settle(world, has_matter(world, home, "3-2-501李婆婆软管老化", ("gas.hose", "软管老化", EvidenceState.SEEN)))

    erased(world, home)

    assert where_is(world.database, ZHANG) == set()
    assert "reports.text" in where_is(world.database, "李婆婆软管老化")
    with world.database.reading() as session:
        assert [each.called for each in session.exec(select(Resident))] == ["李婆婆"]


def test_the_same_name_elsewhere_is_shown_and_only_goes_where_somebody_says_so(
    world: World, home: int, settled: int
) -> None:
    for key in ("4-1-101", "4-1-102"):
        other = world.has_household(key)
        settle(world, has_matter(world, other, f"{key}张大爷家软管老化", ("gas.hose", "软管老化", EvidenceState.SEEN)))
    with world.database.reading() as session:
        elsewhere = dossier_of(session, Person(home, ZHANG)).elsewhere
    assert {each.text for each in elsewhere} == {"4-1-101张大爷家软管老化", "4-1-102张大爷家软管老化"}
    meant = next(each for each in elsewhere if "101" in each.text)

    erased(world, home, also=[meant.id or 0])

    with world.database.reading() as session:
        words = {session.get_one(Report, each.id).text for each in elsewhere}
    assert words == {"4-1-101＊＊＊家软管老化", "4-1-102张大爷家软管老化"}


def test_a_photo_that_was_not_got_to_goes_with_the_next_run(
    world: World, home: int, settled: int, came_in: Callable[..., Path], folder: EvidenceFolder, periods: Periods
) -> None:
    photo = came_in(1, "好", timedelta(0))
    erased(world, home)  # … and the program ends here
    assert photo.exists()

    while clear_out(world.database, folder, periods, NOW):
        pass

    assert not photo.exists()


def test_a_comment_on_an_open_matter_waits(world: World, home: int) -> None:
    matter = has_matter(world, home, "3-2-501软管老化", ("gas.hose", "软管老化", EvidenceState.SEEN))
    with world.database.writing() as session:
        session.add(_comment(world, home, "张大爷下周在家", matter))

    erased(world, home)

    with world.database.reading() as session:
        assert session.exec(select(Comment)).one().text == "张大爷下周在家"


@pytest.mark.parametrize("term", [ZHANG, "大爷", "老张", "3-2-501", "3栋2单元501", "2-501"])
def test_a_person_is_found_by_name_and_by_door(world: World, home: int, term: str) -> None:
    world.has_household("3-2-502", "李婆婆")

    with world.database.reading() as session:
        found = find_people(session, world.viewer(), term)

    assert [each.person for each in found] == [Person(home, ZHANG)]


def test_a_person_is_found_by_a_phone_number_as_it_is_kept(world: World, home: int) -> None:
    has_matter(world, home, "3-2-501张大爷电话138****5678，血压180/110", FINDING)

    with world.database.reading() as session:
        found = find_people(session, world.viewer(), "138****5678")

    assert [each.person for each in found] == [Person(home, ZHANG)]


def test_who_is_only_spoken_of_is_found_too(world: World, home: int) -> None:
    has_matter(world, home, "3-2-501王孃孃血压180/110", FINDING)

    with world.database.reading() as session:
        [found] = find_people(session, world.viewer(), "王孃孃")

    assert (found.person, found.resident_id) == (Person(home, "王孃孃"), None)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_nobody_of_another_grid_is_found(world: World, role: Role) -> None:
    world.has_household("9-1-901", ZHANG, area_id=world.other_grid_id)
    viewer: Viewer = world.viewer(role)

    with world.database.reading() as session:
        assert find_people(session, viewer, ZHANG) == []
        assert find_people(session, viewer, "9-1-901") == []


def test_a_ground_that_is_none_is_refused(world: World, home: int) -> None:
    with world.database.reading() as session:
        ledger = Ledger(session, NOW, world.people[Role.COORDINATOR])

        with pytest.raises(ValueError, match="ground"):
            ask_for(ledger, Person(home, ZHANG), "because")


def _carried_on(world: World) -> int:
    with world.database.writing() as session:
        return complete_waiting(Ledger(session, NOW))


def _comment(world: World, home: int, text: str, matter_id: int) -> Comment:
    return new(
        Comment,
        area_id=world.micro_grid_id,
        household_id=home,
        matter_id=matter_id,
        worker_id=world.people[Role.COORDINATOR],
        verb="commented",
        text=text,
        at=NOW,
    )
