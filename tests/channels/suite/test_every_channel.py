"""Every channel keeps to the port: kept before acknowledged, once for each message, told once, and it says what failed.

A new channel passes when its rig stands in ``rigs/`` (see ``docs/channels.md``).
"""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import channels
from assistant.channels.base import Outgoing, OutgoingFile, SendFailed
from tests.channels.suite import rigs
from tests.channels.suite.rig import Can, Rig, RigOpener, Shown

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")

#: modules beside the channels that are none themselves
PORT = {"base", "fetching", "opened", "sent", "transcribing"}
MODULES = {
    each.name: importlib.import_module(f"{rigs.__name__}.{each.name}") for each in pkgutil.iter_modules(rigs.__path__)
}
OPENERS: dict[str, RigOpener] = {name: opener for each in MODULES.values() for name, opener in each.RIGS.items()}

SAID = "3栋2单元501软管老化，他不肯换😟\n明天再去 <b>&amp;"


@pytest.fixture(params=OPENERS)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with OPENERS[request.param]() as opened:
        yield opened


def able(rig: Rig, *needed: Can) -> None:
    missing = [each.value for each in needed if each not in rig.can]
    if missing:
        pytest.skip(f"{rig.channel.name} can't: {', '.join(missing)}")


def test_every_channel_stands_in_the_suite() -> None:
    there = {each.name for each in pkgutil.iter_modules(channels.__path__)}
    own = {name for name in there if name not in PORT and not name.startswith("web_")}

    assert own - WITHOUT_RIG == set(MODULES)


#: what is not finished, with what is missing; mending one means deleting its line
WITHOUT_RIG: set[str] = set()


# coming in


def test_a_message_comes_as_it_was_written(rig: Rig) -> None:
    rig.writes(SAID)

    [incoming] = rig.keeper.kept
    assert incoming.text == SAID
    assert incoming.channel == rig.channel.name
    assert incoming.where == rig.address
    assert incoming.sent_at.tzinfo is not None
    assert not incoming.is_group


def test_messages_keep_their_order_and_have_ids_of_their_own(rig: Rig) -> None:
    for text in ("一", "二", "二", "三"):
        rig.writes(text)

    assert [each.text for each in rig.keeper.kept] == ["一", "二", "二", "三"]
    assert len({each.message_id for each in rig.keeper.kept}) == 4


def test_what_can_not_be_kept_is_not_acknowledged_and_comes_again(rig: Rig) -> None:
    able(rig, Can.REPEAT)
    rig.keeper.is_full = True
    rig.writes("漏气了")
    was_acknowledged = rig.is_acknowledged()
    rig.keeper.is_full = False

    rig.gives_again()

    assert not was_acknowledged
    assert [each.text for each in rig.keeper.kept] == ["漏气了"]
    assert rig.is_acknowledged()


def test_a_message_that_is_given_twice_is_one(rig: Rig) -> None:
    able(rig, Can.REPEAT)
    rig.writes("漏气了")

    rig.gives_again()

    assert [each.text for each in rig.keeper.kept] == ["漏气了"]


def test_what_is_no_message_harms_nobody(rig: Rig) -> None:
    able(rig, Can.GARBAGE)
    rig.hears_garbage()

    rig.writes("后面的")

    assert [each.text for each in rig.keeper.kept] == ["后面的"]


def test_an_edit_names_what_it_edits(rig: Rig) -> None:
    able(rig, Can.EDIT)
    rig.writes("3-2-501漏气")

    rig.edits("3-2-502漏气")

    first, edit = rig.keeper.kept
    assert (edit.text, edit.edits) == ("3-2-502漏气", first.message_id)
    assert edit.message_id != first.message_id


def test_a_photo_comes_with_its_words_and_a_way_to_its_content(rig: Rig) -> None:
    able(rig, Can.PHOTO)
    rig.photographs("3-2-501软管老化")

    [incoming] = rig.keeper.kept
    [photo] = incoming.attachments
    assert incoming.text == "3-2-501软管老化"
    assert photo["kind"] == "photo"
    assert photo.get("file_id") or photo.get("digest")


