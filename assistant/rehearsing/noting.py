"""A chat that is typed becomes a conversation file: what was typed, and what was seen to happen as what is expected.

    等 25h         time passes (wait)            停 14h        the service is down for so long (down)
    点 已处理      the worker's button (tap)     网格长:收到   the coordinator speaks
    处置:收到      a responder speaks            @李大姐 …     another worker speaks
    群里:话       the worker writes it in the workers' group
    anything else  the worker speaks

Whoever keeps the file strikes out what does not matter: an expectation says what must hold, not what happened to be.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from assistant.domain.errors import NotUnderstood
from assistant.rehearsing.cast import Sent
from assistant.rehearsing.expecting import LEVELS
from assistant.rehearsing.form import Conversation, Step
from assistant.rehearsing.open_now import Item
from assistant.rehearsing.playing import Happened
from assistant.storage.tables import Purpose

_SPEAKS = {"网格长": "coordinator", "coordinator": "coordinator", "处置": "responder", "responder": "responder"}
_DOES = {"等": "wait", "wait": "wait", "停": "down", "down": "down", "点": "tap", "tap": "tap"}
_SPEECH = re.compile(rf"({'|'.join(_SPEAKS)})\s*[::]\s*(.+)", re.DOTALL)
_DEED = re.compile(rf"({'|'.join(_DOES)})\s+(\S+)")
_ANOTHER = re.compile(r"@(\S+)\s+(.+)", re.DOTALL)
_IN_GROUP = re.compile(r"群里\s*[::]\s*(.+)", re.DOTALL)
#: what YAML reads as the text that it is, also inside brackets
_PLAIN = re.compile(r"[A-Za-z0-9\u3400-\u9fff][^\s:#,&*!|>%@`'\"{}\[\]\\]*")
_NO_TEXT = re.compile(r"[-+.\d:TZ]+|true|false|null|True|False|Null|TRUE|FALSE|NULL")
_KEY = re.compile(r"[0-9A-Za-z]+-\d+-\d+")
HOW = (
    "直接打字是微网格员说话;“等 25h”过时间,“停 14h”停机,“点 已处理”按按钮,"
    "“网格长:收到”“处置:收到”“@李大姐 …”别人说话,“群里:…”在工作群里说"
)


def read_typed(line: str) -> Step:
    """A typed line as a step. Raises NotUnderstood, with the fix, for a span or line that is none."""
    said: dict[str, Any] = {"worker": line.strip()}
    if found := _SPEECH.fullmatch(line.strip()):
        said = {_SPEAKS[found[1]]: found[2]}
    elif found := _DEED.fullmatch(line.strip()):
        said = {_DOES[found[1]]: found[2]}
    elif found := _ANOTHER.fullmatch(line.strip()):
        said = {"worker": {"name": found[1], "says": found[2]}}
    elif found := _IN_GROUP.fullmatch(line.strip()):
        said = {"worker": {"says": found[1], "in_group": True}}
    try:
        return Step.model_validate(said)
    except ValidationError as fault:
        raise NotUnderstood(f"看不懂“{line.strip()}”", HOW) from fault


def header(conversation: Conversation) -> str:
    """The lines before the steps."""
    given = conversation.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"steps"})
    given = {"conversation": conversation.conversation, "at": conversation.at.isoformat(), **given}
    given["at"] = conversation.at.isoformat()
    first, *rest = (f"{name}: {_at(value) if name == 'at' else _flow(value)}" for name, value in given.items())
    return "\n".join([f"- {first}", *(f"  {line}" for line in rest), "  steps:"])


def note(step: Step, happened: Happened, before: Sequence[Item], now: Sequence[Item]) -> str:
    """One step with what was seen to happen."""
    lines = [f"    - {step.kind}: {_done(step)}"]
    expect = dict(_seen(step, happened, before, now))
    if expect:
        lines.append("      expect:")
        lines += [f"        {name}: {_flow(value)}" for name, value in expect.items()]
    return "\n".join(lines)


def _done(step: Step) -> str:
    if step.passes is not None:
        return _span(step.passes)
    said = getattr(step, step.kind)
    given = said.model_dump(exclude_defaults=True)
    return _flow(given if len(given) > 1 else said.says)


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _seen(step: Step, happened: Happened, before: Sequence[Item], now: Sequence[Item]) -> Iterator[tuple[str, object]]:
    if happened.to_group:
        yield "group", [each.text for each in happened.to_group]
    if happened.speaker is not None:
        yield "says", [line for each in happened.to_speaker for line in each.text.splitlines() if line.strip()]
        yield "asks", happened.asks
    was, is_ = ({(item.key, item.about): item for item in items if item.owner is None} for items in (before, now))
    opened = [
        {"key": item.key, **({"kind": item.about} if "." in item.about else {}), "severity": min(item.severities).value}
        for named, item in is_.items()
        if named not in was
    ]
    if opened:
        yield "open", opened
    still = {(item.key, item.about) for item in now}
    gone = [{"key": key, "kind": about} for key, about in was if (key, about) not in still]
    if gone:
        yield "not_open", gone
    told = [each for each in happened.to_others if each.purpose in (Purpose.ALARM, Purpose.NOTICE)]
    yield "told", [_told(each) for each in told]
    prompts = [each for each in happened.sent if each.purpose is Purpose.PROMPT]
    if prompts or step.passes is not None:
        yield "prompts", [_told(each) for each in prompts]
    if happened.escalated or step.passes is not None:
        yield (
            "escalated",
            [
                {"key": each.key, **({"kind": each.kind} if each.kind else {}), "to": LEVELS[each.to]}
                for each in happened.escalated
            ],
        )


def _told(sent: Sent) -> Mapping[str, object]:
    doors = list(dict.fromkeys(_KEY.findall(sent.text)))
    return {"role": sent.to.role.value, "who": sent.to.name, **({"says": doors} if doors else {})}


def _flow(value: object) -> str:
    """A value in YAML's flow form, words quoted only where they must be."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and (_KEY.fullmatch(value) or not _NO_TEXT.fullmatch(value)):
        return value
    return json.dumps(value, ensure_ascii=False)


def _at(value: object) -> str:
    return str(value)
