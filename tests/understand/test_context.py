"""What a message leaves out, and what it puts right."""

from datetime import timedelta

import pytest

from assistant.domain.reports import (
    CaseReading,
    EarlierMessage,
    EvidenceState,
    FraudStage,
    Intent,
    KnownHousehold,
    Message,
    Missing,
    OpenMatter,
    PersonOnRecord,
    VisitOutcome,
)
from assistant.understand.context import that_home
from assistant.understand.reader import Reader
from knowledge.book import load_book
from tests.understand.conftest import NOON


def message(text: str, *before: str, known: tuple[KnownHousehold, ...] = ()) -> Message:
    earlier = [
        EarlierMessage(said, NOON - timedelta(minutes=5 * (len(before) - index))) for index, said in enumerate(before)
    ]
    return Message("1", text, NOON, "怡丽佳苑", known, tuple(earlier))


def household(key: str, *names: str, open_kind: str | None = None) -> KnownHousehold:
    people = tuple(PersonOnRecord(name) for name in names)
    return KnownHousehold(key, people, (OpenMatter(open_kind, NOON.date()),) if open_kind else ())


def test_a_name_on_record_finds_its_door(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("李婆婆说腿痛", known=(household("1-1-101", "李婆婆"),))).cases

    assert case.key == "1-1-101"


def test_two_of_one_name_are_asked_about_and_never_guessed(small_reader: Reader) -> None:
    known = (household("1-1-101", "李婆婆"), household("4-2-203", "李婆婆"))

    (case,) = small_reader.read(message("李婆婆说腿痛", known=known)).cases

    assert case.key == "?-?-?"
    assert set(case.also_fits) == {"1-1-101", "4-2-203"}


def test_two_names_on_record_are_two_doors(small_reader: Reader) -> None:
    known = (household("3-1-201", "王婆婆"), household("3-1-202", "李师傅"))

    cases = small_reader.read(message("王婆婆家软管老化,李师傅家没人", known=known)).cases

    assert [(case.key, case.visit) for case in cases] == [
        ("3-1-201", VisitOutcome.MET),
        ("3-1-202", VisitOutcome.MISSED),
    ]


def test_who_only_tells_of_another_on_record_is_no_case(small_reader: Reader) -> None:
    known = (household("3-1-201", "王婆婆"), household("3-1-202", "李师傅"))

    (case,) = small_reader.read(message("王婆婆说李师傅家漏气", known=known)).cases

    assert (case.key, [one.state for one in case.findings]) == ("3-1-202", [EvidenceState.HEARSAY])


def test_the_open_matter_finds_its_door(small_reader: Reader) -> None:
    known = (household("10-3-502", open_kind="gas.hose"),)

    (case,) = small_reader.read(message("上回那家软管换了", known=known)).cases

    assert (case.key, case.closes) == ("10-3-502", ("gas.hose",))


def test_a_message_that_goes_on_speaks_of_the_door_before(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("味道散了,抢修还没来", "2-3-1204有股煤气味")).cases

    assert case.key == "2-3-1204"
    assert [one.kind for one in case.findings] == ["gas.leak"]


def test_a_bare_room_after_another_report_is_not_filled_in(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("401煤气味大得很", "1-1-101没人")).cases

    assert case.key == "?-?-401"


def test_a_neighbour_named_by_room_leans_on_the_door_before(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("隔壁602也是,没得烟管", "14-1-601没得烟管")).cases

    assert case.key == "14-1-602"


def test_a_neighbour_who_has_it_too_is_another_door(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("对门软管也是硬的", "4-3-801软管老化了")).cases

    assert (case.key, [one.kind for one in case.findings]) == ("4-3-8F", ["gas.hose"])


def test_what_was_mended_at_the_last_door_is_over(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("刚才那家换好了,我看了", "2-1-301触电")).cases

    assert (case.key, [one.state for one in case.findings]) == ("2-1-301", [EvidenceState.RESOLVED])


