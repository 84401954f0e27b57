"""Photos and voices that a channel keeps for us: fetched after their message was kept, one at a time."""

from collections.abc import Callable

from assistant.channels.base import SendFailed
from assistant.channels.opened import Files, WantedFile


class Fetching:
    """Takes what waits on the channel of that name. Nothing is lost when it ends in the middle: the file waits on.

    ``fetch`` is given the channel's name for a file and how many bytes it may have; it raises SendFailed. ``hear`` is
    given each voice before it is noted as kept, so that one that was fetched is heard.
    """

    def __init__(
        self,
        channel: str,
        fetch: Callable[[str, int], bytes],
        files: Files,
        hear: Callable[[WantedFile, bytes], None] | None = None,
    ) -> None:
        self._channel = channel
        self._fetch = fetch
        self._files = files
        self._hear = hear

    def look(self) -> bool:
        """Fetch the next file. Was there one?"""
        wanted = self._files.next_wanted(self._channel)
        if wanted is None:
            return False
        try:
            content = self._fetch(wanted.reference, self._files.at_most)
        except SendFailed as failure:
            if failure.for_good:
                self._files.refuse(wanted.number, failure.why)
            else:
                self._files.put_off(wanted.number, failure.why, failure.retry_after)
            return True
        try:
            if self._hear is not None and wanted.kind == "voice":
                self._hear(wanted, content)
            self._files.keep(wanted.number, content)
        except Exception as fault:  # a plugged-in transcriber, a full disk: the next file must not wait for this one
            self._files.put_off(wanted.number, type(fault).__name__, None)
        return True
