"""Scams, read as type × stage: what kind of scheme it is, and how far it has got.

Of several schemes in one stretch the one counts that most words speak for. A scam is told by its victim unless the
worker watches it happen; what the swindler says is part of it. Money gone is gone: a later refusal does not undo it.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.domain.reports import EvidenceState, Finding, FraudStage, Quote
from assistant.understand.claims import Claim, distinct, weigh
from assistant.understand.lexicon import Lexicon
from assistant.understand.normalise import FoldedText
from assistant.understand.polarity import Polarity
from assistant.understand.spans import starting_within

_UNSPECIFIED = "fraud.unspecified"


def read_scams(
    text: FoldedText,
    by_target: dict[str, list[Claim]],
    lexicon: Lexicon,
    polarity: Polarity,
    heard: Mapping[str, float],
) -> list[tuple[Claim, Finding]]:
    """The scheme that a stretch speaks of, with how far it has got; nothing where no scam is spoken of.

    ``heard`` is how likely the learned model finds each scheme and stage (empty where there is no model): it helps to
    choose, beside the words.
    """
    by_target = _without_denied(by_target, polarity)
    weighed = {target: (weigh(own), own) for target, own in by_target.items() if target.startswith("fraud.") and own}
    if not weighed:
        return []
    live = {target: pair for target, pair in weighed.items() if pair[0].state.is_active}
    chosen = live or {
        target: pair
        for target, pair in weighed.items()
        if pair[0].state is max((one.state for one, _ in weighed.values()), key=_standing)
    }
    kept = _strongest(chosen, heard)
    scams = []
    for target in kept:
        claim, own = chosen[target]
        stage = None
        if claim.state not in _STAGELESS:
            stage = _heard_too(_stage(own, by_target, lexicon, polarity), target, heard)
        state = _state_of_scam(claim, own, by_target, polarity)
        if live and _is_over(by_target):
            state = EvidenceState.RESOLVED
        elif state is EvidenceState.SELF_REPORTED and _is_under_way(claim, by_target, polarity):
            state = EvidenceState.SEEN
        quote = _scam_quote(text, claim, by_target)
        circumstances = frozenset(
            code for other in own if other.state.is_active for code in other.match.pattern.circumstances
        )
        scams.append((claim, Finding(target, state, quote, stage, circumstances)))
    return scams


def scam_goes_on(
    text: FoldedText, by_target: dict[str, list[Claim]], open_kinds: frozenset[str]
) -> tuple[Finding, ...]:
    """Who is about to pay, or has paid, where a scam is on record as open pays for that scam (今天她又要转5万)."""
    scams = sorted(kind for kind in open_kinds if kind.startswith("fraud."))
    for stage in (FraudStage.PAID, FraudStage.ABOUT_TO_PAY) if scams else ():
        acts = [
            claim
            for claim in by_target.get(f"stage:{stage}", ())
            if claim.state.is_active and len(claim.match.spans) > 1
        ]
        if acts:
            act = max(acts, key=lambda claim: claim.weight)
            return tuple(
                Finding(kind, act.state, text.quote(act.match.start, act.match.end), stage) for kind in scams[:1]
            )
    return ()


def _without_denied(by_target: dict[str, list[Claim]], polarity: Polarity) -> dict[str, list[Claim]]:
    """“退款电话,真的是超市打的”: who says that it is genuine takes back what looked like a scam in that sentence."""
    denials = [
        claim
        for target, own in by_target.items()
        if target.startswith("fraud.")
        for claim in own
        if claim.state is EvidenceState.NEGATED and claim.match.pattern.state is EvidenceState.NEGATED
    ]
    if not denials:
        return by_target
    return {
        target: [
            claim
            for claim in own
            if not target.startswith("fraud.")
            or not claim.state.is_active
            or not any(
                claim.match.start < denial.match.end and polarity.clauses.same_sentence(claim.position, denial.position)
                for denial in denials
            )
        ]
        for target, own in by_target.items()
    }


def _state_of_scam(
    claim: Claim, own: Sequence[Claim], by_target: dict[str, list[Claim]], polarity: Polarity
) -> EvidenceState:
    """Watched while it happens it is seen; where the worker only thinks it one (怕是遭骗了) it is unverified."""
    if claim.state is not EvidenceState.SELF_REPORTED:
        return claim.state
    doubted = [*by_target.get(_UNSPECIFIED, ()), max(own, key=lambda one: one.position)]
    if any(one.state is EvidenceState.UNVERIFIED for one in doubted) or polarity.is_only_judged(claim.match):
        return EvidenceState.UNVERIFIED
    if any(
        one.state is EvidenceState.SEEN
        for target, claims in by_target.items()
        if target.startswith("stage:")
        for one in claims
    ):
        return EvidenceState.SEEN
    return claim.state


#: A code to scan and a present: bait until somebody bites, and mostly the way into another scheme.
_BAIT = "fraud.qr_lure"
#: Who lends an account out pays nothing.
_NO_LOSS = frozenset({"fraud.account_mule"})


def _far(stage: FraudStage) -> int:
    return -1 if stage is FraudStage.STOPPED else list(FraudStage).index(stage)


_STAGELESS = frozenset({EvidenceState.NEGATED, EvidenceState.PLANNED})


def _standing(state: EvidenceState) -> int:
    return [EvidenceState.PLANNED, EvidenceState.NEGATED, EvidenceState.RESOLVED].index(state)


#: So much likelier another stage must sound than the one that the words tell; more where money goes or is gone.
_TOLD_COUNTS, _MONEY_COUNTS = 0.5, 0.7
_BEFORE_IT = frozenset({FraudStage.LURE, FraudStage.CONTACT})
_MONEY = frozenset({FraudStage.PAID, FraudStage.ABOUT_TO_PAY})
#: What a scheme weighs that the model does not hear at all, as a share.
_UNHEARD = 0.3


def _heard_too(told: FraudStage, scheme: str, heard: Mapping[str, float]) -> FraudStage:
    """The stage that the words tell, unless the whole sounds clearly like another one (…,她多了个心眼没给)."""
    if not heard or scheme in _NO_LOSS or scheme == _BAIT:
        return told
    likely = {stage: heard.get(f"stage:{stage}", 0.0) for stage in FraudStage}
    loudest = max(FraudStage, key=lambda stage: likely[stage])
    if told is FraudStage.STOPPED and loudest in _BEFORE_IT:
        return told  # 喊她按1,她直接挂了: how it began is told too
    counts = _MONEY_COUNTS if told in _MONEY and loudest not in _MONEY else _TOLD_COUNTS
    return loudest if likely[loudest] > likely[told] + counts else told


def _strongest(chosen: dict[str, tuple[Claim, list[Claim]]], heard: Mapping[str, float]) -> list[str]:
    """One scheme: the one that most words, and the model, speak for; "type unknown" only where nothing else is read."""
    specific = {target: own for target, (_, own) in chosen.items() if target != _UNSPECIFIED} or {
        target: own for target, (_, own) in chosen.items()
    }
    weight = {
        target: sum(claim.weight for claim in distinct(own)) * (_UNHEARD + heard.get(target, 0.0))
        for target, own in specific.items()
    }
    if _BAIT in weight and len(weight) > 1:
        weight[_BAIT] /= 2
    return [max(weight, key=lambda target: weight[target])]


def _is_over(by_target: dict[str, list[Claim]]) -> bool:
    """Did somebody say that the scam is over and the money back?"""
    return any(
        claim.state is EvidenceState.RESOLVED or claim.match.pattern.state is EvidenceState.RESOLVED
        for claim in by_target.get("stage:stopped", ())
    )


def _is_under_way(claim: Claim, by_target: dict[str, list[Claim]], polarity: Polarity) -> bool:
    """Does the worker see it happen (正在下会议软件, 正要出门去取)?"""
    acts = [one for stage in _ACTS for one in by_target.get(f"stage:{stage}", ()) if one.state.is_active]
    for one in (claim, *acts, *by_target.get("screen_shared", ())):
        clause = polarity.clauses.at(one.position)
        begins = [cue for cue in polarity.cue("under_way") if clause.start <= cue.start <= one.position]
        if begins and not starting_within(polarity.cue("only_seeks"), begins[0].start, one.match.end):
            return polarity.voice_at(one.position) is not EvidenceState.HEARSAY
    return False


_ACTS = (FraudStage.ENGAGED, FraudStage.ABOUT_TO_PAY)


def _stage(own: Sequence[Claim], by_target: dict[str, list[Claim]], lexicon: Lexicon, polarity: Polarity) -> FraudStage:
    """How far it has got: what was said last of paying counts, a refusal after it stops it, money gone is gone.

    Money that is only *not yet* gone (钱还没汇) stops nothing where somebody is about to pay.
    """
    is_about_to_pay = any(claim.state.is_active for claim in by_target.get(f"stage:{FraudStage.ABOUT_TO_PAY}", ()))
    said: list[tuple[int, FraudStage]] = []
    for stage in FraudStage:
        for claim in by_target.get(f"stage:{stage}", ()):
            if stage is FraudStage.ABOUT_TO_PAY and len(claim.match.spans) == 1 and claim.state.is_active:
                said.append((-1, stage))  # means at hand (存折揣起), no will: what is said of paying outweighs it
            elif claim.state.is_active:
                said.append((claim.position, stage))
            elif claim.state is EvidenceState.NEGATED and stage in (FraudStage.PAID, FraudStage.ABOUT_TO_PAY):
                if is_about_to_pay and _is_only_not_yet(claim, polarity):
                    continue
                said.append((claim.position, FraudStage.STOPPED))
            elif claim.state is EvidenceState.RESOLVED:
                said.append((claim.position, claim.match.pattern.stage or stage))
    own = [*own, *by_target.get(_UNSPECIFIED, ())]
    said += [
        (claim.position, claim.match.pattern.stage)
        for claim in own
        if claim.match.pattern.stage and claim.state.is_active
    ]
    if own[0].target == _BAIT:
        said = [(position, stage) for position, stage in said if stage is not FraudStage.CONTACT]
    if own[0].target in _NO_LOSS:
        said = [(position, min(stage, FraudStage.ENGAGED, key=_far)) for position, stage in said]
    stages = {stage for _, stage in said}
    last = {stage: max(position for position, own_stage in said if own_stage is stage) for stage in stages}
    if FraudStage.PAID in last and last[FraudStage.PAID] >= last.get(FraudStage.ABOUT_TO_PAY, -1):
        return FraudStage.PAID
    if FraudStage.STOPPED in last and last[FraudStage.STOPPED] >= last.get(FraudStage.ABOUT_TO_PAY, -1):
        return FraudStage.STOPPED
    for stage in (FraudStage.ABOUT_TO_PAY, FraudStage.PAID, FraudStage.STOPPED, FraudStage.ENGAGED, FraudStage.CONTACT):
        if stage in last:
            return stage
    if FraudStage.LURE in last:
        return FraudStage.LURE
    return lexicon.book.entries[own[0].target].stage or FraudStage.CONTACT


def _is_only_not_yet(claim: Claim, polarity: Polarity) -> bool:
    clause = polarity.clauses.at(claim.position)
    return any(clause.start <= cue.start < clause.end for cue in polarity.cue("only_not_yet"))


def _scam_quote(text: FoldedText, claim: Claim, by_target: dict[str, list[Claim]]) -> Quote:
    """The scheme's words, with those of paying where they stand near."""
    start, end = claim.match.start, claim.match.end
    for stage in (FraudStage.PAID, FraudStage.ABOUT_TO_PAY, FraudStage.ENGAGED):
        for other in by_target.get(f"stage:{stage}", ()):
            if other.state.is_active and 0 <= other.match.start - end <= 15:
                end = max(end, other.match.end)
    sum_behind = _SUM.match(text.text, end)
    return text.quote(start, sum_behind.end() if sum_behind else end)


#: The sum that stands right behind the words of paying belongs to the quote (准备再转|5万).
_SUM = re.compile(r"[了给过去出的]{0,2}[\d一二三四五六七八九十百千万亿两几多上余.]+(?:w|万|千|百|元|块钱|块)?多?")
