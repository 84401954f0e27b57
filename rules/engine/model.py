"""A rule, a parameter and a source, as read from their files: immutable, with conditions checked and parsed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from assistant.domain.casework import Responder
from assistant.domain.reports import EvidenceState, FraudStage, Severity
from rules.engine.language import Condition


@dataclass(frozen=True)
class Parameter:
    """A number that a community may change, by the day from which each value holds (sorted)."""

    name: str
    label: str
    unit: str
    values: tuple[tuple[date, float], ...]
    source: str

    def on(self, day: date) -> float | None:
        """The value that holds on ``day``; None before the first."""
        return max(((since, value) for since, value in self.values if since <= day), default=(day, None))[1]


@dataclass(frozen=True)
class FollowUp:
    """Who shall do what; ``within`` names a deadline parameter, None means the deadline of the flag's severity.

    ``on_promised_day``: on the day for which somebody promised it; there is none where no day was said.
    """

    owner: Responder
    what: str
    within: str | None = None
    on_promised_day: bool = False


class ThrottleWord(StrEnum):
    """How a rule is kept from saying the same again and again."""

    #: having spoken of a household's kind, it is silent for so long
    ONCE_WITHIN = "once_within"
    #: it speaks when the matter has stood for so long, and then once
    ONCE_AFTER = "once_after"
    #: it speaks at the n-th time within so long, and counts anew
    ACCUMULATE_WITHIN = "accumulate_within"


@dataclass(frozen=True)
class Throttle:
    """``span`` names a parameter in a unit of time; ``times`` is a number or a parameter's name."""

    word: ThrottleWord
    span: str
    times: float | str = 1


@dataclass(frozen=True)
class Then:
    """What a rule concludes: one of ``finds``, ``severity`` (or ``by_kind``), ``raises``, or follow-ups alone."""

    severity: Severity | None = None
    #: the severity is the kind's default of kinds.yaml
    by_kind: bool = False
    follow_ups: tuple[FollowUp, ...] = ()
    #: rules whose flag for the same finding this one takes the place of
    instead_of: tuple[str, ...] = ()
    finds: str | None = None
    state: EvidenceState | None = None
    stage: FraudStage | None = None
    raises: bool = False
    #: kinds that a raise leaves alone
    except_kinds: frozenset[str] = frozenset()
    #: the workers of the estate are told of the kind, no household named
    tells_estate: bool = False

    @property
    def flags(self) -> bool:
        """Does it put up a flag?"""
        return self.by_kind or self.severity is not None


@dataclass(frozen=True)
class Rule:
    """One rule of a rule file; ``theme`` is the file's."""

    id: str
    theme: str
    label: str
    why: str
    source: str
    since: date
    until: date | None
    when: tuple[Condition, ...]
    then: Then
    settled_when: tuple[Condition, ...]
    file: Path
    index: int
    throttle: Throttle | None = None

    @cached_property
    def subject(self) -> int | None:
        """Which positive condition is the finding that the rule is about (its index); None when it is about none."""
        positive = [condition for condition in self.when if not condition.absent]
        return next((i for i, each in enumerate(positive) if {ask.type for ask in each.asks} == {"finding"}), None)

    def codes(self, name: str) -> Iterator[str]:
        """The kinds, themes or circumstance codes (``name`` is the field) that the positive conditions name."""
        for condition in self.when:
            if not condition.absent:
                yield from (str(value) for ask in condition.asks for key, value in ask.equal if key == name)

    def is_in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Source:
    """Where a rule or number comes from."""

    name: str
    title: str
    stands_in: str


#: what a ``why`` may name, and what each stands for
PLACEHOLDERS: Mapping[str, str] = {
    "quote": "这条发现的原话",
    "signs": "规则问到的那些情形的原话",
    "kind": "发现种类的名称",
    "people": "报告里怎样称呼这户的人",
    "values": "量出的数值",
    "money": "说到的金额",
    "stage": "诈骗到了哪一步",
}
