"""WeCom put together from what the settings say."""

from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.channels.base import Incoming
from assistant.channels.fetching import Fetching
from assistant.channels.opened import Files, Opened, WantedFile
from assistant.channels.wecom.api import Api
from assistant.channels.wecom.callback import callback_routes
from assistant.channels.wecom.choices import Choices
from assistant.channels.wecom.codec import Codec
from assistant.channels.wecom.reading import NAME, Commands
from assistant.channels.wecom.sending import WeComChannel


@dataclass(frozen=True)
class WeComSettings:
    """Of one app: ``token`` and ``key`` stand beside the callback's address in WeCom's pages, the rest above it."""

    corp: str
    agent: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    key: str = field(repr=False)
    base_url: str


def open_wecom(
    settings: WeComSettings,
    receive: Callable[[Incoming], object],
    stopwatch: Callable[[], float],
    files: Files,
    commands: Commands,
    hear: Callable[[WantedFile, bytes], None] | None = None,
) -> Opened:
    """Start it. Nothing is asked of WeCom yet: a line that is down at the start holds up nothing else.

    ``hear`` is given each voice message; None where nobody listens. Raises NotUnderstood for a key that is none.
    """
    codec = Codec(settings.token, settings.key, settings.corp)
    api = Api(settings.corp, settings.agent, settings.secret, stopwatch, settings.base_url)
    choices = Choices()
    return Opened(
        WeComChannel(api, stopwatch, choices),
        {"wecom files": Fetching(NAME, api.file, files, hear).look},
        callback_routes(codec, api, receive, choices, commands),
        close=api.stop,
    )