def test_another_try_the_same_day_is_the_same_door(small_reader: Reader) -> None:
    morning = EarlierMessage("4-1-503没人", NOON - timedelta(hours=5))

    (case,) = small_reader.read(Message("1", "又去敲了,没人", NOON, "怡丽佳苑", (), (morning,))).cases

    assert (case.key, case.visit) == ("4-1-503", VisitOutcome.MISSED)


def test_who_was_missed_and_is_at_home_now_was_met() -> None:
    reading = Reader(load_book()).read(message("刚才那家现在两口子都在家,一切正常", "6-2-401没人"))

    assert [(case.key, case.visit) for case in reading.cases] == [("6-2-401", VisitOutcome.MET)]


def test_a_name_is_found_as_it_is_written_on_record(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("寧孃孃说腿痛", known=(household("8-1-204", "宁孃孃"),))).cases

    assert (case.key, [one.called for one in case.people]) == ("8-1-204", ["寧孃孃"])


def test_a_bare_door_answers_the_question(small_reader: Reader) -> None:
    reading = small_reader.read(message("3-2-501", "软管老化了"))

    assert [(move.from_key, move.to_key, move.kinds) for move in reading.moves] == [("?-?-?", "3-2-501", ("gas.hose",))]


@pytest.mark.parametrize(
    ("said", "before", "moves"),
    [
        pytest.param("说错了,不是502,是503软管老化", "3-2-502软管老化", [("3-2-502", "3-2-503")], id="not this, that"),
        pytest.param("更正:2-1-302是2-1-303", "2-1-302软管老化", [("2-1-302", "2-1-303")], id="the door only"),
        pytest.param("更正:2-1-302是2-1-303", "9-1-101软管老化", [("2-1-302", "2-1-303")], id="never somebody else's"),
    ],
)
def test_a_correction_moves_what_was_said(
    small_reader: Reader, said: str, before: str, moves: list[tuple[str, str]]
) -> None:
    reading = small_reader.read(message(said, before))

    assert reading.intent is Intent.CORRECTION
    assert [(move.from_key, move.to_key) for move in reading.moves] == moves


def test_a_wrong_door_without_the_right_one_is_asked(small_reader: Reader) -> None:
    reading = small_reader.read(message("更正,刚才楼号说错了", "3-2-502软管老化"))

    assert reading.missing is Missing.NEW_DOOR


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        pytest.param("撤回上一条", None, id="the last one"),
        pytest.param("刚才那条不算,看错了", None, id="that one does not count"),
        pytest.param("刚才发的有一条错了,帮我取消", Missing.WHICH_MESSAGE, id="which one?"),
    ],
)
def test_a_retraction(small_reader: Reader, said: str, missing: Missing | None) -> None:
    reading = small_reader.read(message(said, "3-1-201软管老化", "3-1-302没人"))

    assert (reading.intent, reading.cases, reading.missing) == (Intent.RETRACTION, (), missing)


@pytest.fixture(scope="module")
def own_reader() -> Reader:
    return Reader(load_book())


@pytest.mark.parametrize("mark", ["{}:{},{}", "{}\n1、{}\n2、{}", "{}\n- {}\n- {}", "{}。①{}②{}"])
def test_what_a_heading_calls_phoned_was_told_by_phone_or_not_answered(own_reader: Reader, mark: str) -> None:
    said = mark.format("电话回访", "3-1-101软管老化", "3-1-102没接")

    told, unanswered = own_reader.read(message(said)).cases

    assert (told.visit, [one.state for one in told.findings]) == (VisitOutcome.PHONE, [EvidenceState.SELF_REPORTED])
    assert (unanswered.key, unanswered.visit) == ("3-1-102", VisitOutcome.MISSED)


def test_who_is_about_to_pay_where_a_scam_is_open_pays_for_that_scam(own_reader: Reader) -> None:
    known = (household("6-1-302", open_kind="fraud.investment"),)

    (case,) = own_reader.read(message("6-1-302婆婆正准备去取5万", known=known)).cases

    assert [(found.kind, found.stage) for found in case.findings] == [("fraud.investment", FraudStage.ABOUT_TO_PAY)]


