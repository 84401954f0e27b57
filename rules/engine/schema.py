"""The form of the files that rule authors write, and how a wrong form is told in Chinese with its line.

``read_entry`` checks one entry against its model; everything that needs the vocabulary (kinds, parameters, groups) is
checked later, by ``book``.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.domain.casework import Responder
from assistant.domain.errors import RuleBookError
from assistant.domain.reports import EvidenceState, FraudStage, Severity
from knowledge import yamlfile
from rules.engine.vocabulary import did_you_mean

#: what a source may be called where no public text stands behind a rule
OUR_PROPOSAL = "本项目建议"


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FollowUpEntry(Entry):
    """``within`` names a parameter in days, hours or minutes; without it the deadline follows the severity.

    ``on: promised_day`` instead: the day that the words promise it for.
    """

    owner: Responder
    what: str = Field(min_length=1)
    within: str | None = None
    on: Literal["promised_day"] | None = None


class ThenEntry(Entry):
    """What follows: a derived finding, a flag of some severity, a raise, or only more follow-ups."""

    severity: Severity | Literal["default"] | None = None
    follow_ups: tuple[FollowUpEntry, ...] = ()
    instead_of: tuple[str, ...] = ()
    finds: str | None = None
    state: EvidenceState | None = None
    stage: FraudStage | None = None
    raises: Literal["one_level"] | None = None
    except_kinds: tuple[str, ...] = ()
    tells: Literal["estate"] | None = None


class AccumulateEntry(Entry):
    """So many times within so long: a number or parameter, and a parameter in a unit of time."""

    times: int | str
    within: str


class RuleEntry(Entry):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_-]+$")
    label: str = Field(min_length=1)
    why: str = ""
    source: str
    since: date
    until: date | None = None
    when: list[Any] = Field(min_length=1)
    then: ThenEntry
    settled_when: list[Any] = []
    once_within: str | None = None
    once_after: str | None = None
    accumulate_within: AccumulateEntry | None = None


class CalendarEntry(Entry):
    """``every_year``: 06-15/08-31; ``days``: 2026-01-01/2026-01-03, or one day."""

    label: str
    every_year: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    source: str

    @field_validator("days", mode="before")
    @classmethod
    def _one_day(cls, written: Any) -> Any:
        # a day alone is read as a date by YAML
        return [str(each) for each in written] if isinstance(written, list) else written


class ParameterEntry(Entry):
    """``values`` by the day from which each holds."""

    label: str
    unit: str
    values: dict[date, float] = Field(min_length=1)
    source: str


class SourceEntry(Entry):
    title: str
    stands_in: str = ""


class GroupEntry(Entry):
    label: str
    any_of: list[Any] = Field(min_length=1)


#: what a union's alternatives are called on the way to a fault
_TYPES = frozenset({"int", "str", "float"})

EntryT = TypeVar("EntryT", bound=Entry)


def read_entry(model: type[EntryT], written: Any, path: Path, at: Sequence[str | int], called: str = "") -> EntryT:
    """Check one entry that stands at ``at`` in the file. Raises RuleBookError for the first thing that is wrong."""
    try:
        return model.model_validate(written)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        where = [*at, *first["loc"]]
        what, mend = _told(model, first)
        raise fault_at(path, where, what, mend, called) from fault


def fault_at(path: Path, at: Sequence[str | int], what: str, mend: str = "", called: str = "") -> RuleBookError:
    """A RuleBookError for what stands at ``at``; ``called`` is the rule or scenario that it belongs to."""
    line = yamlfile.line_of(path, at) if path.exists() else None
    return RuleBookError(f"{path.parent.name}/{path.name}", line, f"“{called}”:{what}" if called else what, mend)


def _told(model: type[BaseModel], fault: Any) -> tuple[str, str]:
    """What is wrong and how to mend it, for the faults that rule authors make."""
    name = _name_of(fault["loc"])
    match fault["type"]:
        case "extra_forbidden" if fault["input"] is None:
            return f"“{name}”被当成了一个字段", '句子里有逗号时,整句要加英文引号,例如 what: "先关阀,再开窗"'
        case "extra_forbidden":
            return f"不认识的字段“{name}”", did_you_mean(name, _fields_at(model, fault["loc"][:-1]))
        case "missing":
            return f"缺少“{name}”", "请补上这一行"
        case "enum" | "literal_error":
            legal = [word.strip(" '") for word in str(fault["ctx"]["expected"]).replace(" or ", ",").split(",")]
            return f"“{name}”不能是“{fault['input']}”", did_you_mean(str(fault["input"]), legal)
        case "string_pattern_mismatch" if name != "id":
            return f"“{name}”写法不对:{fault['input']}", "时间写成 now、40m、24h 或 7d"
        case "string_pattern_mismatch":
            return (
                f"“{name}”写法不对:{fault['input']}",
                "写成 主题.名称,只用小写字母、数字和连字符,例如 gas.hose-refused",
            )
        case "date_from_datetime_parsing" | "date_type" | "date_parsing" | "date_from_datetime_inexact":
            return f"“{name}”不是日期:{fault['input']}", "写成 2026-01-31"
        case "too_short" | "string_too_short":
            return f"“{name}”是空的", "请补上内容"
        case "float_parsing" | "float_type":
            return f"“{name}”不是数字:{fault['input']}", "只写数字,单位写在 unit"
        case "list_type" | "tuple_type":
            return f"“{name}”要写成一串", f"写在方括号里,用逗号隔开,例如 {name}: [{fault['input']}]"
        case "dict_type" | "model_type":
            return f"“{name}”下面要写成“名称: 内容”", "请对照 rules/README.md 里的例子"
        case "string_type":
            return f"“{name}”的写法不对", "请对照 rules/README.md 里的例子"
        case _:
            return f"“{name}”不对({fault['msg']})", "请对照 rules/README.md 里的例子"


def _name_of(loc: Sequence[Any]) -> str:
    """The last field on the way there, as the author wrote it: no number in a list, no day, no name of a type."""
    names = [step for step in loc if isinstance(step, str) and step.isidentifier() and step not in _TYPES]
    return names[-1] if names else ""


def _fields_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """The fields that may stand where ``loc`` leads, following nested models."""
    known: dict[str, type[BaseModel]] = {"then": ThenEntry, "follow_ups": FollowUpEntry}
    for step in loc:
        model = known.get(str(step), model)
    return list(model.model_fields)
