"""One decided case into the records, and word of it to those who must know."""

from collections.abc import Mapping
from datetime import datetime

from assistant.domain.access import Retention, Sensitivity, sensitivity_of
from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, VisitOutcome
from assistant.storage import apply, records, settle
from assistant.storage.tables import ReadingMade, Report
from assistant.turn.course import Reported
from assistant.turn.endings import tell_of_proposals
from assistant.turn.telling import tell_of_clusters, tell_of_flags

_STRICTEST_LAST = (Sensitivity.ORDINARY, Sensitivity.HEALTH, Sensitivity.VIOLENCE, Sensitivity.CHILD)


def record(
    reported: Reported,
    case: CaseReading,
    decision: Decision,
    report: Report,
    made: ReadingMade,
    *,
    found_at: datetime | None = None,
    told_by: Mapping[str, tuple[Report, ReadingMade]] | None = None,
) -> settle.Ended:
    """File ``case`` as an effect of ``report`` (an earlier one where a correction files it anew); end what it closes.

    ``found_at`` and ``told_by`` are as in ``apply.Source``. A case of which nothing was said but the door leaves no
    trace. Returns what came to an end by it.
    """
    says_something = decision.findings or decision.flags or case.people or case.visit is not VisitOutcome.NONE
    if not (says_something or decision.closes or decision.settles):
        return settle.Ended()
    place = records.household_for(
        reported.ledger,
        reported.estate,
        case.key,
        area_id=reported.worker.area_id,
        is_whole_unit=case.is_whole_unit,
        is_doubtful=bool(case.also_fits),
    )
    source = apply.Source(report, made, reported.course.minds.rule_book_version, found_at, told_by or {})
    recorded = apply.record(reported.ledger, source, place, case, decision)
    if recorded.flags:
        report.retention = Retention.CASE
    classes = [report.sensitivity, *(sensitivity_of(finding.kind) for finding in decision.findings)]
    report.sensitivity = max(classes, key=_STRICTEST_LAST.index)
    ended = settle.close_kinds(reported.ledger, place, decision.closes) if decision.closes else settle.Ended()
    tell_of_proposals(reported, place, ended.waiting)
    if decision.settles:
        settle.close_rules(reported.ledger, place, decision.settles)
    tell_of_flags(reported, case, decision, recorded.flags, place)
    tell_of_clusters(reported, decision)
    return ended
