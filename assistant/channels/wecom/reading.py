"""A callback of WeCom, opened, as a message of ours. Nothing here asks the network.

A message has WeCom's MsgId: one that comes again is one message. An event has none; WeCom's documents tell it apart by
who and when, a tap also by its card and button. Entering the app, following it and the like are no messages.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from assistant.channels.base import Incoming
from assistant.domain.errors import NotUnderstood

NAME = "wecom"

#: what a menu's key says in plain words (today → 今天)
Commands = Mapping[str, str]

#: characters that XML has no place for; a message that bears one is not to be lost for it
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def sealed(xml: str) -> str:
    """What the outer XML of a callback bears, which anybody can send: the ciphertext. Raises NotUnderstood."""
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise NotUnderstood("不是企业微信的 XML")
    try:
        return fields(xml)["Encrypt"].strip()
    except KeyError as fault:
        raise NotUnderstood("企业微信的 XML 里没有密文") from fault


def fields(xml: str) -> dict[str, str]:
    """The fields of a message: WeCom's are one level deep. Raises NotUnderstood."""
    try:
        root = ElementTree.fromstring(_NO_XML.sub("", xml))
    except (ElementTree.ParseError, ValueError) as fault:
        raise NotUnderstood("不是企业微信的 XML") from fault
    return {each.tag: each.text or "" for each in root}


def read_callback(xml: str, commands: Commands) -> Incoming | None:
    """The message that a callback brings; None when it brings none. Raises NotUnderstood when it is no message."""
    said = fields(xml)
    try:
        who, at = said["FromUserName"], datetime.fromtimestamp(int(said["CreateTime"]), UTC)
        kind = said["MsgType"]
        return _event(said, who, at, commands) if kind == "event" else _written(said, who, at, kind)
    except (KeyError, ValueError, OverflowError, OSError) as fault:
        raise NotUnderstood(f"企业微信的消息读不了:{type(fault).__name__}") from fault


def response_code(xml: str) -> str | None:
    """By which the card that was tapped can be changed, once."""
    return fields(xml).get("ResponseCode") or None


def _written(said: Mapping[str, str], who: str, at: datetime, kind: str) -> Incoming | None:
    text = said.get("Content", "") if kind == "text" else _of_a_link(said) if kind == "link" else ""
    attachments = _attachments(said, kind)
    if not text.strip() and not attachments:
        return None
    number = said["MsgId"]
    if not who or not number:
        raise NotUnderstood("企业微信的消息没有编号")
    return Incoming(NAME, number, who, text, at, chat=who, attachments=attachments)


def _event(said: Mapping[str, str], who: str, at: datetime, commands: Commands) -> Incoming | None:
    event, key = said["Event"], said.get("EventKey", "")
    moment = said["CreateTime"]
    if event == "template_card_event" and key and who:
        task = said["TaskId"]
        return Incoming(NAME, f"tap:{who}:{moment}:{task}:{key}", who, key, at, chat=who, reply_to=task)
    if event == "click" and key in commands and who:
        return Incoming(NAME, f"menu:{who}:{moment}:{key}", who, commands[key], at, chat=who)
    return None


def _of_a_link(said: Mapping[str, str]) -> str:
    return "\n".join(part for part in (said.get("Title", ""), said.get("Description", ""), said.get("Url", "")) if part)


def _attachments(said: Mapping[str, str], kind: str) -> tuple[Mapping[str, Any], ...]:
    """What came with it, by WeCom's own names: the files themselves stay there."""
    if kind == "image":
        return ({"kind": "photo", "file_id": said["MediaId"]},)
    if kind == "voice":
        return ({"kind": "voice", "file_id": said["MediaId"], "type": f"audio/{said.get('Format') or 'amr'}"},)
    if kind == "video":
        return ({"kind": "document", "file_id": said["MediaId"], "type": "video/mp4"},)
    if kind == "location":
        return ({"kind": "location", "latitude": float(said["Location_X"]), "longitude": float(said["Location_Y"])},)
    return ()
