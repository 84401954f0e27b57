"""The one Chinese sentence that says why a flag stands, with the worker's own words in it.

A rule's ``why`` is a template (``rules.engine.model.PLACEHOLDERS``), filled here from the facts that the rule spoke of.
Where the words are not known (a miss that only the record tells), the label of the kind or circumstance stands in.
"""

from collections.abc import Mapping

from assistant.decide.facts import FactSheet
from assistant.domain.reports import CaseReading, Finding, FraudStage
from rules.engine.inforce import RuleInForce
from rules.engine.language import SAID
from rules.engine.matcher import Match, fits
from rules.engine.vocabulary import Vocabulary

_STAGES = {
    FraudStage.LURE: "已放出诱饵",
    FraudStage.CONTACT: "已被联系上",
    FraudStage.ENGAGED: "已照着做",
    FraudStage.ABOUT_TO_PAY: "准备给钱",
    FraudStage.PAID: "已经给了钱",
    FraudStage.STOPPED: "已经停手",
}


def fill(
    template: str, member: RuleInForce, match: Match, sheet: FactSheet, case: CaseReading, words: Vocabulary
) -> str:
    """The template with every placeholder filled."""
    if "{" not in template:
        return template
    finding = next((sheet.findings[n] for n in match.facts if n in sheet.findings), None)
    quotes = [sheet.words[n].text for n in match.facts if n in sheet.words and sheet.words[n].text]
    label = words.label(finding.kind) if finding else member.rule.label
    return template.format(
        quote=quotes[0] if quotes else label,
        signs="、".join(signs(member, match, sheet, words)) or label,
        kind=label,
        people="、".join(person.called for person in case.people) or "住户",
        values=_values(match, sheet),
        money=_money(finding),
        stage=_STAGES[finding.stage] if finding and finding.stage else "走到哪一步还不清楚",
    )


def signs(member: RuleInForce, match: Match, sheet: FactSheet, words: Vocabulary) -> list[str]:
    """What the rule asked beside the finding itself, in the worker's words, or by its label where there are none."""
    found: dict[str, None] = {}
    for clause, n in zip(member.when, match.facts, strict=True):
        fact = sheet.by_n(n)
        pattern = next(each for each in clause if fits(fact, each))
        for name, value in pattern:
            if name == "code":
                found[_words_for(str(value), sheet, words)] = None
            elif value == SAID and name in words.circumstances:
                found[_words_for(name, sheet, words)] = None
    return list(found)


def _words_for(code: str, sheet: FactSheet, words: Vocabulary) -> str:
    quote = sheet.told_by.get(code)
    return f"“{quote.text}”" if quote and quote.text else words.label(code)


def _values(match: Match, sheet: FactSheet) -> str:
    return next((as_text(sheet.values[n]) for n in match.facts if n in sheet.values), "")


def as_text(values: Mapping[str, float]) -> str:
    """``182/108``, ``19.3``; a pressure of which one half is known is ``182/?``; empty for other values."""
    if "systolic" in values or "diastolic" in values:
        return "/".join(f"{values[name]:g}" if name in values else "?" for name in ("systolic", "diastolic"))
    return f"{values['glucose']:g}" if "glucose" in values else ""


def _money(finding: Finding | None) -> str:
    amount = finding.values.get("amount_yuan") if finding else None
    if amount is None:
        return "金额没说"
    return f"{amount / 10_000:g}万元" if amount >= 10_000 else f"{amount:g}元"
