"""What stands open at a household and what is over: matters with flags and promises, as a viewer may see them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.masking import words_for
from assistant.domain.reports import Severity, worst
from assistant.domain.rights import Viewer
from assistant.storage.tables import Flag, FollowUp, Matter, Verdict, Worker
from assistant.storage.viewing import flags_seen_by, follow_ups_seen_by

_SHOWN = (MatterState.OPEN, MatterState.PROPOSED, MatterState.SETTLED)


@dataclass(frozen=True)
class FlagShown:
    """A flag with what it rests on. ``is_right`` is the last verdict on it, None without one."""

    id: int
    rule: str
    version: str
    why: str
    severity: Severity
    state: MatterState
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    is_right: bool | None


@dataclass(frozen=True)
class Promise:
    """A follow-up. ``who`` is the worker who is reminded of it."""

    id: int
    owner: Responder
    who: str | None
    what: str
    severity: Severity
    state: FollowUpState
    due_at: datetime
    ended_at: datetime | None
    ended_because: str | None

    def is_late(self, now: datetime) -> bool:
        """Is its day past, and is it not done?"""
        return not self.state.has_ended and (self.state is FollowUpState.OVERDUE or self.due_at < now)


@dataclass(frozen=True)
class Case:
    """A matter, or a flag that speaks of no finding (``held`` says which), with all that hangs on it."""

    held: str
    id: int
    kind: str | None
    theme: str
    severity: Severity
    state: MatterState
    first_found_at: datetime
    ended_at: datetime | None
    times: int
    flags: tuple[FlagShown, ...]
    promises: tuple[Promise, ...]

    @property
    def wants_taking(self) -> bool:
        """Is there an alarm that nobody has acknowledged?"""
        urgent = (flag for flag in self.flags if flag.severity is Severity.P0 and flag.state.stands)
        return any(flag.acknowledged_at is None for flag in urgent)


def cases_of(session: Session, viewer: Viewer, household_id: int, people: Collection[str] = ()) -> tuple[Case, ...]:
    """What stands, the most urgent first, then what is over, the last first. What was withdrawn is left out.

    The names of ``people`` are hidden in reasons and promises where the viewer may not see them.
    """
    flags = session.exec(
        select(Flag)
        .where(Flag.household_id == household_id, col(Flag.state).in_(_SHOWN), flags_seen_by(viewer))
        .order_by(col(Flag.urgency), col(Flag.raised_at).desc(), col(Flag.id).desc())
    ).all()
    follow_ups = session.exec(
        select(FollowUp)
        .where(FollowUp.household_id == household_id, follow_ups_seen_by(viewer))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
    ).all()
    names = _names(session, flags, follow_ups)
    verdicts = _verdicts(session, [flag.id for flag in flags if flag.id is not None])
    of_held: dict[tuple[str, int], list[FlagShown]] = defaultdict(list)
    lone: dict[int, Flag] = {}
    for flag in flags:
        assert flag.id is not None
        if flag.matter_id is None:
            lone[flag.id] = flag
        why = words_for(viewer, flag.why, people)
        of_held[_held(flag.matter_id, flag.id)].append(_flag(flag, why, names, verdicts.get(flag.id)))
    promises: dict[tuple[str, int], list[Promise]] = defaultdict(list)
    for row in follow_ups:
        if row.matter_id is not None or row.flag_id is not None:
            what = words_for(viewer, row.what, people)
            promises[_held(row.matter_id, row.flag_id or 0)].append(_promise(row, what, names))
    seen_matters = {id_ for held, id_ in (*of_held, *promises) if held == "matter"}
    cases = [
        _case_of_matter(matter, of_held["matter", matter.id or 0], promises["matter", matter.id or 0])
        for matter in _matters(session, viewer, household_id, seen_matters)
    ]
    cases += [_case_of_flag(flag, of_held["flag", id_], promises["flag", id_]) for id_, flag in lone.items()]
    return tuple(sorted(cases, key=_order))


def _order(case: Case) -> tuple[bool, int, float]:
    if case.state.stands:
        return False, case.severity.urgency, -case.first_found_at.timestamp()
    return True, 0, -(case.ended_at or case.first_found_at).timestamp()


def _held(matter_id: int | None, flag_id: int) -> tuple[str, int]:
    return ("matter", matter_id) if matter_id is not None else ("flag", flag_id)


def _matters(session: Session, viewer: Viewer, household_id: int, seen: set[int]) -> list[Matter]:
    rows = session.exec(select(Matter).where(Matter.household_id == household_id, col(Matter.state).in_(_SHOWN))).all()
    return [row for row in rows if row.id in seen or viewer.role is Role.COORDINATOR]


def _names(session: Session, flags: Sequence[Flag], follow_ups: Sequence[FollowUp]) -> dict[int | None, str]:
    ids = {flag.acknowledged_by_id for flag in flags} | {row.worker_id for row in follow_ups}
    return dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(ids - {None}))).all())


def _verdicts(session: Session, flag_ids: Sequence[int]) -> dict[int, bool]:
    """The last word on each."""
    rows = session.exec(
        select(Verdict.flag_id, Verdict.is_right).where(col(Verdict.flag_id).in_(flag_ids)).order_by(col(Verdict.id))
    )
    return dict(rows.all())


def _flag(flag: Flag, why: str, names: dict[int | None, str], is_right: bool | None) -> FlagShown:
    return FlagShown(
        flag.id or 0,
        flag.rule,
        flag.rule_book_version,
        why,
        flag.severity,
        flag.state,
        flag.raised_at,
        flag.acknowledged_at,
        names.get(flag.acknowledged_by_id),
        is_right,
    )


def _promise(row: FollowUp, what: str, names: dict[int | None, str]) -> Promise:
    return Promise(
        row.id or 0,
        row.owner,
        names.get(row.worker_id),
        what,
        row.severity,
        row.state,
        row.due_at,
        row.ended_at,
        row.ended_because,
    )


def _case_of_matter(matter: Matter, flags: Sequence[FlagShown], promises: Sequence[Promise]) -> Case:
    # a flag's severity may have been raised above its matter's
    standing = [flag.severity for flag in flags if flag.state.stands]
    return Case(
        "matter",
        matter.id or 0,
        matter.kind,
        matter.kind.split(".")[0],
        worst([matter.severity, *standing]),
        matter.state,
        matter.first_found_at,
        matter.settled_at,
        matter.times,
        tuple(flags),
        tuple(promises),
    )


def _case_of_flag(flag: Flag, flags: Sequence[FlagShown], promises: Sequence[Promise]) -> Case:
    return Case(
        "flag",
        flag.id or 0,
        flag.kind,
        flag.theme,
        flag.severity,
        flag.state,
        flag.first_raised_at,
        flag.ended_at,
        flag.times,
        tuple(flags),
        tuple(promises),
    )
