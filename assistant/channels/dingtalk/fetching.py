"""Photos and voices that DingTalk keeps for us: fetched after their message was kept, one at a time."""

from collections.abc import Callable

from assistant.channels.base import SendFailed
from assistant.channels.dingtalk.api import Api
from assistant.channels.dingtalk.reading import NAME
from assistant.channels.opened import Files, WantedFile


class Fetching:
    """Takes what waits. ``hear`` is given each voice of which DingTalk itself made no words."""

    def __init__(self, api: Api, files: Files, hear: Callable[[WantedFile, bytes], None] | None = None) -> None:
        self._api = api
        self._files = files
        self._hear = hear

    def look(self) -> bool:
        """Fetch the next file. Was there one?"""
        wanted = self._files.next_wanted(NAME)
        if wanted is None:
            return False
        try:
            content = self._api.file(wanted.reference, self._files.at_most)
        except SendFailed as failure:
            if failure.for_good:
                self._files.refuse(wanted.number, failure.why)
            else:
                self._files.put_off(wanted.number, failure.why, failure.retry_after)
            return True
        if self._hear is not None and wanted.kind == "voice" and not wanted.came_with.text:
            self._hear(wanted, content)
        self._files.keep(wanted.number, content)
        return True
