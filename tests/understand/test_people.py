"""People are known by how they are called."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understand.normalise import fold
from assistant.understand.people import PersonForm, PersonMention, find_people, may_be


def people(text: str, *roster: str) -> tuple[PersonMention, ...]:
    return find_people(fold(text).text, roster)


def named(text: str) -> list[str]:
    return [person.called for person in people(text) if person.form is PersonForm.NAMED]


@pytest.mark.parametrize(
    ("text", "called", "sex", "age"),
    [
        ("3-2-501张大爷屋头软管老化", "张大爷", "男", 60),
        ("独居李婆婆今天精神好", "李婆婆", "女", 65),
        ("周爷爷敲门没得人应", "周爷爷", "男", 60),
        ("钟大姐网上认识个军官", "钟大姐", "女", 30),
        ("邓师退休了没得事", "邓师", None, 18),
        ("就李师高,172比96", "李师", None, 18),
        ("陈姨接到医保局电话", "陈姨", "女", 40),
        ("发现居民王女士神色慌张", "王女士", "女", 18),
        ("欧阳婆婆不在", "欧阳婆婆", "女", 65),
        ("家头老孙来一趟", "老孙", None, None),
        ("老孙头家那个热水器", "老孙头", None, None),
        ("张某某被骗", "张某某", None, None),
        ("娃儿小宇九岁", "小宇", None, None),
        ("李家屋头没人", "李家", None, None),
        ("唐婆婆拉到我摆龙门阵", "唐婆婆", "女", 65),
    ],
)
def test_a_form_of_address_is_found_with_what_it_tells(
    text: str, called: str, sex: str | None, age: int | None
) -> None:
    (person,) = [person for person in people(text) if person.form is PersonForm.NAMED]

    assert (person.called, person.sex, person.age_at_least) == (called, sex, age)


def test_what_follows_is_no_part_of_the_name() -> None:
    assert named("李婆婆说6楼漏水") == ["李婆婆"]
    assert named("听3栋的李婆婆说") == ["李婆婆"]
    assert named("何孃孃在里头") == ["何孃孃"]


def test_a_surname_that_is_a_common_word_counts_behind_a_door() -> None:
    assert named("3-2-501向婆婆没在") == ["向婆婆"]


def test_a_title_typed_by_its_sound_is_put_right() -> None:
    (person,) = people("602那个刘破破屋头")

    assert (person.called, person.meant, person.sex) == ("刘破破", "刘婆婆", "女")


@pytest.mark.parametrize(
    "text",
    [
        "工程师来看了",
        "律师说的",
        "老规矩,全部正常",
        "老年卡办好了",
        "老毛病犯了",
        "住在养老公司",
        "老房子漏水",
        "小区停电",
        "小学门口",
        "向婆婆宣传反诈",
        "从不管老汉儿",
        "和爷爷一起来的",
        "2楼婆婆没在",
        "对门婆婆说",
        "房东大姐来了",
        "那边婆婆腿痛",
        "关门了",
        "安全通道",
        "高层住户",
        "小江边上散步的人",
        "老花眼",
        "老白干",
    ],
)
def test_common_words_make_no_names(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "called", "form"),
    [
        ("那边婆婆说腿痛", "婆婆", PersonForm.GENERIC),
        ("老两口七十多", "老两口", PersonForm.GENERIC),
        ("她娃儿周末来换", "她娃儿", PersonForm.KIN),
        ("女儿在重庆", "女儿", PersonForm.KIN),
        ("民警在屋头", "民警", PersonForm.STAFF),
        ("物业小王来了", "物业小王", PersonForm.STAFF),
        ("张警官来了", "张警官", PersonForm.STAFF),
    ],
)
def test_who_is_meant_shows_in_the_form(text: str, called: str, form: PersonForm) -> None:
    assert [(person.called, person.form) for person in people(text)] == [(called, form)]


def test_somebodys_child_has_no_age() -> None:
    (child,) = people("她娃儿周末来换")

    assert (child.age_at_least, child.age_at_most) == (None, None)


def test_a_primary_school_child_is_at_most_twelve() -> None:
    (child,) = people("小学生一个人在屋头")

    assert (child.age_at_least, child.age_at_most) == (6, 12)


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("2栋李婆婆说3栋那家天天打娃儿", True),
        ("听3栋的李婆婆说", True),
        ("李婆婆给我讲的", True),
        ("李婆婆没在", False),
    ],
)
def test_who_tells_something_is_marked(text: str, speaks: bool) -> None:
    assert people(text)[0].speaks is speaks


def test_a_name_on_record_is_found_as_it_is_written() -> None:
    (person,) = people("周桂芳今天没开门", "周桂芳")

    assert (person.called, person.form) == ("周桂芳", PersonForm.ON_RECORD)


def test_nothing_is_guessed_from_the_shape_of_characters() -> None:
    assert people("周桂芳今天没开门") == ()


@pytest.mark.parametrize(
    ("called", "name", "expected"),
    [
        ("刘破破", "刘婆婆", True),
        ("陈奶奶", "陈婆婆", True),
        ("龙大爷", "龙爷爷", True),
        ("王孃孃", "王阿姨", True),
        ("张大爷", "张建国", True),
        ("张大爷", "李大爷", False),
        ("张大爷", "张婆婆", False),
        ("婆婆", "张婆婆", False),
    ],
)
def test_the_same_person_may_be_called_by_another_title(called: str, name: str, expected: bool) -> None:
    assert may_be(people(called)[0], name) is expected


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("张王李老小婆爷大孃师某家说听她娃儿子女他物业警官3-2栋的,。"), max_size=40))
def test_mentions_never_overlap(text: str) -> None:
    found = find_people(text)

    for earlier, later in pairwise(found):
        assert earlier.end <= later.start
    assert all(person.called == text[person.start : person.end] for person in found)
