"""Read a conversation file; where it does not fit the form, say file, line, field and how to mend it, in Chinese."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from assistant.domain.errors import ConversationError
from assistant.rehearsing.form import Conversation
from knowledge import yamlfile
from rules.engine.vocabulary import did_you_mean

_HOW_A_FILE_LOOKS = "文件是一个列表,每段对话以“- conversation: 名称”开头,写法见 docs/如何写对话.md"
#: what pydantic says of a value of the wrong sort, in words
_SORTS = {
    "string": "一段文字",
    "int": "一个整数",
    "bool": "true 或 false",
    "tuple": "一个列表,如 [甲, 乙]",
    "date": "日期,如 2026-03-05",
    "datetime": "带时区的时间,如 2026-03-05T10:00:00+08:00",
    "time_delta": "时长,如 40m、25h、7d",
    "model": "一组字段,如 {name: 张大爷, age: 82}",
    "timezone": "带时区的时间,如 2026-03-05T10:00:00+08:00",
}


def read_file(path: Path) -> list[Conversation]:
    """The conversations of a file, in order. Raises ConversationError or KnowledgeError for the first that is wrong."""
    written = yamlfile.load(path)
    if not isinstance(written, list) or not written:
        raise ConversationError(path.name, None, "不是对话的列表", _HOW_A_FILE_LOOKS)
    return [_read(path, index, each) for index, each in enumerate(written)]


def _read(path: Path, index: int, written: Any) -> Conversation:
    if not isinstance(written, dict):
        raise ConversationError(path.name, yamlfile.line_of(path, [index]), "这一段不是对话", _HOW_A_FILE_LOOKS)
    try:
        return Conversation.model_validate(written)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        at = _standing(written, first["loc"])
        what, mend = _told(first)
        called = written.get("conversation")
        missing = first["loc"][-1:] if first["type"] == "missing" else ()
        field = _field([*at, *missing])
        what = f"“{called}”的 {field}:{what}" if field else f"“{called}”:{what}"
        raise ConversationError(path.name, yamlfile.line_of(path, [index, *at]), what, mend) from fault


def _standing(written: Any, loc: Sequence[Any]) -> list[Any]:
    """The parts of a fault's place that stand in the file: pydantic also names the member of a union that it tried."""
    at: list[Any] = []
    for part in loc:
        in_mapping = isinstance(written, dict) and part in written
        if in_mapping or (isinstance(written, list) and isinstance(part, int) and part < len(written)):
            written = written[part]
            at.append(part)
    return at


def _field(at: Sequence[Any]) -> str:
    """The path of a field as people write it: steps 第2步 expect open 第1条 kind."""
    said: list[str] = []
    for part in at:
        said.append(f"第{part + 1}{'步' if said == ['steps'] else '条'}" if isinstance(part, int) else str(part))
    return " ".join(said)


def _told(fault: Any) -> tuple[str, str]:
    name = next((str(part) for part in reversed(fault["loc"]) if isinstance(part, str)), "")
    kind = fault["type"]
    match kind:
        case "extra_forbidden":
            return "不认识这个字段", did_you_mean(name, _fields_beside(fault["loc"]))
        case "missing":
            return "缺少这个字段", "请补上"
        case "value_error":
            return str(fault["ctx"]["error"]), ""
        case "enum" | "literal_error":
            legal = [word.strip(" '") for word in str(fault["ctx"]["expected"]).replace(" or ", ",").split(",")]
            return f"不能是“{fault['input']}”", did_you_mean(str(fault["input"]), legal)
        case "string_pattern_mismatch" if name == "key":
            return f"门牌写法不对:{fault['input']}", "写成 栋-单元-房号,如 3-2-501、3-0-501、place:8栋楼道"
        case "string_pattern_mismatch":
            return f"种类写法不对:{fault['input']}", "写成 主题.名称,如 gas.hose(见 knowledge/kinds.yaml)"
        case "too_short" | "string_too_short":
            return "是空的", "请补上内容,或删掉这一行"
        case "greater_than_equal" | "less_than_equal":
            return f"数字不对:{fault['input']}", ""
    sort = next((said for word, said in _SORTS.items() if re.match(rf"{word}(_|$)", kind)), "别的写法")
    return f"写法不对:{fault['input']!r}", f"应是{sort}"


def _fields_beside(loc: Sequence[Any]) -> set[str]:
    """The legal fields where an unknown one stands."""
    model: Any = Conversation
    for part in loc[:-1]:
        found = _FIELDS_OF[model].get(part) if isinstance(part, str) else None
        model = found or model
    return set(_FIELDS_OF[model])


def _model_in(annotation: Any) -> Any:
    """The form that a field holds, alone or in a list; None where it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each)) is not None), None)


def _fields_of(model: type[BaseModel], into: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    if model not in into:
        into[model] = {field.alias or name: _model_in(field.annotation) for name, field in model.model_fields.items()}
        for inner in into[model].values():
            if inner is not None:
                _fields_of(inner, into)
    return into


_FIELDS_OF = _fields_of(Conversation, {})
