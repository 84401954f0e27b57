"""``/ready`` tells anybody whether work is done; ``/metrics`` has the figures, for this machine only.

A street office that watches from elsewhere lets its own agent on this machine ask. Both go on answering while all
other pages wait: they have threads of their own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import anyio
import anyio.to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.domain.errors import StorageError
from assistant.monitoring.figures import Figures, figures, intake_age, outbox_age
from assistant.monitoring.metrics import exposed
from assistant.storage.database import Database

READY_PATH = "/ready"
METRICS_PATH = "/metrics"
_HERE = ("127.0.0.1", "::1")
#: messages that have waited longer than this say that nobody handles, or sends, any, in seconds
_TOO_LONG, _TOO_LONG_TO_SEND = 60.0, 300.0
_THREADS = 2


def monitoring_routes(
    database: Database, now: Callable[[], datetime], faults: Mapping[str, int], stopped: Callable[[], list[str]]
) -> list[BaseRoute]:
    """``stopped`` names the threads that should run and don't."""
    threads = anyio.CapacityLimiter(_THREADS)

    def look() -> Figures:
        with database.reading() as session:
            return figures(session, now())

    def troubles() -> list[str]:
        ended = [f"thread {name} has ended" for name in stopped()]
        try:
            with database.reading() as session:
                waits, unsent = intake_age(session, now()), outbox_age(session, now())
        except StorageError as fault:
            return [*ended, f"the database can't be read: {type(fault).__name__}"]
        return [
            *ended,
            *([f"a message has waited {waits:.0f} s to be handled"] if waits > _TOO_LONG else []),
            *([f"a message has waited {unsent:.0f} s to be sent"] if unsent > _TOO_LONG_TO_SEND else []),
        ]

    async def ready(request: Request) -> Response:
        found = await anyio.to_thread.run_sync(troubles, limiter=threads)
        return JSONResponse({"ready": not found, "troubles": found}, status_code=503 if found else 200)

    async def metrics(request: Request) -> Response:
        if request.client is None or request.client.host not in _HERE or "x-forwarded-for" in request.headers:
            raise HTTPException(404, "没有这个页面。")
        return Response(
            await anyio.to_thread.run_sync(exposed, look, faults, limiter=threads), media_type=CONTENT_TYPE_LATEST
        )

    return [Route(READY_PATH, ready), Route(METRICS_PATH, metrics)]
