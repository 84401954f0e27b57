"""Random rule books inside the language, and random facts to try them on."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from rules.engine.book import RuleBook
from rules.engine.inforce import Group, Pattern, RulesInForce, put_in_force
from rules.engine.language import NO_STAGE, Reader
from rules.engine.model import Parameter, Rule, Then, Throttle, ThrottleWord
from rules.engine.vocabulary import load_vocabulary

DAY = date(2026, 3, 2)
VOCABULARY = load_vocabulary()
SEASONS = ["heat", "cold", "holiday"]
READER = Reader(VOCABULARY, frozenset(), {}, frozenset(SEASONS))
#: the only parameter of the random books: what throttles are measured with
PARAMETERS = {"one_week": Parameter("one_week", "", "天", ((date(2025, 1, 1), 7.0),), "")}
THROTTLES = [
    Throttle(ThrottleWord.ONCE_WITHIN, "one_week"),
    Throttle(ThrottleWord.ONCE_AFTER, "one_week"),
    Throttle(ThrottleWord.ACCUMULATE_WITHIN, "one_week", 3),
]

KINDS = ["gas.hose", "gas.leak", "fire.clutter", "fraud.rebate", "fraud.romance"]
THEMES = ["gas", "fire", "fraud"]
TOLD = [True, False, "unsaid"]
GRADES = ["red", "yellow", "on_request"]
HOUSEHOLD = ["presence", "symptoms", "unreachable"]
STATES = ["seen", "hearsay", "negated", "resolved", "planned"]


def _some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One, or a list of two different ones: "one of"."""
    return strategy | st.lists(strategy, min_size=2, max_size=2, unique=True)


_FINDING = st.fixed_dictionaries(
    {"finding": st.just("any") | _some(st.sampled_from(KINDS))},
    optional={
        "state": st.sampled_from(["active", "any"]) | _some(st.sampled_from(STATES)),
        "refused": st.sampled_from(TOLD),
        "symptoms": st.sampled_from(TOLD),
        "open_before": st.booleans(),
        "open_overdue": st.booleans(),
        "days_above": st.sampled_from([1, 3.5]),
    },
)
_COUNTED = st.fixed_dictionaries(
    {
        "finding": st.just("any") | _some(st.sampled_from(KINDS)),
        "nearby_households_at_least": st.sampled_from([2, 3]),
        "within": st.sampled_from([7, 14]),
    },
    optional={"building_times_at_least": st.just(2), "household_times_at_least": st.just(3)},
)
_FRAUD = st.fixed_dictionaries(
    {"theme": st.just("fraud")}, optional={"stage": _some(st.sampled_from(["paid", "lure", NO_STAGE]))}
)
_OTHER = st.one_of(
    st.fixed_dictionaries({"theme": _some(st.sampled_from(THEMES))}),
    st.fixed_dictionaries({"circumstance": _some(st.sampled_from(HOUSEHOLD))}, optional={"said": st.booleans()}),
    st.fixed_dictionaries({"visit": _some(st.sampled_from(["met", "missed", "refused"]))}),
    st.fixed_dictionaries(
        {"person": st.just("any")},
        optional={
            "lives_alone": st.sampled_from(TOLD),
            "disabled": st.sampled_from(TOLD),
            "age_at_least": st.just(80),
            "care_grade": _some(st.sampled_from(GRADES)),
        },
    ),
    st.fixed_dictionaries({"measurement": st.just("glucose"), "glucose_at_least": st.sampled_from([3.9, 16.7])}),
    st.fixed_dictionaries(
        {"open": st.sampled_from(["any", *KINDS])}, optional={"times_at_least": st.just(2), "overdue": st.booleans()}
    ),
    st.fixed_dictionaries(
        {"misses_in_a_row_at_least": st.sampled_from([1, 2])}, optional={"days_since_contact_at_least": st.just(30)}
    ),
    st.fixed_dictionaries({"calendar": _some(st.sampled_from(SEASONS))}),
)
_SIMPLE = _FINDING | _FRAUD | _COUNTED | _OTHER
_POSITIVE = _SIMPLE | st.lists(_SIMPLE, min_size=2, max_size=3).map(lambda members: {"any_of": members})
_ABSENT = (_SIMPLE | st.lists(_SIMPLE, min_size=2, max_size=2)).map(lambda members: {"none": members})
_RULE = st.tuples(st.lists(_POSITIVE, min_size=1, max_size=3), st.lists(_ABSENT, max_size=2)).filter(
    lambda parts: _ways(parts[0]) <= 30
)


def _ways(conditions: list[Any]) -> int:
    ways = 1
    for condition in conditions:
        ways *= len(READER.condition(condition).asks)
    return ways


