"""The one Chinese sentence that says why a flag stands, with the worker's own words in it.

A rule's ``why`` is a template (``rules.engine.model.PLACEHOLDERS``), filled here from the facts that the rule spoke of.
Where the words are not known (a miss that only the record tells), the label of the kind or circumstance stands in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Speech:
    """A rule that spoke of one thing, in one or more ways (起不来 and 撞到头 are two ways of one fall)."""

    member: RuleInForce
    matches: tuple[Match, ...]


def fill(template: str, speech: Speech, sheet: FactSheet, case: CaseReading, words: Vocabulary) -> str:
    """The template with every placeholder filled."""
    if "{" not in template:
        return template
    facts = speech.matches[0].facts
    finding = next((sheet.findings[n] for n in facts if n in sheet.findings), None)
    label = _plain(words.label(finding.kind)) if finding else speech.member.rule.label
    quote = next((sheet.words[n].text for n in facts if n in sheet.words and sheet.words[n].text), label)
    return template.format(
        quote=quote,
        signs="、".join(signs(speech, sheet, words, quote)) or label,
        kind=label.removeprefix("疑似"),
        people="、".join(person.called for person in case.people) or "住户",
        values=next((as_text(sheet.values[n]) for n in facts if n in sheet.values), ""),
        money=_money(finding),
        stage=_STAGES[finding.stage] if finding and finding.stage else "走到哪一步还不清楚",
    )


def signs(speech: Speech, sheet: FactSheet, words: Vocabulary, quote: str) -> list[str]:
    """What the rule asked beside the finding itself: in the worker's words, or by its label where those are unknown.

    Words that the sentence quotes already are not quoted again.
    """
    found: dict[str, None] = {}
    for match in speech.matches:
        for clause, n in zip(speech.member.when, match.facts, strict=True):
            fact = sheet.by_n(n)
            for name, value in (field for pattern in clause if fits(fact, pattern) for field in pattern):
                code = str(value) if name == "code" else name if value == SAID else ""
                if code in words.circumstances:
                    said = sheet.told_by.get(code)
                    usable = said is not None and said.text not in ("", quote)
                    found[f"“{said.text}”" if said and usable else _plain(words.label(code))] = None
                elif name.startswith("age_"):
                    found[f"{sheet.values[n]['age']:g}岁"] = None
    return list(found)


def as_text(values: Mapping[str, float]) -> str:
    """``182/108``, ``19.3``; a pressure of which one half is known is ``182/?``; empty for other values."""
    if "systolic" in values or "diastolic" in values:
        return "/".join(f"{values[name]:g}" if name in values else "?" for name in ("systolic", "diastolic"))
    return f"{values['glucose']:g}" if "glucose" in values else ""


def _plain(label: str) -> str:
    """A label as it reads inside a sentence."""
    return label.replace("/", "、")


def _money(finding: Finding | None) -> str:
    amount = finding.values.get("amount_yuan") if finding else None
    if amount is None:
        return "金额要问清"
    return f"{amount / 10_000:g}万元" if amount >= 10_000 else f"{amount:g}元"
