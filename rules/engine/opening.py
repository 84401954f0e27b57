"""Which matcher to use, and how a new rule book takes the old one's place."""

from collections.abc import Callable, Iterable, Sequence

from assistant.domain.errors import EngineError
from rules.engine.book import RuleBook
from rules.engine.durable import DurableMatcher, is_available
from rules.engine.inforce import Group, RulesInForce
from rules.engine.matcher import Fact, Matcher
from rules.engine.reference import ReferenceMatcher


def open_matcher(book: RuleBook, on_fault: Callable[[str, str], None] | None = None) -> Matcher:
    """durable_rules in a child process where it is installed, else the reference matcher; ``describe`` tells which."""
    return DurableMatcher(book, on_fault=on_fault) if is_available() else WithoutEngine(book)


class WithoutEngine(ReferenceMatcher):
    """The reference matcher where durable_rules could not be built or imported: says so."""

    def describe(self) -> str:
        return "规则匹配:纯 Python 参考匹配器(这台机器没有装上 durable_rules,结果相同;装法见 README)"


def self_test(matcher: Matcher, questions: Iterable[tuple[RulesInForce, Group, Sequence[Fact]]]) -> int:
    """Ask ``matcher`` and the reference the same questions; the number asked.

    Raises EngineError when an answer differs or the matcher counted a fault: a new book is not put to use then.
    """
    reference = ReferenceMatcher(matcher.book)
    before = matcher.faults.total()
    asked = 0
    for rules, group, facts in questions:
        asked += 1
        if matcher.match(rules, group, facts) != reference.match(rules, group, facts):
            raise EngineError("mismatch", f"{group} 组的结果与参考匹配器不同:{facts}")
    if matcher.faults.total() > before:
        raise EngineError("failure", matcher.describe())
    return asked
