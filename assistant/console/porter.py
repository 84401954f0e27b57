"""Reads and writes the sheets that people send, one after the other, beside the pages; tells how far it has got.

A page asks for the work and comes back to look. What becomes of a sheet stands in its row, so nothing is lost when the
program ends in between: a sheet that is still being read and that this porter does not know is read again when asked.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.rights import Viewer
from assistant.exchange import keeping
from assistant.exchange.bringing import bring_in, look_at
from assistant.exchange.columns import Form
from assistant.exchange.faults import Refused
from assistant.storage.database import Database
from assistant.storage.tables import Import, ImportState

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """How far one sheet has got. ``of`` is 0 until that is known."""

    is_writing: bool
    done: int = 0
    of: int = 0


class Porter:
    """One for each site. ``now`` is aware, in the community's zone."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._told: dict[int, Told] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")

    def told(self, import_id: int) -> Told | None:
        """How far it has got; None where nothing is being done with it."""
        return self._told.get(import_id)

    def look(self, viewer: Viewer, import_id: int) -> None:
        """Read the sheet and keep what was seen in it. Returns at once."""
        self._begin(import_id, Told(is_writing=False), lambda: self._look(viewer, import_id))

    def bring(self, viewer: Viewer, import_id: int) -> None:
        """Bring the sheet in. Returns at once; asked twice, it is done once."""
        self._begin(import_id, Told(is_writing=True), lambda: self._bring(viewer, import_id))

    def _begin(self, import_id: int, told: Told, work: Callable[[], None]) -> None:
        if self._told.setdefault(import_id, told) is told:
            self._worker.submit(work).add_done_callback(lambda future: self._end(import_id, future))

    def _end(self, import_id: int, future: "Future[None]") -> None:
        self._told.pop(import_id, None)
        error = future.exception()
        if error is not None:
            # the error's own words may hold somebody's
            _log.error("import %d: %s", import_id, type(error).__name__)

    def _look(self, viewer: Viewer, import_id: int) -> None:
        form, content, _ = self._kept(import_id)
        if content is None:
            return
        try:
            plan = look_at(self._database, viewer, form, content, self._now().date(), self._telling(import_id, False))
        except Refused as refused:
            with self._database.writing() as session:
                keeping.note_refusal(session.get_one(Import, import_id), refused.fault)
            return
        with self._database.writing() as session:
            row = session.get_one(Import, import_id)
            # it may have been put aside meanwhile
            if row.state is ImportState.READING:
                keeping.note_plan(row, plan)

    def _bring(self, viewer: Viewer, import_id: int) -> None:
        form, content, file_name = self._kept(import_id)
        if content is None:
            return
        plan = bring_in(
            self._database,
            viewer,
            form,
            content,
            self._now(),
            file_name=file_name,
            import_id=import_id,
            on_progress=self._telling(import_id, True),
        )
        if plan.found.fault_count:
            with self._database.writing() as session:
                keeping.note_plan(session.get_one(Import, import_id), plan)

    def _kept(self, import_id: int) -> tuple[Form, bytes | None, str]:
        with self._database.reading() as session:
            row = session.get_one(Import, import_id)
            return Form(row.form), row.content, row.file_name

    def _telling(self, import_id: int, is_writing: bool) -> Callable[[int, int], None]:
        def tell(done: int, of: int) -> None:
            self._told[import_id] = Told(is_writing, done, of)

        return tell
