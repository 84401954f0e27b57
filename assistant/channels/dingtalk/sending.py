"""What the outbox sends by DingTalk.

DingTalk takes no key that would tell it of a repeat, so what this process has sent is remembered here. A text that is
too long goes in pieces, each once. Buttons become words: a card's buttons only open addresses, and a number could mean
another message's choice after a restart, while a label that is typed is understood wherever it is asked for.
"""

from collections import OrderedDict

from assistant.channels.base import Limits, Outgoing
from assistant.channels.dingtalk.api import Api
from assistant.channels.dingtalk.reading import GROUP, NAME

#: a message may have 15,000 bytes: so many of the longest characters, with room for what JSON adds
_TEXT_LENGTH = 3_000
_REMEMBERED = 2_000


class DingTalkChannel:
    """One robot. ``choices`` is the line that offers what can be answered, with {labels} in it."""

    name = NAME
    limits = Limits(text_length=_TEXT_LENGTH, buttons=0, has_groups=True)

    def __init__(self, api: Api, choices: str) -> None:
        self._api = api
        self._choices = choices
        self._sent: OrderedDict[str, list[str]] = OrderedDict()

    def send(self, outgoing: Outgoing) -> str:
        """Send what of it is not sent yet; the id of its last piece, which offers the choices."""
        text = outgoing.text
        if outgoing.buttons:
            text = f"{text}\n{self._choices.format(labels='、'.join(outgoing.buttons))}"
        pieces = _pieces(text)
        gone = self._sent.setdefault(outgoing.key, [])
        for piece in pieces[len(gone) :]:
            gone.append(self._say(outgoing.address, piece))
        while len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)
        return gone[-1]

    def _say(self, address: str, text: str) -> str:
        if address.startswith(GROUP):
            return self._api.say_in(address.removeprefix(GROUP), text)
        return self._api.say_to(address, text)


def _pieces(text: str) -> list[str]:
    """The text in pieces that DingTalk takes, cut at the end of a line where there is one."""
    pieces = []
    while len(text) > _TEXT_LENGTH:
        line_end = text.rfind("\n", 1, _TEXT_LENGTH)
        at = line_end if line_end > 0 else _TEXT_LENGTH
        pieces.append(text[:at])
        text = text[at:].removeprefix("\n")
    return [*pieces, text] if text or not pieces else pieces
