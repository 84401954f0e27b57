"""Open the demo's own database: made and filled at the first start, as it was left at the next.

    with opened(settings, fresh=False) as demo:
        demo.app, demo.community

The past is played, not written: each message of ``community.yaml`` is received, understood and decided on as if it had
come when the file says, so that flags, deadlines and reasons are the true ones.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from assistant.app import App, build
from assistant.channels.base import Incoming, Outgoing
from assistant.demo.community import Community, load_community
from assistant.demo.seed import CHANNEL, is_seeded, seed
from assistant.schedule.clock import Clock, SystemClock
from assistant.settings import Settings

_FOLDER = "demo"


@dataclass(frozen=True)
class Demo:
    """The assistant of the fictitious community."""

    app: App
    community: Community


class PlayedClock:
    """The machine's clock, set back while the past is played."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._set_back = timedelta(0)

    def now(self) -> datetime:
        return self._clock.now() - self._set_back

    @contextmanager
    def set_back(self, by: timedelta) -> Iterator[None]:
        self._set_back = by
        try:
            yield
        finally:
            self._set_back = timedelta(0)


class _Unread:
    """Takes what is sent while the past is played: those replies were read long ago."""

    def send(self, outgoing: Outgoing) -> str:
        return outgoing.key


@contextmanager
def opened(settings: Settings, *, fresh: bool = False) -> Iterator[Demo]:
    """The demo's assistant, closed at the end. ``fresh`` throws away what was typed before."""
    folder = settings.data_dir / _FOLDER
    if fresh:
        _throw_away(folder)
    community = load_community()
    own = settings.model_copy(update={"data_dir": folder, "database": None, "estate": community.estate})
    clock = PlayedClock(SystemClock())
    app = build(own, clock)
    try:
        with app.database.writing() as session:
            is_new = not is_seeded(session, community)
            if is_new:
                seed(session, community, app.now())
        if is_new:
            _play_past(app, community, clock)
        yield Demo(app, community)
    finally:
        app.close()


def _play_past(app: App, community: Community, clock: PlayedClock) -> None:
    address_of = {micro_grid.worker: micro_grid.account for micro_grid in community.micro_grids}
    for number, past in enumerate(sorted(community.history, key=lambda past: past.ago, reverse=True)):
        address = address_of[past.worker]
        with clock.set_back(past.ago):
            app.receive(Incoming(CHANNEL, f"{address}:past-{number:04d}", address, past.says, app.now()))
            app.settle_down({CHANNEL: _Unread()})


def _throw_away(folder: Path) -> None:
    # only ever our own subfolder: a data folder that was named by mistake is not emptied
    if (folder / "weiguang.db").exists():
        shutil.rmtree(folder)
