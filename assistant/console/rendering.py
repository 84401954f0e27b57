"""Render our templates: everything in them is escaped, static files carry their fingerprint, forms their token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from assistant.console.security import csrf_token
from assistant.console.wording import say_deadline, say_moment, say_span
from assistant.dialogue.wording import say_door, widen
from assistant.domain.access import AreaLevel, Role
from knowledge.replies import Replies

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
ROLES = {
    Role.WORKER: "微网格员",
    Role.COORDINATOR: "网格长",
    Role.RESPONDER: "处置单位",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "管理员",
}
LEVELS = {
    AreaLevel.STREET: "街道",
    AreaLevel.COMMUNITY: "社区",
    AreaLevel.GRID: "网格",
    AreaLevel.MICRO_GRID: "微网格",
    AreaLevel.SPECIAL_GRID: "专属网格",
}


@dataclass(frozen=True)
class Page:
    """A page that the header links to."""

    path: str
    name: str


class Renderer:
    """Renders a template for a request. ``where`` names the community; ``now`` is aware, in the community's zone."""

    def __init__(
        self,
        replies: Replies,
        now: Callable[[], datetime],
        *,
        where: str,
        nav: Sequence[Page],
        stream_path: str,
        is_demo: bool = False,
        rule_called: Callable[[str], str | None] = lambda rule: None,
    ) -> None:
        self._now = now
        self.replies = replies
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(widen=widen, door=say_door, span=say_span)
        self._environment.globals.update(
            static=static_path, replies=replies, where=where, nav=tuple(nav), stream_path=stream_path, is_demo=is_demo
        )
        self._environment.globals.update(roles=ROLES, levels=LEVELS, rule_called=rule_called, options=options)

    def __call__(
        self, request: Request, template: str, status: int = 200, *, is_anybodys: bool = False, **context: Any
    ) -> Response:
        """The page. ``is_anybodys``: one to be kept for whoever comes, which begins no session and carries no token."""
        now = self._now()
        text = self._environment.get_template(template).render(
            request=request,
            csrf_token="" if is_anybodys else csrf_token(request),
            say_moment=partial(say_moment, now=now),
            say_deadline=partial(say_deadline, now=now),
            **context,
        )
        return HTMLResponse(text, status_code=status)


@lru_cache(maxsize=256)
def options(offered: tuple[tuple[int, str], ...], chosen: int | None = None) -> Markup:
    """The options of a long list, kept for the next page: a template takes ten times as long for three hundred."""
    return Markup(
        "".join(
            f'<option value="{id_:d}"{" selected" if id_ == chosen else ""}>{escape(name)}</option>'
            for id_, name in offered
        )
    )


@cache
def static_path(name: str) -> str:
    """Where a static file is served, with a fingerprint so that browsers may keep it for good."""
    fingerprint = sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={fingerprint}"


class KeptStaticFiles(StaticFiles):
    """Static files that a browser keeps: their address changes with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
