"""Corrections and retractions: which earlier message is meant, and what becomes of what it said.

A correction names the new door (“不是502,是503”), a new value (“是148,不是184”) or a new fact (“不是拒绝,是没人”). It
has a case for the new door with the findings that its words restate, and one for the old door only where something
new is said of it. Where the right door is not named, it is asked.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.places import HouseholdKey, floor_of, is_place
from assistant.domain.reports import CaseReading, Finding, Intent, Missing, Move, Reading, VisitOutcome
from assistant.understand.cases import NOWHERE
from assistant.understand.idioms import idioms


def retract(text: str, earlier: Sequence[Reading]) -> Reading:
    """Take back what was said. Asks which message, where several may be meant and none is pointed at."""
    several = len(earlier) > 1 and (idioms().several_meant.search(text) or not idioms().one_meant.search(text))
    return Reading(Intent.RETRACTION, missing=Missing.WHICH_MESSAGE if several else None)


def correct(cases: Sequence[CaseReading], earlier: Sequence[Reading], named: Sequence[HouseholdKey] = ()) -> Reading:
    """Put right what was said: ``cases`` as this message reads by itself, ``earlier`` newest first.

    ``named`` are the doors in its words; one named by a part (应该是6栋) is the old door with this part put right.
    """
    before = [case for reading in earlier for case in reading.cases]
    said = [case for case in cases if case.key != NOWHERE]
    unplaced = [case for case in cases if case.key == NOWHERE]
    if not said:
        if unplaced and before and _says_something(unplaced[0]):
            return Reading(Intent.CORRECTION, (replace(unplaced[0], key=before[0].key),))
        return _with_part_put_right(named, before) or Reading(Intent.CORRECTION, missing=Missing.NEW_DOOR)
    old = _meant(said, before)
    if old is None:
        return Reading(Intent.CORRECTION, tuple(case for case in said if _says_something(case)) or tuple(said[-1:]))
    new = _new_door(said, old)
    if new is None:
        return Reading(Intent.CORRECTION, tuple(_of_same_door(said, unplaced, old)))
    new = replace(new, key=_put_right(new.key, old.key))
    kinds = tuple(finding.kind for finding in old.findings)
    corrected = [_restated(new, said, unplaced, old)]
    corrected += [case for case in said if case.key == old.key and _is_new(case, old)]
    return Reading(Intent.CORRECTION, tuple(corrected), (Move(old.key, new.key, kinds),))


def _with_part_put_right(named: Sequence[HouseholdKey], before: Sequence[CaseReading]) -> Reading | None:
    """应该是6栋, 单元错了,3单元: the last door spoken of, with the part that is named now."""
    old = next((case for case in before if not is_place(case.key)), None)
    parts = [key for key in named if old is not None and not key.fits(HouseholdKey.parse(old.key))]
    if old is None or not parts:
        return None
    new = _put_right(str(parts[-1]), old.key)
    kinds = tuple(finding.kind for finding in old.findings)
    return Reading(Intent.CORRECTION, (CaseReading(new),), (Move(old.key, new, kinds),))


def _put_right(new: str, old: str) -> str:
    """The new door; what it leaves out is as it was. Of a floor, the door on it stays (是6楼: 502 → 602)."""
    if is_place(new) or is_place(old):
        return new
    key, before = HouseholdKey.parse(new), HouseholdKey.parse(old)
    if key.is_floor_only and floor_of(before.room) is not None and not before.is_floor_only:
        key = key.with_room(key.room[:-1] + before.room[-2:])
    return str(key.fill_from(before))


def answer(
    reading: Reading, earlier: Sequence[Reading], bare: HouseholdKey | None = None, *, is_soon: bool = True
) -> Reading | None:
    """A door that answers the question about the last message: what was filed without one moves there.

    ``bare`` is the door that is all the message says (1单元602, 2单元的); what it leaves out was said before. Only
    ``is_soon`` after it does half a door answer; a whole one always may.
    """
    named = [case for case in reading.cases if case.key != NOWHERE and not is_place(case.key)]
    if bare is not None and not named:
        named = [CaseReading(str(bare))]
    if len(named) != 1 or not earlier:
        return None
    case = named[0]
    key = HouseholdKey.parse(case.key)
    if not key.is_complete and not is_soon:
        return None
    for open_case in (one for reading_before in earlier[:3] for one in reading_before.cases):
        if is_place(open_case.key):
            continue
        open_key = HouseholdKey.parse(open_case.key)
        if open_key.is_complete or not open_key.fits(key):
            continue
        own = {finding.kind for finding in case.findings}
        theirs = {finding.kind for finding in open_case.findings}
        if (own and not own & theirs) or (case.visit in _ANOTHER_VISIT and case.visit is not open_case.visit):
            continue
        filled = key.fill_from(open_key)
        if filled == open_key:
            continue
        case = replace(case, key=str(filled))
        move = Move(open_case.key, case.key, tuple(finding.kind for finding in open_case.findings))
        return replace(reading, intent=Intent.REPORT, cases=(case,), moves=(move,))
    return None


#: with one of these told, a half-named door is visited on its own account
_ANOTHER_VISIT = frozenset({VisitOutcome.MISSED, VisitOutcome.REFUSED})


def _says_something(case: CaseReading) -> bool:
    return bool(case.findings or case.measurements or case.visit in (VisitOutcome.MISSED, VisitOutcome.REFUSED))


def _meant(said: Sequence[CaseReading], before: Sequence[CaseReading]) -> CaseReading | None:
    """The earlier case that is corrected: named again, or of the same kind, else the last one."""
    keys = [case.key for case in said]
    for case in before:
        if case.key in keys:
            return case
    if len(keys) > 1 and is_complete(keys[0]) and is_complete(keys[-1]):
        return CaseReading(keys[0])  # both doors are named, and the first was never spoken of: nothing else is meant
    kinds = {finding.kind for case in said for finding in case.findings}
    for case in before:
        if kinds & {finding.kind for finding in case.findings}:
            return case
    return before[0] if before else None


def _new_door(said: Sequence[CaseReading], old: CaseReading) -> CaseReading | None:
    """The most complete door that is not the old one (“不是5栋的” is no new door)."""
    others = [case for case in said if case.key != old.key and not _only_denied(case, old)]
    if not others:
        return None
    return max(others, key=lambda case: (_completeness(case.key), _says_something(case)))


def _only_denied(case: CaseReading, old: CaseReading) -> bool:
    if is_place(case.key) or is_place(old.key):
        return False
    key, old_key = HouseholdKey.parse(case.key), HouseholdKey.parse(old.key)
    return not key.is_complete and key.fits(old_key)


def _completeness(key: str) -> int:
    return 3 if is_place(key) else 3 - key.count("?")


def _restated(
    new: CaseReading, said: Sequence[CaseReading], unplaced: Sequence[CaseReading], old: CaseReading
) -> CaseReading:
    """The new door's case with everything that the correction says anew of the matter, wherever its words stand."""
    kinds = {finding.kind for finding in old.findings}
    findings: dict[str, Finding] = {finding.kind: finding for finding in new.findings}
    visit = new.visit
    for case in (*said, *unplaced):
        for finding in case.findings:
            if case.key != new.key and (finding.kind in kinds or not is_complete(case.key)):
                findings.setdefault(finding.kind, finding)
        if case.key != new.key and not is_complete(case.key) and case.visit is VisitOutcome.MISSED:
            visit = case.visit
    return replace(new, findings=tuple(findings.values()), visit=visit)


def is_complete(key: str) -> bool:
    """Does the key name one door, or a place?"""
    return is_place(key) or HouseholdKey.parse(key).is_complete


def _is_new(case: CaseReading, old: CaseReading) -> bool:
    """Does the correction say something of the old door that was not said before?"""
    kinds = {finding.kind for finding in old.findings}
    return any(finding.kind not in kinds for finding in case.findings) or (
        not case.findings and case.visit is not old.visit and (case.visit is VisitOutcome.MET or bool(case.visit_quote))
    )


def _of_same_door(said: Sequence[CaseReading], unplaced: Sequence[CaseReading], old: CaseReading) -> list[CaseReading]:
    own = [case for case in said if case.key == old.key] or [replace(said[0], key=old.key)]
    case = own[0]
    for other in unplaced:
        case = replace(
            case,
            findings=case.findings + other.findings,
            measurements=case.measurements + other.measurements,
            visit=other.visit if other.visit is VisitOutcome.MISSED else case.visit,
        )
    return [case]
