"""What is wrong, or of no use, in the lexicon though it loads: said in Chinese, with file and pattern.

``problems`` are faults to mend (the check fails); ``hints`` are worth a look. Whether the example sentences are read as
they say is checked by ``weiguang knowledge check``, which has the reader at hand.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.errors import KnowledgeError
from assistant.domain.reports import EvidenceState, FraudStage
from knowledge import yamlfile
from knowledge.book import Book, Pattern
from knowledge.dialect import standard
from knowledge.learned import OVER, fingerprint, labelled_lines, sources
from knowledge.wordlists import NUMBER_WORD, did_you_mean

#: Whole sentences are examples, not lexicon.
LONGEST_PHRASE = 8
#: What ends a clause can't be inside a phrase: it would never match.
_CLAUSE_ENDS = set(",。;!?:\n ,;!?:、")


@dataclass(frozen=True)
class Example:
    """A sentence of ``*.examples.yaml``: kinds it must and must not state actively, and what else it shows."""

    file: str
    number: int
    say: str
    finds: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    state: EvidenceState | None = None

    @property
    def where(self) -> str:
        return f"{self.file} 第{self.number}例"


def examples(folder: Path) -> list[Example]:
    """All example sentences. Raises KnowledgeError where one does not fit its form."""
    found = []
    for path in sorted((folder / "lexicon").glob("*.examples.yaml")):
        for number, about in enumerate(yamlfile.load(path) or [], start=1):
            if not isinstance(about, dict) or not isinstance(about.get("say"), str):
                raise KnowledgeError(path.name, None, f"第{number}例没有 say", "写成 {say: 句子, finds: [代码]}")
            state = EvidenceState(about["state"]) if about.get("state") else None
            found.append(
                Example(
                    path.name,
                    number,
                    about["say"],
                    tuple(about.get("finds") or ()),
                    tuple(about.get("not") or ()),
                    state,
                )
            )
    return found


def problems(book: Book, sentences: list[Example]) -> Iterator[str]:
    """Faults: each a Chinese line that says what, where and how to mend it."""
    yield from _unmatchable(book)
    yield from _too_long(book)
    yield from _kinds_without_phrases(book)
    yield from _kinds_without_examples(book, sentences)
    yield from _learned(book)
    for sentence in sentences:
        for code in (*sentence.finds, *sentence.excludes):
            if code not in book.kinds and code not in book.circumstances:
                yield f"{sentence.where}:没有“{code}”这个代码"


def _learned(book: Book) -> Iterator[str]:
    """Labels that are no code, and a model that was learned from other examples than stand there now."""
    for line in labelled_lines(book.folder):
        for kind in line.kinds:
            if kind not in book.kinds:
                yield f"{line.where}:没有“{kind}”这个代码{did_you_mean(kind, book.kinds)}"
        for stage in line.stages:
            if stage not in {*FraudStage, OVER}:
                yield f"{line.where}:没有“{stage}”这个阶段{did_you_mean(stage, [*FraudStage, OVER])}"
    if book.learned is not None and book.learned.sources != fingerprint(sources(book.folder)):
        yield "learned.npz 不是照现在的例句学的:运行 make learn,再一起提交"


def hints(book: Book, sentences: list[Example]) -> Iterator[str]:
    """Things that do no harm and may be unneeded."""
    yield from _overlaps(book)
    yield from _only_negated(book, sentences)


def _phrases(book: Book) -> Iterator[tuple[str, str]]:
    for name, words in book.words.items():
        for word in words:
            yield f"词表 {name}", word
    for pattern in book.patterns:
        for slot in pattern.slots:
            if "<" not in pattern.written:
                for word in slot.words:
                    yield f"{pattern.file} {pattern.target}", word


def _unmatchable(book: Book) -> Iterator[str]:
    for where, word in _phrases(book):
        folded = standard(unicodedata.normalize("NFKC", word).lower())
        if folded != word:
            yield f"{where}:“{word}”永远配不上,读消息前全角、大写、方言字会先变成“{folded}”,请直接写成这样"
        elif _CLAUSE_ENDS & set(word):
            yield f"{where}:“{word}”里有标点,永远配不上,请拆成两个词"


def _too_long(book: Book) -> Iterator[str]:
    for where, word in _phrases(book):
        if len(word) > LONGEST_PHRASE and not word.isascii() and not word.startswith(NUMBER_WORD):
            yield (
                f"{where}:“{word}”有{len(word)}个字,词条最长{LONGEST_PHRASE}个字;"
                "整句话放到 examples 里,这里拆成“部件 × 毛病”"
            )


def _kinds_without_phrases(book: Book) -> Iterator[str]:
    for code in book.kinds.keys() - book.entries.keys() - _DERIVED:
        yield f"kinds.yaml {code}:还没有任何说法"


#: Read from numbers or concluded by rules, not from phrases.
_DERIVED = frozenset({"health.bp_high", "health.glucose_abnormal"})


def _kinds_without_examples(book: Book, sentences: list[Example]) -> Iterator[str]:
    shown = {code for sentence in sentences for code in sentence.finds}
    for code in sorted(book.kinds.keys() - shown - _DERIVED):
        yield f"{code}:examples 里还没有一句说它的话"


def _overlaps(book: Book) -> Iterator[str]:
    by_target: dict[str, list[Pattern]] = defaultdict(list)
    for pattern in book.patterns:
        by_target[pattern.target].append(pattern)
    for target, patterns in by_target.items():
        for pattern in patterns:
            wider = next((other for other in patterns if other is not pattern and _covers(other, pattern)), None)
            if wider is not None:
                yield f"{pattern.file} {target}:“{_short(pattern)}”已包含在“{_short(wider)}”里"


def _covers(wide: Pattern, narrow: Pattern) -> bool:
    """Does ``wide`` match wherever ``narrow`` does, to the same effect?"""
    same = (wide.state, wide.stage, wide.circumstances) == (narrow.state, narrow.stage, narrow.circumstances)
    if not same or wide.vetoes or len(wide.slots) > len(narrow.slots) or wide.gap is not None:
        return False
    if any(slot.after_previous for slot in wide.slots) or wide.within != narrow.within:
        return False
    return (
        all(any(own.words <= slot.words for own in narrow.slots) for slot in wide.slots)
        and narrow.slots[-1].words <= wide.slots[-1].words
    )


def _short(pattern: Pattern) -> str:
    return pattern.written if len(pattern.written) <= 24 else pattern.written[:24] + "…"


def _only_negated(book: Book, sentences: list[Example]) -> Iterator[str]:
    shown = {code for sentence in sentences for code in sentence.finds}
    for code in sorted({code for sentence in sentences for code in sentence.excludes} - shown):
        if code in book.kinds:
            yield f"{code}:例句里只见到不算数的说法,没有一句真的"
