"""From the patterns found in one stretch of text to its findings and circumstances.

One finding a kind: the claims that a stretch makes of one kind are weighed against each other (over after it was
there: resolved; there and once denied: there). Scams have a file of their own.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.domain.reports import Circumstance, EvidenceState, Finding, FraudStage
from assistant.understand.claims import Claim, settle, weigh
from assistant.understand.lexicon import Lexicon
from assistant.understand.normalise import FoldedText
from assistant.understand.polarity import Polarity
from assistant.understand.scams import read_scams, scam_goes_on
from assistant.understand.spans import Span


@dataclass(frozen=True)
class Statements:
    """What one stretch of text states."""

    findings: tuple[Finding, ...]
    circumstances: tuple[Circumstance, ...]


def read_statements(
    text: FoldedText,
    claims: Sequence[Claim],
    spans: Sequence[Span],
    polarity: Polarity,
    lexicon: Lexicon,
    open_kinds: frozenset[str] = frozenset(),
    *,
    is_measured: bool = False,
    heard: Mapping[str, float] | None = None,
) -> Statements:
    """Weigh all claims of one stretch; findings stand in the order of the words.

    ``open_kinds`` are on record as open here: a bare “弄好了” settles them. ``is_measured``: a value was taken.
    ``heard``: how likely the learned model finds each scheme and stage.
    """
    claims = settle(list(claims), spans, polarity)
    by_target: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_target[claim.target].append(claim)
    for target in _absorbed(by_target, lexicon):
        del by_target[target]
    circumstances = _circumstances(text, by_target, lexicon)
    found: list[tuple[Claim, Finding]] = []
    for target, own in by_target.items():
        if target in lexicon.book.kinds and not target.startswith("fraud."):
            found.append(_finding(text, own, polarity))
    found += read_scams(text, by_target, lexicon, polarity, heard or {})
    found.sort(key=lambda pair: pair[0].match.start)
    findings = _with_circumstances(found, by_target, lexicon, polarity)
    findings = tuple(one for one in findings if not _goes_without_saying(one, open_kinds, is_measured=is_measured))
    if not findings and open_kinds:
        findings = _bare_settlement(text, claims, spans, polarity, open_kinds)
        findings = findings or scam_goes_on(text, by_target, open_kinds)
    return Statements(findings, tuple(_passed(one, findings, lexicon) for one in circumstances))


def _passed(told: Circumstance, findings: Sequence[Finding], lexicon: Lexicon) -> Circumstance:
    """A circumstance is over with the findings that it belongs to (被困的人出来了)."""
    ends_with = lexicon.book.circumstances[told.code].ends_with
    own = [finding for finding in findings if finding.theme in ends_with]
    is_over = any(one.state is EvidenceState.RESOLVED for one in own) and not any(one.state.is_active for one in own)
    return replace(told, state=EvidenceState.RESOLVED) if is_over and told.state.is_active else told


def _goes_without_saying(finding: Finding, open_kinds: frozenset[str], *, is_measured: bool) -> bool:
    """Who answered was never out of contact, unless that is on record; no complaint beside a value is no finding."""
    if finding.state.is_active or finding.kind in open_kinds:
        return False
    return finding.kind == _NO_CONTACT or (finding.kind == _UNWELL and is_measured)


_NO_CONTACT, _UNWELL = "elder.no_contact", "health.unwell"


def _bare_settlement(
    text: FoldedText,
    claims: Sequence[Claim],
    spans: Sequence[Span],
    polarity: Polarity,
    open_kinds: frozenset[str],
) -> tuple[Finding, ...]:
    covered = [span for claim in claims for span in claim.match.spans if claim.target in open_kinds]
    for span in polarity.settlements(covered, spans):
        quote = text.quote(span.start, span.end)
        return tuple(Finding(kind, EvidenceState.RESOLVED, quote) for kind in sorted(open_kinds))
    return _money_back(text, claims, open_kinds)


def _money_back(text: FoldedText, claims: Sequence[Claim], open_kinds: frozenset[str]) -> tuple[Finding, ...]:
    """“钱追回来了” of somebody whose scam is on record settles it, although no scheme is named."""
    scams = sorted(kind for kind in open_kinds if kind.startswith("fraud."))
    for claim in claims:
        if scams and claim.target.startswith("stage:") and claim.state is EvidenceState.RESOLVED:
            stage = claim.match.pattern.stage or FraudStage(claim.target.removeprefix("stage:"))
            quote = text.quote(claim.match.start, claim.match.end)
            return tuple(Finding(kind, EvidenceState.RESOLVED, quote, stage) for kind in scams)
    return ()


#: 漏到|101: whoever the water comes down to has the leak too.
_RUNS_TO = re.compile(r"[漏滴淌流渗灌][到下进湿了]{1,2}(?:楼下|楼底下|底下|隔壁)?(?:的|那家)?$")


def elliptical(
    text: FoldedText, own: Statements, previous: Statements, spans: Sequence[Span], polarity: Polarity
) -> Statements:
    """What a short stretch says by leaning on the door before it: “103的装好了”, “504也是”."""
    runs_down = _RUNS_TO.search(text.text, max(0, spans[0].start - 8), spans[0].start)
    leaks = tuple(one for one in previous.findings if one.kind == "place.water_leak" and one.state.is_active)
    if runs_down and leaks:
        return Statements(leaks, own.circumstances)
    for span in polarity.settlements((), spans):
        quote = text.quote(span.start, span.end)
        settled = tuple(Finding(one.kind, EvidenceState.RESOLVED, quote) for one in previous.findings)
        return Statements(settled, own.circumstances)
    for span in polarity.cue("likewise"):
        if any(stretch.start <= span.start < stretch.end for stretch in spans):
            quote = text.quote(span.start, span.end)
            return Statements(tuple(replace(one, quote=quote) for one in previous.findings), own.circumstances)
    return own


def _absorbed(by_target: dict[str, list[Claim]], lexicon: Lexicon) -> set[str]:
    """Kinds that say no more than another one that was read (a bottle beside piped gas is "two sources")."""
    return {
        absorbed
        for target in by_target
        for absorbed in lexicon.book.entries[target].absorbs & by_target.keys()
        if weigh(by_target[target]).state.is_active or not weigh(by_target[absorbed]).state.is_active
        if not _says_more(by_target[absorbed], by_target[target], lexicon)
    }


def _says_more(absorbed: Sequence[Claim], absorber: Sequence[Claim], lexicon: Lexicon) -> bool:
    """Do other words say it too, and is it no lesser matter (two sources at the stove, bottles in the next room)?"""
    kinds = lexicon.book.kinds
    ranks = [kinds[own[0].target].severity for own in (absorbed, absorber) if own[0].target in kinds]
    if len(ranks) < 2 or ranks[0] is None or ranks[1] is None or ranks[0].urgency > ranks[1].urgency:
        return False
    words = [span for claim in absorber for span in claim.match.spans]
    return any(claim.state.is_active and not any(claim.match.overlaps(span) for span in words) for claim in absorbed)


#: What is only ever concluded from what one sees.
_SUSPICIONS = frozenset({"tenancy.suspicious"})


def _finding(text: FoldedText, own: Sequence[Claim], polarity: Polarity) -> tuple[Claim, Finding]:
    claim = weigh(own)
    state = claim.state
    if claim.target in _SUSPICIONS and state is EvidenceState.SEEN and polarity.is_only_judged(claim.match):
        state = EvidenceState.UNVERIFIED
    circumstances = frozenset(
        code for other in own if other.state.is_active for code in other.match.pattern.circumstances
    )
    quote = text.quote(claim.match.start, claim.match.end)
    return claim, Finding(claim.target, state, quote, claim.match.pattern.stage, circumstances)


def _circumstances(text: FoldedText, by_target: dict[str, list[Claim]], lexicon: Lexicon) -> tuple[Circumstance, ...]:
    found: dict[str, Circumstance] = {}
    for target, own in by_target.items():
        if target in lexicon.book.circumstances:
            claim = weigh(own)
            found[target] = Circumstance(target, claim.state, text.quote(claim.match.start, claim.match.end))
        for claim in own:
            for code in claim.match.pattern.circumstances if claim.state.is_active else ():
                quote = text.quote(claim.match.start, claim.match.end)
                found.setdefault(code, Circumstance(code, claim.state, quote))
    return tuple(sorted(found.values(), key=lambda one: one.quote.start))


def _with_circumstances(
    found: list[tuple[Claim, Finding]], by_target: dict[str, list[Claim]], lexicon: Lexicon, polarity: Polarity
) -> tuple[Finding, ...]:
    """Tie each circumstance of findings (refused, repeated) to the nearest finding that it can go with."""
    tied: dict[int, set[str]] = defaultdict(set)
    for code, about in lexicon.book.circumstances.items():
        if about.scope != "finding":
            continue
        for claim in by_target.get(code, ()):
            if not claim.state.is_active:
                continue
            fitting = [
                index for index, (_, finding) in enumerate(found) if not about.themes or finding.theme in about.themes
            ]
            if fitting:
                nearest = min(fitting, key=lambda index: abs(found[index][0].position - claim.position))
                tied[nearest].add(code)
                sentence = polarity.clauses.sentence(claim.position)
                tied.update(
                    {
                        index: tied[index] | {code}
                        for index in fitting
                        if polarity.clauses.sentence(found[index][0].position) == sentence
                    }
                )
    return tuple(
        replace(finding, circumstances=finding.circumstances | tied[index]) if index in tied else finding
        for index, (_, finding) in enumerate(found)
    )
