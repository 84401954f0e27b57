"""Pictures in the web chat: kept before the message, by what they are, not what they are called; for own eyes only."""

import asyncio
import struct
import zlib
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.storage.tables import IntakeItem
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import World

WHERE_IT_WAS_TAKEN = b"Exif\0\0GPS 30.6N 104.0E"


def jpeg(noted: bytes = WHERE_IT_WAS_TAKEN) -> bytes:
    """As much of a JPEG as anybody looks at: a start, the camera's notes, a scan, an end."""
    notes = b"\xff\xe1" + struct.pack(">H", len(noted) + 2) + noted
    return b"\xff\xd8" + notes + b"\xff\xda\x00\x02" + bytes(range(200)) + b"\xff\xd9"


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def sends(
    visitor: Visitor, content: bytes, name: str = "photo.jpg", text: str = "", client_id: str = "0123456789"
) -> httpx.Response:
    token = visitor.token()
    return asyncio.run(
        visitor.asks(
            "POST",
            "/chat/messages",
            data={"csrf": token, "id": client_id, "text": text},
            files={"photo": (name, content, "image/jpeg")},
            headers={"x-csrf-token": token},
        )
    )


def received(world: World) -> list[IntakeItem]:
    with world.database.reading() as session:
        return list(session.exec(select(IntakeItem)))


def kept_files(world: World) -> list[Path]:
    folder = Path(str(world.database.engine.url.database)).parent / "evidence"
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("content", "media_type"), [(jpeg(), "image/jpeg"), (png(), "image/png")], ids=["jpeg", "png"])
def test_a_picture_is_kept_with_its_message_and_can_be_looked_at(
    content: bytes, media_type: str, world: World, site: Visitor
) -> None:
    answer = sends(site, content, text="3-2-501软管")

    (row,) = received(world)
    assert row.attachments[0]["media_type"] == media_type
    shown = site.get(f"/chat/photos/{row.id}/0")
    assert f'src="/chat/photos/{row.id}/0"' in answer.text
    assert (shown.status_code, shown.headers["content-type"]) == (200, media_type)
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_where_it_was_taken_is_not_kept(world: World, site: Visitor) -> None:
    sends(site, jpeg())

    (path,) = kept_files(world)
    assert b"GPS" not in path.read_bytes()


def test_a_picture_needs_no_words(world: World, site: Visitor) -> None:
    assert sends(site, jpeg()).status_code == 200
    assert received(world)[0].text == ""


def test_the_same_picture_sent_again_is_one_message_and_one_file(world: World, site: Visitor) -> None:
    sends(site, jpeg())
    sends(site, jpeg())

    assert len(received(world)) == len(kept_files(world)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"%PDF-1.7",
        b"OggS",
        b"\xff",
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes, world: World, site: Visitor) -> None:
    answer = sends(site, content, text="看这个")

    assert answer.status_code == 400
    assert "照片" in answer.text
    assert received(world) == []
    assert kept_files(world) == []


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "..\\..\\x.jpg", "/etc/passwd", "a\0b.jpg", "照片" * 200])
def test_no_name_of_a_picture_leads_out_of_the_folder(name: str, world: World, site: Visitor) -> None:
    sends(site, jpeg(), name)

    (path,) = kept_files(world)
    assert path.name.removesuffix(".jpg") == received(world)[0].attachments[0]["digest"]


def test_a_picture_larger_than_a_phone_makes_is_refused(world: World, site: Visitor) -> None:
    huge = jpeg() + b"\0" * 10 * 1024 * 1024

    refused = sends(site, huge, text="看这个")
    larger = sends(site, huge + b"\0" * 1024 * 1024)

    assert (refused.status_code, larger.status_code) == (400, 413)
    assert "太大" in refused.text
    assert received(world) == []


@pytest.mark.parametrize("path", ["/chat/photos/1/1", "/chat/photos/2/0", "/chat/photos/99999999999999999999999/0"])
def test_a_picture_that_is_not_there_is_not_there(path: str, world: World, site: Visitor) -> None:
    sends(site, jpeg())

    assert site.get(path).status_code == 404


def test_nobody_else_sees_a_picture(world: World, gated: Visitor) -> None:
    for role in (Role.WORKER, Role.COORDINATOR):
        world.has_login(role, role.value, PASSWORD)
    gated.logs_in(Role.WORKER.value, PASSWORD)
    sends(gated, jpeg())
    path = f"/chat/photos/{received(world)[0].id}/0"
    mine = gated.get(path).status_code

    other = Visitor(gated.app)
    stranger = other.get(path).status_code
    other.logs_in(Role.COORDINATOR.value, PASSWORD)

    assert (mine, stranger, other.get(path).status_code) == (200, 401, 404)
