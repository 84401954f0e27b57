"""Danger that is told by its signs and consequences, without its name; and the same words where nothing is wrong."""

from collections.abc import Callable

import pytest

from assistant.domain.reports import Intent, Message, Reading, VisitOutcome
from assistant.understand.reader import Reader
from knowledge.book import load_book
from tests.understand.conftest import NOON


@pytest.fixture(scope="module")
def read() -> Callable[[str], Reading]:
    """Read a text with our own lexicon and all that was learned."""
    reader = Reader(load_book())
    return lambda text: reader.read(Message("1", text, NOON, "怡丽佳苑"))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        pytest.param("15-1-403他说再来催债就点煤气罐大家一起死", "dispute.violence_threat", id="a condition"),
        pytest.param("15-1-405讲要是离婚就抱着娃儿跳楼", "health.self_harm", id="to die on a condition"),
        pytest.param("9-2-301听说老人常被儿子打骂", "dispute.violence_threat", id="blows by a son"),
        pytest.param("6-2-301奶奶讲电话里那人让她去柜台取八万,别告诉女儿", "fraud.", id="hushed"),
        pytest.param("6-2-302她手机上别人在替她点,余额一点点往下掉", "fraud.unspecified", id="moved by others"),
        pytest.param("10-1-406阿姨抱着手机转账呢我喊都喊不住", "fraud.unspecified", id="nobody can stop her"),
        pytest.param("拍门拍了半天,只听到狗叫,灯亮起的,手机一直在屋头响", "elder.no_contact", id="nobody by name"),
        pytest.param(
            "女儿从成都打来说两天打不通她妈电话,我去敲门没人应", "elder.no_contact", id="called from another city"
        ),
        pytest.param("6-2-202阳台上那么大一团火", "fire.burning", id="fire by its size"),
        pytest.param("6-2-704娃儿发烧抽了一下子", "health.unconscious", id="a fit"),
        pytest.param("10-1-504灶头火苗是红的,屋里人都说头胀", "gas.co_symptom", id="a red flame"),
        pytest.param("3-1-1803拿油漆涂门,讲是挡对面楼打过来的射线", "health.psychiatric", id="rays"),
    ],
)
def test_danger_is_heard_without_its_name(read: Callable[[str], Reading], said: str, kind: str) -> None:
    standing = {found.kind for case in read(said).cases for found in case.findings if found.state.is_active}

    assert any(found.startswith(kind) for found in standing)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param("6-2-301阿姨接到客服电话,手机屏幕都给人家看着呢", "screen_shared", id="they see the screen"),
        pytest.param("6-2-301阿姨在退款,那头看得到她手机上点啥", "screen_shared", id="they see what is tapped"),
        pytest.param("6-2-301爷爷两天没吃饭,扶着墙才站住", "weak", id="by the wall"),
        pytest.param("6-2-301爷爷出去了,到这会儿没影", "missing", id="no sign of him"),
        pytest.param("6-2-301爷爷走失,至今仍未找到", "missing", id="not found yet"),
        pytest.param("6-2-301奶奶连自己叫啥都答不上来", "has_dementia", id="not her own name"),
    ],
)
def test_what_makes_it_urgent_is_heard_too(read: Callable[[str], Reading], said: str, code: str) -> None:
    so = {told.code for case in read(said).cases for told in case.circumstances if told.state.is_active}

    assert code in so


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        pytest.param("培训说要是有人讲不想活了就马上报", "health.self_harm", id="a lesson"),
        pytest.param("2-1-102娃儿发烧退了,昨天抽了血", "health.unconscious", id="blood taken"),
        pytest.param("2-1-101婆婆说医院照X光射线对身体不好", "health.psychiatric", id="an x-ray"),
        pytest.param("2-1-107电话里女儿让他去取快递", "fraud.unspecified", id="a daughter's errand"),
        pytest.param("8-2-404门口快递堆了五六个,敲了三回没开", "fire.clutter", id="parcels nobody takes"),
        pytest.param("11-2-903大爷隔着门说不方便,让我改天", "gas.inspection_refused", id="a visit refused"),
        pytest.param("我这片还有哪些软管没换", "gas.hose", id="a list is wanted"),
    ],
)
def test_the_same_words_where_nothing_is_wrong(read: Callable[[str], Reading], said: str, kind: str) -> None:
    standing = {found.kind for case in read(said).cases for found in case.findings if found.state.is_active}

    assert kind not in standing


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("昨天那条9-3-801漏气的不算,我搞错小区了,撤了", Intent.RETRACTION),
        ("前头那个6-1-302的莫记,搞错人了", Intent.RETRACTION),
        ("刚刚在8-1-302看到煤气软管开裂", Intent.REPORT),
        ("麻烦帮我调下6栋上个月的入户记录", Intent.REQUEST_DATA),
        ("这周哪几户还没走到", Intent.QUESTION),
    ],
)
def test_what_the_message_is_for(read: Callable[[str], Reading], said: str, intent: Intent) -> None:
    assert read(said).intent is intent


def test_silence_after_calling_is_a_miss(read: Callable[[str], Reading]) -> None:
    (case,) = read("6-2-604独居的李伯,喊了十几声没动静").cases

    assert case.visit is VisitOutcome.MISSED
