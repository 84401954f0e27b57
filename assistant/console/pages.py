"""The coordinator's pages: the list of flagged households, kept up to date without a reload."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from assistant.console.flagged import FlaggedList, flagged_households
from assistant.console.rendering import Renderer
from assistant.storage.database import Database

LIST_PATH = "/console/flagged"
PAGE_PATH = "/console"


@dataclass(frozen=True)
class Viewer:
    """Who looks: the coordinator's name and the area that they answer for, with all below it."""

    name: str
    area_id: int


@dataclass(frozen=True)
class Board:
    """What the list's template shows."""

    coordinator: str
    path: str
    list: FlaggedList


class Console:
    """The pages of one viewer."""

    def __init__(self, database: Database, render: Renderer, now: Callable[[], datetime], viewer: Viewer) -> None:
        self._database = database
        self._render = render
        self._now = now
        self._viewer = viewer

    def routes(self) -> list[BaseRoute]:
        return [Route(PAGE_PATH, self._page), Route(LIST_PATH, self._list)]

    def board(self) -> Board:
        """The list as it stands. Blocks on the database."""
        with self._database.reading() as session:
            households = flagged_households(session, self._viewer.area_id, self._now())
        return Board(self._viewer.name, LIST_PATH, households)

    async def _page(self, request: Request) -> Response:
        return self._render(request, "console.html", board=await anyio.to_thread.run_sync(self.board))

    async def _list(self, request: Request) -> Response:
        return self._render(request, "_flagged.html", board=await anyio.to_thread.run_sync(self.board))
