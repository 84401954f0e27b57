"""The codes that rules may use: finding kinds, circumstances, values; and the Chinese words for each.

Kinds and circumstances come from ``knowledge/`` (the same files that understanding uses), everything else is fixed by
``docs/contract``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import knowledge
from assistant.domain.errors import KnowledgeError, RuleBookError
from assistant.domain.reports import Severity
from knowledge import yamlfile
from knowledge.book import CircumstanceKind, Kind

#: numbers that come with a finding or a measurement, with their units
VALUES: Mapping[str, str] = {
    "systolic": "高压(mmHg)",
    "diastolic": "低压(mmHg)",
    "glucose": "血糖(mmol/L)",
    "amount_yuan": "金额(元)",
    "days": "天数",
    "people": "人数",
}
#: what a measurement may be of, and the values it carries
MEASUREMENTS: Mapping[str, tuple[str, ...]] = {"blood_pressure": ("systolic", "diastolic"), "glucose": ("glucose",)}


@dataclass(frozen=True)
class Vocabulary:
    """Every code with its label."""

    kinds: Mapping[str, Kind]
    circumstances: Mapping[str, CircumstanceKind]

    @property
    def themes(self) -> frozenset[str]:
        return frozenset(kind.theme for kind in self.kinds.values())

    @property
    def personal(self) -> frozenset[str]:
        """Circumstances that belong to a person."""
        return frozenset(code for code, about in self.circumstances.items() if about.scope == "person")

    def label(self, code: str) -> str:
        """The Chinese word for a kind or circumstance; the code itself where there is none."""
        named = self.kinds.get(code) or self.circumstances.get(code)
        return named.label if named else code


def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """Read kinds.yaml and circumstances.yaml of a knowledge folder. Raises RuleBookError."""
    folder = folder or Path(knowledge.__file__).parent
    kinds = {
        f"{theme}.{name}": Kind(
            f"{theme}.{name}", about["label"], Severity(about["severity"]) if "severity" in about else None
        )
        for theme, members in load_yaml(folder / "kinds.yaml").items()
        for name, about in members.items()
    }
    circumstances = {
        code: CircumstanceKind(code, about["label"], about["scope"], frozenset(about.get("themes", ())))
        for code, about in load_yaml(folder / "circumstances.yaml").items()
    }
    return Vocabulary(kinds, circumstances)


def load_yaml(path: Path) -> Any:
    """The content of a file that rule authors edit. Raises RuleBookError with file and line."""
    try:
        return yamlfile.load(path)
    except KnowledgeError as fault:
        raise RuleBookError(f"{path.parent.name}/{path.name}", fault.line, fault.what, fault.mend) from fault


def did_you_mean(word: str, legal: Iterable[str]) -> str:
    """The hint that ends an error: the nearest legal word, or the first dozen of them."""
    words = sorted(set(legal))
    near = get_close_matches(word, words, n=1, cutoff=0.5)
    return (
        f"你是不是想写“{near[0]}”" if near else "可用的有:" + "、".join(words[:12]) + ("……" if len(words) > 12 else "")
    )
