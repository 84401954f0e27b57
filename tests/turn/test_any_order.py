"""Whatever the order of reports, corrections, retractions, closings and waits, the records stay of one piece."""

import shutil
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.reports import EvidenceState
from assistant.storage.database import Database
from assistant.storage.tables import Action, FindingRow, Flag, FollowUp, Matter, Purpose, Report, Visit
from tests.turn.rehearsal import REPLIES, START, Rehearsal, settle_community

_DOORS = st.sampled_from(["3-2-501", "3-2-502", "?-?-601"])
_KINDS = st.sampled_from(["gas.leak", "elder.fall", "gas.hose", "fire.clutter"])
_VISITS = st.sampled_from(["met", "missed", ""])
_STEPS = st.one_of(
    st.builds("say {} {} {}".format, _DOORS, _VISITS, _KINDS),
    st.builds("say {} {}".format, _DOORS, st.sampled_from(["met", "missed"])),
    st.builds("say move {} {}".format, _DOORS, _DOORS),
    st.builds("say move {} {} {}".format, _DOORS, st.sampled_from(["3-2-501", "3-2-601"]), _KINDS),
    st.builds("say close {} {}".format, _DOORS, _KINDS),
    st.just("say withdraw"),
    st.just(f"say {REPLIES.buttons.done}"),
    st.just(f"coordinator {REPLIES.buttons.agree_to_close}"),
    st.just(f"coordinator {REPLIES.buttons.send_back}"),
    st.just("wait 6"),
    st.just("wait 200"),
)


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_STEPS, min_size=2, max_size=14))
def test_the_records_stay_of_one_piece(sqlite_template: Path, tmp_path: Path, steps: list[str]) -> None:
    rehearsal = _fresh(sqlite_template, tmp_path)

    for step in steps:
        _do(rehearsal, step)

    _check(rehearsal)
    if rehearsal.clock.now() - START < timedelta(days=2):  # as far back as a retraction reaches
        _take_everything_back(rehearsal)
    rehearsal.database.close()


def _take_everything_back(rehearsal: Rehearsal) -> None:
    reports = len([row for row in rehearsal.rows(Report) if row.intent == "report" or row.intent == "correction"])  # type: ignore[attr-defined]
    for _ in range(reports):
        rehearsal.worker_says("withdraw")
    _check(rehearsal)
    assert rehearsal.open_flags() == []
    assert [row for row in _rows(rehearsal, FollowUp) if not row.state.has_ended] == []
    assert [row for row in _rows(rehearsal, Visit) if row.withdrawn_at is None] == []


def _fresh(template: Path, folder: Path) -> Rehearsal:
    path = folder / "weiguang.db"
    for old in folder.glob("weiguang.db*"):
        old.unlink()
    shutil.copy(template, path)
    database = Database.open(f"sqlite:///{path}")
    settle_community(database)
    return Rehearsal(database)


def _do(rehearsal: Rehearsal, step: str) -> None:
    verb, _, what = step.partition(" ")
    if verb == "wait":
        rehearsal.wait(hours=int(what))
    elif verb == "coordinator":
        rehearsal.coordinator_says(what)
    else:
        rehearsal.worker_says(what)


def _rows(rehearsal: Rehearsal, table: type) -> list:  # type: ignore[type-arg]
    return rehearsal.rows(table)


def _check(rehearsal: Rehearsal) -> None:
    live = defaultdict(set)
    for finding in _rows(rehearsal, FindingRow):
        if finding.withdrawn_at is None and finding.state is EvidenceState.SEEN and finding.matter_id:
            live[finding.matter_id].add(finding.report_id)
    matters = {matter.id: matter for matter in _rows(rehearsal, Matter)}
    flags = {flag.id: flag for flag in _rows(rehearsal, Flag)}
    retracted = {report.id for report in _rows(rehearsal, Report) if report.retracted_at is not None}
    for matter in matters.values():
        if matter.state.stands:
            assert live[matter.id], f"an open matter without a finding: {matter}"
            assert matter.times == len(live[matter.id]), f"{matter} against {live[matter.id]}"
    for flag in flags.values():
        if flag.state.stands:
            assert flag.report_id not in retracted
            assert flag.matter_id is None or matters[flag.matter_id].state.stands
    for follow_up in _rows(rehearsal, FollowUp):
        if follow_up.state.has_ended:
            assert follow_up.look_at is None
            assert follow_up.ended_at is not None
            continue
        assert follow_up.look_at is not None or follow_up.prompted_at is not None
        held = matters.get(follow_up.matter_id) or flags.get(follow_up.flag_id)
        assert held is not None
        assert held.state.stands, f"a promise that hangs on nothing: {follow_up} on {held}"
    prompted = [(id_, row.created_at) for row in rehearsal.outbox(Purpose.PROMPT) for id_ in row.follow_up_ids]
    assert len(prompted) == len(set(prompted)), "a follow-up was prompted twice at the same moment"
    assert [row.id for row in _rows(rehearsal, Action)] == list(range(1, len(_rows(rehearsal, Action)) + 1))
