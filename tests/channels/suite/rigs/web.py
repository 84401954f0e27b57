"""The web chat: a browser's requests to the real pages, over a database of its own; what was sent is on the page."""

import asyncio
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from assistant.channels import web
from assistant.channels.base import Incoming, Limits, Outgoing
from assistant.commands.site import Site, build_site
from assistant.intake import put
from assistant.outbox import enqueue
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.tables import Purpose
from knowledge.replies import load_replies
from tests.channels.suite.rig import Can, Keeper, Rig, Rigs, Shown
from tests.console.visitor import Visitor
from tests.console.world import NOW, World, account_id, build_world

_BUBBLE = re.compile(r'<div class="bubble theirs[^"]*" id="out-.*?(?=<div class="bubble|\Z)', re.DOTALL)
_LINE = re.compile(r"<p(?: class=\"lead\")?>(.*?)</p>", re.DOTALL)
_TAP = re.compile(r'data-tap="([^"]*)" data-answers="([^"]*)"')
_JPEG = b"\xff\xd8\xff\xda\x00\x02\x00\xff\xd9"


class _Sent:
    """The channel as the outbox uses it: what it has sent is noted, once for each key."""

    def __init__(self, world: World, channel: web.WebChannel) -> None:
        self.name: str = channel.name
        self.limits: Limits = channel.limits
        self._world = world
        self._channel = channel

    def send(self, outgoing: Outgoing) -> str:
        sent_as = self._channel.send(outgoing)
        with self._world.database.writing() as session:
            row = enqueue(
                session,
                key=outgoing.key,
                purpose=Purpose.REPLY,
                area_id=self._world.grid_id,
                channel=self.name,
                address=outgoing.address,
                account_id=account_id(session, outgoing.address),
                text=outgoing.text,
                now=NOW,
                buttons=outgoing.buttons,
            )
            if row is not None:
                row.sent_at, row.sent_as = NOW, sent_as
        return sent_as


class _Browser:
    can = frozenset({Can.REPEAT, Can.TAP, Can.PHOTO, Can.GARBAGE})

    def __init__(self, folder: Path, world: World) -> None:
        self.keeper = Keeper()
        self.address = "liu"
        self._database = world.database
        site = self._site(folder)
        self.channel = _Sent(world, site.channel)
        self._visitor = Visitor(site.pages)
        self._number = 0
        self._last: dict[str, Any] = {}
        self._answer: httpx.Response | None = None

    def _site(self, folder: Path) -> Site:
        return build_site(
            self._database,
            load_replies(),
            self._keep,
            lambda: NOW,
            where="怡丽社区",
            secret="for tests only",
            hosts=["testserver"],
            evidence=EvidenceFolder(folder / "evidence"),
            worker=web.Account(self.address, "刘大姐"),
        )

    def _keep(self, incoming: Incoming) -> int:
        self.keeper(incoming)
        return put(self._database, incoming, NOW)[0]

    def _post(self, text: str, answers: str = "", **more: Any) -> None:
        self._number += 1
        data = {"id": f"page-{self._number:08d}", "text": text, "as": self.address, "answers": answers}
        self._last = {"data": data, **more}
        self.gives_again()

    def gives_again(self) -> None:
        headers = {"X-CSRF-Token": self._visitor.token()}
        self._answer = asyncio.run(self._visitor.asks("POST", web.POST_PATH, headers=headers, **self._last))

    def writes(self, text: str) -> None:
        self._post(text)

    def is_acknowledged(self) -> bool:
        return self._answer is not None and self._answer.status_code == 200

    def shows(self) -> list[Shown]:
        page = self._visitor.get(web.PAGE_PATH).text
        return [
            Shown(
                html.unescape("\n".join(_LINE.findall(bubble.partition('<p class="when">')[0]))),
                tuple(html.unescape(label) for label, _ in _TAP.findall(bubble)),
            )
            for bubble in _BUBBLE.findall(page)
        ]

    def taps(self, label: str) -> None:
        taps = {html.unescape(said): name for said, name in _TAP.findall(self._visitor.get(web.PAGE_PATH).text)}
        self._post(label, taps[label])

    def photographs(self, caption: str) -> None:
        self._post(caption, files={"photo": ("IMG_1.jpg", _JPEG, "image/jpeg")})

    def hears_garbage(self) -> None:
        headers = {"X-CSRF-Token": self._visitor.token()}
        for body in (
            {"content": b"\xff\xfe"},
            {"json": {"text": "无头"}},
            {"data": {"text": "没有编号"}},
            {"data": {"id": "0123456789", "text": ""}},
            {"files": {"text": ("a.txt", b"words"), "id": ("b.txt", b"0123456789")}},
            {"data": {"id": "0123456789"}, "files": {"photo": ("a.jpg", b"no picture")}},
        ):
            answer = asyncio.run(self._visitor.asks("POST", web.POST_PATH, headers=headers, **body))
            assert 400 <= answer.status_code < 500


@contextmanager
def _web() -> Iterator[Rig]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        database = Database.open(f"sqlite:///{folder / 'test.db'}")
        yield _Browser(folder, build_world(database))  # type: ignore[misc]  # what it can't do is not in ``can``
        database.close()


RIGS: Rigs = {"web": _web}
