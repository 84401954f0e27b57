"""Public places are named as they were written, without 的 and 里头."""

import pytest

from assistant.understand.address import DoorMention, find_doors
from assistant.understand.normalise import fold


def mentions(text: str) -> tuple[DoorMention, ...]:
    return find_doors(fold(text).text)


def places(text: str) -> list[str]:
    return [mention.place for mention in mentions(text) if mention.place]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("8栋楼道头停了三个电马儿", "8栋楼道"),
        ("8栋的楼道堆满了", "8栋楼道"),
        ("2栋1单元3楼楼道堆物", "2栋1单元3楼楼道"),
        ("11栋1单元门厅停放电动自行车", "11栋1单元门厅"),
        ("B座负1楼车库门口有1辆", "B座负1楼车库门口"),
        ("负一楼车库进水", "负一楼车库"),
        ("2栋1单元外头那根飞线扯了", "2栋1单元外头"),
        ("3栋楼下免费送锅", "3栋楼下"),
        ("3栋门口垃圾桶满了", "3栋门口"),
        ("5栋后头井盖烂了", "5栋后头"),
        ("7栋电梯又卡人了", "7栋电梯"),
        ("7栋后门遭三轮车堵死了", "7栋后门"),
        ("3栋和4栋中间有人烧纸", "3栋和4栋中间"),
        ("3栋二楼平台", "3栋二楼平台"),
        ("3栋2单元门口", "3栋2单元门口"),
        ("北门进来左手边路灯坏了一个", "北门进来左手边"),
        ("南门消防通道也停满了车", "南门消防通道"),
        ("南门外头公厕堵了", "南门外头公厕"),
        ("东门口有人摆摊", "东门口"),
        ("西门喊老年人免费旅游", "西门"),
        ("架空层能不能摆张桌子", "架空层"),
        ("垃圾房旁边那盏路灯", "垃圾房旁边"),
        ("垃圾桶旁边有人烧东西", "垃圾桶旁边"),
        ("幼儿园门口堵得很", "幼儿园门口"),
        ("物业办公室围了十几个业主", "物业办公室"),
        ("快递柜旁边漏水", "快递柜旁边"),
        ("中心花园草坪头狗屎多", "中心花园草坪"),
        ("修脚店门口的招牌松了", "修脚店门口"),
        ("锦和街口有人打架", "锦和街口"),
        ("业主群里头都在骂停车费涨价", "业主群"),
        ("维修资金群里炸了锅", "维修资金群"),
        ("3栋业主群有人发链接", "3栋业主群"),
        ("5栋附3号那个门面在用坛子气", "5栋附3号"),
        ("5栋1号电梯关人了", "5栋1号电梯"),
        ("11栋货梯坏了", "11栋货梯"),
        ("沿街12号店里头煤气罐", "12号店"),
        ("23号铺面老板把电瓶拿进去充", "23号铺面"),
        ("农贸市场17号摊位的电线破皮了", "农贸市场17号摊位"),
    ],
)
def test_a_place_is_named_by_its_words(said: str, place: str) -> None:
    assert places(said)[:1] == [place]


@pytest.mark.parametrize(
    "said",
    [
        "3-2-501门口的楼道堆了纸箱",
        "坐电梯上去3-2-501",
        "跳广场舞回来",
        "停车费涨了",
        "上门去看了",
        "物业说晓得了",
        "买了台西门子冰箱",
        "刚从西门进来,看到个人",
        "学校上课",
        "派出所的民警",
        "一群人围到起",
    ],
)
def test_what_only_sounds_like_a_place_is_none(said: str) -> None:
    assert places(said) == []


@pytest.mark.parametrize(
    ("said", "words", "key"),
    [
        ("12栋消防栓没得水", "12栋", "12-?-?"),
        ("8栋2单元又有人丢烟头", "8栋2单元", "8-2-?"),
        ("4栋顶楼纸板子又堆起了", "4栋顶楼", "4-?-?"),
        ("A座停电", "A座", "A-?-?"),
    ],
)
def test_a_building_may_be_household_or_place_so_both_names_come_along(said: str, words: str, key: str) -> None:
    (mention,) = mentions(said)

    assert (mention.place, mention.words) == (None, words)
    assert [str(each) for each in mention.keys] == [key]


def test_the_home_on_one_side_is_a_household_not_a_place() -> None:
    assert places("6栋1单元2楼左边那户没人") == []
    assert places("3栋对面那家在吵") == []


def test_a_place_knows_the_building_it_is_at() -> None:
    (mention,) = mentions("13栋18楼楼道堆起沙发床垫")

    assert mention.anchor is not None
    assert str(mention.anchor) == "13-?-18F"


def test_where_somebody_went_is_marked_by_its_preposition() -> None:
    assert [mention.preposition for mention in mentions("余婆婆找到了,在菜市场")] == ["在"]
    assert [mention.preposition for mention in mentions("架空层漏水")] == [None]


def test_a_place_lends_its_building_to_what_follows() -> None:
    found = mentions("8栋楼道堆了东西,302没人")

    assert [str(key) for key in found[1].keys] == ["8-?-302"]
