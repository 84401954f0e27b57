"""What a worker is told: the right door, the step that saves, three lines at most, nothing rude."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.dialogue import Occasion, compose, question
from assistant.domain.casework import Decision, FlagDecided, FollowUpDecided, Responder
from assistant.domain.reports import EvidenceState, FraudStage, Intent, Missing, Move, Reading, Severity, VisitOutcome
from knowledge.replies import Replies
from tests.dialogue.world import case, found, reading_of

SCAM = (found("fraud.investment", EvidenceState.SELF_REPORTED, FraudStage.ABOUT_TO_PAY),)


def told(made: tuple[Reading, list[Decision]], replies: Replies, occasion: Occasion) -> str:
    reading, decisions = made
    return compose(reading, decisions, question(reading, decisions, replies), replies, occasion).text


def test_a_running_scam_names_the_door_and_says_what_stops_the_money(replies: Replies, occasion: Occasion) -> None:
    text = told(reading_of(case("3-2-501", "张大爷", findings=SCAM, severity=Severity.P0)), replies, occasion)

    assert text.splitlines()[:2] == [
        "【紧急】3-2-501 张大爷：疑似投资炒股骗局（准备给钱）。",
        "先别转账，挂断电话；打110或96110，请社区民警一起上门。",
    ]


def test_a_shared_screen_is_left_before_anything_else(replies: Replies, occasion: Occasion) -> None:
    scam = (found("fraud.customer_service", EvidenceState.SELF_REPORTED, FraudStage.ENGAGED),)

    text = told(
        reading_of(case("3-2-501", findings=scam, severity=Severity.P0, circumstances=("screen_shared",))),
        replies,
        occasion,
    )

    assert "退出共享屏幕" in text


def test_money_that_is_gone_is_stopped_by_the_police_at_once(replies: Replies, occasion: Occasion) -> None:
    scam = (found("fraud.rebate", EvidenceState.SELF_REPORTED, FraudStage.PAID),)

    assert "马上打110止付" in told(reading_of(case("3-2-501", findings=scam, severity=Severity.P0)), replies, occasion)


def test_a_gas_leak_gets_the_steps_in_the_order_that_saves_lives(replies: Replies, occasion: Occasion) -> None:
    text = told(reading_of(case("5-1-602", findings=(found("gas.leak"),), severity=Severity.P0)), replies, occasion)

    steps = [text.index(step) for step in ("关阀", "开窗", "别碰开关", "到室外", "抢修电话")]
    assert steps == sorted(steps)


def test_an_urgent_case_without_a_door_says_what_to_do_and_asks_all_the_same(
    replies: Replies, occasion: Occasion
) -> None:
    lines = told(
        reading_of(case("3-?-6F", findings=(found("gas.leak", EvidenceState.HEARSAY),), severity=Severity.P0)),
        replies,
        occasion,
    ).splitlines()

    assert lines[0] == "【紧急】3栋6楼：燃气有气味（听说）。"
    assert "关阀" in lines[1]
    assert lines[2].endswith("？")


def test_a_quiet_visit_is_recorded_in_one_line(replies: Replies, occasion: Occasion) -> None:
    assert told(reading_of(case("1-1-101", "李婆婆")), replies, occasion) == "1-1-101 李婆婆：已记走访，没有要跟进的。"


def test_what_a_rule_says_without_a_finding_is_told_and_not_that_nothing_is_to_be_done(
    replies: Replies, occasion: Occasion
) -> None:
    reading, decision = case("1-1-101", "李婆婆", severity=Severity.P2)
    flag = FlagDecided("elder.discharged", "elder", Severity.P2, "刚出院:24小时内上门看一次")

    text = told(reading_of((reading, replace(decision, flags=(flag,)))), replies, occasion)

    assert text.splitlines()[0] == "1-1-101 李婆婆：刚出院：24小时内上门看一次。"


@pytest.mark.parametrize("outcome", list(VisitOutcome))
def test_every_visit_outcome_is_told_apart(outcome: VisitOutcome, replies: Replies, occasion: Occasion) -> None:
    text = told(reading_of(case("1-1-101", visit=outcome)), replies, occasion)

    assert text == f"1-1-101：{replies.visits[outcome]}。"


def test_what_is_denied_is_not_announced_as_found(replies: Replies, occasion: Occasion) -> None:
    denied = (found("gas.leak", EvidenceState.NEGATED), found("fraud.rebate", EvidenceState.PLANNED))

    text = told(reading_of(case("1-1-101", findings=denied)), replies, occasion)

    assert "燃气" not in text
    assert "骗" not in text


def test_quiet_doors_are_gathered_and_the_urgent_one_comes_first(replies: Replies, occasion: Occasion) -> None:
    text = told(
        reading_of(
            case("3-2-501"),
            case("3-2-502"),
            case("3-2-503", findings=(found("gas.leak"),), severity=Severity.P0),
        ),
        replies,
        occasion,
    )

    assert text.splitlines()[0] == "【紧急】3-2-503：燃气有气味；3-2-501、3-2-502：已记走访，没有要跟进的。"


@pytest.mark.parametrize("count", [1, 4, 40])
def test_a_reply_keeps_to_three_short_lines_however_much_was_found(
    count: int, replies: Replies, occasion: Occasion
) -> None:
    kinds = ("gas.hose", "gas.no_flameout", "gas.appliance_expired", "fire.clutter", "electric.overload")
    promised = tuple(
        FollowUpDecided(Responder.GAS, occasion.at + timedelta(days=7), "上门书面告知", "test", Severity.P2)
        for _ in kinds
    )
    cases = [
        case(
            f"3-2-{100 + room}",
            "张大爷",
            findings=tuple(found(kind) for kind in kinds),
            severity=Severity.P2,
            follow_ups=promised,
        )
        for room in range(count)
    ]

    lines = told(reading_of(*cases), replies, occasion).splitlines()

    assert len(lines) <= 3
    assert max(len(line) for line in lines) <= 110


def test_follow_ups_say_who_acts_and_until_when(replies: Replies, occasion: Occasion) -> None:
    promised = (
        FollowUpDecided(Responder.WORKER, occasion.at + timedelta(days=7), "复查软管", "gas.hose", Severity.P2),
        FollowUpDecided(Responder.GAS, occasion.at + timedelta(days=1), "上门书面告知", "gas.hose", Severity.P1),
    )

    text = told(
        reading_of(case("3-2-501", findings=(found("gas.hose"),), severity=Severity.P1, follow_ups=promised)),
        replies,
        occasion,
    )

    assert text.splitlines()[2] == "跟进：燃气公司上门书面告知（明天10点前）；您复查软管（3月9日前）。"


def test_a_severe_case_never_gets_the_mild_advice_of_its_finding(replies: Replies, occasion: Occasion) -> None:
    made, decision = case("3-2-501", findings=(found("elder.fall"),), severity=Severity.P1)
    raised = replace(decision, severity=Severity.P0)

    text = told((reading_of((made, raised))), replies, occasion)

    assert "打120" in text


def test_something_mended_on_somebodys_word_is_to_be_looked_at_again(replies: Replies, occasion: Occasion) -> None:
    over = (found("gas.hose", EvidenceState.RESOLVED),)

    seen = told(reading_of(case("4-2-702", findings=over)), replies, occasion)
    unseen = told(reading_of(case("4-2-702", findings=over, severity=Severity.P3)), replies, occasion)

    assert seen == "4-2-702：软管隐患已经好了，已记。"
    assert unseen == "4-2-702：软管隐患说是好了，还要去看一眼。"


def test_a_group_chat_gets_a_receipt_and_nothing_of_the_household(replies: Replies, occasion: Occasion) -> None:
    made = reading_of(case("3-2-501", "张大爷", findings=SCAM, severity=Severity.P0))

    text = told(made, replies, replace(occasion, is_group=True))

    assert text == "已记，编号0217。详情请私聊看。"


def test_a_hazard_beside_an_instruction_is_answered_and_the_instruction_refused(
    replies: Replies, occasion: Occasion
) -> None:
    text = told(
        reading_of(case("5-2-402", findings=(found("gas.leak"),), severity=Severity.P0), intent=Intent.INSTRUCTION),
        replies,
        occasion,
    )

    assert "关阀" in text
    assert text.splitlines()[-1] == replies.sayings.instruction_beside_report


@pytest.mark.parametrize(
    ("intent", "saying"),
    [
        (Intent.GREETING, "greeting"),
        (Intent.QUESTION, "question"),
        (Intent.REQUEST_DATA, "request_data"),
        (Intent.INSTRUCTION, "instruction"),
        (Intent.OTHER, "other"),
        (Intent.REPORT, "not_understood"),
    ],
)
def test_a_message_that_reports_nothing_gets_its_own_answer(
    intent: Intent, saying: str, replies: Replies, occasion: Occasion
) -> None:
    assert told(reading_of(intent=intent), replies, occasion) == getattr(replies.sayings, saying)


def test_a_correction_says_from_which_door_to_which(replies: Replies, occasion: Occasion) -> None:
    made = reading_of(
        case("2-1-303", findings=(found("gas.hose"),), severity=Severity.P2),
        intent=Intent.CORRECTION,
        moves=(Move("2-1-302", "2-1-303", ("gas.hose",)),),
    )

    text = told(made, replies, replace(occasion, is_undone=True))

    assert text.splitlines()[0] == "已更正：2-1-302 改为 2-1-303。2-1-303：软管隐患。"


def test_nothing_is_said_to_be_undone_that_was_not(replies: Replies, occasion: Occasion) -> None:
    assert told(reading_of(intent=Intent.RETRACTION), replies, occasion) == replies.sayings.retraction_not_found
    assert (
        told(reading_of(intent=Intent.RETRACTION), replies, replace(occasion, is_undone=True))
        == replies.sayings.withdrawn
    )


def test_what_must_be_done_now_says_so_once(replies: Replies, occasion: Occasion) -> None:
    promised = (FollowUpDecided(Responder.GAS, occasion.at, "马上上门抢修:3-2-501,有老人", "gas.leak", Severity.P0),)

    text = told(
        reading_of(case("3-2-501", findings=(found("gas.leak"),), severity=Severity.P0, follow_ups=promised)),
        replies,
        occasion,
    )

    assert text.splitlines()[2] == "跟进：燃气公司马上上门抢修。已列入网格长清单。"


def test_a_correction_of_nothing_on_record_is_said_to_be_so(replies: Replies, occasion: Occasion) -> None:
    restated = case("2-1-303", findings=(found("gas.hose"),), severity=Severity.P2)

    with_findings = told(reading_of(restated, intent=Intent.CORRECTION), replies, occasion)
    without = told(reading_of(intent=Intent.CORRECTION), replies, occasion)

    assert with_findings.startswith(replies.sayings.correction_recorded)
    assert without == replies.sayings.correction_not_found


def test_a_correction_that_names_no_new_door_is_asked_for_it(replies: Replies, occasion: Occasion) -> None:
    text = told(reading_of(intent=Intent.CORRECTION, missing=Missing.NEW_DOOR), replies, occasion)

    assert text == replies.sayings.ask_new_door


def test_two_doors_that_fit_are_buttons(replies: Replies, occasion: Occasion) -> None:
    reading, decisions = reading_of(case("2-1-302", "李婆婆", also_fits=("5-1-402",)))

    reply = compose(reading, decisions, question(reading, decisions, replies), replies, occasion)

    assert reply.buttons == ("2-1-302", "5-1-402")


def test_rude_words_are_not_said_back(replies: Replies, occasion: Occasion) -> None:
    text = told(reading_of(case("3-2-501", "龟儿老头", findings=SCAM, severity=Severity.P0)), replies, occasion)

    assert "龟儿" not in text
    assert "3-2-501" in text