def test_the_same_words_without_an_open_scam_are_no_scam(own_reader: Reader) -> None:
    (case,) = own_reader.read(message("6-1-302婆婆正准备去取5万")).cases

    assert case.findings == ()


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("3-2-502大爷要去银行汇8万到安全账户,钱还没汇", FraudStage.ABOUT_TO_PAY),
        ("3-2-502赵婆婆正要转8万到安全账户,我打她手机一直打不进去", FraudStage.ABOUT_TO_PAY),
        ("3-2-502大爷在银行正要汇8万给冒充公安的,柜员拦住了,没汇成", FraudStage.STOPPED),
    ],
)
def test_only_a_payment_that_will_not_come_stops_a_scam(own_reader: Reader, text: str, stage: FraudStage) -> None:
    (case,) = own_reader.read(message(text)).cases

    assert [found.stage for found in case.findings] == [stage]


def test_knocking_without_an_answer_is_a_missed_visit(own_reader: Reader) -> None:
    (case,) = own_reader.read(message("6-3-102独居的孙婆婆敲门不应,电视在响,电话没人接")).cases

    assert case.visit is VisitOutcome.MISSED


@pytest.mark.parametrize("said", ["刚才那家软管老化", "又去敲了那家,软管老化", "那户软管老化"])
def test_that_home_is_the_one_door_of_the_last_message(small_reader: Reader, said: str) -> None:
    (case,) = small_reader.read(message(said, "3-1-702没人")).cases

    assert (case.key, [one.kind for one in case.findings]) == ("3-1-702", ["gas.hose"])


@pytest.mark.parametrize("said", ["那家网店退钱了", "那家公司跑路了", "软管是那家换的"])
def test_that_shop_is_no_home(said: str) -> None:
    assert that_home(said, [CaseReading("3-1-702")]) is None


def test_bare_rooms_soon_after_go_on_with_the_round(small_reader: Reader) -> None:
    cases = small_reader.read(message("103没人,201软管老化", "4-2-101没人")).cases

    assert [case.key for case in cases] == ["4-2-103", "4-2-201"]


def test_a_leak_at_a_bare_room_is_asked_about_even_on_the_round(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("103煤气味", "4-2-101没人")).cases

    assert case.key == "?-?-103"


def test_a_bare_room_far_up_or_much_later_is_not_filled_in(small_reader: Reader) -> None:
    (far,) = small_reader.read(message("901软管老化", "4-2-101没人")).cases
    morning = EarlierMessage("4-2-101没人", NOON - timedelta(hours=2))
    (late,) = small_reader.read(Message("1", "103软管老化", NOON, "怡丽佳苑", (), (morning,))).cases

    assert (far.key, late.key) == ("?-?-901", "?-?-103")


@pytest.mark.parametrize(
    ("answer", "before", "moved"),
    [
        ("1单元602", "5栋六楼煤气味", ("5-?-6F", "5-1-602")),
        ("2单元的", "7栋402煤气味", ("7-?-402", "7-2-402")),
        ("是3栋2单元", "502软管老化", ("?-?-502", "3-2-502")),
    ],
)
def test_an_answer_fills_what_was_left_out(
    small_reader: Reader, answer: str, before: str, moved: tuple[str, str]
) -> None:
    reading = small_reader.read(message(answer, before))

    assert [(move.from_key, move.to_key) for move in reading.moves] == [moved]
    assert [case.key for case in reading.cases] == [moved[1]]


def test_a_miss_at_half_a_door_answers_nothing(small_reader: Reader) -> None:
    assert small_reader.read(message("1单元602没人", "5栋六楼煤气味")).moves == ()


def test_what_is_mended_finds_the_door_where_it_is_open(small_reader: Reader) -> None:
    known = (household("3-2-501", open_kind="gas.hose"), household("5-1-501"))

    (case,) = small_reader.read(message("501那根软管换了", known=known)).cases

    assert (case.key, case.closes) == ("3-2-501", ("gas.hose",))


def test_what_is_mended_finds_the_door_the_worker_told_of_days_ago(small_reader: Reader) -> None:
    days_ago = EarlierMessage("3-2-501软管老化", NOON - timedelta(days=4))

    (case,) = small_reader.read(Message("1", "501那根软管换了", NOON, "怡丽佳苑", (), (days_ago,))).cases

    assert case.key == "3-2-501"


