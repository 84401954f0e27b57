"""Doors that only tell of the door before: “201的狗叫得凶,202说天天吵” has one case, and it is heard.

Only what is noticed from outside (noise, smoke, a wire from a window) is told of others so: a hose that 202 speaks of
is 202's own.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.reports import EvidenceState, VisitOutcome
from assistant.understand.cases import Said
from assistant.understand.spans import Span
from knowledge.book import Book


def without_informants(said: Sequence[Said], speech: Sequence[Span], book: Book) -> list[Said]:
    """What each door's words say, without the doors that only tell of the one before."""
    kept: list[Said] = []
    for one in said:
        if kept and _only_tells(one, kept[-1], speech, book):
            kept[-1] = _as_heard(kept[-1], {finding.kind for finding in one.statements.findings})
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


def _as_heard(before: Said, kinds: set[str]) -> Said:
    findings = tuple(
        replace(finding, state=EvidenceState.HEARSAY)
        if finding.kind in kinds and finding.state is EvidenceState.SEEN
        else finding
        for finding in before.statements.findings
    )
    return replace(before, statements=replace(before.statements, findings=findings))
