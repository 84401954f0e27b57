"""A room is had by one at a time, whoever is quicker; the other hears who has it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from assistant.app import Files, build
from assistant.settings import Settings
from assistant.storage.tables import ResidentRequest, RoomBooking
from tests.asides.neighbourhood import Neighbourhood, settle


def bookings(place: Neighbourhood) -> list[str]:
    return [
        f"{row.starts_at.astimezone(place.app.settings.tz):%d %H:%M} {row.booked_for}"  # type: ignore[attr-defined]
        for row in place.rows(RoomBooking)
        if row.cancelled_at is None  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize(
    "asks",
    [
        "6号下午2点到4点借议事厅开会",
        "我想借议事厅开会，明天下午2点到4点",
        "帮我订一下议事厅，明天14:00到16:00，开会",
        "明天下午两点到四点议事厅我们借来开会",
    ],
)
def test_a_room_is_booked_in_one_message(asks: str, place: Neighbourhood) -> None:
    said = place.says("liu", asks)

    assert said == "订好了：议事厅3月6日（周五）14:00–16:00，刘大姐开会。"
    assert bookings(place) == ["06 14:00 刘大姐"]
    assert place.verbs("room_bookings") == ["booked"]


def test_who_comes_second_hears_who_has_it(place: Neighbourhood) -> None:
    place.says("liu", "明天下午2点到4点舞蹈队借议事厅排练")

    said = place.says("li", "明天下午3点到5点借议事厅开会")

    assert said == "议事厅3月6日（周五）14:00–16:00已经订给舞蹈队了，请换个时间。"
    assert bookings(place) == ["06 14:00 舞蹈队"]


def test_one_may_begin_when_the_other_ends(place: Neighbourhood) -> None:
    place.says("liu", "明天下午2点到4点借议事厅排练")

    place.says("li", "明天下午4点到5点借议事厅开会")

    assert len(bookings(place)) == 2


def test_a_question_books_nothing_and_the_button_under_the_answer_does(place: Neighbourhood) -> None:
    said = place.says("liu", "明天上午10点到11点可不可以借议事厅开会")
    before = bookings(place)

    place.taps("liu", "订议事厅3月6日10:00到11:00开会")

    assert said == "议事厅3月6日（周五）10:00–11:00空着，可以借。要订就点下面。"
    assert before == []
    assert bookings(place) == ["06 10:00 刘大姐"]


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ("借议事厅开会", "请说清哪天"),
        ("明天下午借议事厅开会", "请说清哪天"),
        ("今天上午8点到9点借议事厅开会", "已经过了"),
        ("明天晚上7点到9点借议事厅开会", "没开门"),
        ("星期六上午9点到10点借议事厅开会", "没开门"),
    ],
)
def test_what_can_not_be_booked_is_said_and_why(asks: str, says: str, place: Neighbourhood) -> None:
    assert says in place.says("liu", asks)
    assert bookings(place) == []


def test_what_is_taken_stands_in_the_answer(place: Neighbourhood) -> None:
    place.says("liu", "明天下午2点到4点舞蹈队借议事厅排练")

    assert "议事厅3月6日（周五）14:00–16:00（舞蹈队）" in place.says("li", "可不可以借来开会")


def test_a_booking_is_given_back_by_who_made_it_or_a_coordinator_only(place: Neighbourhood) -> None:
    place.says("liu", "明天下午2点到4点借议事厅开会")
    place.says("liu", "9号下午2点到4点借议事厅开会")

    theirs = place.says("li", "取消6号的议事厅")
    own = place.says("liu", "取消6号的议事厅")
    coordinator = place.says("wang", "9号议事厅不用了")

    assert "没找到" in theirs
    assert own == "已取消：议事厅3月6日（周五）14:00–16:00。"
    assert coordinator.startswith("已取消：议事厅3月9日")
    assert bookings(place) == []
    assert place.verbs("room_bookings") == ["booked", "booked", "cancelled", "cancelled"]


def test_a_wish_to_rebuild_a_room_is_no_booking(place: Neighbourhood) -> None:
    place.says("liu", "居民希望把活动室改成乒乓室")

    assert bookings(place) == []
    assert "乒乓室" in [row.about for row in place.rows(ResidentRequest)]  # type: ignore[attr-defined]


def race(url: str, folder: Path, files: Files) -> None:
    """Two assistants (as two machines would be) book the same hours at the same moment."""
    first = settle(url, folder, files)
    second = settle_again(first, url, folder, files)
    first.send("liu", "明天下午2点到4点借议事厅开会")
    first.send("li", "明天下午2点到4点借议事厅排练")
    together = Barrier(2)

    def handle(place: Neighbourhood) -> None:
        together.wait()
        while place.app.turn.handle_next():
            pass

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(handle, (first, second)))
    # one that stood in the other's way is tried again soon
    first.wait_until(first.clock.now() + timedelta(minutes=5))

    answers = sorted(first.told("liu") + first.told("li"))
    assert len(bookings(first)) == 1
    assert [answer[:3] for answer in answers] == ["订好了", "议事厅"]
    assert "已经订给" in answers[1]
    second.app.close()
    first.app.close()


def settle_again(first: Neighbourhood, url: str, folder: Path, files: Files) -> Neighbourhood:

    return Neighbourhood(
        build(Settings(database=url, data_dir=folder, _env_file=None), first.clock, files), first.clock
    )


def test_of_two_at_the_same_moment_one_wins_on_sqlite(sqlite_url: str, tmp_path: Path, files: Files) -> None:
    race(sqlite_url, tmp_path, files)


@pytest.mark.postgres
def test_of_two_at_the_same_moment_one_wins_on_postgres(postgres_url: str, tmp_path: Path, files: Files) -> None:
    race(postgres_url, tmp_path, files)
