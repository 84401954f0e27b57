"""What a DingTalk robot is told, as a message of ours. Nothing here asks the network."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.channels.base import Incoming
from assistant.domain.errors import NotUnderstood

NAME = "dingtalk"
#: before a group's own name, so that no person's is taken for one
GROUP = "group:"
_IN_GROUP = "2"


def read_message(data: Any) -> Incoming | None:
    """The message that a callback brings; None when it bears nothing (a sticker of no words).

    A repeat has the same ``msgId``. A reply that quotes one of ours names it. A voice comes with the words that
    DingTalk heard. Raises NotUnderstood when it is no message as the documents describe it.
    """
    try:
        number, account = data["msgId"], data.get("senderStaffId") or data["senderId"]
        at = datetime.fromtimestamp(int(data["createAt"]) / 1000, UTC)
        text, attachments = _content(data)
        is_group = str(data["conversationType"]) == _IN_GROUP
        chat = f"{GROUP}{data['conversationId']}" if is_group else ""
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, OSError) as fault:
        raise NotUnderstood(f"不是钉钉的机器人消息:{type(fault).__name__}") from fault
    if not (isinstance(number, str) and number and isinstance(account, str)):
        raise NotUnderstood("钉钉的消息没有编号或发送人")
    if not text.strip() and not attachments:
        return None
    replied = data.get("originalProcessQueryKey") or data.get("originalMsgId")
    return Incoming(
        channel=NAME,
        message_id=number,
        account=account,
        text=text,
        sent_at=at,
        chat=chat,
        attachments=attachments,
        reply_to=replied if isinstance(replied, str) else None,
        is_group=is_group,
    )


def _content(data: Mapping[str, Any]) -> tuple[str, tuple[Mapping[str, Any], ...]]:
    kind = data["msgtype"]
    if kind == "text":
        return str(data["text"]["content"]), ()
    content = data.get("content") or {}
    if kind == "richText":
        parts = content["richText"]
        texts = [str(part["text"]) for part in parts if "text" in part]
        return "".join(texts), tuple(_file("photo", part) for part in parts if "downloadCode" in part)
    if kind == "picture":
        return "", (_file("photo", content),)
    if kind == "audio":
        return str(content.get("recognition") or ""), (_file("voice", content),)
    # a video, a card, whatever comes next: kept as something that came, so that its sender hears of it
    return "", ({"kind": "document"} | ({"file_id": content["downloadCode"]} if "downloadCode" in content else {}),)


def _file(kind: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"kind": kind, "file_id": str(content["downloadCode"])}
