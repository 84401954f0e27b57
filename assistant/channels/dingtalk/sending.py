"""What the outbox sends by DingTalk.

DingTalk takes no key that would tell it of a repeat, so what this process has sent is remembered here. A text that is
too long goes in pieces, each once. Buttons become words: a card's buttons only open addresses, and a number could mean
another message's choice after a restart, while a label that is typed is understood wherever it is asked for.
"""

from assistant.channels.base import Limits, Outgoing
from assistant.channels.dingtalk.api import Api
from assistant.channels.dingtalk.reading import GROUP, NAME
from assistant.channels.sent import Sent, in_pieces

#: a message may have 15,000 bytes: so many of the longest characters, with room for what JSON adds
_TEXT_LENGTH = 3_000


class DingTalkChannel:
    """One robot. ``choices`` is the line that offers what can be answered, with {labels} in it."""

    name = NAME
    limits = Limits(text_length=_TEXT_LENGTH, buttons=0, has_groups=True)

    def __init__(self, api: Api, choices: str) -> None:
        self._api = api
        self._choices = choices
        self._sent = Sent[list[str]](list)

    def send(self, outgoing: Outgoing) -> str:
        """Send what of it is not sent yet; the id of its last piece, which offers the choices."""
        text = outgoing.text
        if outgoing.buttons:
            text = f"{text}\n{self._choices.format(labels='、'.join(outgoing.buttons))}"
        pieces = in_pieces(text, _fitting)
        gone = self._sent[outgoing.key]
        for piece in pieces[len(gone) :]:
            gone.append(self._say(outgoing.address, piece))
        return gone[-1]

    def _say(self, address: str, text: str) -> str:
        if address.startswith(GROUP):
            return self._api.say_in(address.removeprefix(GROUP), text)
        return self._api.say_to(address, text)


def _fitting(text: str) -> int:
    return min(len(text), _TEXT_LENGTH)
