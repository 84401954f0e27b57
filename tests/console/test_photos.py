"""Photos under the reports they came with: who sees them, and what else is never sent."""

import struct
import zlib
from pathlib import Path

import pytest

from assistant.domain.access import Role
from assistant.domain.reports import EvidenceState
from assistant.storage.columns import new
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.tables import (
    Evidence,
    IntakeItem,
)
from assistant.storage.tables import (
    EvidenceState as FileState,
)
from tests.console.casework import has_matter
from tests.console.household_page import (
    HOSE,
    TEXT,
    logs_in,
    page_of,
)
from tests.console.visitor import Visitor
from tests.console.world import NOW, World


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


#: one grey dot
PHOTO = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(b"\x00\x80")),
        chunk(b"IEND", b""),
    )
)


def has_photo(world: World, folder: EvidenceFolder, report_id: int | None, **columns: object) -> int:
    kept = folder.keep(PHOTO)
    with world.database.writing() as session:
        received = {"received_at": NOW, "next_attempt_at": NOW}
        about = {"channel": "web", "message_id": f"photo {report_id}", "chat": "liu", "author": "liu", "text": ""}
        item = new(IntakeItem, **received, **about, sent_at=NOW)
        session.add(item)
        session.flush()
        kept_as = {"digest": kept.digest, "media_type": kept.media_type, "state": FileState.KEPT} | columns
        row = new(Evidence, **received, **kept_as, intake_id=item.id, report_id=report_id, channel="web", kind="photo")
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


@pytest.fixture
def folder(world: World) -> EvidenceFolder:
    return EvidenceFolder(Path(str(world.database.engine.url.database)).parent / "evidence")


def test_a_photo_stands_under_its_report_and_runs_nothing(
    world: World, site: Visitor, folder: EvidenceFolder, home: int, matter: int
) -> None:
    photo = has_photo(world, folder, 1)

    assert f'src="/console/evidence/{photo}"' in site.get(page_of(home)).text
    answer = site.get(f"/console/evidence/{photo}")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/png", PHOTO)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "columns",
    [
        {"digest": "../" * 20 + "etc/passwd"},
        {"digest": "0" * 64},
        {"media_type": "text/html"},
        {"state": FileState.REFUSED},
        {"digest": None},
    ],
    ids=str,
)
def test_a_file_that_is_none_of_ours_is_not_there(
    columns: dict[str, object], world: World, site: Visitor, folder: EvidenceFolder, matter: int
) -> None:
    assert site.get(f"/console/evidence/{has_photo(world, folder, 1, **columns)}").status_code == 404


def test_a_photo_is_seen_by_who_may_see_its_report_and_nobody_else(
    world: World, gated: Visitor, folder: EvidenceFolder, home: int, matter: int
) -> None:
    has_matter(
        world, home, "3-2-501血压182", ("health.bp_high", "血压182", EvidenceState.SEEN), owners=(), by=Role.COORDINATOR
    )
    elsewhere = world.has_household("9-1-101", area_id=world.other_grid_id)
    has_matter(world, elsewhere, TEXT, HOSE, owners=(), by=Role.COORDINATOR)
    own, restricted, theirs = (has_photo(world, folder, report_id) for report_id in (1, 2, 3))
    of_no_report = has_photo(world, folder, None)

    seen = {}
    for role in Role:
        logs_in(world, gated, role)
        ids = (own, restricted, theirs, of_no_report)
        seen[role] = [gated.get(f"/console/evidence/{id_}").status_code for id_ in ids]
        gated.cookies.clear()

    assert seen == {
        Role.COORDINATOR: [200, 200, 404, 404],
        Role.WORKER: [200, 404, 404, 404],
        Role.RESPONDER: [200, 404, 404, 404],
        Role.AUDITOR: [403] * 4,
        Role.ADMINISTRATOR: [403] * 4,
    }
