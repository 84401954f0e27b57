"""Doors that only tell of the door before, and neighbours that only disturb it.

    201的狗叫得凶,202说天天吵        one case, 201's, and it is heard
    1-2-1006楼上洗衣机吵得很          one case, 1006's: who suffers it is who told

Only what is noticed from outside (noise, smoke, a wire from a window) is told of others so: a hose that 202 speaks of
is 202's own.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.reports import EvidenceState, VisitOutcome
from assistant.understand.address import Relation
from assistant.understand.cases import Said
from assistant.understand.spans import Span
from knowledge.book import Book


def without_informants(said: Sequence[Said], speech: Sequence[Span], book: Book) -> list[Said]:
    """What each door's words say, without the doors that only tell of the one before."""
    kept: list[Said] = []
    for one in said:
        if kept and _only_tells(one, kept[-1], speech, book):
            kept[-1] = _as_heard(kept[-1], {finding.kind for finding in one.statements.findings})
        elif kept and _only_disturbs(one, kept[-1]):
            kept[-1] = _as_suffered(kept[-1], one)
        else:
            kept.append(one)
    return kept


def _only_tells(one: Said, before: Said, speech: Sequence[Span], book: Book) -> bool:
    if len(one.stretch.mentions) != 1 or not one.stretch.mentions[0].elided or before.stretch.is_place:
        return False
    mention = one.stretch.mentions[0]
    kinds = {finding.kind for finding in one.statements.findings}
    return (
        mention.names_a_door
        and any(span.start == mention.end for span in speech)
        and bool(kinds)
        and kinds <= {finding.kind for finding in before.statements.findings}
        and all(book.entries[kind].visit == VisitOutcome.NONE for kind in kinds)
    )


#: what comes over from a neighbour; of water only what comes from above
_DISTURBING = frozenset({"dispute.noise", "place.sanitation"})
_FROM_ABOVE = frozenset({"place.water_leak"})


def _only_disturbs(one: Said, before: Said) -> bool:
    """Is a neighbour without a number named only for what comes over to the door before, which has nothing else?"""
    if len(one.stretch.mentions) != 1 or one.visit_quote is not None or before.stretch.is_place:
        return False
    relation = one.stretch.mentions[0].relation
    if relation is None or before.visit_quote is not None:
        return False
    kinds = {finding.kind for finding in one.statements.findings}
    own = {finding.kind for finding in before.statements.findings}
    coming = _DISTURBING | _FROM_ABOVE if relation is Relation.UPSTAIRS else _DISTURBING
    return bool(kinds) and kinds <= coming and own <= kinds


def _as_suffered(before: Said, one: Said) -> Said:
    findings = tuple(
        replace(finding, state=EvidenceState.SELF_REPORTED)
        if finding.state in (EvidenceState.SEEN, EvidenceState.HEARSAY) and finding.kind in _DISTURBING
        else finding
        for finding in one.statements.findings
    )
    return replace(before, visit=VisitOutcome.MET, statements=replace(before.statements, findings=findings))


def _as_heard(before: Said, kinds: set[str]) -> Said:
    findings = tuple(
        replace(finding, state=EvidenceState.HEARSAY)
        if finding.kind in kinds and finding.state is EvidenceState.SEEN
        else finding
        for finding in before.statements.findings
    )
    return replace(before, statements=replace(before.statements, findings=findings))
