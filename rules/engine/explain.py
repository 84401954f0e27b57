"""Why a rule did not speak: the first of its conditions that nothing on record or in the report meets.

missing = first_unmet(rule_in_force, facts)      # None: the rule speaks
in_words(missing, vocabulary)                    # 没有情形“屋里有动静”
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.engine.inforce import Clause, RuleInForce
from rules.engine.matcher import Fact, fits
from rules.engine.vocabulary import Vocabulary
from rules.engine.wording import say_pattern


@dataclass(frozen=True)
class Unmet:
    """A clause that no fact meets or, with ``absent``, that the fact numbered ``by`` meets though none should.

    ``met`` counts the clauses before it that facts meet: how near the rule was.
    """

    clause: Clause
    absent: bool = False
    by: int | None = None
    met: int = 0


def first_unmet(member: RuleInForce, facts: Sequence[Fact]) -> Unmet | None:
    """The first condition, in the rule's order and absences last, that keeps the rule silent; None when it speaks."""
    chosen: list[tuple[int, ...]] = [()]
    for met, clause in enumerate(member.when):
        fitting = [int(fact["n"]) for fact in facts if any(fits(fact, pattern) for pattern in clause)]
        chosen = [(*before, n) for before in chosen for n in fitting if n not in before]
        if not chosen:
            return Unmet(clause, met=met)
    for clause in member.absent:
        for fact in facts:
            if any(fits(fact, pattern) for pattern in clause):
                return Unmet(clause, absent=True, by=int(fact["n"]), met=len(member.when))
    return None


def in_words(unmet: Unmet, vocabulary: Vocabulary, days: Sequence[tuple[str, str]] = ()) -> str:
    """One Chinese sentence. ``days`` are the names and labels of the calendar."""
    asked = "或".join(dict.fromkeys(say_pattern(pattern, vocabulary, days) for pattern in unmet.clause[:3]))
    more = "等" if len(unmet.clause) > 3 else ""
    return f"已有{asked}{more},所以不适用" if unmet.absent else f"没有{asked}{more}"
