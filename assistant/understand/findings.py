"""From the patterns found in one stretch of text to its findings and circumstances.

One finding a kind: the claims that a stretch makes of one kind are weighed against each other (over after it was
there: resolved; there and once denied: there). A scam is read as type × stage: what kind of scheme, and how far it
has got.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.reports import Circumstance, EvidenceState, Finding, FraudStage, Quote
from assistant.understand.lexicon import Lexicon, Match, Span
from assistant.understand.normalise import FoldedText
from assistant.understand.polarity import Polarity

#: Themes where a thing can be mended or taken away, so that 换了, 搬走了 settle what was said before.
_PHYSICAL = frozenset({"gas", "electric", "fire", "place"})
#: A claim this much weaker than another scam read from the same sentence gives way to it.
_UNSPECIFIED = "fraud.unspecified"


@dataclass(frozen=True)
class Claim:
    """One match with the state its surroundings give it."""

    match: Match
    state: EvidenceState

    @property
    def target(self) -> str:
        return self.match.pattern.target

    @property
    def position(self) -> int:
        return self.match.head.start

    @property
    def weight(self) -> int:
        """How much the words say: more slots and longer words weigh more."""
        return sum(2 + span.end - span.start for span in self.match.spans)


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
) -> Statements:
    """Weigh all claims of one stretch; findings stand in the order of the words.

    ``open_kinds`` are on record as open here: a bare “弄好了” settles them.
    """
    claims = _settle(list(claims), spans, polarity)
    by_target: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_target[claim.target].append(claim)
    for target in _absorbed(by_target, lexicon):
        del by_target[target]
    circumstances = _circumstances(text, by_target, lexicon)
    found: list[tuple[Claim, Finding]] = []
    for target, own in by_target.items():
        if target in lexicon.book.kinds and not target.startswith("fraud."):
            found.append(_finding(text, own))
    found += _scams(text, by_target, lexicon, polarity)
    found.sort(key=lambda pair: pair[0].match.start)
    findings = _with_circumstances(found, by_target, lexicon, polarity)
    if not findings and open_kinds:
        findings = _bare_settlement(text, claims, spans, polarity, open_kinds)
    return Statements(findings, circumstances)


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
    return ()


def elliptical(
    text: FoldedText, own: Statements, previous: Statements, spans: Sequence[Span], polarity: Polarity
) -> Statements:
    """What a short stretch says by leaning on the door before it: “103的装好了”, “504也是”."""
    for span in polarity.settlements((), spans):
        quote = text.quote(span.start, span.end)
        settled = tuple(Finding(one.kind, EvidenceState.RESOLVED, quote) for one in previous.findings)
        return Statements(settled, own.circumstances)
    for span in polarity.cue("likewise"):
        if any(stretch.start <= span.start < stretch.end for stretch in spans):
            quote = text.quote(span.start, span.end)
            return Statements(tuple(replace(one, quote=quote) for one in previous.findings), own.circumstances)
    return own


def claims_of(matches: Iterable[Match], polarity: Polarity, lexicon: Lexicon) -> list[Claim]:
    """Each match with its evidence state, left to right; what does not hold is left out."""
    claims = []
    for match in matches:
        entry = lexicon.book.entries[match.pattern.target]
        state = polarity.state_of(match, entry.default)
        if state is not None:
            claims.append(Claim(match, state))
    return sorted(claims, key=lambda claim: (claim.position, -claim.weight))


def _settle(claims: list[Claim], within: Sequence[Span], polarity: Polarity) -> list[Claim]:
    """Let each “弄好了” settle the active claims before it, in its sentence or the one just before."""
    covered = [span for claim in claims for span in claim.match.spans]
    settlements = polarity.settlements(covered, within)
    if not settlements:
        return claims
    general = set(polarity.cue("over"))
    settled = []
    for claim in claims:
        if claim.state.is_active and any(
            _settles(span, claim, polarity, is_general=span in general) for span in settlements
        ):
            claim = Claim(claim.match, EvidenceState.RESOLVED)
        settled.append(claim)
    return settled


def _settles(span: Span, claim: Claim, polarity: Polarity, *, is_general: bool) -> bool:
    theme = claim.target.split(".")[0]
    if not is_general and theme not in _PHYSICAL:
        return False
    if ":" in claim.target or "." not in claim.target or span.start < claim.match.end:
        return False
    between = polarity.clauses.sentence(span.start) - polarity.clauses.sentence(claim.position)
    return between == 0 or (between == 1 and polarity.clauses.sentence_span(span.start).start >= span.start - 6)


def _absorbed(by_target: dict[str, list[Claim]], lexicon: Lexicon) -> set[str]:
    """Kinds that say no more than another one that was read (a bottle beside piped gas is "two sources")."""
    return {
        absorbed
        for target in by_target
        for absorbed in lexicon.book.entries[target].absorbs & by_target.keys()
        if _weigh(by_target[target]).state.is_active or not _weigh(by_target[absorbed]).state.is_active
    }


def _weigh(own: Sequence[Claim]) -> Claim:
    """The one claim that stands for all claims of a kind."""
    active = [claim for claim in own if claim.state.is_active]
    over = [claim for claim in own if claim.state is EvidenceState.RESOLVED]
    denied = [claim for claim in own if claim.state is EvidenceState.NEGATED]
    if active and over:
        return over[-1] if over[-1].position >= active[-1].position else active[-1]
    if active:
        only_said = all(claim.state in (EvidenceState.HEARSAY, EvidenceState.UNVERIFIED) for claim in active)
        if denied and only_said and denied[-1].position > active[-1].position:
            return denied[-1]
        return max(active, key=lambda claim: (claim.state is not EvidenceState.UNVERIFIED, claim.weight))
    if over:
        return over[-1]
    return max(denied or own, key=lambda claim: claim.weight)


def _finding(text: FoldedText, own: Sequence[Claim]) -> tuple[Claim, Finding]:
    claim = _weigh(own)
    circumstances = frozenset(
        code for other in own if other.state.is_active for code in other.match.pattern.circumstances
    )
    quote = text.quote(claim.match.start, claim.match.end)
    return claim, Finding(claim.target, claim.state, quote, claim.match.pattern.stage, circumstances)


def _circumstances(text: FoldedText, by_target: dict[str, list[Claim]], lexicon: Lexicon) -> tuple[Circumstance, ...]:
    found: dict[str, Circumstance] = {}
    for target, own in by_target.items():
        if target in lexicon.book.circumstances:
            claim = _weigh(own)
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


# ---- scams: type × stage ---------------------------------------------------------------------------------------


def _scams(
    text: FoldedText, by_target: dict[str, list[Claim]], lexicon: Lexicon, polarity: Polarity
) -> list[tuple[Claim, Finding]]:
    weighed = {target: (_weigh(own), own) for target, own in by_target.items() if target.startswith("fraud.")}
    if not weighed:
        return []
    live = {target: pair for target, pair in weighed.items() if pair[0].state.is_active}
    chosen = live or {
        target: pair
        for target, pair in weighed.items()
        if pair[0].state is max((one.state for one, _ in weighed.values()), key=_standing)
    }
    kept = _strongest(chosen, polarity)
    scams = []
    for target in kept:
        claim, own = chosen[target]
        stage = _stage(own, by_target, lexicon) if claim.state not in _STAGELESS else None
        state = claim.state
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


_STAGELESS = frozenset({EvidenceState.NEGATED, EvidenceState.PLANNED})


def _standing(state: EvidenceState) -> int:
    return [EvidenceState.PLANNED, EvidenceState.NEGATED, EvidenceState.RESOLVED].index(state)


def _strongest(chosen: dict[str, tuple[Claim, list[Claim]]], polarity: Polarity) -> list[str]:
    """One scheme a sentence: the one that most words speak for; "type unknown" only where nothing else is read."""
    specific = {target: own for target, (_, own) in chosen.items() if target != _UNSPECIFIED} or {
        target: own for target, (_, own) in chosen.items()
    }
    weight = {target: sum(claim.weight for claim in _distinct(own)) for target, own in specific.items()}
    return [max(weight, key=lambda target: weight[target])]


def _distinct(own: Sequence[Claim]) -> list[Claim]:
    """Claims that do not rest on the same words."""
    kept: list[Claim] = []
    for claim in sorted(own, key=lambda claim: -claim.weight):
        if not any(claim.match.start < other.match.end and other.match.start < claim.match.end for other in kept):
            kept.append(claim)
    return kept


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
        if any(clause.start <= cue.start <= one.position for cue in polarity.cue("under_way")):
            return polarity.voice_at(one.position) is not EvidenceState.HEARSAY
    return False


_ACTS = (FraudStage.ENGAGED, FraudStage.ABOUT_TO_PAY)


def _stage(own: Sequence[Claim], by_target: dict[str, list[Claim]], lexicon: Lexicon) -> FraudStage:
    """How far it has got: what was said last of paying counts, a refusal after it stops it, money gone is gone."""
    said: list[tuple[int, FraudStage]] = []
    for stage in FraudStage:
        for claim in by_target.get(f"stage:{stage}", ()):
            if claim.state.is_active:
                said.append((claim.position, stage))
            elif claim.state is EvidenceState.NEGATED and stage in (FraudStage.PAID, FraudStage.ABOUT_TO_PAY):
                said.append((claim.position, FraudStage.STOPPED))
            elif claim.state is EvidenceState.RESOLVED:
                said.append((claim.position, stage))
    said += [(claim.position, claim.match.pattern.stage) for claim in own if claim.match.pattern.stage]
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


def _scam_quote(text: FoldedText, claim: Claim, by_target: dict[str, list[Claim]]) -> Quote:
    """The scheme's words, with those of paying where they stand near."""
    start, end = claim.match.start, claim.match.end
    for stage in (FraudStage.PAID, FraudStage.ABOUT_TO_PAY, FraudStage.ENGAGED):
        for other in by_target.get(f"stage:{stage}", ()):
            if other.state.is_active and 0 <= other.match.start - end <= 15:
                end = max(end, other.match.end)
    return text.quote(start, end)
