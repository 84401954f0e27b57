"""The guidance cards of ``knowledge/guidance/*.md``, and the one that answers a question.

    guidance = load_guidance(cut=segment.words)
    card = guidance.find("软管老化咋个办")        # None: nothing is near enough, say so

A card is a heading ``## …`` with 管 (finding kinds), 也说 (how it may be asked), 出处 (a source of replies.yaml) and
three to five numbered steps. Cards are ranked by BM25 over heading, phrases and steps, in words and in pairs of
characters; a question of which too little is known to any card finds nothing. ``cut`` splits a text into words. Pure
after loading.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import bm25s

from assistant.domain.casework import Responder
from assistant.domain.errors import KnowledgeError
from knowledge import yamlfile

OWN = Path(__file__).parent

Cut = Callable[[str], Sequence[str]]

#: how much a word counts where it stands: in the heading, in a phrase, in a step
_HEADING, _PHRASE, _STEP = 4, 3, 1
#: a card answers from this score on (an off-topic question shares a common word with some card, and scores below) …
_NEAR_ENOUGH = 2.7
#: … and where this share of what the question says is in its heading and phrases
_KNOWS_ENOUGH = 0.25
#: a finding that the question was read to speak of is worth so much more of its card's score
_SAME_KIND = 1.35
_FEWEST_STEPS, _MOST_STEPS, _LONGEST_STEP = 3, 5, 36
_FIELD = re.compile(r"(管|也说|出处)\s*[：:]\s*(.+)")
_STEP_LINE = re.compile(r"(\d)[.．、]\s*(.+)")
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Card:
    """What to do, in short steps. ``where`` names file and line for messages."""

    title: str
    kinds: tuple[str, ...]
    says: tuple[str, ...]
    source: str
    steps: tuple[str, ...]
    where: tuple[str, int] = ("", 0)


@dataclass(frozen=True)
class _Words:
    """guidance.yaml: words that say nothing of what is asked about, and words that mean the same."""

    empty: frozenset[str]
    same: Mapping[str, str]


@dataclass
class Guidance:
    """All cards with their index. Safe to share between threads."""

    cards: tuple[Card, ...]
    cut: Cut
    words: _Words
    _index: bm25s.BM25 = field(init=False, repr=False)
    _about: list[frozenset[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        documents = [self._terms_of(card) for card in self.cards]
        self._about = [frozenset(self._terms_of_heading(card)) for card in self.cards]
        self._index = bm25s.BM25(method="lucene", k1=1.2, b=0.5)
        self._index.index(documents, show_progress=False)

    def find(self, question: str, kinds: Iterable[str] = (), *, strictly: bool = False) -> Card | None:
        """The card that answers, or None. ``kinds``: what the question was read to speak of, if anything.

        ``strictly``: the question does not ask what to do in so many words, so the card must be twice as near.
        """
        ranked = self.rank(question, kinds, strictly=strictly)
        return ranked[0] if ranked else None

    def rank(self, question: str, kinds: Iterable[str] = (), *, strictly: bool = False) -> list[Card]:
        """The cards that are near enough, the best first."""
        times = 2 if strictly else 1
        terms = list(dict.fromkeys(self._terms(question)))
        if not terms:
            return []
        about = frozenset(kinds)
        scored = []
        for number, score in enumerate(self._index.get_scores(terms)):
            card, known = self.cards[number], self._about[number]
            is_same = not about.isdisjoint(card.kinds)
            share = sum(term in known for term in terms) / len(terms)
            if score > 0 and (is_same or (score >= _NEAR_ENOUGH * times and share >= _KNOWS_ENOUGH * times)):
                scored.append((float(score) * (_SAME_KIND if is_same else 1), -number))
        return [self.cards[-number] for _, number in sorted(scored, reverse=True)]

    def _terms_of_heading(self, card: Card) -> list[str]:
        """Heading and phrases: what a card is about. A step may speak of anything (打电话, 周末也行)."""
        terms = self._terms(card.title) * _HEADING
        for phrase in card.says:
            terms += self._terms(phrase) * _PHRASE
        return terms

    def _terms_of(self, card: Card) -> list[str]:
        terms = self._terms_of_heading(card)
        for step in card.steps:
            terms += self._terms(step) * _STEP
        return terms

    def _terms(self, text: str) -> list[str]:
        """The words of a text that say something, and each pair of neighbouring characters within a run of them."""
        text = text.lower()
        for word, same in self.words.same.items():
            text = text.replace(word, same)
        terms, run = [], ""
        for word in (*self.cut(text), ""):
            if _HAN.fullmatch(word) and word not in self.words.empty:
                terms.append(word)
                run += word
            else:
                terms += _pairs(run)
                run = ""
        return terms


def _pairs(run: str) -> list[str]:
    """软管老化 → 软管, 管老, 老化, marked so that they are other terms than the words: jieba may cut it otherwise."""
    return [f"2:{run[at : at + 2]}" for at in range(len(run) - 1)]


def load_guidance(cut: Cut, folder: Path = OWN, phones: Mapping[Responder, str] | None = None) -> Guidance:
    """Read and check every card. Raises KnowledgeError with file, line and mend.

    ``phones`` are the community's own numbers: ``{gas}`` in a step becomes the gas company's, or nothing.
    """
    numbers = {responder.value: (phones or {}).get(responder, "") for responder in Responder}
    cards = [card for path in sorted((folder / "guidance").glob("*.md")) for card in _cards(path, numbers)]
    titles: dict[str, Card] = {}
    for card in cards:
        if card.title in titles:
            raise KnowledgeError(*card.where, f"有两张卡片都叫“{card.title}”", "换一个标题,或合成一张")
        titles[card.title] = card
    return Guidance(tuple(cards), cut, _words(folder / "language" / "guidance.yaml"))


def _words(path: Path) -> _Words:
    content = yamlfile.load(path)
    if not isinstance(content, dict) or set(content) != {"empty", "same"}:
        raise KnowledgeError(path.name, 1, "应当只有 empty 和 same 两项", "对照文件开头的写法改")
    same = {word: means for means, words in content["same"].items() for word in words.split()}
    longest_first = dict(sorted(same.items(), key=lambda pair: len(pair[0]), reverse=True))
    return _Words(frozenset(content["empty"].split()), longest_first)


def _cards(path: Path, numbers: Mapping[str, str]) -> list[Card]:
    cards: list[Card] = []
    lines: list[tuple[int, str]] = []
    title = (0, "")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("## "):
            if title[1]:
                cards.append(_card(path.name, title, lines, numbers))
            title, lines = (number, line[3:].strip()), []
        elif title[1] and line.strip():
            lines.append((number, line.strip()))
    if title[1]:
        cards.append(_card(path.name, title, lines, numbers))
    return cards


def _card(file: str, title: tuple[int, str], lines: list[tuple[int, str]], numbers: Mapping[str, str]) -> Card:
    fields: dict[str, str] = {}
    steps: list[str] = []
    for number, line in lines:
        if (found := _FIELD.fullmatch(line)) and not steps:
            fields[found[1]] = found[2]
        elif (step := _STEP_LINE.fullmatch(line)) and int(step[1]) == len(steps) + 1:
            steps.append(_filled(file, number, step[2], numbers))
        else:
            raise KnowledgeError(file, number, f"卡片里看不懂这一行:{line}", "只写 管、也说、出处 和从 1 起编号的步骤")
    if missing := [name for name in ("管", "也说", "出处") if name not in fields]:
        raise KnowledgeError(file, title[0], f"“{title[1]}”少了{'、'.join(missing)}", "在标题下补一行")
    if not _FEWEST_STEPS <= len(steps) <= _MOST_STEPS:
        raise KnowledgeError(file, title[0], f"“{title[1]}”有{len(steps)}步", "写三到五步")
    kinds, says = (_listed(fields[name]) for name in ("管", "也说"))
    return Card(title[1], kinds, says, fields["出处"].strip(), tuple(steps), (file, title[0]))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[；;，,]", text) if part.strip())


def _filled(file: str, number: int, step: str, numbers: Mapping[str, str]) -> str:
    try:
        filled = step.format(**numbers)
    except (KeyError, ValueError, IndexError) as fault:
        fits = "、".join(f"{{{name}}}" for name in numbers)
        raise KnowledgeError(file, number, "花括号里的词填不了", f"能填的:{fits}") from fault
    if len(filled) > _LONGEST_STEP:
        raise KnowledgeError(file, number, f"这一步有{len(filled)}个字,太长", f"一步不超过{_LONGEST_STEP}个字,拆成两步")
    return filled
