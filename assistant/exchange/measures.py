"""What was done on the spot, from the reports themselves: the clauses that tell of it, word for word, nothing made up.

Where a report tells of several doors, a clause belongs to the door of the finding before it.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.storage.tables import FindingRow, Report
from knowledge.forms import Forms

#: a question mark stays with its clause, which tells of nothing done then
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+[？?]?")


def measures(forms: Forms, household_id: int, reports: Iterable[tuple[Report, Sequence[FindingRow]]]) -> str:
    """What these reports tell of for one door, joined; each comes with all its findings. Empty where none does."""
    told = (
        clause
        for report, findings in reports
        for clause, owner in _clauses(report.text, sorted(findings, key=lambda each: each.quote_start))
        if owner in (household_id, None) and forms.tells_of_a_measure(clause)
    )
    return "；".join(dict.fromkeys(told))


def _clauses(text: str, findings: Sequence[FindingRow]) -> Iterable[tuple[str, int | None]]:
    """Each clause with the household that it speaks of; None where the report has no finding at all."""
    for found in _CLAUSE.finditer(text):
        before = [each for each in findings if each.quote_start < found.end()]
        owner = before[-1] if before else next(iter(findings), None)
        yield found.group().strip(), owner.household_id if owner is not None else None
