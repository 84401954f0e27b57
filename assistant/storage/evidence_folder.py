"""The folder of evidence files: each under the digest of its content, of a type that we know, and not too big.

    kept = EvidenceFolder(data_dir / "evidence").keep(content)      # on disk when this returns
    folder.path(kept.digest, kept.media_type)                       # where to read it

The type is seen from the content, never from a name or a header that somebody sent. A photo's own notes (where it was
taken, with what) are cut off first: a place is known only where a worker sends it.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

#: bots can fetch no more than 20 MB (Bot API, getFile); a phone's photo has 2 to 8
AT_MOST = 10 * 1024 * 1024
#: media type → how a file of it ends
TYPES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/ogg": ".ogg",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "application/pdf": ".pdf",
}
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"%PDF-", "application/pdf"),
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: a JPEG's markers that begin a part; 00 and RST stand inside of the pixels, FF only fills
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
_APPLICATIONS, _COMMENT, _SCAN, _END = range(0xE0, 0xF0), 0xFE, 0xDA, 0xD9
#: of what programs write beside the pixels, all that showing them needs: JFIF, a colour profile, Adobe's colours
_NEEDED = ((0xE0, b""), (0xE2, b"ICC_PROFILE\0"), (0xEE, b""))
_PNG_NOTES = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")
_WEBP_NEEDED = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
#: where VP8X says that there is Exif or XMP
_WEBP_HAS_NOTES = 0b1100


@dataclass(frozen=True)
class KeptFile:
    """A file in the folder."""

    digest: str
    media_type: str
    size: int


@dataclass
class FileRefused(Exception):
    """A file that is not kept, and why, for people."""

    why: str

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True)
class EvidenceFolder:
    """Files that belong to reports. Safe to use from several threads and processes."""

    folder: Path
    at_most: int = AT_MOST

    def keep(self, content: bytes) -> KeptFile:
        """Keep a file for good; the same content twice is one file. Raises FileRefused, and OSError of the disk."""
        if len(content) > self.at_most:
            raise FileRefused(
                f"文件太大（{len(content) / 1024 / 1024:.1f} MB），最多 {self.at_most // 1024 // 1024} MB"
            )
        media_type = media_type_of(content)
        if media_type is None:
            raise FileRefused("只收照片（JPG、PNG、WebP）、语音和 PDF")
        content = without_notes(content, media_type)
        kept = KeptFile(hashlib.sha256(content).hexdigest(), media_type, len(content))
        path = self.path(kept.digest, media_type)
        if not path.exists():
            _write(path, content)
        return kept

    def path(self, digest: str, media_type: str) -> Path:
        """Where a kept file stands. Raises ValueError for what can't be one: no name from outside leads elsewhere."""
        if not _DIGEST.fullmatch(digest) or media_type not in TYPES:
            raise ValueError("no evidence file has such a name")
        return self.folder / digest[:2] / f"{digest}{TYPES[media_type]}"

    def erase(self, digest: str, media_type: str) -> None:
        """Take a file away for good; one that is not there is no fault."""
        self.path(digest, media_type).unlink(missing_ok=True)


def media_type_of(content: bytes) -> str | None:
    """What the content is, by its first bytes; None for what we don't take."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for start, media_type in _STARTS if content.startswith(start)), None)


def without_notes(content: bytes, media_type: str) -> bytes:
    """The picture without what the camera wrote into or behind it; other files, and what is broken off, as they are."""
    match media_type:
        case "image/jpeg":
            return _jpeg_without_notes(content)
        case "image/png":
            return _png_without_notes(content)
        case "image/webp":
            return _webp_without_notes(content)
    return content


def _jpeg_without_notes(content: bytes) -> bytes:
    out, at = bytearray(content[:2]), 2
    while (found := _MARKER.search(content, at)) is not None:
        start, marker = found.start(), found[1][0]
        if marker == _END:
            # a phone puts more pictures behind this one, each with notes of its own
            return bytes(out + content[start : start + 2])
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        is_broken = end < start + 4 or end > len(content)
        if not _is_note(marker, content[start + 4 : start + 16]):
            out += content[start:] if is_broken else content[start:end]
        if is_broken:
            return bytes(out)
        at = end
        if marker == _SCAN:
            after = _MARKER.search(content, end)
            at = after.start() if after is not None else len(content)
            out += content[end:at]
    return bytes(out + content[at:])


def _is_note(marker: int, begins: bytes) -> bool:
    if marker in _APPLICATIONS:
        return not any(marker == each and begins.startswith(start) for each, start in _NEEDED)
    return marker == _COMMENT


def _png_without_notes(content: bytes) -> bytes:
    out, at = bytearray(content[:8]), 8
    while at + 8 <= len(content):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4], "big")
        if name not in _PNG_NOTES:
            out += content[at:end]
        if name == b"IEND":
            return bytes(out)
        at = end
    return bytes(out + content[at:])


def _webp_without_notes(content: bytes) -> bytes:
    out, at = bytearray(content[:12]), 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if name in _WEBP_NEEDED:
            chunk = bytearray(content[at:end])
            if name == b"VP8X" and len(chunk) > 8:
                chunk[8] &= ~_WEBP_HAS_NOTES
            out += chunk
        at = end
    out[4:8] = (len(out) - 8).to_bytes(4, "little")
    return bytes(out)


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, readable by us alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
