"""The coordinator's list: which households need somebody, why, who acts and until when.

One entry a household, the most urgent first and of equals the newest, with the worker's own words and the stretches
that led to it. Only flags that still stand, and only those that the viewer may see.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.console.wording import Piece, pieces
from assistant.dialogue.wording import say_door
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.masking import name_for, words_for
from assistant.domain.places import is_place
from assistant.domain.reports import EvidenceState, Severity
from assistant.domain.rights import Viewer
from assistant.storage.tables import FindingRow, Flag, FollowUp, Household, Report, Resident, Worker
from assistant.storage.viewing import flags_seen_by

#: more than a coordinator reads in one go; the rest is counted
_HOUSEHOLDS_SHOWN = 200
_STANDS = [state for state in MatterState if state.stands]


@dataclass(frozen=True)
class Promise:
    """A follow-up that is not over. ``due_at`` is aware."""

    owner: Responder
    what: str
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True)
class Reason:
    """One flag: what a rule concluded. ``is_proposed``: somebody says that it is over, a coordinator decides."""

    severity: Severity
    theme: str
    why: str
    raised_at: datetime
    is_proposed: bool


@dataclass(frozen=True)
class Said:
    """What a worker wrote, with the words that findings came from marked."""

    words: tuple[Piece, ...]
    by: str
    at: datetime


@dataclass(frozen=True)
class FlaggedHousehold:
    """A household or place on the list."""

    id: int
    door: str
    is_place: bool
    people: tuple[str, ...]
    severity: Severity
    newest_at: datetime
    reasons: tuple[Reason, ...]
    said: tuple[Said, ...]
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class FlaggedList:
    """The list with how many households stand at each severity, all of them counted."""

    households: tuple[FlaggedHousehold, ...]
    counts: dict[Severity, int]

    @property
    def left_off(self) -> int:
        """How many households are not shown."""
        return sum(self.counts.values()) - len(self.households)


def flagged_households(session: Session, viewer: Viewer, now: datetime) -> FlaggedList:
    """The households with standing flags that the viewer may see."""
    flags = session.exec(
        select(Flag)
        .where(col(Flag.state).in_(_STANDS), flags_seen_by(viewer))
        .order_by(col(Flag.urgency), col(Flag.raised_at).desc(), col(Flag.id).desc())
    ).all()
    by_household: dict[int, list[Flag]] = defaultdict(list)
    for flag in flags:
        by_household[flag.household_id].append(flag)
    counts: dict[Severity, int] = dict.fromkeys(Severity, 0)
    for its_flags in by_household.values():
        counts[its_flags[0].severity] += 1
    # flags came most urgent and newest first, so households stand in that order by their first flag
    shown = list(by_household)[:_HOUSEHOLDS_SHOWN]
    return FlaggedList(_entries(session, viewer, {id_: by_household[id_] for id_ in shown}, now), counts)


def _entries(
    session: Session, viewer: Viewer, flags: dict[int, list[Flag]], now: datetime
) -> tuple[FlaggedHousehold, ...]:
    ids = list(flags)
    households = {row.id: row for row in session.exec(select(Household).where(col(Household.id).in_(ids))).all()}
    report_ids = {flag.report_id for its_flags in flags.values() for flag in its_flags}
    reports = {row.id: row for row in session.exec(select(Report).where(col(Report.id).in_(report_ids))).all()}
    authors = {report.worker_id for report in reports.values()}
    names = dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(authors))).all())
    people = _people(session, ids)
    promises = _promises(session, ids, now)
    marks = _marks(session, ids, report_ids)
    entries = []
    for id_, its_flags in flags.items():
        household = households[id_]
        said = []
        for report_id in dict.fromkeys(flag.report_id for flag in its_flags):
            report = reports[report_id]
            own = [(flag.quote_start, flag.quote_end) for flag in its_flags if flag.report_id == report_id]
            spans = marks[id_, report_id] + [
                (start, end) for start, end in own if start is not None and end is not None
            ]
            text = words_for(viewer, report.text, people[id_])
            said.append(Said(pieces(text, spans), names.get(report.worker_id, ""), report.sent_at))
        entries.append(
            FlaggedHousehold(
                id_,
                say_door(household.key),
                is_place(household.key),
                tuple(
                    name_for(viewer, name)
                    for name in _named(people[id_], [reports[flag.report_id].text for flag in its_flags])
                ),
                its_flags[0].severity,
                max(flag.raised_at for flag in its_flags),
                tuple(
                    Reason(
                        flag.severity,
                        flag.theme,
                        words_for(viewer, flag.why, people[id_]),
                        flag.raised_at,
                        flag.state is MatterState.PROPOSED,
                    )
                    for flag in its_flags
                ),
                tuple(said),
                tuple(promises[id_]),
            )
        )
    return tuple(entries)


def _named(residents: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Whom the reports speak of; where they name nobody on record, who lives there."""
    mentioned = [called for called in residents if any(called in text for text in texts)]
    return tuple(dict.fromkeys(mentioned or residents))[:2]


def _people(session: Session, household_ids: Sequence[int]) -> dict[int, list[str]]:
    people: dict[int, list[str]] = defaultdict(list)
    rows = session.exec(
        select(Resident)
        .where(col(Resident.household_id).in_(household_ids), col(Resident.moved_away_on).is_(None))
        .where(col(Resident.withdrawn_at).is_(None))
        .order_by(col(Resident.id))
    )
    for resident in rows:
        people[resident.household_id].append(resident.called)
    return people


def _promises(session: Session, household_ids: Sequence[int], now: datetime) -> dict[int, list[Promise]]:
    promises: dict[int, list[Promise]] = defaultdict(list)
    rows = session.exec(
        select(FollowUp)
        .where(
            col(FollowUp.household_id).in_(household_ids),
            col(FollowUp.state).in_([FollowUpState.OPEN, FollowUpState.OVERDUE]),
        )
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
    )
    for row in rows:
        is_overdue = row.state is FollowUpState.OVERDUE or row.due_at < now
        promises[row.household_id].append(Promise(row.owner, row.what, row.due_at, is_overdue))
    return promises


def _marks(
    session: Session, household_ids: Sequence[int], report_ids: set[int]
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    marks: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    active = [state for state in EvidenceState if state.is_active]
    rows = session.exec(
        select(FindingRow).where(
            col(FindingRow.household_id).in_(household_ids),
            col(FindingRow.report_id).in_(report_ids),
            col(FindingRow.state).in_(active),
            col(FindingRow.withdrawn_at).is_(None),
        )
    )
    for row in rows:
        marks[row.household_id, row.report_id].append((row.quote_start, row.quote_end))
    return marks
