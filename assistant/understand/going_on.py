"""A message that only goes on with the one before: “味道散了,抢修还没来”, “502也是”, “刚才那家换好了”.

It names no matter of its own, so the earlier one is meant: at the earlier door, or, where it says 也, at the door that
it names. Where several earlier doors fit, they are listed and the dialogue asks.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.reports import CaseReading, Finding, VisitOutcome
from assistant.understand.address import DoorMention
from assistant.understand.cases import NOWHERE
from assistant.understand.context import Context
from assistant.understand.echoes import echoed
from assistant.understand.normalise import FoldedText
from assistant.understand.polarity import Polarity
from assistant.understand.spans import Span
from knowledge.book import Book


def with_earlier(
    cases: tuple[CaseReading, ...],
    context: Context,
    folded: FoldedText,
    doors: Sequence[DoorMention],
    polarity: Polarity,
    book: Book,
) -> tuple[CaseReading, ...]:
    """The cases, with what was found before where the message still speaks of it and finds nothing new itself."""
    if any(case.findings or case.key != NOWHERE for case in cases[1:]) or (cases and cases[0].findings):
        return cases
    own = cases[0] if cases else None
    here = next((str(door.keys[0]) for door in doors if len(door.keys) == 1), None)
    meant = _still_spoken_of(own, here, context, folded.text, book)
    if not meant and here is not None and (own is None or own.visit is VisitOutcome.MET):
        meant = _likewise(here, context, folded, polarity, book)
    if not meant and (here is None or (own is not None and own.key in [one.key for one in context.recent()])):
        settled = context.settled_before(folded, polarity.settlements((), (Span(0, len(folded.text)),)))
        meant = {key: found for key, found in settled.items() if own is None or own.key in (NOWHERE, key)}
    if not meant:
        return cases
    visit = own.visit if own else VisitOutcome.MET
    if len(meant) > 1:
        findings = tuple(meant.values())[-1]
        return (CaseReading(NOWHERE, visit=visit, findings=findings, also_fits=tuple(meant)),)
    ((key, findings),) = meant.items()
    return (replace(own or CaseReading(key, visit=visit), key=key, findings=findings),)


def _still_spoken_of(
    own: CaseReading | None, here: str | None, context: Context, text: str, book: Book
) -> dict[str, tuple[Finding, ...]]:
    return {
        earlier.key: found
        for earlier in reversed(context.recent())
        if (own is None and here is None) or (own is not None and own.key in (NOWHERE, earlier.key))
        if (found := _carried(earlier, text, book))
    }


def _likewise(
    here: str, context: Context, folded: FoldedText, polarity: Polarity, book: Book
) -> dict[str, tuple[Finding, ...]]:
    """502也是, 502也老化了: what was found at the last door is found here as well."""
    cues = polarity.cue("likewise")
    for earlier in context.recent():
        found = _carried(earlier, folded.text, book) if cues else ()
        found = found or echoed(folded, (Span(0, len(folded.text)),), earlier.findings)
        if not found and cues:
            quote = folded.quote(cues[0].start, cues[0].end)
            found = tuple(replace(one, quote=quote) for one in earlier.findings if one.state.is_active)
        if found:
            return {here: found}
    return {}


def _carried(earlier: CaseReading, text: str, book: Book) -> tuple[Finding, ...]:
    """Earlier findings whose topic the text names: their words stand, quoted from the new message."""
    topics = {word for finding in earlier.findings for word in book.entries[finding.kind].topic}
    found = []
    for finding in earlier.findings:
        for topic in sorted(topics, key=len, reverse=True):
            at = text.find(topic)
            if at >= 0:
                quote = replace(finding.quote, text=topic, start=at, end=at + len(topic))
                found.append(replace(finding, quote=quote))
                break
    return tuple(found)
