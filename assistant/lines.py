"""Messages and readings as JSON, one a line: the form of ``docs/contract/read.md``."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from assistant.domain.casework import Decision
from assistant.domain.errors import NotUnderstood
from assistant.domain.reports import (
    CareGrade,
    EarlierMessage,
    Finding,
    KnownHousehold,
    Message,
    OpenMatter,
    PersonOnRecord,
    Reading,
)


def message_of(line: str | bytes, now: datetime) -> Message:
    """Read one line. A message without ``at`` counts as sent ``now``.

    Raises NotUnderstood, saying which field is wrong and how it should look.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise NotUnderstood("这一行不是 JSON", '每行应是一个对象,如 {"id": "1", "text": "3-2-501软管老化"}') from fault
    if not isinstance(data, dict):
        raise NotUnderstood("这一行不是 JSON 对象", '应是 {"id": …, "text": …}')
    if not isinstance(data.get("text"), str):
        raise NotUnderstood("缺少 text", "text 是网格员写的话,一个字符串")
    try:
        return Message(
            id=str(data.get("id", "")),
            text=data["text"],
            at=_moment(data["at"], "at") if data.get("at") else now,
            estate=_text(data, "estate"),
            known=tuple(_known(each) for each in data.get("known") or ()),
            before=tuple(
                EarlierMessage(_required(each, "text", "before"), _moment(_required(each, "at", "before"), "before.at"))
                for each in data.get("before") or ()
            ),
        )
    except (TypeError, AttributeError) as fault:
        raise NotUnderstood("字段的类型不对", "known 和 before 是列表,格式见 docs/contract/read.md") from fault


def id_of(line: str | bytes) -> Any:
    """The id of a line that could not be read, as far as it can be told; else None."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return data.get("id") if isinstance(data, dict) else None


def reading_as_json(
    message: Message, reading: Reading, decisions: Sequence[Decision], ask: str | None
) -> dict[str, Any]:
    """One reading as the contract writes it; ``decisions`` are in the reading's order of cases."""
    cases = [
        {
            "key": case.key,
            "people": [person.called for person in case.people],
            "visit": case.visit.value,
            "findings": [_finding(finding) for finding in decision.findings],
            "severity": decision.severity.value,
            "flags": [
                {"rule": flag.rule, "theme": flag.theme, "severity": flag.severity.value, "why": flag.why}
                for flag in decision.flags
            ],
            "follow_ups": [
                {"owner": each.owner.value, "due": each.due.isoformat(), "what": each.what}
                for each in decision.follow_ups
            ],
            "closes": list(decision.closes),
        }
        for case, decision in zip(reading.cases, decisions, strict=True)
    ]
    moves = [{"from": move.from_key, "to": move.to_key, "kinds": list(move.kinds)} for move in reading.moves]
    said: dict[str, Any] = {
        "id": message.id,
        "intent": reading.intent.value,
        "cases": cases,
        "ask": ask,
        "moves": moves,
    }
    if reading.was_cut:
        said["note"] = "文字太长,只读了前面一段"
    return said


def _finding(finding: Finding) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": finding.kind,
        "state": finding.state.value,
        "quote": finding.quote.text,
        "start": finding.quote.start,
        "end": finding.quote.end,
    }
    if finding.theme == "fraud":
        said["stage"] = finding.stage.value if finding.stage else None
    return said


def _known(data: Mapping[str, Any]) -> KnownHousehold:
    return KnownHousehold(
        key=_required(data, "key", "known"),
        people=tuple(
            PersonOnRecord(
                _required(each, "name", "known.people"),
                each.get("age"),
                each.get("lives_alone"),
                each.get("disabled"),
                _grade(_text(each, "care_grade")),
            )
            for each in data.get("people") or ()
        ),
        open=tuple(
            OpenMatter(_required(each, "kind", "known.open"), _day(each.get("since")), int(each.get("times", 1)))
            for each in data.get("open") or ()
        ),
        misses_in_a_row=int(data.get("misses_in_a_row") or 0),
    )


def _required(data: Mapping[str, Any], field: str, where: str) -> str:
    value = data.get(field)
    if not isinstance(value, str):
        raise NotUnderstood(f"{where} 里缺少 {field}", "格式见 docs/contract/read.md")
    return value


def _text(data: Mapping[str, Any], field: str) -> str | None:
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise NotUnderstood(f"{field} 应是字符串", "格式见 docs/contract/read.md")
    return value


def _moment(text: str, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as fault:
        raise NotUnderstood(f"{field} 不是时间", "写成 2026-03-02T09:12:00+08:00") from fault
    if moment.tzinfo is None:
        raise NotUnderstood(f"{field} 没有时区", "写成 2026-03-02T09:12:00+08:00")
    return moment


def _grade(text: str | None) -> CareGrade | None:
    if text is None:
        return None
    try:
        return CareGrade(text)
    except ValueError as fault:
        raise NotUnderstood(f"care_grade 不能是“{text}”", f"写成 {'、'.join(CareGrade)}") from fault


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except (TypeError, ValueError) as fault:
        raise NotUnderstood("known.open 的 since 不是日期", "写成 2026-02-20") from fault
