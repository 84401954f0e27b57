"""The running assistant: another rule book without a restart, and an engine that dies in the middle of a message."""

import os
import signal

import pytest
from sqlmodel import select

from assistant.app import App
from assistant.publishing.publishing import publish
from assistant.storage.tables import RuleTrouble
from rules.engine.book import OWN, load_rules
from rules.engine.durable import DurableMatcher
from rules.engine.edition import read_texts, unpack, version_of
from rules.engine.matcher import Matcher
from rules.engine.reference import ReferenceMatcher
from tests.app.test_app import flags, say


def test_a_book_that_is_published_decides_the_next_message(app: App) -> None:
    say(app, "3-2-502燃气软管老化")
    texts = read_texts(OWN)
    texts["parameters.yaml"] = texts["parameters.yaml"].replace(
        "label: P2 限期, unit: 天, values: {2025-01-01: 7}",
        "label: P2 限期, unit: 天, values: {2025-01-01: 7, 2026-03-05: 5}",
    )
    new = load_rules(unpack(texts, app.settings.data_dir / "try"))

    publish(
        app.database,
        texts,
        old=ReferenceMatcher(load_rules()),
        new=ReferenceMatcher(new),
        now=app.clock.now(),
        zone=app.settings.tz,
        worker_id=3,
    )
    say(app, "3-2-601燃气软管老化", start=5)

    assert app.rules.version == version_of(texts)
    assert app.minds.rule_book_version == version_of(texts)
    assert "规则书:" + version_of(texts) in app.describe()


def test_a_killed_engine_delays_no_message_and_is_on_record(app: App) -> None:
    matcher: Matcher = app.matcher
    if not isinstance(matcher, DurableMatcher):
        pytest.skip("durable_rules is not installed here")
    say(app, "3-2-502燃气软管老化")
    assert matcher.child_pid is not None
    os.kill(matcher.child_pid, signal.SIGKILL)

    say(app, "3-2-501闻到有燃气味", start=5)

    assert ("3-2-501", "P0") in [(key, str(severity)) for key, severity in flags(app)]
    with app.database.reading() as session:
        assert [row.error for row in session.exec(select(RuleTrouble))] == ["crash"]
