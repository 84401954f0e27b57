"""The small community of the console's tests, on SQLite and on PostgreSQL, and a folder for its photos."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from assistant.domain.retention import Periods
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.tables import Evidence, EvidenceState, IntakeItem, IntakeState, OutboxMessage, Purpose, Report
from knowledge.retention import load_retention
from tests.console.world import NOW, World, build_world

PHOTO = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    return build_world(database)


@pytest.fixture
def periods() -> Periods:
    return load_retention()


@pytest.fixture
def folder(tmp_path: Path) -> EvidenceFolder:
    return EvidenceFolder(tmp_path / "evidence")


@pytest.fixture
def came_in(world: World, folder: EvidenceFolder) -> Callable[..., Path]:
    """Puts there what a channel leaves behind of a report: the message, our answer, a photo. Gives the photo's path."""

    def put(report_id: int, says: str, ago: timedelta, photo: bytes = PHOTO) -> Path:
        at: datetime = NOW - ago
        kept = folder.keep(photo)
        with world.database.writing() as session:
            report = session.get_one(Report, report_id)
            item = new(
                IntakeItem,
                area_id=report.area_id,
                channel=report.channel,
                message_id=report.message_id,
                chat="liu",
                author="liu",
                text=report.text,
                attachments=[{"kind": "photo", "digest": kept.digest, "media_type": kept.media_type}],
                sent_at=at,
                received_at=at,
                next_attempt_at=at,
                state=IntakeState.DONE,
                handled_at=at,
            )
            session.add(item)
            session.add(
                new(
                    OutboxMessage,
                    area_id=report.area_id,
                    idempotency_key=f"reply {report_id}",
                    purpose=Purpose.REPLY,
                    channel="web",
                    address="liu",
                    text=says,
                    report_id=report_id,
                    created_at=at,
                    next_attempt_at=at,
                    sent_at=at,
                )
            )
            session.flush()
            session.add(
                new(
                    Evidence,
                    area_id=report.area_id,
                    intake_id=item.id,
                    report_id=report_id,
                    channel="web",
                    kind="photo",
                    state=EvidenceState.KEPT,
                    received_at=at,
                    next_attempt_at=at,
                    digest=kept.digest,
                    media_type=kept.media_type,
                    size=kept.size,
                )
            )
        return folder.path(kept.digest, kept.media_type)

    return put


@pytest.fixture
def report_of(world: World) -> Callable[[str], int]:
    """The id of the one report whose words hold these."""

    def find(words: str) -> int:
        with world.database.reading() as session:
            ids = [row.id for row in session.exec(select(Report)) if words in row.text]
        assert len(ids) == 1
        assert ids[0] is not None
        return ids[0]

    return find
