"""A Telegram update as a message of ours."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.channels.base import Incoming
from assistant.channels.telegram import read_update
from assistant.domain.errors import NotUnderstood
from tests.channels.telegram_double import CHAT, DATE, edited, message, tap, written
from tests.channels.test_telegram import COMMANDS, MALFORMED, NOW


def read(update: Any) -> Incoming | None:
    return read_update(update, COMMANDS, NOW)


def test_a_message_is_of_its_writer_in_its_chat() -> None:
    incoming = read(written(9, "3-2-501软管老化", 7))

    assert incoming == Incoming(
        "telegram", f"{CHAT}:7", str(CHAT), "3-2-501软管老化", datetime.fromtimestamp(DATE, UTC), str(CHAT)
    )


def test_in_a_group_the_writer_is_not_the_chat() -> None:
    incoming = read(written(9, "漏气", chat=-100))

    assert incoming is not None
    assert (incoming.is_group, incoming.where, incoming.account) == (True, "-100", str(CHAT))


def test_an_edit_has_an_id_of_its_own_and_names_what_it_edits() -> None:
    first, again, later = (read(edited(n, "502", 7, at)) for n, at in ((1, DATE), (2, DATE), (3, DATE + 5)))

    assert first is not None
    assert again is not None
    assert later is not None
    assert (first.text, first.edits, first.sent_at.timestamp()) == ("502", f"{CHAT}:7", DATE)
    assert first.message_id == again.message_id != later.message_id


def test_a_tap_says_the_buttons_label_under_the_message_that_bore_it() -> None:
    incoming = read(tap(9, "#1", under=501, labels={"#0": "还没", "#1": "已处理"}))

    assert incoming is not None
    assert (incoming.text, incoming.reply_to, incoming.sent_at) == ("已处理", "501", NOW)


def test_a_command_says_its_words_and_one_without_words_stays() -> None:
    typed = ("/why@our_bot 3-2-501", "/start ABCD-EFGH-JKMN", "/start", "楼道/why", "/unknown x")
    said = [read(written(1, text)) for text in typed]

    texts = [each.text for each in said if each]
    assert texts == ["3-2-501为什么", "ABCD-EFGH-JKMN", "你好", "楼道/why", "/unknown x"]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "file_size": 9}]}, "photo"),
        ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, "voice"),
        ({"video": {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 3}}, "document"),
        ({"video_note": {"file_id": "f", "file_unique_id": "u", "length": 1, "duration": 3}}, "document"),
        ({"audio": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, "document"),
        ({"location": {"latitude": 30.6, "longitude": 104.1}}, "location"),
    ],
)
def test_what_came_with_it_is_named(more: dict[str, Any], kind: str) -> None:
    incoming = read(written(1, None, **more))

    assert incoming is not None
    assert [each["kind"] for each in incoming.attachments] == [kind]


def test_a_picture_of_an_album_names_it() -> None:
    incoming = read(written(1, None, document={"file_id": "f", "file_unique_id": "u"}, media_group_id="13"))

    assert incoming is not None
    assert [each["group"] for each in incoming.attachments] == ["13"]


@pytest.mark.parametrize("update", [{"update_id": 1}, {"update_id": 1, "message": written(1, None)["message"]}])
def test_an_update_without_words_is_no_message(update: Any) -> None:
    assert read(update) is None


def test_a_place_that_is_shared_live_is_one_message_and_not_one_for_each_step() -> None:
    place = {"latitude": 30.6, "longitude": 104.1}
    begun = read(written(1, None, 7, location=place | {"live_period": 900}))
    steps = [
        read({"update_id": 2 + step, "edited_message": message(None, 7, location=place, edit_date=DATE + step)})
        for step in range(3)
    ]

    assert begun is not None
    assert [each["kind"] for each in begun.attachments] == ["location"]
    assert steps == [None, None, None]


@pytest.mark.parametrize("update", MALFORMED)
def test_what_is_no_update_is_refused_in_our_own_words(update: Any) -> None:
    with pytest.raises(NotUnderstood):
        read(update)
