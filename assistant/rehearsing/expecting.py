"""What a step was expected to lead to and did not: one Chinese line each, what was expected and what was there."""

from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session

from assistant.domain.access import AreaLevel, Role
from assistant.rehearsing.cast import Sent, is_for
from assistant.rehearsing.form import Counts, EscalatedEntry, Expect, ToldEntry
from assistant.rehearsing.open_now import Item, fits, how_many, items, shown_entry
from assistant.rehearsing.playing import Happened
from assistant.rehearsing.tally import tally
from assistant.storage.escalations import Escalation
from assistant.storage.tables import Purpose

#: whom a file names for the level that something climbed to
LEVELS = {
    AreaLevel.GRID: "coordinator",
    AreaLevel.SPECIAL_GRID: "coordinator",
    AreaLevel.COMMUNITY: "community",
    AreaLevel.STREET: "street",
}
#: asked for by themselves, or sent every day whatever happens: no "message to others"
_OF_COURSE = ("prompt", "list")


def unmet(expect: Expect, happened: Happened, session: Session, since: Counts) -> Iterator[str]:
    """Each expectation that did not hold. ``since`` counts what was there before the conversation began."""
    if happened.failed is not None:
        yield happened.failed
        return
    yield from _said("", expect.says, expect.not_says, happened.to_speaker)
    yield from _said("群里", expect.group, expect.not_group, happened.to_group)
    if expect.asks is not None and expect.asks != happened.asks:
        yield f"{'应当' if expect.asks else '不应'}追问,实际说的是:{_texts(happened.to_speaker)}"
    yield from _open(expect, session)
    yield from _messages("told", expect.told, expect.not_told, happened.to_others, _told_at_all)
    prompts = [each for each in happened.sent if each.purpose is Purpose.PROMPT]
    yield from _messages("prompts", expect.prompts, expect.not_prompts, prompts, _asks_a_worker)
    yield from _escalated(expect, happened.escalated)
    if expect.count is not None:
        yield from _counted(expect.count, tally(session), since)


def _said(where: str, wanted: Sequence[str], unwanted: Sequence[str], there: Sequence[Sent]) -> Iterator[str]:
    said = "\n".join(each.text for each in there)
    for words in wanted:
        if words not in said:
            yield f"{where}应当说到“{words}”,实际说的是:{_texts(there)}"
    for words in unwanted:
        if words in said:
            yield f"{where}不应说到“{words}”,实际说的是:{_texts(there)}"


def _open(expect: Expect, session: Session) -> Iterator[str]:
    if not expect.open and not expect.not_open:
        return
    there = items(session)
    for entry in expect.open:
        found = how_many(entry, there)
        if entry.count is None and not found:
            yield f"应有未了的 {shown_entry(entry)},实际有:{_items(there)}"
        if entry.count is not None and found != entry.count:
            yield f"应有 {entry.count} 件未了的 {shown_entry(entry)},实际 {found} 件:{_items(there)}"
    for gone in expect.not_open:
        still = [each for each in there if fits(gone, each)]
        if still:
            yield f"不应还有未了的 {shown_entry(gone)},实际有:{_items(still)}"


def _messages(
    name: str,
    expected: Sequence[ToldEntry] | None,
    unwanted: Sequence[ToldEntry],
    there: Sequence[Sent],
    counts: Callable[[Sent], bool],
) -> Iterator[str]:
    for entry in expected or ():
        if not any(_is(entry, each) for each in there):
            yield f"{name} 应有 {shown_entry(entry)},实际有:{_addressed(there)}"
    if expected == ():
        some = [each for each in there if counts(each)]
        if some:
            yield f"{name} 应当一条也没有,实际有:{_addressed(some)}"
    for entry in unwanted:
        found = [each for each in there if _is(entry, each)]
        if found:
            yield f"{name} 不应有 {shown_entry(entry)},实际有:{_addressed(found)}"


def _told_at_all(sent: Sent) -> bool:
    return sent.purpose.value not in _OF_COURSE


def _asks_a_worker(sent: Sent) -> bool:
    return sent.to.role is Role.WORKER


def _is(entry: ToldEntry, sent: Sent) -> bool:
    return (
        (entry.role is None or is_for(sent.to, entry.role))
        and entry.who in (None, sent.to.name)
        and all(words in sent.text for words in entry.says)
        and not any(words in sent.text for words in entry.not_says)
    )


def _escalated(expect: Expect, there: Sequence[Escalation]) -> Iterator[str]:
    for entry in expect.escalated or ():
        if not any(_climbed(entry, each) for each in there):
            yield f"应当上报 {shown_entry(entry)},实际有:{_climbs(there)}"
    if expect.escalated == () and there:
        yield f"不应有上报,实际有:{_climbs(there)}"
    for entry in expect.not_escalated:
        found = [each for each in there if _climbed(entry, each)]
        if found:
            yield f"不应上报 {shown_entry(entry)},实际有:{_climbs(found)}"


def _climbed(entry: EscalatedEntry, step: Escalation) -> bool:
    return entry.key in (None, step.key) and entry.kind in (None, step.kind) and entry.to in (None, LEVELS.get(step.to))


def _counted(expected: Counts, now: Counts, since: Counts) -> Iterator[str]:
    for name in expected.model_fields_set:
        wanted = getattr(expected, name)
        found = getattr(now, name) - getattr(since, name)
        if wanted is not None and wanted != found:
            yield f"count {name} 应是 {wanted},实际 {found}"


def _texts(sent: Sequence[Sent]) -> str:
    return " ｜ ".join(each.text.replace("\n", " / ") for each in sent) or "(什么也没说)"


def _addressed(sent: Sequence[Sent]) -> str:
    return (
        " ｜ ".join(f"{each.to.name}({each.to.role}): {each.text.replace(chr(10), ' / ')}" for each in sent) or "(没有)"
    )


def _items(there: Sequence[Item]) -> str:
    return "、".join(str(each) for each in there) or "(没有)"


def _climbs(there: Sequence[Escalation]) -> str:
    return "、".join(f"{each.key} {each.kind or ''}→{LEVELS.get(each.to, each.to)}" for each in there) or "(没有)"
