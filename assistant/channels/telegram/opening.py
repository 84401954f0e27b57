"""Telegram put together from what the settings say: long poll, or a webhook where an address is set."""

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.channels.base import Incoming, SendFailed
from assistant.channels.fetching import Fetching
from assistant.channels.opened import Files, Opened, WantedFile
from assistant.channels.telegram.api import Api
from assistant.channels.telegram.polling import Polling
from assistant.channels.telegram.reading import NAME, Commands
from assistant.channels.telegram.sending import TelegramChannel
from assistant.channels.telegram.webhook import WEBHOOK_PATH, webhook_route

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TelegramSettings:
    """``public`` is the https address under which Telegram reaches our pages; None asks for messages instead."""

    token: str
    base_url: str
    public: str | None
    #: from which the webhook's secret is made
    secret: str


@dataclass(frozen=True)
class Surroundings:
    """What the rest of the program gives a channel. ``now`` is aware; ``stopwatch`` gives seconds that only grow."""

    receive: Callable[[Incoming], object]
    now: Callable[[], datetime]
    stopwatch: Callable[[], float]
    files: Files
    #: is given each voice message; None where nobody listens
    hear: Callable[[WantedFile, bytes], None] | None = None


def open_telegram(
    settings: TelegramSettings, around: Surroundings, commands: Commands, described: Mapping[str, str]
) -> Opened:
    """Start it. ``described`` is the menu of commands that Telegram shows, each with what it does.

    Nothing is asked of Telegram yet: a line that is down at the start holds up nothing else.
    """
    api = Api(settings.token, settings.base_url)
    api.start()
    fetching = Fetching(NAME, api.file, around.files, around.hear)
    steps: dict[str, Callable[[], bool]] = {"telegram files": fetching.look}
    secret = webhook_secret(settings.secret)
    if settings.public is None:
        polling = Polling(api, around.receive, commands, around.now)
        arrange = _Once(api.poll_from_now_on, lambda: _show(api, described))
        steps["telegram poll"] = lambda: arrange() or polling.look()
        routes = []
    else:
        url = settings.public.rstrip("/") + WEBHOOK_PATH
        steps["telegram webhook"] = _Once(lambda: api.post_to(url, secret), lambda: _show(api, described))
        routes = [webhook_route(api, around.receive, commands, around.now, secret)]
    return Opened(TelegramChannel(api, around.stopwatch), steps, routes, leave=api.leave, close=api.stop)


def webhook_secret(secret: str) -> str:
    """What Telegram has to show: made from the site's own secret, so that there is no second one to keep."""
    return hmac.new(secret.encode(), b"telegram webhook", hashlib.sha256).hexdigest()


def _show(api: Api, described: Mapping[str, str]) -> None:
    """A menu that can't be shown holds up no message."""
    try:
        api.show_commands(described)
    except SendFailed as failure:
        _log.warning("telegram: no menu: %s", failure.why)


class _Once:
    """Does each thing until it went well, and then no more."""

    def __init__(self, *what: Callable[[], None]) -> None:
        self._left = list(what)

    def __call__(self) -> bool:
        if not self._left:
            return False
        self._left[0]()
        del self._left[0]
        return True
