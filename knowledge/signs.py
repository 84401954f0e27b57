"""Signs: which words, together in one short message, say what it is for (a booking, a refusal, a question).

    signs = load_signs(OWN / "station.yaml")
    signs.heard("今天哪个值班")           → frozenset({"ask_duty"})
    signs.found("组织", "舞蹈队想借")      → "舞蹈队"

A file has word lists (``words``, as in the lexicon) and, for each name in ``signs``, lines of slots that must all be
there in any order: ``<值班> <哪个>``, words written out ``借|订``, and after ``~`` what must not be there. A slot
behind ``>`` must stand after the one before it. There is no grammar of negation here: a line
says what it needs. Findings are the lexicon's, never a sign's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge import yamlfile
from knowledge.wordlists import WordLists, did_you_mean, fault

OWN = Path(__file__).parent / "language"


@dataclass(frozen=True)
class _Slot:
    words: tuple[str, ...]
    is_after: bool = False
    is_veto: bool = False


@dataclass(frozen=True)
class _Line:
    slots: tuple[_Slot, ...]

    def holds(self, text: str) -> bool:
        position = 0
        for slot in self.slots:
            if slot.is_veto:
                if any(word in text for word in slot.words):
                    return False
                continue
            ends = [at + len(word) for word in slot.words if (at := text.find(word, position * slot.is_after)) >= 0]
            if not ends:
                return False
            position = min(ends)
        return True


@dataclass(frozen=True)
class Signs:
    """The signs of one file. Texts are given folded (``understand.normalise``): lower case, half width."""

    words: Mapping[str, frozenset[str]]
    lines: Mapping[str, tuple[_Line, ...]]

    def heard(self, text: str) -> frozenset[str]:
        """The names of all signs that the text shows."""
        return frozenset(name for name, lines in self.lines.items() if any(line.holds(text) for line in lines))

    def found(self, name: str, text: str) -> str | None:
        """The longest word of a list that stands in the text."""
        there = [word for word in self.words[name] if word in text]
        return max(there, key=lambda word: (len(word), word)) if there else None

    def consists_of(self, text: str, *names: str) -> bool:
        """Is the text made of words of these lists and nothing else?"""
        for word in sorted((word for name in names for word in self.words[name]), key=len, reverse=True):
            text = text.replace(word, "")
        return not text.strip()


@cache
def load_signs(path: Path, *names: str) -> Signs:
    """Read and check one file; every sign of ``names`` must be in it, and no other. Raises KnowledgeError with line."""
    content = yamlfile.load(path)
    lists = WordLists.of(path, None)
    signs = content.get("signs") or {}
    for name in names:
        if name not in signs:
            raise fault(path, ("signs",), f"少了“{name}”", "在 signs 下补上")
    for name in signs:
        if names and name not in names:
            raise fault(path, ("signs", name), f"程序不认识“{name}”", did_you_mean(name, names))
    lines = {
        name: tuple(_line(path, ("signs", name, index), line, lists) for index, line in enumerate(written))
        for name, written in signs.items()
    }
    return Signs(lists.lists, lines)


def _line(path: Path, at: tuple[str | int, ...], written: Any, lists: WordLists) -> _Line:
    if not isinstance(written, str) or not written.strip():
        raise fault(path, at, "应当是一行词", "写成 <词表> <词表> ~不能有的词")
    slots: list[_Slot] = []
    is_after = False
    for part in written.split():
        if part == ">":
            is_after = True
            continue
        is_veto = part.startswith("~")
        words = _slot_words(part.removeprefix("~"), at, lists)
        slots.append(_Slot(tuple(sorted(words)), is_after, is_veto))
        is_after = False
    if all(slot.is_veto for slot in slots):
        raise fault(path, at, "只写了不能有的词", "至少写一个要有的词")
    return _Line(tuple(slots))


def _slot_words(part: str, at: tuple[str | int, ...], lists: WordLists) -> frozenset[str]:
    if not part.startswith("<"):
        return frozenset(part.lower().split("|"))
    names = part.removeprefix("<").removesuffix(">").split("|")
    return frozenset().union(*(lists.find(name, at) for name in names))