#: the conditions, as an author would write them, of up to six rules, some throttled
books = st.lists(
    st.tuples(_RULE.map(lambda parts: [*parts[0], *parts[1]]), st.none() | st.sampled_from(THROTTLES)),
    min_size=1,
    max_size=6,
)


def in_force(written: list[tuple[list[dict[str, Any]], Throttle | None]]) -> RulesInForce:
    """An edition with these rules, all flag rules."""
    rules = [
        Rule(
            f"gas.r{i}",
            "gas",
            "",
            "",
            "",
            DAY,
            None,
            tuple(READER.condition(each) for each in when),
            Then(),
            (),
            Path(),
            i,
            throttle,
        )
        for i, (when, throttle) in enumerate(written)
    ]
    return put_in_force(rules, PARAMETERS, DAY)


def empty_book() -> RuleBook:
    return RuleBook((), {}, {}, VOCABULARY, Path())


_TOLD_AS_FACTS = st.sampled_from(["said", "denied", "unsaid"])


def _fact(fixed: Mapping[str, Any], optional: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: each if isinstance(each, st.SearchStrategy) else st.just(each) for name, each in fixed.items()},
        optional=dict(optional),
    )


def _finding_facts(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    stages = {"stage": st.sampled_from(["paid", "lure", NO_STAGE])} if kind.startswith("fraud") else {}
    return st.sampled_from(STATES).flatmap(
        lambda state: _fact(
            {
                "type": "finding",
                "kind": kind,
                "theme": kind.split(".")[0],
                "state": state,
                "active": state in ("seen", "hearsay"),
            },
            {
                "refused": _TOLD_AS_FACTS,
                "symptoms": _TOLD_AS_FACTS,
                "open_before": st.booleans(),
                "open_overdue": st.booleans(),
                "nearby_households_at_least_2_within_7": st.just(True),
                "nearby_households_at_least_3_within_14": st.just(True),
                "building_times_at_least_2_within_7": st.just(True),
                "household_times_at_least_3_within_14": st.just(True),
                **{f"may_gas_pr{i}": st.just(True) for i in range(6)},
                "days_above_1": st.just(True),
                "days_above_3_5": st.just(True),
                **stages,
            },
        )
    )


_FACT = st.one_of(
    st.sampled_from(KINDS).flatmap(_finding_facts),
    _fact({"type": "circumstance", "code": st.sampled_from(HOUSEHOLD), "said": st.booleans()}, {}),
    _fact({"type": "visit", "outcome": st.sampled_from(["met", "missed", "none"])}, {}),
    _fact(
        {"type": "person"},
        {"lives_alone": _TOLD_AS_FACTS, "disabled": _TOLD_AS_FACTS, "age_at_least_80": st.just(True)}
        | {"care_grade": st.sampled_from(GRADES)},
    ),
    _fact(
        {"type": "measurement", "what": "glucose"},
        {"glucose_at_least_3_9": st.just(True), "glucose_at_least_16_7": st.just(True)},
    ),
    _fact(
        {"type": "open", "kind": st.sampled_from(KINDS)}, {"times_at_least_2": st.just(True), "overdue": st.booleans()}
    ),
    _fact(
        {"type": "history"},
        {
            "misses_in_a_row_at_least_1": st.just(True),
            "misses_in_a_row_at_least_2": st.just(True),
            "days_since_contact_at_least_30": st.just(True),
        },
    ),
    _fact({"type": "day"}, {season: st.just(True) for season in SEASONS}),
    _fact({"type": "turn"}, {f"may_gas_pr{i}": st.just(True) for i in range(6)}),
)


@st.composite
def facts_for(draw: st.DrawFn, rules: RulesInForce) -> list[dict[str, Any]]:
    """Most of what one of the rules asks, what others ask or refuse, and anything else."""
    members = rules.rules[Group.FLAGS]
    asked = [draw(_made_to_fit(st.sampled_from(clause))) for clause in draw(st.sampled_from(members)).when]
    patterns = [pattern for member in members for clause in (*member.when, *member.absent) for pattern in clause]
    others = draw(st.lists(_made_to_fit(st.sampled_from(patterns)) | _FACT, max_size=5))
    facts = draw(st.permutations([*asked, *others]))
    return [fact | {"n": n} for n, fact in enumerate(facts, start=1)]


@st.composite
def cases(draw: st.DrawFn) -> tuple[RulesInForce, list[dict[str, Any]]]:
    """An edition and some facts to try it on."""
    rules = in_force(draw(books))
    return rules, draw(facts_for(rules))


def _made_to_fit(patterns: st.SearchStrategy[Pattern]) -> st.SearchStrategy[dict[str, Any]]:
    """Facts with a pattern's fields, sometimes over more of the same type."""
    return st.tuples(patterns.map(dict), _FACT).map(
        lambda both: {**both[1], **both[0]} if both[0]["type"] == both[1]["type"] else dict(both[0])
    )
