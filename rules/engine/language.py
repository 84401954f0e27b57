"""Conditions: what a rule may ask, and how each question is checked and worded.

A condition names one subject and what must be so of it; every field must hold, of one and the same thing:

    {finding: gas.hose, state: active, refused: true}     one finding; `any` or `theme: gas` for wider nets
    {circumstance: presence}                              said, and not denied
    {visit: missed}   {measurement: blood_pressure, systolic_at_least: 180}
    {person: any, age_at_least: very_old}                 someone whom the matter concerns, on record or as told
    {person: any, care_grade: [red, yellow]}              … whom the community gave one of these grades
    {open: gas.hose, times_at_least: 2, overdue: true}   {misses_in_a_row_at_least: 2, days_since_contact_at_least: 30}
    {theme: fraud, nearby_households_at_least: 3, within: 14}     the same kind behind so many doors of the estate
    {place: any, floor_at_least: 10}   {calendar: [heat, cold, holiday]}
    {group: vulnerable}   {any_of: [ …, … ]}   {none: …}

A list in place of a code means "one of". A circumstance is `true` (said), `false` (said not to be so) or `unsaid`: what
nobody told is never taken for "no". Limits are a number or the name of a parameter. Two conditions of a rule never
mean the same fact.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import Any

from assistant.domain.reports import CareGrade, EvidenceState, FraudStage, VisitOutcome
from rules.engine.vocabulary import MEASUREMENTS, VALUES, Vocabulary, did_you_mean


class Relation(StrEnum):
    """How a number is compared with its limit."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"

    def holds(self, number: float, limit: float) -> bool:
        match self:
            case Relation.AT_LEAST:
                return number >= limit
            case Relation.AT_MOST:
                return number <= limit
            case Relation.ABOVE:
                return number > limit
            case Relation.BELOW:
                return number < limit


_RELATIONS = {
    Relation.AT_LEAST: "不低于",
    Relation.AT_MOST: "不高于",
    Relation.ABOVE: "高于",
    Relation.BELOW: "低于",
}
#: what a circumstance's true, false and unsaid are called in facts
SAID, DENIED, UNSAID = "said", "denied", "unsaid"
#: the stage of an active fraud finding whose words tell none
NO_STAGE = "unknown"
ACTIVE_STATES = "active"
#: what is counted of the household's past
HISTORY = ("misses_in_a_row", "days_since_contact")
#: what is counted of a finding's kind over the last days: households of the estate that have it, this one included;
#: reports of it from the same building; reports of it from this very household or place
COUNTED = ("nearby_households", "building_times", "household_times")


@dataclass(frozen=True)
class Limit:
    """``value`` compared with a number, or with the parameter of that name as it stands on the day."""

    value: str
    relation: Relation
    at: float | str
    #: for values that are counted over the last days: how many days, or the parameter that says so
    within: float | str | None = None

    def field(self, number: float, days: float | None = None) -> str:
        """The fact's field that says whether the limit is met: ``systolic_at_least_180``."""
        window = "" if days is None else f"_within_{days:g}"
        return f"{self.value}_{self.relation}_{number:g}{window}".replace(".", "_").replace("-", "minus_")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that it names."""
        return tuple(each for each in (self.at, self.within) if isinstance(each, str))


@dataclass(frozen=True)
class Ask:
    """One alternative of a condition: a fact of this ``type`` whose fields equal these and meet these limits."""

    type: str
    equal: tuple[tuple[str, str | bool], ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Condition:
    """Holds when some fact fits one of ``asks``; with ``absent``, when no fact does."""

    asks: tuple[Ask, ...]
    absent: bool = False


@dataclass
class Mistake(Exception):
    """A condition that can't be: ``at`` is the path below it, ``what`` and ``mend`` are Chinese."""

    at: tuple[str | int, ...]
    what: str
    mend: str = ""

    def below(self, *path: str | int) -> "Mistake":
        return Mistake((*path, *self.at), self.what, self.mend)


