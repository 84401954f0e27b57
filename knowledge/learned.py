"""The learned reading: how likely a sentence states each kind, as sentences like it did in ``knowledge/examples``.

Phrases and slots read what somebody thought of; the model reads what is worded otherwise (软管一捏掉渣). It is a linear
model over the pieces of one to three characters that a sentence is made of, one weight a piece and target, so that each
opinion can be traced to the characters it came from. ``make learn`` makes ``learned.npz`` anew from the examples;
``sources`` in it says from which.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.domain.errors import KnowledgeError

#: The target of a sentence that states anything at all, whatever kind it is.
ANYTHING = "anything"
#: The target of a sentence whose matter is over (mended, cleared, found, put out); written ``kind@over`` in an example.
OVER = "over"
#: Pieces are up to this many characters long.
LONGEST_PIECE = 3
#: a number, a gap, or else one character
_CHARACTER = re.compile(r"([0-9一二三四五六七八九十两〇零百]+)|(\W+)|\w")
_AGED = re.compile(r"[多几来好]{0,2}周?岁")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
#: How numbers are written in pieces: any number, a child's age, an old person's age.
_ANY, _CHILD, _OLD = "0", "1", "9"
_CHILD_BELOW, _OLD_FROM = 14, 60


class Piece(NamedTuple):
    """``text`` is what stands at ``start:end``, marks written as a space and numbers as one digit."""

    text: str
    start: int
    end: int


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a folded text, each with where it stands. Any number is one character, so is any punctuation.

    Of a number only this counts: whether it is the age of a child or of somebody old.
    """
    for written, starts, ends in _runs(text):
        for piece, start, end in zip(written, starts, ends, strict=True):
            if piece.strip(f"{_ANY} "):  # a number or a mark alone says nothing
                yield Piece(piece, start, end)


def _runs(text: str) -> Iterator[tuple[list[str], list[int], list[int]]]:
    """All runs of one character, of two and so on, each with where it begins and ends; also those that say nothing."""
    characters, starts, ends = [], [], []
    for token in _CHARACTER.finditer(text):
        start, end = token.span()
        starts.append(start)
        ends.append(end)
        which = token.lastindex
        characters.append(token[0] if which is None else _number(text, start, end) if which == 1 else " ")
    runs = characters
    yield runs, starts, ends
    for length in range(2, LONGEST_PIECE + 1):
        runs = [run + next_one for run, next_one in zip(runs, characters[length - 1 :], strict=False)]
        yield runs, starts[: len(runs)], ends[length - 1 :]


def _number(text: str, start: int, end: int) -> str:
    if not _AGED.match(text, end):
        return _ANY
    number = text[start:end]
    tens, ten, ones = number.partition("十")
    if number.isdecimal():
        age = int(number[-3:])
    else:
        age = 10 * _DIGITS.get(tens[-1:], 1) + _DIGITS.get(ones[-1:], 0) if ten else _DIGITS.get(number[-1], 0)
    return _CHILD if age < _CHILD_BELOW else _OLD if age >= _OLD_FROM else _ANY


@dataclass(frozen=True)
class Opinion:
    """What the model makes of one text: the likelihood of each target, and which characters spoke for it."""

    likely: Mapping[str, float]
    _found: tuple[tuple[int, int], ...]
    _shares: NDArray[np.float32]
    _columns: Mapping[str, int]

    def strongest(self, target: str, longest: int = 6) -> tuple[int, int]:
        """The stretch of at most ``longest`` characters that speaks most for ``target``."""
        shares = self._shares[:, self._columns[target]]
        weight: dict[int, float] = {}
        for (start, end), share in zip(self._found, shares, strict=True):
            for position in range(start, end):
                weight[position] = weight.get(position, 0.0) + float(share) / (end - start)
        end = max(weight) + 1
        sums = [0.0]
        for position in range(end):
            sums.append(sums[-1] + weight.get(position, 0.0))
        spans = [(start, min(end, start + longest)) for start in range(max(1, end - longest + 1))]
        return max(spans, key=lambda span: sums[span[1]] - sums[span[0]])


@dataclass(frozen=True)
class LearnedModel:
    """One weight a piece and target, kept in one byte: ``weights * scale`` are the real ones."""

    targets: tuple[str, ...]
    rows: Mapping[str, int]
    rarity: NDArray[np.float32]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    sources: str

    def of(self, text: str) -> Opinion:
        """The model's opinion of one folded text."""
        row_of = self.rows.get
        found: dict[int, tuple[int, int]] = {}
        for written, starts, ends in _runs(text):
            for row, start, end in zip(map(row_of, written), starts, ends, strict=True):
                if row is not None and row not in found:
                    found[row] = (start, end)
        rows = list(found)
        values = self.rarity[rows]
        norm = float(np.sqrt(np.sum(values * values))) or 1.0
        shares = self.weights[rows].astype(np.float32) * (values / norm)[:, None] * self.scale
        likely = 1.0 / (1.0 + np.exp(-(shares.sum(axis=0) + self.bias)))
        return Opinion(
            dict(zip(self.targets, likely.tolist(), strict=True)), tuple(found.values()), shares, self._columns
        )

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {target: index for index, target in enumerate(self.targets)}


def load_learned(path: Path) -> LearnedModel:
    """The model in ``path``. Raises OSError or ValueError when there is none or it is damaged."""
    with np.load(path, allow_pickle=False) as stored:
        written = bytes(stored["pieces"]).decode().split("\n")
        return LearnedModel(
            tuple(bytes(stored["targets"]).decode().split("\n")),
            {piece: row for row, piece in enumerate(written)},
            stored["rarity"],
            stored["weights"],
            stored["scale"],
            stored["bias"],
            bytes(stored["sources"]).decode(),
        )


def sources(folder: Path) -> list[Path]:
    """The files below a knowledge folder that are learned from."""
    return [*(folder / "examples").glob("*.txt"), *(folder / "lexicon").glob("*.examples.yaml")]


class LabelledLine(NamedTuple):
    """A sentence of ``examples/*.txt`` with its kinds, and how far each scam has got (``fraud.loan_credit@paid``).

    A stage may also be OVER, of any kind (``gas.hose@over``).
    """

    where: str
    sentence: str
    kinds: tuple[str, ...]
    stages: tuple[str, ...]


def labelled_lines(folder: Path) -> Iterator[LabelledLine]:
    """All labelled sentences. Raises KnowledgeError where a line is not ``labels<TAB>sentence``."""
    for path in sorted((folder / "examples").glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            labels, tab, sentence = line.partition("\t")
            if not tab or not sentence.strip() or "\t" in sentence:
                raise KnowledgeError(path.name, number, "这一行不是“代码<Tab>句子”", "没有发现的写 -,几种用逗号隔开")
            told = [label.strip().partition("@") for label in labels.split(",") if label.strip() != "-"]
            kinds, stages = tuple(kind for kind, _, _ in told), tuple(stage for _, _, stage in told if stage)
            yield LabelledLine(f"{path.name} 第{number}行", sentence, kinds, stages)


def fingerprint(paths: Sequence[Path]) -> str:
    """Changes when any of the files does: tells whether the model was learned from what the examples say now."""
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
