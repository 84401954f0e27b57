"""What the outbox sends by Telegram.

Telegram takes no key that would tell it of a repeat, so what this process has sent is remembered here: a message whose
sending could not be written down is not sent twice. A text that is too long goes in pieces, each once. A chat takes one
message a second, a group one in three: one that comes sooner is put off, so that other chats don't wait for it.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from assistant.channels.base import Limits, Outgoing, SendFailed
from assistant.channels.sent import Sent, in_pieces
from assistant.channels.telegram.api import Api, MessageGone
from assistant.channels.telegram.reading import NAME

#: of the Bot API's documents: a message's characters; one message a second in one chat, 20 a minute in a group
_TEXT_LENGTH = 4096
_SECONDS_BETWEEN = 1.0
_GROUPS_ARE_SLOWER = 3
_REMEMBERED = 2_000


class TelegramChannel:
    """One bot. ``stopwatch`` gives seconds that only grow."""

    name = NAME
    limits = Limits(text_length=_TEXT_LENGTH, buttons=20, has_groups=True, has_edits=True, has_files=True)

    def __init__(self, api: Api, stopwatch: Callable[[], float], seconds_between: float = _SECONDS_BETWEEN) -> None:
        self._api = api
        self._stopwatch = stopwatch
        self._seconds_between = seconds_between
        self._sent = Sent[list[str]](list)
        self._last: OrderedDict[str, float] = OrderedDict()

    def send(self, outgoing: Outgoing) -> str:
        """Send what of it is not sent yet; the id of its last piece, which bears the buttons."""
        pieces = in_pieces(outgoing.text, _fitting)
        gone = self._sent[outgoing.key]
        if len(gone) < len(pieces):
            self._keep_the_pace(outgoing.address)
        if outgoing.replaces is not None and not gone and len(pieces) == 1:
            with suppress(MessageGone):
                self._api.change(outgoing.address, outgoing.replaces, outgoing.text, outgoing.buttons)
                gone.append(outgoing.replaces)
        for number in range(len(gone), len(pieces)):
            buttons = outgoing.buttons if number == len(pieces) - 1 else ()
            gone.append(self._api.say(outgoing.address, pieces[number], buttons))
        if outgoing.file is not None and len(gone) == len(pieces):
            gone.append(self._api.say_file(outgoing.address, outgoing.file.name, outgoing.file.content))
        # what a tap answers is the message with the buttons, not the file after it
        return gone[len(pieces) - 1]

    def _keep_the_pace(self, address: str) -> None:
        now = self._stopwatch()
        between = self._seconds_between * (_GROUPS_ARE_SLOWER if address.startswith("-") else 1)
        early = self._last.get(address, now - between) + between - now
        if early > 0:
            raise SendFailed("同一个聊天不能发得太快", retry_after=early)
        self._last[address] = now
        self._last.move_to_end(address)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)


def _fitting(text: str) -> int:
    """How many characters Telegram takes at once: it counts UTF-16."""
    if _units(text) <= _TEXT_LENGTH:
        return len(text)
    at = _TEXT_LENGTH
    while _units(text[:at]) > _TEXT_LENGTH:
        at -= _units(text[:at]) - _TEXT_LENGTH + 1 >> 1
    return at


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