@dataclass(frozen=True)
class Reader:
    """Turns conditions as written into ``Condition``; knows the vocabulary, parameters and groups."""

    vocabulary: Vocabulary
    parameters: frozenset[str]
    groups: Mapping[str, tuple[Ask, ...]]
    #: the names of calendar.yaml
    calendar: frozenset[str] = frozenset()

    def condition(self, written: Any) -> Condition:
        """Raises Mistake with the path, what is wrong and the likely fix."""
        if isinstance(written, dict) and set(written) == {"none"}:
            return Condition(self._any_of(written["none"], "none"), absent=True)
        return Condition(self.asks(written))

    def asks(self, written: Any) -> tuple[Ask, ...]:
        """Every alternative of a condition that is not ``none``."""
        if not isinstance(written, dict) or not written:
            raise Mistake((), "条件要写成 {…: …}", "例如 {finding: gas.hose, refused: true}")
        if set(written) == {"any_of"}:
            return self._any_of(written["any_of"], "any_of")
        if set(written) == {"group"}:
            name = written["group"]
            if name not in self.groups:
                raise Mistake(("group",), f"没有“{name}”这个组", did_you_mean(str(name), self.groups))
            return self.groups[name]
        subjects = [key for key in written if key in _SUBJECTS]
        if not subjects and any(str(key).startswith(HISTORY) for key in written):
            return (self._limits_only("history", written, HISTORY),)
        if len(subjects) != 1:
            stray = next(iter(written))
            mend = did_you_mean(str(stray), _STARTS) if not subjects else "一个条件只说一件事,请拆成两条"
            raise Mistake((str(stray),), "看不出这个条件问的是什么", mend)
        read: Callable[[Reader, dict[str, Any]], tuple[Ask, ...]] = _SUBJECTS[subjects[0]]
        return read(self, written)

    def _any_of(self, written: Any, key: str) -> tuple[Ask, ...]:
        members = written if isinstance(written, list) else [written]
        if not members:
            raise Mistake((key,), f"{key} 下面没有条件")
        found: list[Ask] = []
        for index, member in enumerate(members):
            try:
                found.extend(self.asks(member))
            except Mistake as mistake:
                raise mistake.below(key, index) if isinstance(written, list) else mistake.below(key) from None
        return tuple(dict.fromkeys(found))

    # ----- subjects

    def finding(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        by_kind = "finding" in written
        kinds = self._codes(written, "finding", self.vocabulary.kinds, or_any=True) if by_kind else ()
        themes = () if by_kind else self._codes(written, "theme", self.vocabulary.themes)
        concerned = {kind.split(".")[0] for kind in kinds} or set(themes)
        axes: list[tuple[tuple[str, str | bool] | None, ...]] = [
            tuple(("kind", kind) for kind in kinds) or tuple(("theme", theme) for theme in themes) or (None,),
            self._states(written),
        ]
        if "stage" in written:
            stages = self._codes(written, "stage", {*FraudStage, NO_STAGE})
            if concerned - {"fraud"}:
                raise Mistake(("stage",), "只有诈骗类的发现才有阶段(stage)", "去掉 stage,或改成 theme: fraud")
            axes.append(tuple(("stage", stage) for stage in stages))
        for key, value in written.items():
            if key in ("finding", "theme", "state", "stage", "within"):
                continue
            if key in ("open_before", "open_overdue"):
                axes.append(((key, self._yes(written, key)),))
            elif key in self.vocabulary.circumstances:
                self._may_go_with(key, concerned)
                axes.append(((key, self._told(key, value)),))
            elif key == "care_grade":
                raise Mistake((key,), "照护等级说的是人,不是发现", f"另写一个条件 {{person: any, care_grade: {value}}}")
            elif not self._is_limit(key):
                legal = {"state", "stage", "open_before", "open_overdue", "within", *self.vocabulary.circumstances}
                legal |= _limit_names((*VALUES, *COUNTED)).keys()
                raise Mistake((str(key),), f"发现没有“{key}”这个字段", did_you_mean(str(key), legal))
        limits = self._windowed(written, self._limits(written, (*VALUES, *COUNTED)))
        return tuple(
            Ask("finding", tuple(field for field in fields if field is not None), limits) for fields in product(*axes)
        )

    def circumstance(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        self._only(written, "情形", {"circumstance", "said"})
        said = self._yes(written, "said") if "said" in written else True
        codes = self._codes(written, "circumstance", self.vocabulary.circumstances)
        for code in codes:
            if code in self.vocabulary.personal:
                raise Mistake(("circumstance",), f"“{code}”说的是人", f"请写 {{person: any, {code}: true}}")
        return tuple(Ask("circumstance", (("code", code), ("said", said))) for code in codes)

    def visit(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        self._only(written, "走访", {"visit"})
        return tuple(
            Ask("visit", (("outcome", outcome),)) for outcome in self._codes(written, "visit", [*VisitOutcome])
        )

    def measurement(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        what, *others = self._codes(written, "measurement", MEASUREMENTS)
        if others:
            raise Mistake(("measurement",), "一个条件只量一样", "例如 {measurement: glucose, glucose_at_most: 3.9}")
        return (self._limits_only("measurement", written, MEASUREMENTS[what], equal=(("what", what),)),)

    def person(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        self._any_only(written, "person")
        equal: list[tuple[str, str | bool]] = []
        grades: tuple[str, ...] = ()
        for key, value in written.items():
            if key == "person" or self._is_limit(key):
                continue
            if key == "care_grade":
                grades = self._codes(written, key, CareGrade)
                continue
            if key not in self.vocabulary.personal:
                legal = {*self.vocabulary.personal, *_limit_names(["age"]), "care_grade"}
                raise Mistake((str(key),), f"人没有“{key}”这个字段", did_you_mean(str(key), legal))
            equal.append((key, self._told(key, value)))
        limits = self._limits(written, ("age",))
        if not grades:
            return (Ask("person", tuple(equal), limits),)
        return tuple(Ask("person", (*equal, ("care_grade", grade)), limits) for grade in grades)

    def open(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        kinds = self._codes(written, "open", self.vocabulary.kinds, or_any=True)
        overdue = (("overdue", self._yes(written, "overdue")),) if "overdue" in written else ()
        rest = {key: value for key, value in written.items() if key not in ("open", "overdue")}
        limits = self._limits(rest, ("times", "days_open"), every=True)
        return tuple(Ask("open", (("kind", kind), *overdue), limits) for kind in kinds) or (
            Ask("open", overdue, limits),
        )

    def day(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        """One of the days or seasons of calendar.yaml."""
        self._only(written, "日历", {"calendar"})
        names = self._codes(written, "calendar", self.calendar)
        return tuple(Ask("day", ((name, True),)) for name in names)

    def place(self, written: dict[str, Any]) -> tuple[Ask, ...]:
        self._any_only(written, "place")
        self._only(written, "地点", {"place", *_limit_names(["floor"])})
        return (Ask("place", (), self._limits(written, ("floor",))),)

    # ----- fields

    def _codes(self, written: dict[str, Any], key: str, legal: Iterable[str], or_any: bool = False) -> tuple[str, ...]:
        value = written[key]
        codes = value if isinstance(value, list) else [value]
        if or_any and value == "any":
            return ()
        words = {str(word) for word in legal}
        for code in codes:
            if code not in words:
                raise Mistake((key,), f"没有“{code}”这个{_CALLED.get(key, key)}", did_you_mean(str(code), words))
        return tuple(str(code) for code in codes)

    def _states(self, written: dict[str, Any]) -> tuple[tuple[str, str | bool] | None, ...]:
        if "state" not in written:
            return (("active", True),)
        states = self._codes(written, "state", {*EvidenceState, ACTIVE_STATES, "any"})
        if "any" in states:
            return (None,)
        return tuple(("active", True) if state == ACTIVE_STATES else ("state", state) for state in states)

    def _told(self, key: str, value: Any) -> str:
        if value is True:
            return SAID
        if value is False:
            return DENIED
        if value == UNSAID:
            return UNSAID
        raise Mistake((key,), f"“{key}”只能写 true(说了是)、false(说了不是)或 unsaid(没说)", f"现在写的是“{value}”")

    def _yes(self, written: dict[str, Any], key: str) -> bool:
        if not isinstance(written[key], bool):
            raise Mistake((key,), f"“{key}”只能写 true 或 false", f"现在写的是“{written[key]}”")
        return bool(written[key])

    def _may_go_with(self, code: str, concerned: set[str]) -> None:
        about = self.vocabulary.circumstances[code]
        if about.scope == "person":
            raise Mistake((code,), f"“{code}”说的是人,不是发现", f"请另写一个条件 {{person: any, {code}: true}}")
        if about.themes and concerned and not concerned & about.themes:
            raise Mistake(
                (code,), f"“{code}”({about.label})只用于 {'、'.join(sorted(about.themes))},这个条件永远不会成立"
            )

    def _is_limit(self, key: Any) -> bool:
        return any(str(key).endswith(f"_{relation}") for relation in Relation)

    def _windowed(self, written: dict[str, Any], limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        """Give the counted values the days that ``within`` says; each needs the other."""
        counted = [limit for limit in limits if limit.value in COUNTED]
        if "within" not in written:
            if counted:
                raise Mistake((f"{counted[0].value}_{counted[0].relation}",), "没有写在几天之内", "加上 within: 14")
            return limits
        within = self._number(written, "within")
        if not counted:
            raise Mistake(("within",), "within 只和数次数、户数的条件一起用", "加上 nearby_households_at_least: 3")
        return tuple(replace(limit, within=within) if limit in counted else limit for limit in limits)

    def _number(self, written: dict[str, Any], key: str) -> float | str:
        at = written[key]
        if isinstance(at, bool) or not isinstance(at, int | float | str):
            raise Mistake((key,), "界限要写数字或参数名", f"现在写的是“{at}”")
        if isinstance(at, str) and at not in self.parameters:
            raise Mistake((key,), f"parameters.yaml 里没有“{at}”", did_you_mean(at, self.parameters))
        return at

    def _limits(self, written: dict[str, Any], values: Iterable[str], every: bool = False) -> tuple[Limit, ...]:
        names = _limit_names(values)
        limits = []
        for key in written:
            if not every and not self._is_limit(key):
                continue
            if key not in names:
                raise Mistake((str(key),), f"这里不能比较“{key}”", did_you_mean(str(key), names))
            value, relation = names[key]
            limits.append(Limit(value, relation, self._number(written, key)))
        return tuple(limits)

    def _limits_only(
        self,
        type_: str,
        written: dict[str, Any],
        values: Iterable[str],
        equal: tuple[tuple[str, str | bool], ...] = (),
    ) -> Ask:
        rest = {key: value for key, value in written.items() if key != type_}
        limits = self._limits(rest, values, every=True)
        if not limits:
            raise Mistake((), "这个条件没有写界限", "例如 " + next(iter(_limit_names(values))) + ": 2")
        return Ask(type_, equal, limits)

    def _only(self, written: dict[str, Any], called: str, legal: set[str]) -> None:
        for key in written.keys() - legal:
            raise Mistake((str(key),), f"{called}没有“{key}”这个字段", did_you_mean(str(key), legal))

    def _any_only(self, written: dict[str, Any], key: str) -> None:
        if written[key] != "any":
            raise Mistake((key,), f"{key} 只能写 any", f"例如 {{{key}: any, …}}")


def _limit_names(values: Iterable[str]) -> dict[str, tuple[str, Relation]]:
    return {f"{value}_{relation}": (value, relation) for value in values for relation in Relation}


_SUBJECTS: dict[str, Callable[[Reader, dict[str, Any]], tuple[Ask, ...]]] = {
    "finding": Reader.finding,
    "theme": Reader.finding,
    "circumstance": Reader.circumstance,
    "visit": Reader.visit,
    "measurement": Reader.measurement,
    "person": Reader.person,
    "open": Reader.open,
    "place": Reader.place,
    "calendar": Reader.day,
}
_STARTS = (*_SUBJECTS, *_limit_names(HISTORY), "group", "any_of", "none")
_CALLED = {
    "finding": "发现种类",
    "theme": "主题",
    "circumstance": "情形",
    "visit": "走访结果",
    "state": "证据状态",
    "stage": "诈骗阶段",
    "care_grade": "照护等级",
    "open": "发现种类",
    "measurement": "测量项目",
    "calendar": "日历名称(见 calendar.yaml)",
}
