"""Which column or code of other people's forms a theme, kind or severity of ours stands for: ``forms.yaml``.

forms = load_forms()
forms.inspection_item("gas.hose")       # "燃气"
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.domain.errors import KnowledgeError
from assistant.domain.reports import EvidenceState, Severity
from knowledge import yamlfile

OWN = Path(__file__).parent
_DEFAULT = "default"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Labels(_Part):
    #: what a summary bears that was made by a machine
    summary: str
    #: what a row bears that holds a worker's own words
    words: str
    #: what stands in the place of words that this export leaves out
    restricted: str


class Measures(_Part):
    #: words of which one tells that something was done on the spot
    done: str
    #: words with which it was not done, or not yet, or is asked for
    not_done: str


class Forms(_Part):
    """Everything that ``forms.yaml`` says."""

    sources: Mapping[str, str]
    inspection_items: Mapping[str, str]
    inspection_results: Mapping[str, str]
    hazard_levels: Mapping[Severity, str]
    hazard_themes: tuple[str, ...]
    visit_log: Mapping[str, tuple[str, ...]]
    natures: Mapping[str, str]
    measures: Measures
    labels: Labels

    def inspection_item(self, kind: str) -> str:
        """The 巡查项目 of a finding kind."""
        return _of_kind(self.inspection_items, kind)

    def inspection_result(self, state: EvidenceState) -> str:
        """The 结果 that a finding in this state amounts to."""
        return self.inspection_results.get(state, self.inspection_results[_DEFAULT])

    def nature(self, kind: str) -> str:
        """The 事件性质 of a finding kind."""
        return _of_kind(self.natures, kind)

    def log_column(self, kind: str) -> str | None:
        """The column of the 民情日志 that counts this kind; None for what goes under 其他问题."""
        return self._log_columns.get(kind) or self._log_columns.get(kind.split(".")[0])

    def tells_of_a_measure(self, clause: str) -> bool:
        """Does this clause of a report tell that something was done on the spot?"""
        return any(word in clause for word in self._done) and not any(word in clause for word in self._not_done)

    @cached_property
    def _done(self) -> tuple[str, ...]:
        return tuple(self.measures.done.split())

    @cached_property
    def _not_done(self) -> tuple[str, ...]:
        return tuple(self.measures.not_done.split())

    @cached_property
    def _log_columns(self) -> dict[str, str]:
        return {kind: column for column, kinds in self.visit_log.items() for kind in kinds}


def load_forms(folder: Path = OWN) -> Forms:
    """Read and check ``forms.yaml``. Raises KnowledgeError with the field and the likely mend."""
    file = folder / "forms.yaml"
    try:
        forms = Forms.model_validate(yamlfile.load(file))
    except ValidationError as fault:
        first = fault.errors()[0]
        at = [str(part) for part in first["loc"]]
        raise KnowledgeError(file.name, yamlfile.line_of(file, at), f"{'.'.join(at)} 写得不对", first["msg"]) from fault
    for name in ("inspection_items", "inspection_results", "natures"):
        if _DEFAULT not in getattr(forms, name):
            raise KnowledgeError(file.name, yamlfile.line_of(file, [name]), f"{name} 缺 default", "没写到的都算它")
    missing = [severity for severity in Severity if severity not in forms.hazard_levels]
    if missing:
        line = yamlfile.line_of(file, ["hazard_levels"])
        raise KnowledgeError(file.name, line, f"hazard_levels 缺 {'、'.join(missing)}", "每一级都要写")
    return forms


def _of_kind(codes: Mapping[str, str], kind: str) -> str:
    return codes.get(kind) or codes.get(kind.split(".")[0]) or codes[_DEFAULT]
