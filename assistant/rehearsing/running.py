"""Play whole conversations, each in a database of its own, and say what did not hold.

run = Run(db=None)             # throw-away SQLite files; a PostgreSQL address gets a schema for each conversation
faults = run.play(conversation)
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.app import Files
from assistant.domain.errors import NotUnderstood
from assistant.rehearsing import noting
from assistant.rehearsing.cast import Sent
from assistant.rehearsing.expecting import unmet
from assistant.rehearsing.form import Conversation, Step
from assistant.rehearsing.open_now import Item, items
from assistant.rehearsing.playing import Player, played_by
from assistant.rehearsing.tally import tally
from assistant.settings import Settings
from assistant.storage.scratch import scratch_database


@dataclass
class Run:
    """Plays conversations one after the other. ``db`` is None for throw-away SQLite."""

    db: str | None = None
    _files: Files | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def play(self, conversation: Conversation) -> list[str]:
        """Every expectation that did not hold, in order, with its step."""
        with self.opened(conversation) as player:
            player.begin(conversation)
            faults: list[str] = []
            with player.app.database.reading() as session:
                since = tally(session)
            for number, step in enumerate(conversation.steps, start=1):
                happened = player.play(step)
                with player.app.database.reading() as session:
                    faults += [
                        f"第{number}步 {shown_step(step)}:{fault}"
                        for fault in unmet(step.expect, happened, session, since)
                    ]
            return faults

    def record(self, conversation: Conversation, typed: Iterable[str], show: Callable[[str], None]) -> str:
        """Play the file's own steps, then each typed line; what is answered goes to ``show``. The file of it all."""
        with self.opened(conversation) as player:
            player.begin(conversation)
            lines = [noting.header(conversation)]
            for step in chain(conversation.steps, _understood(typed, show)):
                before = _open_items(player)
                happened = player.play(step)
                if happened.failed is not None:
                    show(happened.failed)
                    continue
                for sent in happened.sent:
                    to = "" if happened.speaker is not None and sent.to.id == happened.speaker.id else sent.to.name
                    show("\n".join(f"{to or '微光'} ▸ {line}" for line in [sent.text, *_buttons(sent)]))
                lines.append(noting.note(step, happened, before, _open_items(player)))
            return "\n".join(lines) + "\n"

    @contextmanager
    def opened(self, conversation: Conversation) -> Iterator[Player]:
        """An assistant that nobody has spoken to yet, on a database of its own."""
        with (
            TemporaryDirectory(prefix="weiguang-rehearsal-") as folder,
            scratch_database(self.db, Path(folder), next(self._numbers)) as url,
        ):
            settings = _settings(url, Path(folder), conversation)
            self._files = self._files or Files.read(settings)
            with played_by(settings, self._files) as player:
                yield player


def _understood(typed: Iterable[str], show: Callable[[str], None]) -> Iterator[Step]:
    for line in typed:
        if not line.strip():
            continue
        try:
            yield noting.read_typed(line)
        except NotUnderstood as fault:
            show(str(fault))


def _open_items(player: Player) -> list[Item]:
    with player.app.database.reading() as session:
        return items(session, player.app.settings.tz)


def _buttons(sent: Sent) -> list[str]:
    return [" ".join(f"[{label}]" for label in sent.buttons)] if sent.buttons else []


def _settings(url: str, folder: Path, conversation: Conversation) -> Settings:
    """The community's own settings, but for what a file must be able to rely on."""
    return Settings().model_copy(
        update={
            "database": url,
            "data_dir": folder,
            "estate": conversation.estate,
            "quiet_from": time(21),
            "quiet_until": time(8),
            "round_at": None,
        }
    )


def shown_step(step: Step) -> str:
    """A step as somebody would find it in the file, cut short."""
    said = getattr(step, step.kind)
    if step.passes is not None:
        return f"{step.kind} {step.passes}"
    text = said.says if len(said.says) <= 20 else f"{said.says[:20]}…"
    return f"{step.kind} {said.name + ' ' if said.name else ''}“{text}”"
