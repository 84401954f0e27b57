"""Rules, conditions and what they conclude in Chinese words: for explanations, comparisons and the readable page.

say_pattern(pattern, words)            # 发现“软管老化/过长/松动”,住户不愿整改
say_condition(condition, rules, words) # the same of a condition as written, its parameters filled in
say_conclusion(rule, rules, words)     # P1;找燃气公司上门书面告知(24小时内)
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from assistant.domain.casework import Responder
from assistant.domain.reports import CareGrade, EvidenceState, FraudStage, Severity, VisitOutcome
from rules.engine.inforce import Pattern, RulesInForce
from rules.engine.language import DENIED, NO_STAGE, SAID, UNSAID, Ask, Condition
from rules.engine.model import Rule, ThrottleWord
from rules.engine.vocabulary import Vocabulary

OWNERS = {
    Responder.WORKER: "微网格员",
    Responder.COORDINATOR: "网格长",
    Responder.POLICE: "社区民警",
    Responder.GAS: "燃气公司",
    Responder.FIRE: "消防",
    Responder.EMS: "120",
    Responder.DOCTOR: "家庭医生",
    Responder.PROPERTY: "物业",
    Responder.POWER: "电工",
    Responder.FAMILY: "家属",
    Responder.CIVIL_AFFAIRS: "民政",
    Responder.HOUSING: "出租屋管理",
    Responder.CITY: "城管",
    Responder.MEDIATOR: "调解员",
    Responder.MARKET: "市场监管",
    Responder.PARTY_BRANCH: "小区党支部",
}
THEMES = {
    "gas": "燃气",
    "electric": "用电",
    "fire": "消防",
    "fraud": "诈骗",
    "elder": "老人关爱",
    "health": "健康",
    "child": "未成年人",
    "dispute": "纠纷",
    "tenancy": "租住",
    "place": "公共环境与设施",
    "request": "诉求与咨询",
    "visit": "走访",
    "general": "各主题通用",
}
STATES = {
    EvidenceState.SEEN: "亲眼看到",
    EvidenceState.SELF_REPORTED: "本人说",
    EvidenceState.HEARSAY: "听别人说",
    EvidenceState.UNVERIFIED: "疑似",
    EvidenceState.NEGATED: "说没有",
    EvidenceState.RESOLVED: "说已解决",
    EvidenceState.PLANNED: "只是宣传或提到",
}
STAGES = {
    FraudStage.LURE: "诱饵已放出",
    FraudStage.CONTACT: "被联系上",
    FraudStage.ENGAGED: "照着做了",
    FraudStage.ABOUT_TO_PAY: "准备给钱",
    FraudStage.PAID: "已给钱",
    FraudStage.STOPPED: "已停手",
    NO_STAGE: "走到哪一步没说",
}
VISITS = {
    VisitOutcome.MET: "见到人",
    VisitOutcome.MISSED: "到访不遇",
    VisitOutcome.REFUSED: "拒访",
    VisitOutcome.PHONE: "电话联系上",
    VisitOutcome.STATION: "在服务站见到",
    VisitOutcome.NONE: "没走访",
}
_VALUES = {
    "systolic": "高压",
    "diastolic": "低压",
    "glucose": "血糖",
    "amount_yuan": "金额(元)",
    "days": "天数",
    "people": "人数",
    "age": "年龄",
    "times": "报过的次数",
    "days_open": "没了结的天数",
    "floor": "楼层",
    "misses_in_a_row": "连续不遇的次数",
    "days_since_contact": "没见到人的天数",
    "nearby_households": "本小区有同样情况的户数(连这户)",
    "building_times": "同一栋报到的次数(连这次)",
    "household_times": "这里报到的次数(连这次)",
}
_RELATIONS = {"at_least": "不低于", "at_most": "不高于", "above": "高于", "below": "低于"}
_NUMBER = r"(\d+(?:_\d+)?)"
_LIMIT = re.compile(rf"({'|'.join(_VALUES)})_({'|'.join(_RELATIONS)})_(minus_)?{_NUMBER}(?:_within_{_NUMBER})?")
_TYPES = {
    "finding": "发现",
    "circumstance": "情形",
    "visit": "走访结果是",
    "measurement": "量得",
    "person": "当事人",
    "open": "没了结的事",
    "history": "走访记录",
    "place": "公共场所",
    "day": "今天是",
    "turn": "还没说过",
}
_MEASURED = {"blood_pressure": "血压", "glucose": "血糖"}


def say_pattern(pattern: Pattern, words: Vocabulary, days: Iterable[tuple[str, str]] = ()) -> str:
    """One pattern. ``days`` are the names and labels of the calendar."""
    type_ = str(pattern[0][1])
    fields = dict(pattern[1:])
    named: list[str] = []
    about: list[str] = []
    labels = dict(days)
    for field, value in fields.items():
        told = {DENIED: "(说了不是)", UNSAID: "(没说)"}.get(str(value), "")
        if field in ("kind", "code"):
            named.append(f"“{words.label(str(value))}”")
        elif field == "theme":
            named.append(f"{THEMES.get(str(value), value)}类")
        elif field == "outcome":
            named.append(VISITS[VisitOutcome(str(value))])
        elif field == "what":
            named.append(_MEASURED[str(value)])
        elif field == "state":
            about.append(STATES[EvidenceState(str(value))])
        elif field == "stage":
            about.append(STAGES[FraudStage(str(value)) if value != NO_STAGE else NO_STAGE])
        elif field == "said":
            about.extend([] if value else ["说了没有"])
        elif field == "care_grade":
            about.append(f"照护等级{CareGrade(str(value)).called}")
        elif field in words.circumstances:
            about.append(f"{words.label(field)}{told}" if value in (SAID, DENIED, UNSAID) else words.label(field))
        elif (limit := _LIMIT.fullmatch(field)) is not None:
            about.append(_say_limit(limit))
        elif field == "open_before":
            about.append("以前报过还没了结" if value else "以前没报过")
        elif field == "open_overdue":
            about.append("上回的跟进已逾期" if value else "上回的跟进没逾期")
        elif field == "overdue":
            about.append("跟进已逾期" if value else "跟进没逾期")
        elif field.startswith("may_"):
            about.append("到了可以再说的时候")
        elif type_ == "day":
            named.append(labels.get(field, field))
    said = _TYPES.get(type_, type_) + "".join(named) if named or type_ != "finding" else "随便哪种发现"
    return said + (("," if named or type_ == "finding" else "") + "、".join(about) if about else "")


def say_condition(condition: Condition, rules: RulesInForce, words: Vocabulary) -> str:
    """A condition as it stands on the rules' day; alternatives are joined by 或."""
    days = [(period.name, period.label) for period in rules.calendar]
    ways = [say_pattern(_as_pattern(ask, rules), words, days) for ask in condition.asks]
    said = " 或 ".join(dict.fromkeys(ways))
    return f"没有:{said}" if condition.absent else said


