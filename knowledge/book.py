"""The knowledge book: every kind, phrase and cue, loaded from YAML, checked, and immutable.

    book = load_book()                      # the project's own knowledge/
    book = load_book(Path("/etc/weiguang/knowledge"))

A lexicon file of a theme has word lists (``words``) and says which of them, together, state a finding (``findings``)
or a circumstance (``circumstances``). A *pattern* is written as a short string, see ``knowledge/README.md``:

    <软管> <老化>        both within one clause, either order (the part may come from the clause before)
    <没有> > <烟管>      in this order
    打不燃|打不着        words written out
    <煤气> ~<费用>       not when the second is in the same clause (``~~``: in the same sentence)

Nothing here looks at a message; ``assistant.understand`` does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.domain.errors import KnowledgeError
from assistant.domain.reports import EvidenceState, FraudStage, Intent, Severity, VisitOutcome
from knowledge import yamlfile

OWN = Path(__file__).parent

#: A "word" that begins so stands for a number found by grammar: money, age or duration. No text holds it.
NUMBER_WORD = "\uf8ff"


@dataclass(frozen=True)
class Kind:
    """A finding kind of kinds.yaml; ``severity`` is None for fraud, whose severity hangs on the stage."""

    code: str
    label: str
    severity: Severity | None

    @property
    def theme(self) -> str:
        return self.code.split(".")[0]


@dataclass(frozen=True)
class CircumstanceKind:
    """A circumstance of circumstances.yaml. ``themes`` is empty where it may go with any finding."""

    code: str
    label: str
    scope: str
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Slot:
    """One place of a pattern: any of ``words``. ``is_part`` marks names of things (软管): the nearest one counts."""

    words: frozenset[str]
    is_part: bool = False
    after_previous: bool = False


@dataclass(frozen=True)
class Pattern:
    """Words that, together, state ``target`` (a kind or a circumstance code). The last slot is the predicate."""

    target: str
    slots: tuple[Slot, ...]
    vetoes: tuple[frozenset[str], ...] = ()
    #: for each veto: does it hold for the whole sentence (~~), not only for the clause?
    wide_vetoes: tuple[bool, ...] = ()
    state: EvidenceState | None = None
    stage: FraudStage | None = None
    circumstances: frozenset[str] = frozenset()
    default: EvidenceState | None = None
    gap: int | None = None
    within: str = "sentence"
    #: the predicate must be the last word of its clause (没人 is a miss, 没人管 is none)
    ends: bool = False
    #: as it stands in the file, for messages
    written: str = ""
    file: str = ""


@dataclass(frozen=True)
class Entry:
    """All that the lexicon says of one kind or circumstance."""

    code: str
    patterns: tuple[Pattern, ...]
    default: EvidenceState = EvidenceState.SEEN
    #: words that name the thing as such, so that "弄好了" beside them settles it
    topic: frozenset[str] = frozenset()
    #: words that look like this and are not (煤气费): a slot inside one of them does not count
    never: frozenset[str] = frozenset()
    #: visit outcome to read when this alone was found (seen from outside the door: none)
    visit: str | None = None
    #: happens in common areas: belongs to the place that is named, not to a household
    public: bool = False
    #: a scam's stage where the words tell none
    stage: FraudStage | None = None
    #: kinds that say no more than this one when both are read from one household's words
    absorbs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Book:
    """Everything below ``knowledge/`` that understanding needs."""

    kinds: Mapping[str, Kind]
    circumstances: Mapping[str, CircumstanceKind]
    entries: Mapping[str, Entry]
    cues: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    #: well-known slips of voice typing (然气 → 燃气), and characters that no slip holds
    slips: Mapping[str, str]
    function_characters: frozenset[str]
    #: characters that sound alike, one string a folded syllable (tools/syllables.py)
    syllables: tuple[str, ...]
    folder: Path = field(default=OWN)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        return tuple(pattern for entry in self.entries.values() for pattern in entry.patterns)


def load_book(folder: Path = OWN) -> Book:
    """Load and check the whole folder. Raises KnowledgeError with file, line and the likely fix."""
    kinds = _kinds(folder / "kinds.yaml")
    circumstances = _circumstances(folder / "circumstances.yaml")
    common = _WordLists.of(folder / "lexicon" / "common.yaml", None)
    entries: dict[str, Entry] = {}
    words: dict[str, frozenset[str]] = dict(common.lists)
    for path in sorted((folder / "lexicon").glob("*.yaml")):
        if path.name.endswith(".examples.yaml") or path.name == "common.yaml":
            continue
        lists = _WordLists.of(path, common)
        words.update({f"{path.stem}.{name}": found for name, found in lists.own.items()})
        for entry in _entries(path, lists, kinds, circumstances):
            entries[entry.code] = _joined(entries[entry.code], entry) if entry.code in entries else entry
    cues = _cues(folder / "language" / "cues.yaml", common)
    homophones = yamlfile.load(folder / "language" / "homophones.yaml")
    functions = frozenset(homophones["function_characters"].split())
    table = (folder / "language" / "syllables.txt").read_text(encoding="utf-8")
    syllables = tuple(line.split(" ", 1)[1] for line in table.splitlines())
    return Book(kinds, circumstances, entries, cues, words, homophones["typical"], functions, syllables, folder)


def _kinds(path: Path) -> dict[str, Kind]:
    kinds = {}
    for theme, members in yamlfile.load(path).items():
        for name, about in members.items():
            severity = Severity(about["severity"]) if "severity" in about else None
            kinds[f"{theme}.{name}"] = Kind(f"{theme}.{name}", about["label"], severity)
    return kinds


def _circumstances(path: Path) -> dict[str, CircumstanceKind]:
    return {
        code: CircumstanceKind(code, about["label"], about["scope"], frozenset(about.get("themes", ())))
        for code, about in yamlfile.load(path).items()
    }


def _cues(path: Path, common: "_WordLists") -> dict[str, frozenset[str]]:
    return {name: _words_of(path, (name,), about, common)[0] for name, about in yamlfile.load(path).items()}


@dataclass
class _WordLists:
    """The word lists a file may name: its own first, then the common ones."""

    path: Path
    own: dict[str, frozenset[str]]
    parts: set[str]
    common: "_WordLists | None"

    @property
    def lists(self) -> dict[str, frozenset[str]]:
        return {**(self.common.lists if self.common else {}), **self.own}

    def is_part(self, name: str) -> bool:
        return name in self.parts if name in self.own else bool(self.common and self.common.is_part(name))

    @classmethod
    def of(cls, path: Path, common: "_WordLists | None") -> "_WordLists":
        made = cls(path, {}, set(), common)
        for name, about in (yamlfile.load(path).get("words") or {}).items():
            found, is_part = _words_of(path, ("words", name), about, made)
            made.own[name] = found
            if is_part:
                made.parts.add(name)
        return made

    def find(self, name: str, at: tuple[str | int, ...]) -> frozenset[str]:
        lists = self.lists
        if name not in lists:
            raise _fault(self.path, at, f"没有名叫“{name}”的词表", _did_you_mean(name, lists))
        return lists[name]


def _words_of(path: Path, at: tuple[str | int, ...], about: Any, lists: _WordLists) -> tuple[frozenset[str], bool]:
    """A word list: words (``<名>`` takes in another list), ``{part: true, words: …}``, or ``{each: …, with: …}``.

    ``each`` × ``with`` writes out every joining of the two (修、换 × 好了、完了). ``{number: money}`` stands for any
    sum of money (also ``age``, ``duration``).
    """
    is_part = isinstance(about, dict) and bool(about.get("part"))
    if isinstance(about, dict) and "number" in about:
        return frozenset({NUMBER_WORD + about["number"]}), is_part
    if isinstance(about, dict) and "each" in about:
        firsts, _ = _words_of(path, (*at, "each"), about["each"], lists)
        seconds, _ = _words_of(path, (*at, "with"), about.get("with"), lists)
        also, _ = _words_of(path, (*at, "words"), about.get("words", []), lists)
        return frozenset(first + second for first in firsts for second in seconds) | also, is_part
    members = about.get("words") if isinstance(about, dict) else about
    if isinstance(members, str):
        members = members.split()
    if not isinstance(members, list) or not all(isinstance(word, str) for word in members):
        raise _fault(path, at, "词表应是一串词", '数字要加引号,例如 "110"')
    found: set[str] = set()
    for member in members:
        for word in member.split():
            found |= lists.find(word[1:-1], at) if word.startswith("<") else {word.lower()}
    return frozenset(found), is_part


_ENTRY_KEYS = {"says", "fine", "fixed", "topic", "default", "never", "visit", "public", "stage", "absorbs"}
_SAY_KEYS = {"say", "state", "stage", "circumstances", "default", "gap", "within", "ends"}


_PREFIXES = {"stages": "stage:", "visits": "visit:", "intents": "intent:"}


def _entries(
    path: Path, lists: _WordLists, kinds: Mapping[str, Kind], circumstances: Mapping[str, CircumstanceKind]
) -> Iterator[Entry]:
    data = yamlfile.load(path)
    sections: tuple[tuple[str, Any], ...] = (
        ("findings", kinds),
        ("circumstances", circumstances),
        ("stages", {stage.value: stage for stage in FraudStage}),
        ("visits", {outcome.value: outcome for outcome in VisitOutcome}),
        ("intents", {**{intent.value: intent for intent in Intent}, "register": None, "contrast": None}),
    )
    _only(path, (), data, {"words", *(name for name, _ in sections)})
    for section, legal in sections:
        for code, about in (data.get(section) or {}).items():
            at: tuple[str | int, ...] = (section, code)
            if code not in legal:
                raise _fault(path, at, f"没有“{code}”这个代码", _did_you_mean(code, legal))
            if isinstance(about, list):
                about = {"says": about}
            _only(path, at, about, _ENTRY_KEYS)
            target = _PREFIXES.get(section, "") + code
            yield _entry(path, lists, target, about, at, circumstances)


def _entry(
    path: Path,
    lists: _WordLists,
    code: str,
    about: dict[str, Any],
    at: tuple[str | int, ...],
    circumstances: Mapping[str, CircumstanceKind],
) -> Entry:
    default = _state(path, at, about.get("default", "seen"))
    patterns: list[Pattern] = []
    for key, state in (("says", None), ("fine", EvidenceState.NEGATED), ("fixed", EvidenceState.RESOLVED)):
        for index, say in enumerate(about.get(key) or ()):
            patterns.append(_pattern(path, lists, code, say, state, (*at, key, index), circumstances))
    topic: frozenset[str] = frozenset()
    if "topic" in about:
        slot = _slot(path, lists, about["topic"], (*at, "topic"), after=False)
        topic = slot.words
        for name, state in (("正常", EvidenceState.NEGATED), ("弄好", EvidenceState.RESOLVED)):
            slots = (Slot(topic, is_part=True), Slot(lists.find(name, at)))
            patterns.append(
                Pattern(
                    code,
                    slots,
                    state=state,
                    gap=6,
                    within="clause",
                    written=f"{about['topic']} <{name}>",
                    file=path.name,
                )
            )
    never, _ = _words_of(path, (*at, "never"), about.get("never") or [], lists)
    stage = FraudStage(about["stage"]) if "stage" in about else None
    absorbs = frozenset(about.get("absorbs") or ())
    return Entry(
        code, tuple(patterns), default, topic, never, about.get("visit"), bool(about.get("public")), stage, absorbs
    )


def _pattern(
    path: Path,
    lists: _WordLists,
    code: str,
    say: Any,
    state: EvidenceState | None,
    at: tuple[str | int, ...],
    circumstances: Mapping[str, CircumstanceKind],
) -> Pattern:
    about = {"say": say} if isinstance(say, str) else dict(say)
    _only(path, at, about, _SAY_KEYS)
    slots: list[Slot] = []
    vetoes: list[frozenset[str]] = []
    wide_vetoes: list[bool] = []
    after = False
    for token in about["say"].split():
        if token == ">":
            after = True
        elif token.startswith("~"):
            wide_vetoes.append(token.startswith("~~"))
            vetoes.append(_slot(path, lists, token.lstrip("~"), at, after=False).words)
        else:
            slots.append(_slot(path, lists, token, at, after=after))
            after = False
    if not slots:
        raise _fault(path, at, "这一条没有写任何词", "写成 <词表> <词表> 或直接写词")
    named = frozenset(about.get("circumstances") or ())
    for name in named - circumstances.keys():
        raise _fault(path, at, f"没有“{name}”这个情形", _did_you_mean(name, circumstances))
    stage = about.get("stage")
    if stage is not None and stage not in set(FraudStage):
        raise _fault(path, at, f"没有“{stage}”这个阶段", _did_you_mean(stage, list(FraudStage)))
    return Pattern(
        code,
        tuple(slots),
        tuple(vetoes),
        tuple(wide_vetoes),
        _state(path, at, about["state"]) if "state" in about else state,
        FraudStage(stage) if stage else None,
        named,
        _state(path, at, about["default"]) if "default" in about else None,
        int(about["gap"]) if "gap" in about else None,
        about.get("within", "sentence"),
        bool(about.get("ends")),
        about["say"],
        path.name,
    )


def _slot(path: Path, lists: _WordLists, token: str, at: tuple[str | int, ...], *, after: bool) -> Slot:
    """``<甲|乙>`` names lists, ``甲|乙`` is words written out; both may be mixed (``<软管>|那根管子``)."""
    words: set[str] = set()
    is_part = False
    for alternative in _ALTERNATIVE.findall(token):
        if alternative.startswith("<"):
            names = alternative[1:-1].split("|")
            words |= {word for name in names for word in lists.find(name, at)}
            is_part = is_part or any(lists.is_part(name) for name in names)
        elif "<" in alternative or ">" in alternative:
            raise _fault(path, at, f"看不懂“{token}”", "词表写成 <名称>,多个词表写成 <甲|乙>,词与词之间用空格")
        else:
            words.add(alternative.lower())
    return Slot(frozenset(words), is_part, after)


_ALTERNATIVE = re.compile(r"<[^<>]+>|[^|]+")


def _joined(first: Entry, second: Entry) -> Entry:
    """A kind may be spoken of in several theme files."""
    return Entry(
        first.code,
        first.patterns + second.patterns,
        first.default,
        first.topic | second.topic,
        first.never | second.never,
        first.visit or second.visit,
        first.public or second.public,
        first.stage or second.stage,
        first.absorbs | second.absorbs,
    )


def _state(path: Path, at: tuple[str | int, ...], text: str) -> EvidenceState:
    if text not in set(EvidenceState):
        raise _fault(path, at, f"没有“{text}”这个证据状态", _did_you_mean(text, list(EvidenceState)))
    return EvidenceState(text)


def _only(path: Path, at: tuple[str | int, ...], about: dict[str, Any], legal: set[str]) -> None:
    for key in about.keys() - legal:
        raise _fault(path, (*at, key), f"不认识的字段“{key}”", _did_you_mean(key, legal))


def _fault(path: Path, at: tuple[str | int, ...], what: str, mend: str) -> KnowledgeError:
    return KnowledgeError(f"{path.parent.name}/{path.name}", yamlfile.line_of(path, at), what, mend)


def _did_you_mean(word: str, legal: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, [str(name) for name in legal], n=1, cutoff=0.5)
    return f"你是不是想写“{near[0]}”" if near else "可用的见 " + "、".join(sorted(str(name) for name in legal)[:12])
