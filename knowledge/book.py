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

from assistant.domain.reports import EvidenceState, FraudStage, Intent, Severity, VisitOutcome
from knowledge import yamlfile
from knowledge.learned import LearnedModel, load_learned
from knowledge.wordlists import WordLists, did_you_mean, fault, words_of

OWN = Path(__file__).parent


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
    """A circumstance of circumstances.yaml. ``themes`` is empty where it may go with any finding.

    Once the findings of a theme in ``ends_with`` are over, it has passed with them.
    """

    code: str
    label: str
    scope: str
    themes: frozenset[str] = frozenset()
    ends_with: frozenset[str] = frozenset()


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
    #: counts for nothing beside a finding of this theme (电话里: in a scam the swindler's)
    unless: str | None = None
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
    #: what was learned from the examples (``make learn``); None in a folder that has no model
    learned: LearnedModel | None = None
    folder: Path = field(default=OWN)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        return tuple(pattern for entry in self.entries.values() for pattern in entry.patterns)


def load_book(folder: Path = OWN) -> Book:
    """Load and check the whole folder. Raises KnowledgeError with file, line and the likely fix."""
    kinds = _kinds(folder / "kinds.yaml")
    circumstances = _circumstances(folder / "circumstances.yaml")
    common = WordLists.of(folder / "lexicon" / "common.yaml", None)
    entries: dict[str, Entry] = {}
    words: dict[str, frozenset[str]] = dict(common.lists)
    for path in sorted((folder / "lexicon").glob("*.yaml")):
        if path.name.endswith(".examples.yaml") or path.name == "common.yaml":
            continue
        lists = WordLists.of(path, common)
        words.update({f"{path.stem}.{name}": found for name, found in lists.own.items()})
        for entry in _entries(path, lists, kinds, circumstances):
            entries[entry.code] = _joined(entries[entry.code], entry) if entry.code in entries else entry
    cues = _cues(folder / "language" / "cues.yaml", common)
    homophones = yamlfile.load(folder / "language" / "homophones.yaml")
    slips: Mapping[str, str] = homophones["typical"]
    functions = frozenset(homophones["function_characters"].split())
    table = (folder / "language" / "syllables.txt").read_text(encoding="utf-8")
    syllables = tuple(line.split(" ", 1)[1] for line in table.splitlines())
    model = folder / "learned.npz"
    learned = load_learned(model) if model.exists() else None
    return Book(kinds, circumstances, entries, cues, words, slips, functions, syllables, learned, folder)


def _kinds(path: Path) -> dict[str, Kind]:
    kinds = {}
    for theme, members in yamlfile.load(path).items():
        for name, about in members.items():
            severity = Severity(about["severity"]) if "severity" in about else None
            kinds[f"{theme}.{name}"] = Kind(f"{theme}.{name}", about["label"], severity)
    return kinds


def _circumstances(path: Path) -> dict[str, CircumstanceKind]:
    return {
        code: CircumstanceKind(
            code,
            about["label"],
            about["scope"],
            frozenset(about.get("themes", ())),
            frozenset(about.get("ends_with", ())),
        )
        for code, about in yamlfile.load(path).items()
    }


def _cues(path: Path, common: "WordLists") -> dict[str, frozenset[str]]:
    return {name: words_of(path, (name,), about, common)[0] for name, about in yamlfile.load(path).items()}


_ENTRY_KEYS = {"says", "fine", "fixed", "topic", "default", "never", "visit", "public", "stage", "absorbs"}
_SAY_KEYS = {"say", "state", "stage", "circumstances", "default", "gap", "within", "ends", "unless"}


_PREFIXES = {"stages": "stage:", "visits": "visit:", "intents": "intent:"}


def _entries(
    path: Path, lists: WordLists, kinds: Mapping[str, Kind], circumstances: Mapping[str, CircumstanceKind]
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
                raise fault(path, at, f"没有“{code}”这个代码", did_you_mean(code, legal))
            if isinstance(about, list):
                about = {"says": about}
            _only(path, at, about, _ENTRY_KEYS)
            target = _PREFIXES.get(section, "") + code
            yield _entry(path, lists, target, about, at, circumstances)


def _entry(
    path: Path,
    lists: WordLists,
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
    never, _ = words_of(path, (*at, "never"), about.get("never") or [], lists)
    stage = FraudStage(about["stage"]) if "stage" in about else None
    absorbs = frozenset(about.get("absorbs") or ())
    return Entry(
        code, tuple(patterns), default, topic, never, about.get("visit"), bool(about.get("public")), stage, absorbs
    )


def _pattern(
    path: Path,
    lists: WordLists,
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
        raise fault(path, at, "这一条没有写任何词", "写成 <词表> <词表> 或直接写词")
    named = frozenset(about.get("circumstances") or ())
    for name in named - circumstances.keys():
        raise fault(path, at, f"没有“{name}”这个情形", did_you_mean(name, circumstances))
    stage = about.get("stage")
    if stage is not None and stage not in set(FraudStage):
        raise fault(path, at, f"没有“{stage}”这个阶段", did_you_mean(stage, list(FraudStage)))
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
        about.get("unless"),
        about["say"],
        path.name,
    )


def _slot(path: Path, lists: WordLists, token: str, at: tuple[str | int, ...], *, after: bool) -> Slot:
    """``<甲|乙>`` names lists, ``甲|乙`` is words written out; both may be mixed (``<软管>|那根管子``)."""
    words: set[str] = set()
    is_part = False
    for alternative in _ALTERNATIVE.findall(token):
        if alternative.startswith("<"):
            names = alternative[1:-1].split("|")
            words |= {word for name in names for word in lists.find(name, at)}
            is_part = is_part or any(lists.is_part(name) for name in names)
        elif "<" in alternative or ">" in alternative:
            raise fault(path, at, f"看不懂“{token}”", "词表写成 <名称>,多个词表写成 <甲|乙>,词与词之间用空格")
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
        raise fault(path, at, f"没有“{text}”这个证据状态", did_you_mean(text, list(EvidenceState)))
    return EvidenceState(text)


def _only(path: Path, at: tuple[str | int, ...], about: dict[str, Any], legal: set[str]) -> None:
    for key in about.keys() - legal:
        raise fault(path, (*at, key), f"不认识的字段“{key}”", did_you_mean(key, legal))