def say_conclusion(rule: Rule, rules: RulesInForce, words: Vocabulary) -> str:
    """What the rule concludes, with its deadlines on the rules' day."""
    then = rule.then
    parts = []
    if then.finds:
        parts.append(f"得出发现“{words.label(then.finds)}”")
    if then.raises:
        parts.append("把这个发现升一级(只从 P3、P2)")
    if then.by_kind:
        kinds = {kind: words.kinds[kind].severity or Severity.P3 for kind in rule.codes("kind")}
        parts.append("标记 " + "、".join(sorted({severity.value for severity in kinds.values()})))
    elif then.severity:
        parts.append(f"标记 {then.severity.value}")
    if then.instead_of:
        named = (rules.by_id[other].label if other in rules.by_id else other for other in then.instead_of)
        parts.append(f"代替“{'”“'.join(named)}”")
    if then.tells_estate:
        parts.append("告诉全小区的微网格员(不说是哪家)")
    for each in then.follow_ups:
        within = f"({say_span(rules.duration(each.within))})" if each.within else "(按等级的期限)"
        within = "(说好的那天)" if each.on_promised_day else within
        parts.append(f"找{OWNERS[each.owner]}:{each.what}{within}")
    return ";".join(parts)


def say_throttle(rule: Rule, rules: RulesInForce) -> str | None:
    """How often the rule speaks; None when nothing limits it."""
    if rule.throttle is None:
        return None
    span = say_span(rules.duration(rule.throttle.span)).removesuffix("内")
    times = rules.throttles[rule.id].times
    return {
        ThrottleWord.ONCE_WITHIN: f"说过一次,{span}内不再说",
        ThrottleWord.ONCE_AFTER: f"拖了{span}还没了结才说,只说一次",
        ThrottleWord.ACCUMULATE_WITHIN: f"{span}内第{times:g}次才说,说过重新数",
    }[rule.throttle.word]


def say_span(span: timedelta) -> str:
    """``马上``, ``10分钟内``, ``24小时内``, ``7天内``."""
    if not span:
        return "马上"
    if span % timedelta(days=1) == timedelta() and span > timedelta(days=1):
        return f"{span // timedelta(days=1)}天内"
    if span % timedelta(hours=1) == timedelta():
        return f"{span // timedelta(hours=1)}小时内"
    return f"{span / timedelta(minutes=1):g}分钟内"


def _as_pattern(ask: Ask, rules: RulesInForce) -> Pattern:
    fields: list[tuple[str, str | bool]] = [("type", ask.type), *ask.equal]
    for limit in ask.limits:
        number, within = (rules.parameters[at] if isinstance(at, str) else at for at in (limit.at, limit.within))
        fields.append((limit.field(float(number or 0), within), True))
    return tuple(fields)


def _say_limit(limit: re.Match[str]) -> str:
    value, relation, minus, number, within = limit.groups()
    number = number.replace("_", ".")
    window = f"{within.replace('_', '.')}天内" if within else ""
    return f"{window}{_VALUES[value]}{_RELATIONS[relation]}{'-' if minus else ''}{number}"
