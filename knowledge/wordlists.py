"""The word lists of a lexicon file, and how a fault in such a file is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from assistant.domain.errors import KnowledgeError
from knowledge import yamlfile

#: A "word" that begins so stands for a number found by grammar: money, age or duration. No text holds it.
NUMBER_WORD = "\uf8ff"


@dataclass
class WordLists:
    """The word lists a file may name: its own first, then the common ones."""

    path: Path
    own: dict[str, frozenset[str]]
    parts: set[str]
    common: "WordLists | None"

    @property
    def lists(self) -> dict[str, frozenset[str]]:
        return {**(self.common.lists if self.common else {}), **self.own}

    def is_part(self, name: str) -> bool:
        return name in self.parts if name in self.own else bool(self.common and self.common.is_part(name))

    @classmethod
    def of(cls, path: Path, common: "WordLists | None") -> "WordLists":
        made = cls(path, {}, set(), common)
        for name, about in (yamlfile.load(path).get("words") or {}).items():
            found, is_part = words_of(path, ("words", name), about, made)
            made.own[name] = found
            if is_part:
                made.parts.add(name)
        return made

    def find(self, name: str, at: tuple[str | int, ...]) -> frozenset[str]:
        lists = self.lists
        if name not in lists:
            raise fault(self.path, at, f"没有名叫“{name}”的词表", did_you_mean(name, lists))
        return lists[name]


def words_of(path: Path, at: tuple[str | int, ...], about: Any, lists: WordLists) -> tuple[frozenset[str], bool]:
    """A word list: words (``<名>`` takes in another list), ``{part: true, words: …}``, or ``{each: …, with: …}``.

    ``each`` × ``with`` writes out every joining of the two (修、换 × 好了、完了). ``{number: money}`` stands for any
    sum of money (also ``age``, ``duration``).
    """
    is_part = isinstance(about, dict) and bool(about.get("part"))
    if isinstance(about, dict) and "number" in about:
        return frozenset({NUMBER_WORD + about["number"]}), is_part
    if isinstance(about, dict) and "each" in about:
        firsts, _ = words_of(path, (*at, "each"), about["each"], lists)
        seconds, _ = words_of(path, (*at, "with"), about.get("with"), lists)
        also, _ = words_of(path, (*at, "words"), about.get("words", []), lists)
        return frozenset(first + second for first in firsts for second in seconds) | also, is_part
    members = about.get("words") if isinstance(about, dict) else about
    if isinstance(members, str):
        members = members.split()
    if not isinstance(members, list) or not all(isinstance(word, str) for word in members):
        raise fault(path, at, "词表应是一串词", '数字要加引号,例如 "110"')
    found: set[str] = set()
    for member in members:
        for word in member.split():
            found |= lists.find(word[1:-1], at) if word.startswith("<") else {word.lower()}
    return frozenset(found), is_part


def fault(path: Path, at: tuple[str | int, ...], what: str, mend: str) -> KnowledgeError:
    """What is wrong at ``at`` (keys and indexes from the top of the file), with its line."""
    return KnowledgeError(f"{path.parent.name}/{path.name}", yamlfile.line_of(path, at), what, mend)


def did_you_mean(word: str, legal: Iterable[Any]) -> str:
    """The likely fix: the nearest legal name, else some of those there are."""
    legal = list(legal)
    near = get_close_matches(word, [str(name) for name in legal], n=1, cutoff=0.5)
    return f"你是不是想写“{near[0]}”" if near else "可用的见 " + "、".join(sorted(str(name) for name in legal)[:12])
