"""Where a message says that something is: which door or place opens a case, and which is only passed by."""

from collections.abc import Callable

import pytest

from assistant.domain.reports import Reading


def keys(reading: Reading) -> list[str]:
    return [case.key for case in reading.cases]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        pytest.param("五号楼一单元那边有煤气味,三楼右手那家飘出来的", ["5-1-3F"], id="a building, then more closely"),
        pytest.param(
            "过道堆满纸板,窗也没有。门牌:莲花公寓6-1-1805", ["6-1-1805"], id="an address by itself, at the end"
        ),
        pytest.param("对门两家触电,地址是13栋1单元502室", ["13-1-502"], id="where it was, not whose neighbour"),
        pytest.param("楼上有人触电。网格员循声找到10栋3单元703", ["10-3-703"], id="the door that was found"),
        pytest.param("四楼那户漏气。是7幢2单元的", ["7-2-4F"], id="whose it is, said afterwards"),
        pytest.param("一个住2楼一个住5楼,都脑壳昏", ["?-?-2F", "?-?-5F"], id="one lives here, one there"),
        pytest.param("6栋电梯停在九楼,里面有人触电", ["place:6栋电梯"], id="where a lift stands is no door"),
        pytest.param("触电了,不晓得是哪一层", ["?-?-?"], id="which floor is no floor"),
        pytest.param("2-1-301没人,桌上一层灰", ["2-1-301"], id="a layer of dust is no floor"),
        pytest.param("2-1-301家里大门锁起,没人", ["2-1-301"], id="the household's own front door"),
        pytest.param("黄家大门紧闭,没人", ["?-?-?"], id="a family's front door"),
        pytest.param("3栋2单元那个电梯触电", ["place:3栋2单元电梯"], id="that lift"),
        pytest.param("二栋三单元门洞里头触电", ["place:二栋三单元门洞"], id="an entrance"),
        pytest.param("5栋1单元2楼拐弯处堆满杂物", ["place:5栋1单元2楼拐弯处"], id="round the corner of a floor"),
        pytest.param("车棚堆满纸板,就在9栋旁边", ["place:9栋旁边"], id="a place with a number says where"),
        pytest.param("我在10栋负一楼看到,原来的车库触电", ["place:10栋负一楼"], id="the first with a number"),
        pytest.param("因为车棚太满,8栋楼道堆满纸板", ["place:8栋楼道"], id="a cause is no place"),
        pytest.param("在1栋楼下发现垃圾桶堆满纸板", ["place:1栋楼下"], id="a place that is looked round"),
        pytest.param("在11栋1单元巡查时,发现安全出口堆满杂物", ["place:11栋1单元安全出口"], id="a part of a building"),
        pytest.param(
            "13栋1单元三楼有人玩火,楼道堆满纸板", ["place:13栋1单元三楼楼道"], id="indoors, of the building before"
        ),
        pytest.param("8栋楼道堆满纸板,是4楼在装修", ["place:8栋楼道"], id="a bare floor behind a place"),
        pytest.param("8栋楼道堆满纸板,4楼没人", ["place:8栋楼道", "8-?-4F"], id="who was missed behind a place"),
        pytest.param(
            "8栋楼道堆满纸板,4楼那家触电", ["place:8栋楼道", "8-?-4F"], id="a home singled out behind a place"
        ),
        pytest.param("5-1-204 楼道堆满纸板", ["5-1-204"], id="what a door tells of the landing"),
        pytest.param("5-1-204没人,楼道堆满纸板", ["5-1-204", "place:楼道"], id="a door and, apart, a landing"),
        pytest.param("7-1-303 楼下小卖部触电", ["7-1-303"], id="a shop downstairs is no neighbour"),
        pytest.param(
            "6-3-1201 楼上1301触电,跟楼下也说了", ["6-3-1201", "6-3-1301"], id="a numbered neighbour lends no floor"
        ),
        pytest.param("陈大爷在车棚腿痛", ["?-?-?"], id="somebody by name, where they went"),
        pytest.param("车棚那头陈大爷腿痛", ["?-?-?"], id="somebody by name beside a place"),
        pytest.param("罗大爷说车棚堆满杂物", ["place:车棚"], id="who only tells of a place"),
        pytest.param("有个老人在菜市场腿痛", ["place:菜市场"], id="anybody, at a place"),
        pytest.param("楼下触电了,快来人", ["place:楼下"], id="out in the yard"),
        pytest.param("楼下那家漏气", ["?-?-?"], id="who lives below"),
        pytest.param("2-1-301说对门漏气要熏死他", ["2-1-301"], id="a neighbour in what the door tells"),
        pytest.param("2-1-301触电,楼下嫌吵", ["2-1-301"], id="a neighbour who complains"),
        pytest.param("新安花园3号楼1单元201漏气", ["3-1-201"], id="an estate that is named like a garden"),
        pytest.param("何孃孃找到了,在菜市场腿痛", ["?-?-?"], id="somebody found at a place"),
        pytest.param("闻到漏气,不晓得哪家,一进单元门就闻到", ["?-?-?"], id="some home, by way of the entrance"),
        pytest.param("8-1-401的线触电,一直拖到一楼", ["8-1-401"], id="how far a wire goes"),
        pytest.param("3单元602:触电", ["?-3-602"], id="a heading of a door"),
        pytest.param("9栋1单元走完了:101没人;201说腿痛", ["9-1-101", "9-1-201"], id="a building as a heading"),
        pytest.param(
            "2-1-301没人。上回西门口堆满的杂物清走了", ["2-1-301", "place:西门口"], id="a time before a place"
        ),
        pytest.param("6栋1单元电表箱触电", ["place:6栋1单元"], id="a building's own meter box"),
        pytest.param("4-2-1803触电,楼下1703说闻到了", ["4-2-1803"], id="a neighbour by number who tells"),
        pytest.param("4-2-1803漏气,楼下1703也说漏气", ["4-2-1803", "4-2-1703"], id="a neighbour who has it too"),
        pytest.param("说对门放毒,要打人,4-2-1803腿痛", ["4-2-1803"], id="a neighbour in what is told, the door last"),
        pytest.param("车库入口被坏了的道闸堵起,有人触电", ["place:车库入口"], id="a thing at a place"),
        pytest.param("水果店老板反映,北门触电", ["place:北门"], id="a shopkeeper tells of another place"),
        pytest.param("想在河边改成球场,触电", ["place:河边"], id="where something is wished for"),
        pytest.param(
            "10栋2单元门口触电,北门堆满纸板", ["place:10栋2单元门口", "place:北门"], id="one place after another"
        ),
        pytest.param("钟大娘要办老年食堂的卡,腿痛", ["?-?-?"], id="a card of a place"),
        pytest.param("7号楼3单元整个单元触电", ["7-3-?"], id="the whole of a unit"),
    ],
)
def test_where_it_is(read: Callable[..., Reading], said: str, where: list[str]) -> None:
    assert keys(read(said)) == where
