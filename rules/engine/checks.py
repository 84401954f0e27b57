"""What rule authors get wrong beyond the form of an entry: in a rule by itself, towards other rules, and in numbers.

``book`` calls these while it loads; each raises RuleBookError with file, line, rule and the likely fix.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import combinations
from pathlib import Path
from string import Formatter

from assistant.domain.errors import RuleBookError
from assistant.domain.reports import Severity
from rules.engine.inforce import DEADLINES, TIME_UNITS
from rules.engine.language import Ask, Limit, Relation
from rules.engine.model import PLACEHOLDERS, Parameter, Rule, Source, ThrottleWord
from rules.engine.schema import OUR_PROPOSAL, RuleEntry, fault_at
from rules.engine.vocabulary import Vocabulary, did_you_mean

#: durable_rules fails above this many patterns a rule (docs: durable-rules.md), our own cap keeps rules readable
MOST_CONDITIONS = 16
MOST_ALTERNATIVES = 60
#: a case has one fact of these types, and no two conditions mean the same fact
ONLY_ONE = frozenset({"visit", "history", "place", "day"})


def check_source(source: str, sources: Mapping[str, Source], path: Path, at: list[str | int], called: str) -> None:
    """A source is one of sources.yaml, or our own proposal."""
    if source != OUR_PROPOSAL and source not in sources:
        raise fault_at(
            path, at, f"sources.yaml 里没有“{source}”", did_you_mean(source, [*sources, OUR_PROPOSAL]), called
        )


def fault_in(rule: Rule, field: str, what: str, mend: str = "") -> RuleBookError:
    """A fault at a field of the rule (``then.severity``), with its file, line and id."""
    return fault_at(
        rule.file,
        [rule.index, *(int(each) if each.isdigit() else each for each in field.split("."))],
        what,
        mend,
        rule.id,
    )


def check_alone(rule: Rule, entry: RuleEntry, vocabulary: Vocabulary) -> None:
    """What a rule can get wrong by itself."""
    wrong = partial(fault_in, rule)
    then = rule.then
    concludes = [bool(then.finds), then.flags, then.raises]
    if sum(concludes) > 1 or not (any(concludes) or then.follow_ups):
        raise wrong(
            "then", "then 只能有一个结论", "写 severity(标记)、finds(得出发现)、raises(升级)其中一个,或只写 follow_ups"
        )
    if then.finds and (then.finds not in vocabulary.kinds):
        raise wrong("then.finds", f"没有“{then.finds}”这个发现种类", did_you_mean(then.finds, vocabulary.kinds))
    if then.finds and then.follow_ups:
        raise wrong("then.follow_ups", "得出发现的规则不写跟进", "把跟进写到管这个发现的规则里")
    for kind in then.except_kinds - vocabulary.kinds.keys():
        raise wrong("then.except_kinds", f"没有“{kind}”这个发现种类", did_you_mean(kind, vocabulary.kinds))
    if all(condition.absent for condition in rule.when):
        raise wrong("when", "至少要有一个不是 none 的条件", "先写有什么,再写没有什么")
    if any(condition.absent for condition in rule.settled_when):
        raise wrong("settled_when", "settled_when 里不能写 none", "写哪句话、哪次走访表示已了结")
    if len(rule.when) > MOST_CONDITIONS:
        raise wrong("when", f"条件多于 {MOST_CONDITIONS} 个,引擎装不下", "请拆成两条规则")
    alternatives = 1
    for condition in rule.when:
        alternatives *= 1 if condition.absent else len(condition.asks)
    if alternatives > MOST_ALTERNATIVES:
        raise wrong("when", f"条件组合起来有 {alternatives} 种,多于 {MOST_ALTERNATIVES}", "请拆成几条规则,或改用 theme")
    if then.raises and rule.subject is None:
        raise wrong("when", "升级的规则要有一个发现", "加上 {finding: any}")
    if then.by_kind:
        for kind in {*rule.codes("kind")} or {""}:
            if kind not in vocabulary.kinds or vocabulary.kinds[kind].severity is None:
                raise wrong("then.severity", "这里没有默认的等级可用", "直接写 P0、P1、P2 或 P3")
    severities = {vocabulary.kinds[kind].severity for kind in rule.codes("kind")} if then.by_kind else {then.severity}
    if Severity.RECORD in severities and any(follow_up.within is None for follow_up in then.follow_ups):
        raise wrong("then.follow_ups", "P- 没有默认的期限", "给每个跟进写上 within")
    if entry.until and entry.until <= entry.since:
        raise wrong("until", "until 不晚于 since,这条规则永远不生效", "until 是失效的那一天")
    _check_throttle(rule, entry, vocabulary)
    _check_possible(rule)
    _check_why(rule)


def _check_throttle(rule: Rule, entry: RuleEntry, vocabulary: Vocabulary) -> None:
    words = [word.value for word in ThrottleWord if getattr(entry, word.value) is not None]
    if rule.then.tells_estate and (words != [ThrottleWord.ONCE_WITHIN] or rule.subject is None):
        what, mend = "告诉全小区(tells)的规则要说清多久一次、是哪种发现", "加上 once_within 和一个 {theme: fraud, …}"
        raise fault_in(rule, "then.tells", what, mend)
    if not words:
        return
    wrong, then = partial(fault_in, rule), rule.then
    if entry.accumulate_within is not None and entry.accumulate_within.times in (0, 1):
        raise wrong("accumulate_within.times", "times 至少是 2:第一次就说的不用写 accumulate_within", "写成 times: 3")
    if len(words) > 1:
        raise wrong(words[1], f"{words[0]} 和 {words[1]} 不能一起写", "只留一个")
    if then.finds or then.raises:
        raise wrong(words[0], "得出发现和升级的规则不能限次数", f"去掉 {words[0]}")
    urgent = {then.severity} | (
        {vocabulary.kinds[kind].severity for kind in rule.codes("kind")} if then.by_kind else set()
    )
    if Severity.P0 in urgent:
        raise wrong(words[0], "P0 的规则不能限次数,一次也不许漏", f"去掉 {words[0]}")
    if words[0] != ThrottleWord.ONCE_WITHIN and rule.subject is None:
        raise wrong(words[0], f"{words[0]} 要数某种发现", "在 when 里加一个 {finding: …}")


def _check_possible(rule: Rule) -> None:
    """Refuse conditions that nothing can ever meet."""
    positive = [(index, each) for index, each in enumerate(rule.when) if not each.absent]
    absent = [each for each in rule.when if each.absent]
    seen: set[str] = set()
    for index, condition in positive:
        types = {ask.type for ask in condition.asks}
        if len(types) == 1 and types <= ONLY_ONE:
            if types & seen:
                what = "一条消息只有一次走访、一份走访记录、一个地点、一天,两个条件不会同时成立"
                raise fault_in(rule, f"when.{index}", what, "合成一个条件,例如 {visit: [missed, refused]}")
            seen |= types
        for ask in condition.asks:
            for low, high in _crossed(ask):
                raise fault_in(
                    rule,
                    f"when.{index}",
                    f"{low.field(float(low.at))} 和 {high.field(float(high.at))} 不会同时成立",
                    "两个界限写反了,或该拆成 any_of",
                )
        if any(all(any(_is_part_of(no, ask) for no in none.asks) for ask in condition.asks) for none in absent):
            what = "这个条件和 none 里的正好相反,永远不会成立"
            raise fault_in(rule, f"when.{index}", what, "删掉其中一个,或把 none 写得更窄")


def _crossed(ask: Ask) -> Iterator[tuple[Limit, Limit]]:
    """Pairs of limits on one value that leave nothing between them (numbers only: parameters change by day)."""
    lows = [limit for limit in ask.limits if limit.relation in (Relation.AT_LEAST, Relation.ABOVE)]
    highs = [limit for limit in ask.limits if limit.relation in (Relation.AT_MOST, Relation.BELOW)]
    for low in lows:
        for high in highs:
            if low.value == high.value and not isinstance(low.at, str) and not isinstance(high.at, str):
                touching = low.relation is Relation.AT_LEAST and high.relation is Relation.AT_MOST
                if low.at > high.at or (low.at == high.at and not touching):
                    yield low, high


def _is_part_of(wide: Ask, narrow: Ask) -> bool:
    """Does every fact that fits ``narrow`` fit ``wide``?"""
    told = set(narrow.equal) | {("theme", str(code).split(".")[0]) for key, code in narrow.equal if key == "kind"}
    return wide.type == narrow.type and set(wide.equal) <= told and set(wide.limits) <= set(narrow.limits)


def check_towards_each_other(rules: Iterable[Rule]) -> None:
    """Refuse rules that contradict each other: same conditions with other conclusions, or each instead of the other."""
    rules = list(rules)
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        after, waiting = set[str](), list(rule.then.instead_of)
        while waiting:
            target = waiting.pop()
            if target == rule.id:
                raise fault_in(rule, "then.instead_of", "两条规则互相代替,结果谁也不标", "去掉其中一条的 instead_of")
            if target not in after:
                after.add(target)
                waiting.extend(by_id[target].then.instead_of)
    flags = [rule for rule in rules if rule.then.flags and rule.throttle is None]
    for one, other in combinations(flags, 2):
        if set(one.when) != set(other.when) or not _overlap(one, other):
            continue
        if one.id in other.then.instead_of or other.id in one.then.instead_of:
            continue
        where = f"{one.id}({one.file.name})"
        if (one.then.severity, one.then.by_kind) == (other.then.severity, other.then.by_kind):
            continue
        raise fault_in(
            other, "then.severity", f"和 {where} 的条件一样,等级却不同", "改条件,或用 instead_of 说明以哪条为准"
        )


def _overlap(one: Rule, other: Rule) -> bool:
    return (other.until is None or one.since < other.until) and (one.until is None or other.since < one.until)


def _check_why(rule: Rule) -> None:
    wrong = partial(fault_in, rule)
    if (rule.then.flags or rule.then.raises) and not rule.why:
        raise wrong("why", "缺少“why”", "写一句话说明为什么,例如 why: “{quote}”,软管要换")
    try:
        names = {name for _, name, _, _ in Formatter().parse(rule.why) if name is not None}
    except ValueError as fault:
        raise wrong("why", "why 里的花括号不成对", "写成 {quote}") from fault
    for name in names - PLACEHOLDERS.keys():
        raise wrong("why", f"why 里不能用“{{{name}}}”", did_you_mean(name, PLACEHOLDERS))


def check_in_book(rule: Rule, by_id: Mapping[str, Rule], parameters: Mapping[str, Parameter]) -> None:
    """What a rule can get wrong towards other rules and the parameters."""
    wrong = partial(fault_in, rule)
    if by_id[rule.id] is not rule:
        other = by_id[rule.id]
        raise wrong("id", f"编号“{rule.id}”用了两次(另一条在 {other.file.name})", "请给其中一条另取编号")
    for target in rule.then.instead_of:
        if target not in by_id or target == rule.id or not by_id[target].then.flags:
            flags = [each.id for each in by_id.values() if each.then.flags]
            raise wrong("then.instead_of", f"没有“{target}”这条标记规则可代替", did_you_mean(target, flags))
    for follow_up in rule.then.follow_ups:
        if follow_up.within is not None and follow_up.on_promised_day:
            raise wrong("then.follow_ups", "within 和 on 只能写一个", "说好哪天的写 on: promised_day,别的写 within")
        if follow_up.within is not None and follow_up.within not in parameters:
            spans = [name for name, each in parameters.items() if each.unit in TIME_UNITS]
            raise wrong(
                "then.follow_ups", f"parameters.yaml 里没有“{follow_up.within}”", did_you_mean(follow_up.within, spans)
            )
        if follow_up.within is not None and parameters[follow_up.within].unit not in TIME_UNITS:
            raise wrong("then.follow_ups", f"“{follow_up.within}”不是时间", f"期限的单位应是{'、'.join(TIME_UNITS)}")
    if rule.throttle is not None:
        span = rule.throttle.span
        if span not in parameters:
            spans = [name for name, each in parameters.items() if each.unit in TIME_UNITS]
            raise wrong(rule.throttle.word, f"parameters.yaml 里没有“{span}”", did_you_mean(span, spans))
        if parameters[span].unit not in TIME_UNITS:
            raise wrong(rule.throttle.word, f"“{span}”不是时间", f"期限的单位应是{'、'.join(TIME_UNITS)}")
        if isinstance(rule.throttle.times, str) and rule.throttle.times not in parameters:
            times = rule.throttle.times
            raise wrong(rule.throttle.word, f"parameters.yaml 里没有“{times}”", did_you_mean(times, parameters))
    for name in sorted(parameters_of(rule)):
        if parameters[name].on(rule.since) is None:
            first = parameters[name].values[0][0]
            raise wrong(
                "since",
                f"参数“{name}”从 {first} 才有值,早于它的规则算不出来",
                f"把 since 改到 {first} 或更晚,或给参数补上更早的值",
            )


def parameters_of(rule: Rule) -> set[str]:
    """The names of all parameters that the rule's limits, deadlines and throttle need."""
    limits = {
        name
        for condition in (*rule.when, *rule.settled_when)
        for ask in condition.asks
        for limit in ask.limits
        for name in limit.parameters
    }
    spans = {follow_up.within for follow_up in rule.then.follow_ups if follow_up.within}
    if rule.throttle is not None:
        spans |= {each for each in (rule.throttle.span, rule.throttle.times) if isinstance(each, str)}
    return limits | spans | (set(DEADLINES.values()) if rule.then.follow_ups else set())


def check_deadlines(path: Path, parameters: Mapping[str, Parameter]) -> None:
    """Every severity needs a deadline in a unit of time."""
    for name in DEADLINES.values():
        if name not in parameters:
            raise fault_at(
                path, [], f"缺少期限“{name}”", "补上,写法如:{label: P1 当日, unit: 小时, values: {2026-01-01: 24}, …}"
            )
        if parameters[name].unit not in TIME_UNITS:
            raise fault_at(path, [name, "unit"], f"“{name}”的单位不是时间", f"写{'、'.join(TIME_UNITS)}")
