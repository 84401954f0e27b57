"""How well readings fit gold labels: the figures of ``docs/contract`` for all messages, by theme and by trap.

    tally = Tally()
    tally.add(message, reading)         # both as the JSON of the contract; message has "gold"
    tally.figures()

Cases are matched by key, then by shared kinds. ``under`` is the dangerous error: a P0 or P1 read as less urgent;
``over`` the one that makes people stop reading.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Case = Mapping[str, Any]
Kinds = set[tuple[str, bool]]

_ACTIVE = frozenset({"seen", "self_reported", "hearsay", "unverified"})
_RANK = {"P0": 0, "P1": 1, "P2": 2, "P3": 3, "P-": 4, None: 4}
SHARES = ("key", "state", "stage", "severity", "under", "over", "P0 recall", "owners", "visit", "intent", "ask")


def kinds_of(case: Case) -> Kinds:
    """(kind, does it stand?) of each finding."""
    return {(finding["kind"], finding.get("state") in _ACTIVE) for finding in case.get("findings", ())}


def same_key(one: str | None, other: str | None) -> bool:
    """Do the keys agree? Of two places one's words may contain the other's."""
    if one == other:
        return True
    if not (str(one).startswith("place:") and str(other).startswith("place:")):
        return False
    return str(one)[6:] in str(other)[6:] or str(other)[6:] in str(one)[6:]


def paired(gold: Sequence[Case], read: Sequence[Case]) -> tuple[list[tuple[Case, Case]], list[Case]]:
    """Each gold case with the one read for it (``{}`` where it was missed), and the invented ones."""
    left, right = list(gold), list(read)
    pairs: list[tuple[Case, Case]] = []
    for case in list(left):
        match = next((one for one in right if same_key(one.get("key"), case["key"])), None)
        if match is not None:
            pairs.append((case, match))
            left.remove(case)
            right.remove(match)
    for case in list(left):
        best = max(right, key=lambda one: len(kinds_of(case) & kinds_of(one)), default=None)
        if best is not None and (kinds_of(case) & kinds_of(best) or len(gold) == 1 == len(read)):
            pairs.append((case, best))
            left.remove(case)
            right.remove(best)
    return pairs + [(case, {}) for case in left], right


@dataclass
class Tally:
    """Counts over messages. ``add`` gives back what was wrong with each."""

    messages: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    found: int = 0
    invented: int = 0
    missed: int = 0

    def add(self, message: Mapping[str, Any], reading: Mapping[str, Any]) -> list[str]:
        """Count one message; the lines say what is wrong, in the order key, findings, severity."""
        gold = message["gold"]
        self.messages += 1
        wrong: list[str] = []
        if "intent" in gold:
            self._share("intent", reading.get("intent"), gold["intent"], wrong)
        if "ask" in gold:
            self._share("ask", bool(reading.get("ask")), gold["ask"], wrong)
        pairs, extra = paired(gold.get("cases", ()), reading.get("cases", ()))
        for case in extra:
            self._invented(case, wrong)
        for case, read in pairs:
            self._case(case, read, wrong)
        return wrong

    def _share(self, name: str, read: object, gold: object, wrong: list[str]) -> None:
        self.of[name] += 1
        self.hit[name] += read == gold
        if read != gold:
            wrong.append(f"{name}: {read},应为 {gold}")

    def _invented(self, case: Case, wrong: list[str]) -> None:
        self.invented += len(kinds_of(case))
        if _RANK[case.get("severity")] <= 1:
            self.of["over"] += 1
            self.hit["over"] += 1
        if kinds_of(case) or _RANK[case.get("severity")] <= 1:
            wrong.append(f"多出 {case.get('key')} {case.get('severity')} {_written(kinds_of(case))}")

    def _case(self, gold: Case, read: Case, wrong: list[str]) -> None:
        self.of["key"] += 1
        if same_key(read.get("key"), gold["key"]):
            self.hit["key"] += 1
        else:
            wrong.append(f"门牌: {read.get('key')},应为 {gold['key']}")
        expected, got = kinds_of(gold), kinds_of(read)
        self.found += len(expected & got)
        self.invented += len(got - expected)
        self.missed += len(expected - got)
        if expected != got:
            wrong.append(f"{gold['key']} 漏 {_written(expected - got)} 多 {_written(got - expected)}")
        self._states(gold, read, wrong)
        self._severity(gold, read, wrong)
        owners = {follow_up.get("owner") for follow_up in read.get("follow_ups", ())}
        for owner in gold.get("owners", ()):
            self.of["owners"] += 1
            self.hit["owners"] += owner in owners
        if "visit" in gold:
            self._share("visit", read.get("visit", "none"), gold["visit"], wrong)

    def _states(self, gold: Case, read: Case, wrong: list[str]) -> None:
        got = {finding["kind"]: finding for finding in read.get("findings", ())}
        for finding in gold.get("findings", ()):
            own = got.get(finding["kind"])
            if own is None:
                continue
            for name in ("state", "stage"):
                if finding.get(name):
                    self._share(name, own.get(name), finding[name], wrong)

    def _severity(self, gold: Case, read: Case, wrong: list[str]) -> None:
        if "severity" not in gold:
            return
        severity = read.get("severity", "P-")
        self._share("severity", severity, gold["severity"], wrong)
        urgent = _RANK[gold["severity"]] <= 1
        name = "under" if urgent else "over"
        self.of[name] += 1
        self.hit[name] += (_RANK[severity] > _RANK[gold["severity"]]) if urgent else (_RANK[severity] <= 1)
        if gold["severity"] == "P0":
            self.of["P0 recall"] += 1
            self.hit["P0 recall"] += severity == "P0"

    def figures(self) -> dict[str, float]:
        """The figures by name; one that nothing was counted for is left out."""
        total = 2 * self.found + self.invented + self.missed
        figures: dict[str, float] = {"messages": self.messages}
        figures["finding F1"] = round(2 * self.found / total, 4) if total else 1.0
        if self.found + self.invented:
            figures["precision"] = round(self.found / (self.found + self.invented), 4)
        if self.found + self.missed:
            figures["recall"] = round(self.found / (self.found + self.missed), 4)
        return figures | {name: round(self.hit[name] / self.of[name], 4) for name in SHARES if self.of[name]}


def _written(kinds: Kinds) -> str:
    return "、".join(f"{kind}{'' if stands else '(不成立)'}" for kind, stands in sorted(kinds)) or "无"


def themes_of(message: Mapping[str, Any]) -> set[str]:
    """The themes that a gold label speaks of; «其他» where it finds nothing."""
    themes = {
        finding["kind"].split(".")[0] for case in message["gold"].get("cases", ()) for finding in case["findings"]
    }
    return themes or {"其他"}


def traps_of(message: Mapping[str, Any]) -> set[str]:
    """What makes a message hard, told from its text and label."""
    gold = message["gold"]
    cases = gold.get("cases", ())
    states = {finding.get("state") for case in cases for finding in case["findings"]}
    keys = [case["key"] for case in cases]
    traps = {
        "否定": "negated" in states,
        "转述": "hearsay" in states,
        "拿不准": "unverified" in states,
        "已解决": "resolved" in states,
        "宣传": "planned" in states,
        "多户": len(cases) > 1,
        "门牌不全": any("?" in key for key in keys),
        "公共场所": any(key.startswith("place:") for key in keys),
        "更正撤回": gold.get("intent") in ("correction", "retraction"),
        "靠前文": bool(message.get("before")),
        "靠记录": bool(message.get("known")),
        "到访不遇": any(case.get("visit") in ("missed", "refused") for case in cases),
        "长消息": len(message["text"]) >= 80,
        "一切正常": bool(cases) and not states,
        "不是上报": gold.get("intent") not in ("report", "correction", None),
    }
    return {trap for trap, has in traps.items() if has}


def tallies(
    pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> tuple[Tally, dict[str, Tally], dict[str, Tally], list[tuple[Mapping[str, Any], list[str]]]]:
    """All messages, by theme, by trap, and the messages that were not read exactly with what is wrong."""
    whole, by_theme, by_trap = Tally(), dict[str, Tally](), dict[str, Tally]()
    wrong = []
    for message, reading in pairs:
        lines = whole.add(message, reading)
        if lines:
            wrong.append((message, lines))
        for names, group in ((themes_of(message), by_theme), (traps_of(message), by_trap)):
            for name in names:
                group.setdefault(name, Tally()).add(message, reading)
    return whole, by_theme, by_trap, wrong
