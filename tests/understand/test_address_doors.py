"""One door has many spellings; a list lends what it does not repeat."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understand.address import DoorMention, Relation, find_doors
from assistant.understand.normalise import fold


def doors(text: str, **known: object) -> list[str]:
    return [str(key) for mention in mentions(text, **known) for key in mention.keys]


def mentions(text: str, **known: object) -> tuple[DoorMention, ...]:
    return find_doors(fold(text).text, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spelling",
    [
        "3栋2单元501",
        "3栋2单元5楼1号",
        "三栋二单元五楼一号",
        "3-2-501",
        "3-2-5-1",
        "3—2—501",
        "3/2/501",
        "3#2-501",
        "3幢2单元501室",
        "3号楼2单元501",
        "三动二单元501",
        "三洞二但元五零一",
        "3撞2担员五洞幺",
        "3栋2单元五〇一",
        "３栋２单元５０１",
        "3栋-2单元-501",
        "3栋 2单元 501",
        "三杠二杠五零一",
        "3栋2单元五百零一",
        "3号2单元501",
        "3號樓2單元501號",
        "3栋的2单元501",
        "03-02-0501",
        "二期3栋2单元501",
        "14号院3栋2单元501",
        "锦和街28号3栋2单元501",
        "3楼2单元501",
        "3号楼2门501",
        "3栋2-501",
        "3 2 501",
        "3.2.501",
        "3栋,2单元501",
        "3-2单元501",
    ],
)
def test_one_door_is_one_key_however_it_is_written(spelling: str) -> None:
    assert doors(spelling) == ["3-2-501"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("7-302软管老化", "7-?-302"),
        ("1号楼101的老头", "1-?-101"),
        ("A座1203的师傅", "A-?-1203"),
        ("A2栋1203", "A2-?-1203"),
        ("B1203的", "B-?-1203"),
        ("5号402室", "5-?-402"),
        ("3弄5号402室", "5-?-402"),
        ("12号楼3单元1502室", "12-3-1502"),
        ("36栋", "36-?-?"),
        ("八幢", "8-?-?"),
        ("2栋的", "2-?-?"),
        ("701洗澡的时候脑壳昏", "?-?-701"),
        ("3201的婆婆", "?-?-3201"),
        ("15楼2号", "?-?-1502"),
        ("5栋底楼", "5-?-1F"),
        ("6楼那家", "?-?-6F"),
        ("4栋顶楼", "4-?-?"),
        ("3栋15-1", "3-?-1501"),
        ("2单元8-3的", "?-2-803"),
        ("3-15-1", "3-?-1501"),
        ("17-A-301", "17-A-301"),
        ("第3栋第二单元501", "3-2-501"),
        ("3栋乙单元", "3-?-?"),
        ("3栋东单元501", "3-?-501"),
        ("5排3号", "5-?-3"),
        ("3栋2单元附1号", "3-2-附1"),
        ("三社12号刘大爷家", "3-?-12"),
        ("城中村A区12号3楼", "12-?-3F"),
        ("张家湾15号没人", "?-?-15"),
        ("长生村1组-4号", "1-?-4"),
        ("5号楼1单元第6层第2户", "5-1-602"),
        ("5座17C", "5-?-17C"),
        ("3号楼A座301", "3-A-301"),
        ("3A栋301", "3A-?-301"),
        ("六楼零一", "?-?-601"),
        ("12号门洞301", "?-12-301"),
        ("六栋二单元两百零一", "6-2-201"),
        ("3栋2单元501天然气表坏了", "3-2-501"),
        ("3栋2单元501年轻人", "3-2-501"),
        ("3栋2单元302周婆婆", "3-2-302"),
        ("3栋2单元601天花板漏水", "3-2-601"),
        ("3栋2单元701安检", "3-2-701"),
        ("3栋2单元301点火点不燃", "3-2-301"),
        ("幸福村2组 15号", "2-?-15"),
        ("8号别墅一楼厨房", "8-?-1F"),
        ("5座B梯303", "5-B-303"),
        ("3座2梯1202", "3-2-1202"),
        ("阿拉6号里301", "6-?-301"),
        ("六栋幺单元幺零幺", "6-1-101"),
        ("2栋1但元三零二,然气阀关不到了", "2-1-302"),
        ("二栋三一二", "2-?-312"),
        ("五栋二单元六零二那个刘破破屋头", "5-2-602"),
        ("八号楼一但元四零二一进门没气味道重得很", "8-1-402"),
        ("六栋三单元七零一", "6-3-701"),
    ],
)
def test_what_was_not_said_stays_open(said: str, key: str) -> None:
    assert doors(said) == [key]


def test_an_old_courtyard_numbers_its_doors_by_unit() -> None:
    assert doors("3单元11号独居的婆婆", estate="136号院") == ["?-3-11"]


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("3-2-501换了;502没人;503在充电", ["3-2-501", "3-2-502", "3-2-503"]),
        ("4-3-102、104没装,103的装好了", ["4-3-102", "4-3-104", "4-3-103"]),
        ("4-1-301和401吵起来了", ["4-1-301", "4-1-401"]),
        ("3-2-501/502", ["3-2-501", "3-2-502"]),
        ("3-2-501,502,503都没人", ["3-2-501", "3-2-502", "3-2-503"]),
        ("1-1-101到104", ["1-1-101", "1-1-102", "1-1-103", "1-1-104"]),
        ("3-2-501至3-2-503", ["3-2-501", "3-2-502", "3-2-503"]),
        ("3-2-101到401", ["3-2-101", "3-2-201", "3-2-301", "3-2-401"]),
        ("5栋2单元5楼1号、2号", ["5-2-501", "5-2-502"]),
        ("2栋1单元15楼2号没人,5号正常", ["2-1-1502", "2-1-1505"]),
        ("136号院3单元7号没人,8号正常", ["?-3-7", "?-3-8"]),
        ("18栋12-3没人,12-4正常", ["18-?-1203", "18-?-1204"]),
        ("2栋1单元17楼2号到4号", ["2-1-1702", "2-1-1703", "2-1-1704"]),
        ("3-1-401漏到楼下301,301没人", ["3-1-401", "3-1-301", "3-1-301"]),
        ("3-2-101到102,201到202都没人", ["3-2-101", "3-2-102", "3-2-201", "3-2-202"]),
        ("3栋2单元3楼到5楼", ["3-2-3F", "3-2-4F", "3-2-5F"]),
        ("4栋2单元101没人.102正常.201软管老化", ["4-2-101", "4-2-102", "4-2-201"]),
        ("桂花巷7号院3号没人,5号正常", ["?-?-3", "?-?-5"]),
        ("没人:501、502(3栋2单元)", ["3-2-501", "3-2-502", "3-2-501", "3-2-502"]),
        ("3-1,201没人,202正常", ["3-1-201", "3-1-202"]),
        ("7栋、8栋的201都没人", ["7-?-201", "8-?-201"]),
        ("7栋、8栋201没人", ["7-?-?", "8-?-201"]),
        ("3栋2单元101 / 102 / 103", ["3-2-101", "3-2-102", "3-2-103"]),
        ("3栋2单元501+502", ["3-2-501", "3-2-502"]),
        ("3栋2单元501、2、3没人", ["3-2-501", "3-2-502", "3-2-503"]),
        ("3栋2单元501、3栋2单元601", ["3-2-501", "3-2-601"]),
        ("3栋2单元5楼1-3号", ["3-2-501", "3-2-502", "3-2-503"]),
        ("3栋2单元5楼1、3号", ["3-2-501", "3-2-503"]),
        ("5栋2单元从601走到401都没人", ["5-2-?", "5-2-601", "5-2-501", "5-2-401"]),
        ("5栋2单元从6楼往下走到4楼", ["5-2-?", "5-2-6F", "5-2-5F", "5-2-4F"]),
        ("从4楼走到3楼都没人,5栋2单元的", ["5-2-4F", "5-2-3F", "5-2-?"]),
        ("1、2栋的老年人", ["1-?-?", "2-?-?"]),
        ("1栋和2栋的灭火器", ["1-?-?", "2-?-?"]),
        ("1到3栋", ["1-?-?", "2-?-?", "3-?-?"]),
        ("3-5栋", ["3-?-?", "4-?-?", "5-?-?"]),
        ("5栋1-3单元", ["5-1-?", "5-2-?", "5-3-?"]),
        ("3栋501-503", ["3-?-501", "3-?-502", "3-?-503"]),
        ("13栋1单元1楼2楼都有", ["13-1-1F", "13-1-2F"]),
        ("3栋1、2单元", ["3-1-?", "3-2-?"]),
        ("六栋三单元七零一七零二都去了", ["6-3-701", "6-3-702"]),
        ("8栋1单元101室,独居;102室已空置", ["8-1-101", "8-1-102"]),
        ("3栋2单元501、502,还有4栋301", ["3-2-501", "3-2-502", "4-?-301"]),
        ("听3栋的李婆婆说6楼那家", ["3-?-?", "3-?-6F"]),
        ("2栋李婆婆说3栋那家天天打娃儿", ["2-?-?", "3-?-?"]),
        ("3-2-501的事,2栋1单元也有", ["3-2-501", "2-1-?"]),
        ("今天上午先去的3栋,2单元301的唐婆婆", ["3-2-301"]),
        ("501和502吵架,3栋2单元的", ["3-2-501", "3-2-502", "3-2-501", "3-2-502"]),
        ("七动一单元三零一都好三零二没得人三零三电平在充", ["7-1-301", "7-1-302", "7-1-303"]),
    ],
)
def test_a_list_lends_what_it_does_not_repeat(said: str, keys: list[str]) -> None:
    assert doors(said) == keys


def test_what_is_named_in_one_breath_is_one_mention() -> None:
    assert [len(mention.keys) for mention in mentions("7-4-201和202都接到电话,201没理他")] == [2, 1]


def test_a_range_leaves_out_what_is_excepted() -> None:
    first, excepted = mentions("1-1-101到104,除了103不在")

    assert [str(key) for key in first.keys] == ["1-1-101", "1-1-102", "1-1-104"]
    assert [str(key) for key in excepted.keys] == ["1-1-103"]


def test_a_whole_unit_is_meant_as_such() -> None:
    for said in ("5栋整个2单元昨晚黑跳闸", "5栋2单元所有住户", "5栋2单元全部停水"):
        (mention,) = mentions(said)

        assert [str(key) for key in mention.keys] == ["5-2-?"]
        assert mention.whole_unit


@pytest.mark.parametrize(
    ("said", "relation", "key"),
    [
        ("1-4-903跟楼上吵归吵", Relation.UPSTAIRS, "1-4-1003"),
        ("3-2-501漏到楼下了", Relation.DOWNSTAIRS, "3-2-401"),
        ("12-1-503锈了,对门阀门有点紧", Relation.OPPOSITE, "12-1-5F"),
        ("3-2-501没人,隔壁说去女儿家了", Relation.NEXT_DOOR, "3-2-5F"),
        ("3-2-101漏水到楼下", Relation.DOWNSTAIRS, "3-2-?"),
        ("楼上漏水,4-2-202天花板泡了", Relation.UPSTAIRS, "4-2-302"),
    ],
)
def test_a_neighbour_lives_beside_the_door_that_is_spoken_of(said: str, relation: Relation, key: str) -> None:
    (neighbour,) = [mention for mention in mentions(said) if mention.relation]

    assert neighbour.relation is relation
    assert [str(each) for each in neighbour.keys] == [key]


@pytest.mark.parametrize(
    "said", ["3-2-501人都在楼下等", "3-2-501电瓶拿到楼下去充了", "3-2-501楼上楼下都来投诉", "隔壁小区"]
)
def test_downstairs_is_not_always_a_neighbour(said: str) -> None:
    assert [mention.relation for mention in mentions(said) if mention.relation] == []


def test_a_number_behind_a_neighbour_is_the_door_itself() -> None:
    assert doors("3-2-502没人,楼上的602漏水") == ["3-2-502", "3-2-602"]


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("3楼漏到2楼,4-2-202天花板都泡胀了", ["4-2-3F", "4-2-202", "4-2-202"]),
        ("从4楼窗子吊根线下来,3栋2单元外面", ["3-2-4F"]),
        ("王爷爷接到个电话,2栋的", ["2-?-?"]),
    ],
)
def test_a_floor_takes_its_building_from_the_door_behind_it(said: str, keys: list[str]) -> None:
    assert doors(said) == keys


def test_a_door_in_the_next_sentence_lends_nothing_backwards() -> None:
    assert doors("6楼那家没人;4-2-202好的") == ["?-?-6F", "4-2-202"]


def test_what_was_spoken_of_before_the_message_lends_its_prefix() -> None:
    (before,) = mentions("14-1-601没得熄火保护")

    assert doors("隔壁602也是", after=before.keys[0]) == ["14-1-602"]


def test_said_and_elided_tell_what_stood_there() -> None:
    full, short = mentions("3-2-501换了;502没人")

    assert (full.said, full.elided) == (frozenset({"building", "unit", "room"}), False)
    assert (short.said, short.elided) == (frozenset({"room"}), True)


SPELLINGS = ["{b}-{u}-{r}", "{b}栋{u}单元{r}", "{b}幢{u}单元{r}室", "{b}号楼{u}单元{r}号", "{b}/{u}/{r}", "{b}#{u}-{r}"]


@settings(max_examples=150, deadline=None)
@given(
    building=st.integers(1, 40),
    unit=st.integers(1, 9),
    floor=st.integers(1, 33),
    flat=st.integers(1, 12),
    spelling=st.sampled_from([*SPELLINGS, "{b}栋{u}单元{f}楼{n}号", "{b}-{u}-{f}-{n}"]),
    around=st.sampled_from([("", ""), ("今天去", "没人"), ("刚才,", "张大爷说好"), ("(", ")"), ("更正:", "的")]),
)
def test_any_door_in_any_spelling_and_setting_is_read(
    building: int, unit: int, floor: int, flat: int, spelling: str, around: tuple[str, str]
) -> None:
    room = f"{floor}{flat:02d}"
    said = spelling.format(b=building, u=unit, r=room, f=floor, n=flat)

    assert doors(around[0] + said + around[1]) == [f"{building}-{unit}-{room}"]


ALPHABET = (
    "0123456789三二一五零洞两十百栋幢单元楼层号室-—/#.、,;。 和到整个附负底顶上下对门隔壁道口东南西北abAB的除了血压"
)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(ALPHABET), max_size=60))
def test_any_text_is_read_without_fault_and_in_order(text: str) -> None:
    found = find_doors(text)

    assert [mention.start for mention in found] == sorted(mention.start for mention in found)
    for mention in found:
        assert 0 <= mention.start < mention.end <= len(text)
        assert bool(mention.keys) != bool(mention.place)
