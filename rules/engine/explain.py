"""Why a rule did not speak: the first of its conditions that nothing on record or in the report meets.

missing = first_unmet(rule_in_force, facts)      # None: the rule speaks
in_words(missing, vocabulary)                    # 没有人说到“屋里有动静”
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.engine.inforce import Clause, Pattern, RuleInForce
from rules.engine.language import DENIED, SAID, UNSAID
from rules.engine.matcher import Fact, fits
from rules.engine.vocabulary import Vocabulary


@dataclass(frozen=True)
class Unmet:
    """A clause that no fact meets or, with ``absent``, that the fact numbered ``by`` meets though none should."""

    clause: Clause
    absent: bool = False
    by: int | None = None


def first_unmet(member: RuleInForce, facts: Sequence[Fact]) -> Unmet | None:
    """The first condition, in the rule's order and absences last, that keeps the rule silent; None when it speaks."""
    chosen: list[tuple[int, ...]] = [()]
    for clause in member.when:
        fitting = [int(fact["n"]) for fact in facts if any(fits(fact, pattern) for pattern in clause)]
        chosen = [(*before, n) for before in chosen for n in fitting if n not in before]
        if not chosen:
            return Unmet(clause)
    for clause in member.absent:
        for fact in facts:
            if any(fits(fact, pattern) for pattern in clause):
                return Unmet(clause, absent=True, by=int(fact["n"]))
    return None


def in_words(unmet: Unmet, vocabulary: Vocabulary) -> str:
    """One Chinese sentence."""
    asked = "或".join(dict.fromkeys(_pattern(pattern, vocabulary) for pattern in unmet.clause[:3]))
    more = "等" if len(unmet.clause) > 3 else ""
    return f"已有{asked}{more},所以不适用" if unmet.absent else f"没有{asked}{more}"


_TYPES = {
    "finding": "发现",
    "circumstance": "情形",
    "visit": "走访",
    "measurement": "测量值",
    "person": "当事人",
    "open": "未了结的事",
    "history": "走访记录",
    "place": "公共场所",
}
_TOLD = {SAID: "", DENIED: "(说了不是)", UNSAID: "(没说)"}


def _pattern(pattern: Pattern, vocabulary: Vocabulary) -> str:
    type_ = str(pattern[0][1])
    words = []
    for field, value in pattern[1:]:
        if field in ("kind", "code"):
            words.append(f"“{vocabulary.label(str(value))}”")
        elif field == "active":
            words.append("成立" if value else "不成立")
        elif field in vocabulary.circumstances:
            words.append(f"“{vocabulary.label(field)}”{_TOLD.get(str(value), '')}")
        elif isinstance(value, bool):
            words.append(field if value else f"非{field}")
        else:
            words.append(f"{field} 为 {value}")
    return _TYPES.get(type_, type_) + ("(" + ",".join(words) + ")" if words else "")
