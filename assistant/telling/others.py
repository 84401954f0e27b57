"""What others than the writing worker are told of a report: of what is urgent, proposed for closing, withdrawn.

A message to others names door, people and what was found; the worker's words stand in the report, which the
coordinator's page shows. The community police gets the one line that it needs at once: who, where, which scam, how far
it went, how much, and whether the phone is busy.
"""

from collections.abc import Sequence

from assistant.dialogue.wording import say_door, say_people
from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, Finding, FraudStage, Severity
from knowledge.replies import Replies

#: from the bait to the money
_FURTHEST = (
    FraudStage.STOPPED,
    FraudStage.LURE,
    FraudStage.CONTACT,
    FraudStage.ENGAGED,
    FraudStage.ABOUT_TO_PAY,
    FraudStage.PAID,
)
_WAN = 10_000


def say_alarm(case: CaseReading, decision: Decision, by: str, severity: Severity, replies: Replies) -> str:
    """One case for somebody else: level, door, people, what a rule concluded, and which worker wrote it."""
    door = say_door(case.key, is_whole_unit=case.is_whole_unit) or replies.sayings.door_unknown
    why = "；".join(dict.fromkeys(flag.why for flag in decision.flags if flag.severity is severity))
    return replies.sayings.told_others.format(
        severity=replies.severities[severity].name, door=door, people=say_people(case, replies), why=why, by=by
    )


def say_what_to_do(case: CaseReading, decision: Decision, replies: Replies) -> str:
    """What to do now, for the most urgent flag that has advice; empty where none has."""
    said = frozenset(each.code for each in case.circumstances if each.state.is_active)
    findings = {finding.kind: finding for finding in decision.findings if finding.state.is_active}
    for flag in sorted(decision.flags, key=lambda each: each.severity.urgency):
        finding = findings.get(flag.kind or "")
        if finding is None:
            continue
        advice = replies.advice_for(finding.kind, flag.severity, finding.stage, said | finding.circumstances)
        if advice:
            return advice
    return ""


def scams_of(decision: Decision) -> list[Finding]:
    """The scams that stand."""
    return [finding for finding in decision.findings if finding.theme == "fraud" and finding.state.is_active]


def say_to_police(
    estate: str, case: CaseReading, decision: Decision, amount: float | None, by: str, replies: Replies
) -> str | None:
    """A scam in one line: address, called, type, stage, amount, phone; None where no scam is found.

    ``amount`` (yuan) is what was said near it, used where the finding itself bears none.
    """
    scams = scams_of(decision)
    if not scams:
        return None
    sayings = replies.sayings
    worst = max(scams, key=lambda finding: _FURTHEST.index(finding.stage) if finding.stage in _FURTHEST else -1)
    return sayings.told_police.format(
        severity=replies.severities[decision.severity].name,
        door=f"{estate}{say_door(case.key, is_whole_unit=case.is_whole_unit) or sayings.door_unknown}",
        people=say_people(case, replies) or sayings.somebody,
        kind=replies.called(worst.kind),
        stage=replies.stages[worst.stage] if worst.stage else sayings.stage_unknown,
        amount=_say_amount(scams, amount, replies),
        phone=_say_phone(case, replies),
        by=by,
    )


def _say_amount(scams: Sequence[Finding], said: float | None, replies: Replies) -> str:
    amount = max((finding.values.get("amount_yuan", 0) for finding in scams), default=0) or said
    if not amount:
        return replies.sayings.amount_unknown
    if amount >= _WAN:
        return replies.sayings.amount_wan.format(amount=f"{amount / _WAN:g}")
    return replies.sayings.amount_yuan.format(amount=f"{amount:g}")


def _say_phone(case: CaseReading, replies: Replies) -> str:
    said = {each.code for each in case.circumstances if each.state.is_active}
    said |= {code for finding in case.findings for code in finding.circumstances}
    return next((text for code, text in replies.phone.items() if code in said), replies.sayings.phone_unknown)


def say_withdrawn(key: str, kinds: Sequence[str], by: str, replies: Replies) -> str:
    """A worker took back a report that others were told of."""
    door = say_door(key) or replies.sayings.door_unknown
    what = "、".join(dict.fromkeys(replies.called(kind) for kind in kinds))
    return replies.sayings.told_of_retraction.format(door=door, what=what, by=by)
