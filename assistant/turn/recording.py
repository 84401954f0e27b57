"""One decided case into the records, and word of it to those who must know."""

from assistant.domain.access import Retention, Sensitivity, sensitivity_of
from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, VisitOutcome
from assistant.storage import apply, records, settle
from assistant.storage.tables import ReadingMade, Report
from assistant.turn.course import Reported
from assistant.turn.telling import tell_of_clusters, tell_of_flags, tell_of_proposals

_STRICTEST_LAST = (Sensitivity.ORDINARY, Sensitivity.HEALTH, Sensitivity.VIOLENCE, Sensitivity.CHILD)


def record(reported: Reported, case: CaseReading, decision: Decision, report: Report, made: ReadingMade) -> None:
    """File ``case`` as an effect of ``report`` (an earlier one where a correction files it anew); end what it closes.

    A case of which nothing was said but the door leaves no trace.
    """
    says_something = decision.findings or decision.flags or case.people or case.visit is not VisitOutcome.NONE
    if not (says_something or decision.closes or decision.settles):
        return
    place = records.household_for(
        reported.ledger,
        reported.estate,
        case.key,
        area_id=reported.worker.area_id,
        is_whole_unit=case.is_whole_unit,
        is_doubtful=bool(case.also_fits),
    )
    source = apply.Source(report, made, reported.course.minds.rule_book_version)
    recorded = apply.record(reported.ledger, source, place, case, decision)
    if recorded.flags:
        report.retention = Retention.CASE
    classes = [report.sensitivity, *(sensitivity_of(finding.kind) for finding in decision.findings)]
    report.sensitivity = max(classes, key=_STRICTEST_LAST.index)
    if decision.closes:
        tell_of_proposals(reported, place, settle.close_kinds(reported.ledger, place, decision.closes))
    if decision.settles:
        settle.close_rules(reported.ledger, place, decision.settles)
    tell_of_flags(reported, case, decision, recorded.flags, place)
    tell_of_clusters(reported, decision)
