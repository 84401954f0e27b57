"""Whatever is said, pressed and waited for, in any order, and wherever the process dies: nothing promised is forgotten.

After any such history every follow-up has ended or will be looked at, no prompt was sent twice in effect, nothing that
had ended came back by itself, and every message was handled.
"""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from assistant.app import Files
from assistant.domain.followups import MatterState
from assistant.rehearsing.form import Conversation, Step
from assistant.settings import Settings
from assistant.storage.database import Database
from assistant.storage.scratch import scratch_database
from assistant.storage.tables import FollowUp, IntakeItem, IntakeState, Matter, OutboxMessage, Purpose, Report
from tests.rehearsing.mortal import Mortal, mortal

START = Conversation.model_validate(
    {
        "conversation": "任何顺序",
        "at": "2026-03-05T10:00:00+08:00",
        "known": [
            {"key": "1-1-101", "people": [{"name": "李婆婆", "age": 86, "lives_alone": True}]},
            {"key": "2-1-302", "open": [{"kind": "gas.hose", "since": "2026-03-03"}]},
        ],
        "steps": [{"worker": "早"}],
    }
)
SAID = (
    "2-1-302燃气软管老化",
    "2-1-302软管还是没换",
    "2-1-302软管换成波纹管了，我看过",
    "6-1-401软管裂了口子",
    "6-1-401软管换好了，我看过，不漏了",
    "5-1-602闻到煤气味",
    "1-1-101李婆婆家敲门没人应",
    "1-1-101李婆婆精神好",
    "刚才那条撤回，发错了",
    "说错了，是2-1-303不是2-1-302",
    "换好了，我看过",
    "还没",
    "没在家",
    "今天哪个值班",
)
OF_COORDINATOR = ("收到", "2-1-302同意办结", "6-1-401同意办结", "6-1-401退回，还是旧的", "5-1-602同意办结")
LABELS = ("已处理", "还没", "没在家", "转给…", "撤回", "改一下", "收到", "同意办结", "退回")
SPANS = ("3m", "25m", "5h", "14h", "2d", "8d")
#: two prompts about the same promise are never nearer than this: it is asked after again on another day
APART = timedelta(hours=6)

steps = st.one_of(
    st.sampled_from(SAID).map(lambda text: {"worker": text}),
    st.sampled_from(OF_COORDINATOR).map(lambda text: {"coordinator": text}),
    st.sampled_from(LABELS).map(lambda label: {"tap": label}),
    st.sampled_from(SPANS).map(lambda span: {"wait": span}),
    st.sampled_from(SPANS).map(lambda span: {"down": span}),
)
#: a step, and after how many readings of the clock the process dies in it (None: it lives)
lives = st.lists(st.tuples(steps, st.none() | st.integers(1, 60)), min_size=6, max_size=12)


@pytest.fixture(scope="module")
def files() -> Files:
    return Files.read(Settings())


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives)
def test_nothing_promised_is_forgotten_whatever_happens(
    life: list[tuple[dict[str, str], int | None]], files: Files, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("life")
    with scratch_database(None, folder, 1) as url, mortal(_settings(url, folder), files, START) as community:
        for written, dies_at in life:
            step = Step.model_validate(written)
            ended = _ended(community.player.app.database)
            if dies_at is not None:
                community.die_at(dies_at)
            community.play(step)
            if step.passes is not None:
                assert ended <= _ended(community.player.app.database), "time alone took something up again"
        community.play(Step(wait=timedelta(minutes=2)))

        _all_is_kept(community)


def _settings(url: str, folder: Path) -> Settings:
    return Settings().model_copy(update={"database": url, "data_dir": folder, "round_at": None})


def _ended(database: Database) -> set[tuple[str, int | None]]:
    """Every follow-up and matter that has come to its end."""
    with database.reading() as session:
        promises = session.exec(select(FollowUp)).all()
        matters = session.exec(select(Matter)).all()
    over = (MatterState.SETTLED, MatterState.CANCELLED)
    return {("promise", each.id) for each in promises if each.state.has_ended} | {
        ("matter", each.id) for each in matters if each.state in over
    }


def _all_is_kept(community: Mortal) -> None:
    app = community.player.app
    with app.database.reading() as session:
        promises = session.exec(select(FollowUp)).all()
        received = session.exec(select(IntakeItem)).all()
        prompts = session.exec(select(OutboxMessage).where(OutboxMessage.purpose == Purpose.PROMPT)).all()
        reports = session.exec(select(Report)).all()
    for promise in promises:
        assert (promise.ended_at is not None) == promise.state.has_ended
        assert promise.state.has_ended or promise.look_at is not None, f"nobody looks at {promise.what} again"
        assert not (promise.state.has_ended and promise.look_at), f"{promise.what} has ended and is looked at"
    assert {each.state for each in received} <= {IntakeState.DONE}
    assert len({(each.channel, each.message_id) for each in reports}) == len(reports)
    asked: dict[tuple[int, int | None], list[OutboxMessage]] = {}
    for prompt in prompts:
        for promise_id in prompt.follow_up_ids:
            asked.setdefault((promise_id, prompt.worker_id), []).append(prompt)
    for about, sent in asked.items():
        moments = sorted(each.created_at for each in sent if each.cancelled_at is None)
        assert all(later - sooner >= APART for sooner, later in pairwise(moments)), about
