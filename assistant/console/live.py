"""Live pages: each open page hears, within a moment, that something on record has changed.

The database is asked, not the process, because a message may be handled by another process. One question serves all
listeners: while anybody listens, a thread looks at the highest ids a few times a second; the pages then fetch what
they show. Nothing of what changed goes through here.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import anyio.to_thread
from sqlalchemy import func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import StreamingResponse

from assistant.domain.errors import StorageError
from assistant.storage.database import Database
from assistant.storage.tables import Action, IntakeItem, OutboxMessage

#: how often the records are looked at while somebody listens, in seconds
_LOOK_EVERY = 0.25
#: how often a silent line is written, so that a connection that died is noticed
_KEEP_ALIVE = 15.0

Mark = tuple[int | None, ...]


def latest_mark(database: Database) -> Mark:
    """The highest ids of the ledger, the outbox and intake, and how much waits to be sent: it moves with any change."""
    waiting = select(func.count()).where(
        col(OutboxMessage.sent_at).is_(None),
        col(OutboxMessage.cancelled_at).is_(None),
        col(OutboxMessage.set_aside_at).is_(None),
    )
    with database.reading() as session:
        row = session.execute(
            select(
                select(func.max(Action.id)).scalar_subquery(),
                select(func.max(OutboxMessage.id)).scalar_subquery(),
                select(func.max(IntakeItem.id)).scalar_subquery(),
                waiting.scalar_subquery(),
            )
        ).one()
    return tuple(row)


class Pulse:
    """Tells its listeners when the mark has moved. Belongs to one event loop."""

    def __init__(self, look: Callable[[], Mark]) -> None:
        self._look = look
        self._listeners: set[asyncio.Event] = set()
        self._watcher: asyncio.Task[None] | None = None
        self._is_over = False

    def end(self) -> None:
        """Let every listener go: the server stops. Called in the loop's own thread."""
        self._is_over = True
        for listener in self._listeners:
            listener.set()

    async def beats(self) -> AsyncIterator[bool]:
        """True for each change from now on, False for a keep-alive; ends with the server."""
        changed = asyncio.Event()
        self._listeners.add(changed)
        try:
            while not self._is_over:
                if self._watcher is None or self._watcher.done():
                    self._watcher = asyncio.create_task(self._watch())
                try:
                    await asyncio.wait_for(changed.wait(), _KEEP_ALIVE)
                except TimeoutError:
                    yield False
                    continue
                changed.clear()
                yield not self._is_over
        finally:
            self._listeners.discard(changed)
            if not self._listeners and self._watcher is not None:
                self._watcher.cancel()
                self._watcher = None

    async def _watch(self) -> None:
        before: Mark | None = None
        while True:
            try:
                now = await anyio.to_thread.run_sync(self._look)
            except StorageError:
                now = before or ()
            if before is not None and now != before:
                for listener in self._listeners:
                    listener.set()
            before = now
            await asyncio.sleep(_LOOK_EVERY)


def stream(request: Request, pulse: Pulse) -> StreamingResponse:
    """The server-sent events of ``pulse``: an event ``changed`` for each change, a comment to keep the line open."""

    async def lines() -> AsyncIterator[str]:
        yield "retry: 2000\n\n"
        async for beat in pulse.beats():
            if await request.is_disconnected():
                return
            yield "event: changed\ndata: \n\n" if beat else ": \n\n"

    return StreamingResponse(
        lines(), media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
