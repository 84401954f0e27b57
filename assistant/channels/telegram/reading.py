"""A Telegram update as a message of ours. Nothing here asks the network.

The id of a message is chat and message number: an update that comes twice, by whatever number and in whatever order, is
one message. A tap's id is its own, and so is each edit's. What a bot wrote, what bears nothing, and a step of somebody
who shares where they are, is no message.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from assistant.channels.base import Incoming
from assistant.domain.errors import NotUnderstood

NAME = "telegram"


#: /start ABCD-EFGH-JKMN: what it is given stands for itself
_START = "start"

#: what a command says in plain words (why → 为什么); one that is not here is handed on as it was typed
Commands = Mapping[str, str]


def read_update(data: Any, commands: Commands, now: datetime) -> Incoming | None:
    """The message that an update brings; None when it brings none (a poll, a new member, another bot's words).

    ``now`` is when it came: a tap bears no time of its own. Raises NotUnderstood when it is no update as the Bot API
    describes it.
    """
    if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
        raise NotUnderstood("不是 Telegram 的 update", "要有整数 update_id")
    try:
        update = Update.de_json(data)
        if update.callback_query is not None:
            return _tap(update.callback_query, now)
        if update.edited_message is not None:
            return _written(update.edited_message, commands, is_edit=True)
        if update.message is not None:
            return _written(update.message, commands, is_edit=False)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise NotUnderstood(f"update {data['update_id']} 读不了:{type(error).__name__}") from error
    return None


def tapped(data: Any) -> str | None:
    """The id of the tap that an update brings: Telegram shows a waiting sign until it is answered."""
    query = data.get("callback_query") if isinstance(data, dict) else None
    return str(query["id"]) if isinstance(query, dict) and "id" in query else None


def _written(message: Message, commands: Commands, *, is_edit: bool) -> Incoming | None:
    if message.from_user is None or message.from_user.is_bot:
        return None
    text = message.text or message.caption or ""
    attachments = _attachments(message)
    if not text.strip() and not attachments:
        return None
    if is_edit and message.location is not None:
        # a place that is shared live is edited every few seconds: it is one message, with the place where it began
        return None
    name = f"{message.chat.id}:{message.message_id}"
    edits = name if is_edit else None
    if is_edit:
        at = message.edit_date or message.date
        # two edits within a second differ in their words
        name = f"{name}:edit:{int(at.timestamp())}:{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"
    replied = message.reply_to_message
    return Incoming(
        channel=NAME,
        message_id=name,
        account=str(message.from_user.id),
        text=_said(text, commands),
        sent_at=message.date,
        chat=str(message.chat.id),
        attachments=attachments,
        reply_to=str(replied.message_id) if replied is not None else None,
        is_group=message.chat.type != ChatType.PRIVATE,
        edits=edits,
    )


def _tap(query: CallbackQuery, now: datetime) -> Incoming | None:
    under = query.message
    if under is None or query.data is None or query.from_user.is_bot:
        return None
    label = query.data
    markup = under.reply_markup if isinstance(under, Message) else None
    for button in (button for row in (markup.inline_keyboard if markup else ()) for button in row):
        if button.callback_data == query.data:
            label = button.text
    return Incoming(
        channel=NAME,
        message_id=f"tap:{query.id}",
        account=str(query.from_user.id),
        text=label,
        sent_at=now,
        chat=str(under.chat.id),
        reply_to=str(under.message_id),
        is_group=under.chat.type != ChatType.PRIVATE,
    )


def _said(text: str, commands: Commands) -> str:
    """``/why@our_bot 3-2-501`` as words; any other text as it is."""
    if not text.startswith("/"):
        return text
    first, _, rest = text.partition(" ")
    name = first[1:].partition("@")[0].lower()
    if name == _START and rest.strip():
        return rest.strip()
    return f"{rest.strip()}{commands[name]}" if name in commands else text


def _attachments(message: Message) -> tuple[Mapping[str, Any], ...]:
    """What came with it, by Telegram's own names: the files themselves stay there."""
    found: list[Mapping[str, Any]] = []
    if message.photo:
        largest = message.photo[-1]
        found.append({"kind": "photo", "file_id": largest.file_id, "size": largest.file_size})
    # no film is kept, but it is named, so that whoever sent it hears of it
    films = (("document", each) for each in (message.video, message.video_note, message.audio))
    for kind, file in (("voice", message.voice), ("document", message.document), *films):
        if file is not None:
            found.append({"kind": kind, "file_id": file.file_id, "size": file.file_size})
    if message.media_group_id is not None:
        # an album is several messages, the words on one of them
        found = [{**each, "group": message.media_group_id} for each in found]
    if message.location is not None:
        place = message.location
        found.append({"kind": "location", "latitude": place.latitude, "longitude": place.longitude})
    return tuple(found)
