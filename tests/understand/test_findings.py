"""Which words, together, state a finding, and in which evidence state."""

from collections.abc import Callable

import pytest

from assistant.domain.reports import EvidenceState, KnownHousehold, OpenMatter, Reading
from tests.understand.conftest import NOON

States = Callable[[str], dict[str, str]]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        pytest.param("3-2-501软管老化", "seen", id="plain"),
        pytest.param("3-2-501老化的软管", "seen", id="either order"),
        pytest.param("3-2-501软管用了好多年已经有点发硬", "seen", id="words between"),
        pytest.param("3-2-501软管我看了,发硬", "seen", id="thing in the clause before"),
        pytest.param("3-2-501软管没有老化", "negated", id="negated in between"),
        pytest.param("3-2-501未发现软管老化", "negated", id="negated before"),
        pytest.param("3-2-501未发现灶具、软管老化", "negated", id="negated list"),
        pytest.param("3-2-501软管没问题", "negated", id="the thing is said to be fine"),
        pytest.param("3-2-501不是没得软管老化", "seen", id="double negation"),
        pytest.param("3-2-501软管不换,老化得很", "seen", id="negation of something else"),
        pytest.param("3-2-501没得软管老化", "negated", id="negation at the head of a chance longer word"),
        pytest.param("3-2-501没有把软管换成老化的", "negated", id="a negation is felt through 把"),
        pytest.param("3-2-501敲门没人应软管老化", "seen", id="negation inside another word"),
        pytest.param("3-2-501软管老化,虚惊一场", "negated", id="denied afterwards"),
        pytest.param("3-2-501软管老化,已经处理好了", "resolved", id="settled afterwards"),
        pytest.param("3-2-501软管换了", "resolved", id="replaced"),
        pytest.param("3-2-501将软管换好了", "resolved", id="将 brings the thing forward"),
        pytest.param("3-2-501将换好软管,现在老化", "seen", id="将 puts it off"),
        pytest.param("3-2-501软管老化,就能换好", "seen", id="what can be done is not done"),
        pytest.param("3-2-501软管老化,喊他尽快换好", "seen", id="asked to mend is not mended"),
        pytest.param("3-2-501软管老化,答应明天换了", "seen", id="promised is not mended"),
        pytest.param("3-2-501软管老化,还没处理好", "seen", id="not yet mended"),
        pytest.param("3-2-501好像软管老化", "unverified", id="hedged"),
        pytest.param("听说3-2-501软管老化", "hearsay", id="hearsay before the door"),
        pytest.param("反诈中心预警显示,新安里3-2-501软管老化", "hearsay", id="a source, the estate, the door"),
        pytest.param("保洁杨姐说3-2-501软管老化", "hearsay", id="a cleaner by name"),
        pytest.param("邻居说3-2-501可能软管老化", "hearsay", id="told and hedged"),
        pytest.param("软管老化了,她路过看到的,3-2-501", "hearsay", id="who noticed it, named last"),
        pytest.param("听7栋的人说3-2-501软管老化", "hearsay", id="somebody of another building"),
        pytest.param("都以为3-2-501软管老化,其实没有", None, id="what had been thought"),
        pytest.param("3-2-501软管老化,处理了两回", "seen", id="mended twice did not last"),
        pytest.param("居民向网格员反映,3-2-501软管老化", "hearsay", id="told to a grid worker"),
        pytest.param("3-2-501软管老化,隔壁看到的", "hearsay", id="noticed by a neighbour, named last"),
        pytest.param("邻居说3-2-501软管老化,见人就说", "hearsay", id="见人 is no look"),
        pytest.param("4-1-301婆婆腿痛得很,她说楼下3-2-501软管老化", "hearsay", id="told at another door"),
        pytest.param("3-2-501他妈说软管老化", "hearsay", id="a relative is not the person"),
        pytest.param("3-2-501杨家说软管老化", "self_reported", id="a family tells"),
        pytest.param("3-2-501“软管老化好久了,没空换。”", "self_reported", id="in quotation marks"),
        pytest.param("3-2-501“您家软管老化了,换一根。”", "seen", id="the worker in quotation marks"),
        pytest.param("3-2-501检查有无软管老化", "planned", id="what is looked for"),
        pytest.param("3-2-501莫让软管老化", "planned", id="don't let it"),
        pytest.param("3-2-501喊他莫用了软管老化", "seen", id="a prohibition, then what has happened"),
        pytest.param("3-2-501电视在放软管老化的新闻", None, id="what the news is about"),
        pytest.param("3-2-501邻居说软管老化", "hearsay", id="told by a neighbour"),
        pytest.param("3-2-501她说软管老化", "self_reported", id="told by the person"),
        pytest.param("3-2-501邻居说在闹,我去看软管老化", "seen", id="the worker looked"),
        pytest.param("给3-2-501宣传软管老化要换", "planned", id="outreach"),
        pytest.param("3-2-501要是软管老化就换", "planned", id="hypothesis"),
        pytest.param("3-2-501宣传了一下,结果发现软管老化", "seen", id="outreach, then a fact"),
    ],
)
def test_the_state_of_a_hose(states: States, said: str, state: str) -> None:
    assert states(said).get("gas.hose") == state


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        pytest.param("3-2-501接触电工", set(), id="接触|电工 holds no 触电"),
        pytest.param("3-2-501又触电了", {"electric.damaged_wire"}, id="触电 itself"),
        pytest.param("3-2-501软管没问题,灶具老化了", {"gas.appliance_expired"}, id="the nearest thing counts"),
        pytest.param("3-2-501软管和灶具老化", {"gas.hose", "gas.appliance_expired"}, id="things joined by and"),
        pytest.param("3-2-501灶具软管老化", {"gas.hose"}, id="the hose of the stove is no stove"),
        pytest.param("3-2-501灶具软管都老化", {"gas.hose", "gas.appliance_expired"}, id="side by side, and 都"),
        pytest.param("3-2-501接头和灶具软管都老化", {"gas.hose"}, id="one name among things joined by and"),
        pytest.param("3-2-501接头软管老化", {"gas.hose"}, id="a longer name ends in the thing that is meant"),
        pytest.param("3-2-501软管像长在烟管上,老化", {"gas.hose"}, id="what stands behind 在 only says where"),
        pytest.param("3-2-501软管里头老化", {"gas.hose"}, id="the inside is no thing of its own"),
        pytest.param("3-2-501从窗边牵飞线出来", {"electric.flying_wire"}, id="a word inside a longer one of its list"),
        pytest.param("3-2-501管道气开起,坛子放睡房", {"gas.mixed_sources"}, id="one says no more than the other"),
        pytest.param(
            "3-2-501管道气和坛子混用。另外一个坛子在倒气",
            {"gas.mixed_sources", "gas.cylinder_misuse"},
            id="other words say the other too",
        ),
        pytest.param("3-2-501管道气和坛子混用,喊报修皮罐", {"gas.mixed_sources"}, id="a lesser matter is taken in"),
        pytest.param("3-2-501软管接头松了", {"gas.hose"}, id="two words of ours where jieba sees 管接头"),
        pytest.param("3-2-501没得烟管", {"gas.flue_missing"}, id="the negation is the hazard"),
        pytest.param("3-2-501不是没得烟管", set(), id="the hazard denied"),
        pytest.param("3-2-501炒菜放煤气味精", set(), id="looks like it and is not"),
        pytest.param("3-2-501暖管老化", {"gas.hose"}, id="typed by its sound"),
        pytest.param("3-2-501皮贯老化", {"gas.hose"}, id="typed by its sound, no known slip"),
        pytest.param("3-2-501皮罐老化", set(), id="a word of ours is no slip of another"),
        pytest.param("3-2-501軟管老化", {"gas.hose"}, id="traditional"),
        pytest.param("3-2-501软\u200b管老化", {"gas.hose"}, id="zero-width character"),
    ],
)
def test_what_stands(read: Callable[..., Reading], said: str, kinds: set[str]) -> None:
    stated = {one.kind for case in read(said).cases for one in case.findings if one.state.is_active}

    assert stated == kinds


