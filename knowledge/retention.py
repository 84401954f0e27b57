"""How long each class of record is kept: ``retention.yaml``, read and checked.

periods = load_retention()
periods.cut(Retention.CASE, now)
"""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.domain.access import Retention
from assistant.domain.errors import KnowledgeError
from assistant.domain.retention import Periods
from knowledge import yamlfile

OWN = Path(__file__).parent
#: what the pages speak of by code
KEPT = ("open", "ledger", "shared", "left", "backup")


def load_retention(folder: Path = OWN) -> Periods:
    """Read and check ``retention.yaml``. Raises KnowledgeError with the field and the likely mend."""
    file = folder / "retention.yaml"
    content = yamlfile.load(file)
    named = {"of": content.get("periods"), "kept": content.get("kept")} if isinstance(content, dict) else content
    try:
        periods = TypeAdapter(Periods).validate_python(named)
    except ValidationError as fault:
        first = fault.errors()[0]
        at = ["periods" if part == "of" else str(part) for part in first["loc"]]
        raise KnowledgeError(file.name, yamlfile.line_of(file, at), f"{'.'.join(at)} 写得不对", first["msg"]) from fault
    missing = [each for each in Retention if each not in periods.of]
    if missing:
        line = yamlfile.line_of(file, ["periods"])
        raise KnowledgeError(file.name, line, f"periods 缺 {'、'.join(missing)}", "每一类都要写留多久")
    for retention, period in periods.of.items():
        if period.days is not None and period.days < max(period.at_least, 1):
            line = yamlfile.line_of(file, ["periods", retention.value, "days"])
            said = f"{period.name}只留 {period.days} 天"
            raise KnowledgeError(file.name, line, said, f"至少 {max(period.at_least, 1)} 天")
    lacking = [code for code in KEPT if code not in periods.kept]
    if lacking:
        line = yamlfile.line_of(file, ["kept"])
        raise KnowledgeError(file.name, line, f"kept 缺 {'、'.join(lacking)}", "删除的那一页要说明它们为什么留")
    return periods
