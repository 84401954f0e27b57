"""In a group there is only a receipt with a number; what it is about goes to whoever wrote, alone."""

from datetime import date

import pytest

from tests.asides.neighbourhood import Neighbourhood, on_duty


@pytest.mark.parametrize(
    "says",
    [
        "3-2-501张大爷家软管老化",
        "3-2-501张大爷在网上跟老师炒股，准备再转5万",
        "软管老化咋个办",
        "把独居老人的名单发群里",
        "明天下午2点到4点借议事厅开会",
        "今天哪个值班",
    ],
)
def test_the_group_sees_a_number_and_the_writer_the_answer(says: str, place: Neighbourhood) -> None:
    on_duty(place, {date(2026, 3, 5): "李大姐"})

    in_group = place.says("liu", says, chat="group", is_group=True)

    assert in_group == "已记，编号1。详情请私聊看。"
    assert place.told("group") == []
    [private] = [said for said in place.told("liu") if said != in_group]
    assert private
    assert private != in_group


def test_nothing_of_a_household_is_ever_said_in_the_group(place: Neighbourhood) -> None:
    place.says("liu", "3-2-501张大爷家软管老化", chat="group", is_group=True)
    place.says("liu", "3-2-501换成波纹管了，我看过", chat="group", is_group=True)

    shown = [one.text for one in place.post.sent if one.address == "group"]
    assert shown
    assert all("3-2-501" not in text and "张大爷" not in text for text in shown)