def test_what_is_found_anew_at_half_a_door_is_asked_about(small_reader: Reader) -> None:
    known = (household("3-2-501", open_kind="gas.hose"), household("5-1-501"))

    (case,) = small_reader.read(message("501软管老化", known=known)).cases

    assert case.key == "?-?-501"


@pytest.mark.parametrize("said", ["隔壁602也老化了", "隔壁602软管也老化了", "隔壁602也是一样的"])
def test_also_repeats_what_was_found_at_the_last_door(small_reader: Reader, said: str) -> None:
    (case,) = small_reader.read(message(said, "14-1-601软管老化")).cases

    assert (case.key, [one.kind for one in case.findings]) == ("14-1-602", ["gas.hose"])


def test_also_with_something_new_repeats_nothing(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("隔壁602也没人", "14-1-601软管老化")).cases

    assert (case.visit, case.findings) == (VisitOutcome.MISSED, ())


def test_a_correction_keeps_the_miss_at_the_old_door(small_reader: Reader) -> None:
    cases = small_reader.read(message("更正:软管老化的是8-1-303,302是没人", "8-1-302软管老化")).cases

    assert [(case.key, case.visit) for case in cases] == [
        ("8-1-303", VisitOutcome.MET),
        ("8-1-302", VisitOutcome.MISSED),
    ]


def test_a_fire_that_is_out_closes_what_is_open_at_its_place(own_reader: Reader) -> None:
    known = (household("place:7栋楼下", open_kind="fire.burning"),)

    (case,) = own_reader.read(message("7栋楼下火灭了,没得人受伤", known=known)).cases

    assert (case.key, case.closes) == ("place:7栋楼下", ("fire.burning",))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        pytest.param("应该是6栋", "6-2-502", id="the building"),
        pytest.param("不是5栋是6栋", "6-2-502", id="not this building but that"),
        pytest.param("单元错了,3单元", "5-3-502", id="the unit"),
        pytest.param("说错了,是6楼", "5-2-602", id="the floor"),
        pytest.param("5-2-502改成5-2-503", "5-2-503", id="one door for another"),
        pytest.param("刚那条发错了,是5-2-503", "5-2-503", id="sent wrong, and what is right"),
    ],
)
def test_a_door_is_put_right_by_what_was_wrong_of_it(small_reader: Reader, said: str, meant: str) -> None:
    reading = small_reader.read(message(said, "5-2-502软管老化"))

    assert reading.intent is Intent.CORRECTION
    assert [(move.from_key, move.to_key, move.kinds) for move in reading.moves] == [("5-2-502", meant, ("gas.hose",))]


def test_a_message_that_names_its_own_door_wrong_is_only_taken_back(small_reader: Reader) -> None:
    reading = small_reader.read(message("5-2-502那条发错了", "5-2-502软管老化"))

    assert (reading.intent, reading.cases) == (Intent.RETRACTION, ())


@pytest.mark.parametrize("said", ["下一家603没人", "然后603没人", "又去了603,没人"])
def test_the_next_home_is_on_the_round_too(small_reader: Reader, said: str) -> None:
    (case,) = small_reader.read(message(said, "5-2-602没人")).cases

    assert case.key == "5-2-603"


def test_what_is_mended_at_once_is_what_the_last_message_found(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("换好了,我看过", "5-2-602软管老化")).cases

    assert (case.key, [one.state for one in case.findings]) == ("5-2-602", [EvidenceState.RESOLVED])


def test_what_is_mended_at_one_of_two_doors_is_asked_about(small_reader: Reader) -> None:
    (case,) = small_reader.read(message("换好了,我看过", "5-2-602软管老化", "5-2-702软管老化")).cases

    assert (case.key, set(case.also_fits)) == ("?-?-?", {"5-2-602", "5-2-702"})


def test_half_a_door_answers_nothing_half_a_day_later(small_reader: Reader) -> None:
    morning = EarlierMessage("3栋501软管老化", NOON - timedelta(hours=6))

    assert small_reader.read(Message("1", "2单元", NOON, "怡丽佳苑", (), (morning,))).moves == ()
