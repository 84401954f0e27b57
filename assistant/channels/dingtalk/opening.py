"""DingTalk put together from what the settings say."""

from collections.abc import Callable

from assistant.channels.base import Incoming
from assistant.channels.dingtalk.api import Api, DingTalkSettings
from assistant.channels.dingtalk.reading import NAME
from assistant.channels.dingtalk.sending import DingTalkChannel
from assistant.channels.dingtalk.stream import Stream
from assistant.channels.fetching import Fetching
from assistant.channels.opened import Files, Opened, WantedFile


def open_dingtalk(
    settings: DingTalkSettings,
    receive: Callable[[Incoming], object],
    stopwatch: Callable[[], float],
    files: Files,
    choices: str,
    hear: Callable[[WantedFile, bytes], None] | None = None,
) -> Opened:
    """Start it; ``choices`` is the line that stands for buttons, with {labels} in it.

    Nothing is asked of DingTalk yet: a line that is down at the start holds up nothing else.
    """
    api = Api(settings, stopwatch)
    stream = Stream(api, receive)

    def listen(voice: WantedFile, content: bytes) -> None:
        # a voice mostly comes with the words that DingTalk heard
        if hear is not None and not voice.came_with.text:
            hear(voice, content)

    fetching = Fetching(NAME, api.file, files, listen)

    def close() -> None:
        stream.close()
        api.close()

    steps = {"dingtalk stream": stream.look, "dingtalk files": fetching.look}
    return Opened(DingTalkChannel(api, choices), steps, close=close)