def test_a_quote_is_cut_from_the_text_as_typed(read: Callable[..., Reading]) -> None:
    text = "３－２－５０１ 軟管老化"

    (finding,) = read(text).cases[0].findings

    assert finding.quote.text == "軟管老化"
    assert text[finding.quote.start : finding.quote.end] == finding.quote.text


def test_a_circumstance_is_tied_to_the_finding_it_goes_with(read: Callable[..., Reading]) -> None:
    (finding,) = read("3-2-501软管开裂,他不肯换").cases[0].findings

    assert finding.circumstances == {"cracked", "refused"}


def test_a_bare_settlement_settles_what_is_open(read: Callable[..., Reading]) -> None:
    known = KnownHousehold("3-2-501", open=(OpenMatter("gas.hose", NOON.date()),))

    (case,) = read("3-2-501已经弄好了", known).cases

    assert [(one.kind, one.state) for one in case.findings] == [("gas.hose", EvidenceState.RESOLVED)]
    assert case.closes == ("gas.hose",)


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        pytest.param("跟老师炒股", "contact", id="no stage said"),
        pytest.param("跟老师炒股,准备转5万", "about_to_pay", id="about to pay"),
        pytest.param("跟老师炒股,转了5万", "paid", id="paid"),
        pytest.param("跟老师炒股,转了5千块,准备再转5万", "about_to_pay", id="said last"),
        pytest.param("跟老师炒股,喊他转5万,他没转", "stopped", id="stopped"),
        pytest.param("跟老师炒股,转了5万,后来没转了", "paid", id="money gone is gone"),
    ],
)
def test_how_far_a_scam_has_got(read: Callable[..., Reading], said: str, stage: str) -> None:
    (finding,) = read(f"3-2-501{said}").cases[0].findings

    assert finding.stage == stage


def test_a_denied_scam_beside_a_running_one_does_not_clear_it(states: States) -> None:
    assert states("3-2-501他说没被骗,就是跟老师炒股") == {"fraud.investment": "self_reported"}
