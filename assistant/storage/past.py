"""The record as it was at an earlier moment, for many households at once: for deciding old reports again.

    past = Past(session, estate, households, zone)          # a handful of queries, however many households
    past.known(household, kinds, at)                        # what was on record just before ``at``

People are those who were known then, with what was known of them (``as_it_was``); a promise was overdue where its day
as it stood then had passed and it had not ended. What was taken back since counts as never said.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlmodel import Session, col, select

from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import (
    CareGrade,
    EvidenceState,
    FoundBefore,
    KnownHousehold,
    OpenMatter,
    PersonOnRecord,
    SpokeBefore,
    VisitOutcome,
)
from assistant.storage.as_it_was import Lines, as_it_was, lines_of, read_day, read_moment, was_there
from assistant.storage.history import LATELY, LONG
from assistant.storage.settle import CONTACTED_BY_WORD
from assistant.storage.tables import (
    Action,
    Estate,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    Matter,
    Report,
    Resident,
    Visit,
)

#: what the record tells of a person beside the age
_TOLD = ("lives_alone", "disabled", "care_grade")
#: ids in one query: every database takes so many
_AT_ONCE = 500
_ACTIVE = tuple(state for state in EvidenceState if state.is_active)


@dataclass(frozen=True)
class _Promise:
    """A promise, and when the report was sent that it was made for."""

    row: FollowUp
    sent_at: datetime

    @property
    def kind(self) -> str | None:
        return self.row.kind


class EstateFindings:
    """Everything found in an estate, by kind, in the order of time: loaded once, asked many times."""

    def __init__(self, session: Session, estate: Estate, zone: tzinfo) -> None:
        self._found: dict[str, list[FoundBefore]] = defaultdict(list)
        self._at: dict[str, list[datetime]] = defaultdict(list)
        rows = session.exec(
            select(FindingRow.kind, Household.key, FindingRow.found_at)
            .join(Household, col(Household.id) == FindingRow.household_id)
            .where(Household.estate_id == estate.id, col(FindingRow.state).in_(_ACTIVE))
            .where(col(FindingRow.withdrawn_at).is_(None))
            .order_by(col(FindingRow.found_at), col(FindingRow.id))
        )
        for kind, key, found_at in rows:
            self._found[kind].append(FoundBefore(kind, key, found_at.astimezone(zone).date()))
            self._at[kind].append(found_at)

    def lately(self, kinds: Collection[str], at: datetime) -> Iterator[FoundBefore]:
        """What of ``kinds`` was found in the 92 days before ``at``."""
        for kind in kinds:
            if kind in self._at:
                first, last = bisect_right(self._at[kind], at - LATELY), bisect_left(self._at[kind], at)
                yield from self._found[kind][first:last]


class Past:
    """What is known of some households of one estate, over all time."""

    def __init__(
        self,
        session: Session,
        estate: Estate,
        households: Sequence[Household],
        zone: tzinfo,
        findings: EstateFindings | None = None,
    ) -> None:
        self._zone = zone
        self._around = findings or EstateFindings(session, estate, zone)
        ids = [row.id for row in households if row.id is not None]
        self._people = _by_household(
            session,
            ids,
            lambda some: (
                select(Resident)
                .where(col(Resident.household_id).in_(some), col(Resident.withdrawn_at).is_(None))
                .order_by(col(Resident.id))
            ),
        )
        self._told_of_people = _lines(session, "residents", ids)
        self._matters = _by_household(
            session,
            ids,
            lambda some: (
                select(Matter)
                .where(col(Matter.household_id).in_(some), Matter.state != MatterState.CANCELLED)
                .order_by(col(Matter.first_found_at), col(Matter.id))
            ),
        )
        self._findings = _by_household(
            session,
            ids,
            lambda some: (
                select(FindingRow)
                .where(col(FindingRow.household_id).in_(some), col(FindingRow.withdrawn_at).is_(None))
                .where(col(FindingRow.state).in_(_ACTIVE))
                .order_by(col(FindingRow.found_at), col(FindingRow.id))
            ),
        )
        self._visits = _by_household(
            session,
            ids,
            lambda some: (
                select(Visit)
                .where(col(Visit.household_id).in_(some), col(Visit.withdrawn_at).is_(None))
                .order_by(col(Visit.at), col(Visit.id))
            ),
        )
        self._said_done = _contacts_by_word(session, ids)
        self._flags = _by_household(
            session,
            ids,
            lambda some: (
                select(Flag)
                .where(col(Flag.household_id).in_(some), Flag.state != MatterState.CANCELLED)
                .order_by(col(Flag.raised_at), col(Flag.id))
            ),
        )
        self._promises = _promises(session, ids)
        self._promises_lines = _lines(session, "follow_ups", ids)

    def known(self, household: Household, kinds: Collection[str], at: datetime) -> KnownHousehold:
        """What was on record just before ``at``, with what was found of ``kinds`` around it."""
        assert household.id is not None
        here = household.id
        found = [each for each in self._findings[here] if each.found_at < at]
        reports: dict[int | None, set[int]] = defaultdict(set)
        for finding in found:
            reports[finding.matter_id].add(finding.report_id)
        matters = [
            each
            for each in self._matters[here]
            if each.first_found_at < at and (each.settled_at is None or each.settled_at >= at)
        ]
        own = tuple(
            FoundBefore(each.kind, household.key, self._day(each.found_at))
            for each in found
            if at - LONG < each.found_at <= at - LATELY or (each.found_at > at - LATELY and each.kind not in kinds)
        )
        misses, met_at = self._visits_before(here, at)
        late = {each.kind for each in self._promises[here] if self._was_overdue(each, at)}
        return KnownHousehold(
            key=household.key,
            people=tuple(self._people_then(here, at)),
            open=tuple(
                OpenMatter(each.kind, self._day(each.first_found_at), max(1, len(reports[each.id])), each.kind in late)
                for each in matters
            ),
            misses_in_a_row=misses,
            open_rules=tuple(
                dict.fromkeys(
                    flag.rule
                    for flag in self._flags[here]
                    if flag.matter_id is None and flag.raised_at < at and (flag.ended_at is None or flag.ended_at >= at)
                )
            ),
            last_contact_on=self._day(met_at) if met_at is not None else None,
            found=(*own, *self._around.lately(kinds, at)),
            spoke=tuple(dict.fromkeys(self._spoke(here, at))),
        )

    def _people_then(self, household_id: int, at: datetime) -> Iterator[PersonOnRecord]:
        lines = self._told_of_people
        for each in self._people[household_id]:
            moved_away_on = read_day(as_it_was(lines, each, "moved_away_on", at))
            if not was_there(lines, each.id, at) or (moved_away_on is not None and moved_away_on <= self._day(at)):
                continue
            told = {name: as_it_was(lines, each, name, at) for name in ("birth_year", "age_said", *_TOLD)}
            said_on = read_day(as_it_was(lines, each, "age_said_on", at))
            then = Resident(called=each.called, age_said_on=said_on, **told)
            grade = CareGrade(then.care_grade) if then.care_grade is not None else None
            yield PersonOnRecord(each.called, then.age_on(self._day(at)), then.lives_alone, then.disabled, grade)

    def _was_overdue(self, promise: _Promise, at: datetime) -> bool:
        due_at = read_moment(as_it_was(self._promises_lines, promise.row, "due_at", at))
        ended_at = promise.row.ended_at
        return promise.sent_at < at and due_at is not None and due_at < at and (ended_at is None or ended_at >= at)

    def _visits_before(self, household_id: int, at: datetime) -> tuple[int, datetime | None]:
        misses, met_at = 0, None
        for visit in self._visits[household_id]:
            if visit.at >= at:
                break
            if visit.outcome is VisitOutcome.MISSED:
                misses += 1
            elif visit.outcome is not VisitOutcome.NONE:
                misses = 0
                met_at = met_at if visit.outcome is VisitOutcome.REFUSED else visit.at
        by_word = max((each for each in self._said_done[household_id] if each < at), default=None)
        return misses, max((each for each in (met_at, by_word) if each is not None), default=None)

    def _spoke(self, household_id: int, at: datetime) -> Iterator[SpokeBefore]:
        for flag in self._flags[household_id]:
            if at - LONG < flag.raised_at < at:
                yield SpokeBefore(flag.rule, flag.kind, self._day(flag.raised_at))
        for each in self._promises[household_id]:
            if at - LONG < each.sent_at < at:
                yield SpokeBefore(each.row.rule, each.kind, self._day(each.sent_at))

    def _day(self, moment: datetime) -> Any:
        return moment.astimezone(self._zone).date()


def _by_household(session: Session, ids: Sequence[int], query: Callable[[Sequence[int]], Any]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for some in _chunks(ids):
        for row in session.exec(query(some)):
            rows[row.household_id].append(row)
    return rows


def _contacts_by_word(session: Session, ids: Sequence[int]) -> dict[int | None, list[datetime]]:
    """When a promise to be in touch was said to be done, by household."""
    found: dict[int | None, list[datetime]] = defaultdict(list)
    for some in _chunks(ids):
        lines = select(Action.household_id, Action.at).where(col(Action.household_id).in_(some))
        for household_id, at in session.exec(lines.where(Action.verb == "contacted", Action.why == CONTACTED_BY_WORD)):
            found[household_id].append(at)
    return found


def _promises(session: Session, ids: Sequence[int]) -> dict[int, list[_Promise]]:
    """Promises by household, in the order in which they were made."""
    found: dict[int, list[_Promise]] = defaultdict(list)
    for some in _chunks(ids):
        rows = session.exec(
            select(FollowUp, Report.sent_at)
            .join(Report, col(Report.id) == FollowUp.report_id)
            .where(col(FollowUp.household_id).in_(some), FollowUp.state != FollowUpState.CANCELLED)
            .order_by(col(Report.sent_at), col(FollowUp.id))
        )
        for row, sent_at in rows:
            found[row.household_id].append(_Promise(row, sent_at))
    return found


def _lines(session: Session, subject: str, ids: Sequence[int]) -> Lines:
    return {row_id: lines for some in _chunks(ids) for row_id, lines in lines_of(session, subject, some).items()}


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
