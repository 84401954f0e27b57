"""Compare durable_rules with the reference matcher on far more random rule books than the tests have time for.

    nice -n 19 .venv/bin/python tools/compare_engines.py SEED COMPARISONS

Each comparison is one random book inside the language asked about one random set of facts. Making a book costs far more
than asking it, so every book is asked about ``DRAWN`` sets made for its rules and ``MIXED`` sets that chance picks
from the facts of those. Prints the count after each batch and stops with the smallest case where the two do not agree.
A run with the same seed, the same code and the same hypothesis makes the same cases.
"""

import random
import sys
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rules.engine.durable import DurableMatcher
from rules.engine.inforce import Group, RulesInForce
from rules.engine.reference import ReferenceMatcher
from tests.rules.random_books import books, empty_book, facts_for, in_force

DRAWN = 4
MIXED = 21
BOOKS_A_BATCH = 400
#: facts in a mixed set: more of them only makes more ways to match, which the engine tries one by one
MOST_FACTS = 8
#: a child keeps every ruleset that it was given
BOOKS_PER_CHILD = 200

Facts = list[dict[str, Any]]


@st.composite
def asked_often(draw: st.DrawFn) -> tuple[RulesInForce, list[Facts]]:
    """A book's edition and ``DRAWN + MIXED`` sets of facts, numbered from 1 as a turn numbers them."""
    rules = in_force(draw(books))
    drawn = [draw(facts_for(rules)) for _ in range(DRAWN)]
    pool = [fact for facts in drawn for fact in facts]
    chance = random.Random(draw(st.integers(0, 2**32)))
    picked = [chance.sample(pool, chance.randint(1, min(MOST_FACTS, len(pool)))) for _ in range(MIXED)]
    return rules, [*drawn, *([fact | {"n": n} for n, fact in enumerate(facts, start=1)] for facts in picked)]


def compare(durable: DurableMatcher, reference: ReferenceMatcher, start: int) -> None:
    """One batch; raises AssertionError with the smallest case on which the two differ."""

    @seed(start)
    @settings(
        max_examples=BOOKS_A_BATCH,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=asked_often())
    def agree(case: tuple[RulesInForce, list[Facts]]) -> None:
        rules, sets = case
        if durable.books_loaded >= BOOKS_PER_CHILD:
            durable.restart()
        for facts in sets:
            assert durable.match(rules, Group.FLAGS, facts) == reference.match(rules, Group.FLAGS, facts)
        assert not durable.faults

    agree()


def main() -> None:
    """Compare batch after batch, each with the next seed, until as many comparisons were made as were asked for."""
    start, wanted = int(sys.argv[1]), int(sys.argv[2])
    durable = DurableMatcher(empty_book(), timeout=60)
    reference = ReferenceMatcher(empty_book())
    began, done = time.monotonic(), 0
    while done < wanted:
        compare(durable, reference, start)
        start, done = start + 1, done + BOOKS_A_BATCH * (DRAWN + MIXED)
        print(f"{done} agree, next seed {start}, {time.monotonic() - began:.0f} s", flush=True)
    durable.close()


if __name__ == "__main__":
    main()
