"""Photos and voices that came with a report: shown to whoever may see its words, by our own number for the file.

A file is sent with its type as we saw it from the content, and with a policy of its own under which nothing in it runs.
"""

from collections.abc import Callable
from pathlib import Path

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.domain.errors import NotAllowed
from assistant.domain.rights import Right
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.tables import Evidence, EvidenceState, Report

PHOTO_PATH = "/console/evidence/{id}"
_POLICY = "default-src 'none'; sandbox"


def photo_routes(gate: Gate, folder: EvidenceFolder) -> list[BaseRoute]:
    return [gate.route(PHOTO_PATH, Right.SEE_HOUSEHOLD, _sends(folder))]


def _sends(folder: EvidenceFolder) -> Callable[[Visit], Response]:
    def send(visit: Visit) -> Response:
        with visit.reading() as session:
            row = session.get(Evidence, visit.number("id"))
            report = session.get(Report, row.report_id) if row is not None and row.report_id is not None else None
            visit.require(session, Right.SEE_HOUSEHOLD, report)
            path = _path(folder, row)
            if row is None or path is None or not path.is_file():
                raise NotAllowed("没有这个文件，或者不在您的范围里。")
            media_type = row.media_type or ""
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        shown = "inline" if media_type.startswith("image/") else "attachment"
        return FileResponse(path, media_type=media_type, headers=headers, content_disposition_type=shown)

    return send


def _path(folder: EvidenceFolder, row: Evidence | None) -> Path | None:
    """Where the file stands; None for a row that names none of ours."""
    if row is None or row.state is not EvidenceState.KEPT:
        return None
    try:
        return folder.path(row.digest or "", row.media_type or "")
    except ValueError:
        return None