def test_in_a_group_who_wrote_is_told_apart_from_where(rig: Rig) -> None:
    able(rig, Can.GROUP)
    rig.writes_in_group("3-2-501漏气")

    [incoming] = rig.keeper.kept
    assert incoming.is_group
    assert incoming.account == rig.address
    assert incoming.where != rig.address


# going out


def out(rig: Rig, text: str = SAID, key: str = "reply:1", buttons: tuple[str, ...] = ()) -> Outgoing:
    return Outgoing(rig.address, text, key, buttons)


def test_what_is_sent_is_shown_as_it_is(rig: Rig) -> None:
    rig.channel.send(out(rig))

    [shown] = rig.shows()
    assert shown.text == SAID


def test_a_tap_says_the_buttons_label_and_names_what_bore_it(rig: Rig) -> None:
    able(rig, Can.TAP)
    sent_as = rig.channel.send(out(rig, buttons=("已处理", "还没", "转给…")))

    rig.taps("还没")

    [tap] = rig.keeper.kept
    assert rig.shows()[-1].buttons == ("已处理", "还没", "转给…")
    assert tap.text == "还没"
    assert tap.reply_to == sent_as


def test_a_text_that_is_too_long_for_one_message_arrives_whole(rig: Rig) -> None:
    text = "\n".join(f"{number}栋1单元101 软管老化，请复查" for number in range(1, 400))

    rig.channel.send(out(rig, text))

    shown = rig.shows()
    assert all(len(each.text) <= rig.channel.limits.text_length for each in shown)
    assert "".join("".join(each.text.split()) for each in shown) == "".join(text.split())


def test_other_words_take_the_place_of_what_was_sent(rig: Rig) -> None:
    able(rig, Can.CHANGE)
    sent_as = rig.channel.send(out(rig, "提醒", buttons=("已处理",)))

    again = rig.channel.send(Outgoing(rig.address, "已办结", "reply:2", replaces=sent_as))

    assert again == sent_as
    assert rig.shows() == [Shown("已办结")]
    assert rig.channel.limits.has_edits


def test_a_file_goes_with_its_words_and_once(rig: Rig) -> None:
    able(rig, Can.FILE)
    outgoing = Outgoing(rig.address, "本周清单", "list:1", file=OutgoingFile("本周.csv", "门牌\n".encode()))

    first, again = rig.channel.send(outgoing), rig.channel.send(outgoing)

    assert first == again
    assert [(each.text, each.file) for each in rig.shows()] == [("本周清单", None), ("", "本周.csv")]
    assert rig.channel.limits.has_files


def test_the_same_key_is_told_once(rig: Rig) -> None:
    first, again = rig.channel.send(out(rig)), rig.channel.send(out(rig))

    assert first == again
    assert len(rig.shows()) == 1


def test_a_channel_that_has_had_enough_says_when_to_come_back(rig: Rig) -> None:
    able(rig, Can.BUSY)
    rig.is_busy_once(7)

    with pytest.raises(SendFailed) as failed:
        rig.channel.send(out(rig))
    rig.channel.send(out(rig))

    assert failed.value.retry_after is not None
    assert failed.value.retry_after >= 7
    assert not failed.value.for_good
    assert len(rig.shows()) == 1


def test_somebody_who_is_gone_is_told_of_as_gone_for_good(rig: Rig) -> None:
    able(rig, Can.BLOCKED)
    rig.is_blocked()

    with pytest.raises(SendFailed) as failed:
        rig.channel.send(out(rig))

    assert failed.value.for_good
    assert rig.shows() == []


def test_the_suite_reads_rigs_from_their_folder() -> None:
    assert {path.stem for path in (Path(__file__).parent / "rigs").glob("*.py")} - {"__init__"} == set(MODULES)
