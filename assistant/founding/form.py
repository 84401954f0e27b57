"""The community as a file that people write, in Chinese, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.errors import FileFault, NotUnderstood
from assistant.domain.station import read_hours, read_weekday
from knowledge import yamlfile
from knowledge.wordlists import did_you_mean

#: what a person may be in the file
ROLES = {
    "网格员": Role.WORKER,
    "网格长": Role.COORDINATOR,
    "处置单位": Role.RESPONDER,
    "审计": Role.AUDITOR,
    "管理员": Role.ADMINISTRATOR,
}
_HOW_A_FILE_LOOKS = "照 deploy/community.example.yaml 的样子写"
_Name = Annotated[str, Field(min_length=1, max_length=40)]


class FoundingError(FileFault):
    """The file that describes the community is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class GridForm(_Part):
    name: _Name = Field(alias="名称")
    estates: tuple[_Name, ...] = Field(default=(), alias="小区")
    micro_grids: tuple[_Name, ...] = Field(default=(), alias="微网格")


class PersonForm(_Part):
    name: _Name = Field(alias="姓名")
    role: str = Field(alias="角色")
    area: str = Field(alias="在")
    acts_as: str | None = Field(default=None, alias="单位")
    estate: str | None = Field(default=None, alias="小区")


class StationForm(_Part):
    name: _Name = Field(alias="名称")
    area: str = Field(alias="在")
    place: str | None = Field(default=None, alias="地点")
    phone: str | None = Field(default=None, alias="电话")
    opens: str | None = Field(default=None, alias="开门")
    doctor_days: tuple[str, ...] = Field(default=(), alias="家医")
    rooms: tuple[_Name, ...] = Field(default=(), alias="房间")


class CommunityForm(_Part):
    street: _Name = Field(alias="街道")
    community: _Name = Field(alias="社区")
    grids: tuple[GridForm, ...] = Field(alias="网格", min_length=1)
    special_grids: tuple[_Name, ...] = Field(default=(), alias="专属网格")
    people: tuple[PersonForm, ...] = Field(default=(), alias="人员")
    stations: tuple[StationForm, ...] = Field(default=(), alias="服务站")

    def areas(self) -> list[str]:
        """The names of all areas, widest first."""
        inner = [name for grid in self.grids for name in (grid.name, *grid.micro_grids)]
        return [self.street, self.community, *inner, *self.special_grids]

    def estates(self) -> list[str]:
        return [name for grid in self.grids for name in grid.estates]


def read_file(path: Path, responders: Mapping[Responder, str]) -> CommunityForm:
    """The community of the file; ``responders`` are the names that the knowledge has for them.

    Raises FoundingError, or KnowledgeError where it is no YAML, with the line and how to mend it.
    """
    written = yamlfile.load(path)
    if not isinstance(written, dict):
        raise FoundingError(path.name, None, "不是一个社区", _HOW_A_FILE_LOOKS)
    try:
        form = CommunityForm.model_validate(written)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        raise FoundingError(path.name, yamlfile.line_of(path, first["loc"]), *_told(first)) from fault
    for at, what, mend in _contradictions(form, responders):
        raise FoundingError(path.name, yamlfile.line_of(path, at), what, mend)
    return form


def _told(fault: Any) -> tuple[str, str]:
    names = [str(part) for part in fault["loc"] if isinstance(part, str)]
    field = " ".join(names)
    if fault["type"] == "extra_forbidden":
        known = {each.alias or "" for model in _FORMS for each in model.model_fields.values()}
        return f"不认识“{names[-1]}”", did_you_mean(names[-1], known)
    if fault["type"] == "missing":
        return f"缺少“{field}”", "请补上"
    if fault["type"] in ("tuple_type", "model_type", "model_attributes_type"):
        return f"“{field}”写法不对", "几项写成列表,如 [甲, 乙];" + _HOW_A_FILE_LOOKS
    if fault["type"] in ("too_short", "string_too_short"):
        return f"“{field}”是空的", "请补上"
    return f"“{field}”写法不对:{fault['input']!r}", _HOW_A_FILE_LOOKS


_FORMS: tuple[type[BaseModel], ...] = (CommunityForm, GridForm, PersonForm, StationForm)


def _contradictions(
    form: CommunityForm, responders: Mapping[Responder, str]
) -> Iterator[tuple[list[str | int], str, str]]:
    """What each part says by itself is right; what they say of each other may not be."""
    areas, estates, units = form.areas(), form.estates(), list(responders.values())
    for name in sorted({name for name in areas if areas.count(name) > 1}):
        yield ["网格"], f"有两个区域都叫“{name}”", "各起各的名字,人员才知道在哪一个"
    seen: set[tuple[str, str]] = set()
    for index, person in enumerate(form.people):
        at: list[str | int] = ["人员", index]
        if person.role not in ROLES:
            yield [*at, "角色"], f"没有“{person.role}”这个角色", did_you_mean(person.role, ROLES)
            return
        if person.area not in areas:
            yield [*at, "在"], f"没有“{person.area}”这个区域", did_you_mean(person.area, areas)
        if person.estate is not None and person.estate not in estates:
            yield [*at, "小区"], f"没有“{person.estate}”这个小区", did_you_mean(person.estate, estates)
        if (ROLES[person.role] is Role.RESPONDER) != (person.acts_as is not None):
            yield at, f"“{person.name}”的单位不对", "处置单位的人要写单位,别的人不写"
        if person.acts_as is not None and person.acts_as not in units:
            yield [*at, "单位"], f"没有“{person.acts_as}”这个单位", did_you_mean(person.acts_as, units)
        if (person.name, person.area) in seen:
            yield at, f"“{person.name}”在“{person.area}”写了两次", "同名的两个人请写成能分清的,如 刘桂芳(大)"
        seen.add((person.name, person.area))
    for index, station in enumerate(form.stations):
        if station.area not in areas:
            yield ["服务站", index, "在"], f"没有“{station.area}”这个区域", did_you_mean(station.area, areas)
        try:
            read_hours(station.opens) if station.opens is not None else None
            [read_weekday(day) for day in station.doctor_days]
        except NotUnderstood as fault:
            yield ["服务站", index], str(fault), ""
