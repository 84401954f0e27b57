"""What the outbox sends by WeCom.

WeCom drops without a word what goes beyond 30 messages a minute or 1,000 an hour to one member, so the pace is kept
here: what comes sooner is put off. It cuts a text after 2,048 bytes, so a longer one goes in pieces. Its check for
repeats goes by content and stays off: what this process has sent is remembered by key instead. A card it takes once,
whichever process sends it.

    buttons, short text     one card
    buttons, long text      the text, then a card that begins as the text does
    more buttons than a card bears, or cards that are refused: the labels in words, numbered
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from assistant.channels.base import Limits, Outgoing, SendFailed
from assistant.channels.sent import Sent, in_pieces
from assistant.channels.wecom.api import Api, Refused
from assistant.channels.wecom.choices import Choices
from assistant.channels.wecom.reading import NAME

#: of 发送应用消息: a text's bytes; a card's title, the words below it, and its buttons
_TEXT_BYTES = 2048
_TITLE, _REST, _BUTTONS = 36, 160, 6
#: 12 at once and one in 3.75 s are 28 in a minute and 972 in an hour, below 30 and 1,000
_AT_ONCE, _SECONDS_EACH = 12, 3.75
_REMEMBERED = 2_000
#: "taskid has existed": no two cards of an app bear the same name
_CARD_IS_THERE = 42014
#: no fault of the card's: trying the labels in words would be refused just the same
_NOT_THE_CARDS = (-1, 40001, 40013, 40014, 40056, 41001, 42001, 60020)


@dataclass
class _Gone:
    """How far a message has gone: the ids of its pieces, and that of its card."""

    pieces: list[str] = field(default_factory=list)
    card: str | None = None


class WeComChannel:
    """One app. ``stopwatch`` gives seconds that only grow; ``choices`` remembers what a typed number means."""

    name = NAME
    # characters: of the shortest a byte each
    limits = Limits(text_length=_TEXT_BYTES, buttons=_BUTTONS)

    def __init__(self, api: Api, stopwatch: Callable[[], float], choices: Choices) -> None:
        self._api = api
        self._stopwatch = stopwatch
        self._choices = choices
        self._sent = Sent(_Gone)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def send(self, outgoing: Outgoing) -> str:
        """Send what of it is not sent yet; the name by which a tap answers it, or the id of its last piece."""
        gone = self._sent[outgoing.key]
        if gone.card is not None:
            return gone.card
        if not outgoing.buttons:
            self._choices.forget(outgoing.address)
            return self._say(outgoing.address, _pieces(outgoing.text), gone)
        if len(outgoing.buttons) <= _BUTTONS:
            try:
                return self._say_with_card(outgoing, gone)
            except Refused as refused:
                if refused.retry_after is not None or refused.for_good or refused.code in _NOT_THE_CARDS:
                    raise
        in_words = "\n".join(f"{number}. {label}" for number, label in enumerate(outgoing.buttons, 1))
        said_as = self._say(outgoing.address, [*_pieces(outgoing.text), *_pieces(in_words)], gone)
        self._choices.offer(outgoing.address, outgoing.buttons, said_as)
        return said_as

    def _say_with_card(self, outgoing: Outgoing, gone: _Gone) -> str:
        task = sha256(outgoing.key.encode()).hexdigest()[:32]
        title, _, rest = outgoing.text.partition("\n")
        if not title.strip() or len(title) > _TITLE or len(rest) > _REST:
            self._say(outgoing.address, _pieces(outgoing.text), gone)
            begins = outgoing.text.strip().partition("\n")[0]
            title, rest = (begins if len(begins) <= _TITLE else begins[: _TITLE - 1] + "…"), ""
        self._keep_the_pace(outgoing.address)
        try:
            self._api.say_card(outgoing.address, task, title, rest, outgoing.buttons)
        except Refused as refused:
            # the name is made from the key: the card went before we were started anew, or its answer was lost
            if refused.code != _CARD_IS_THERE:
                raise
        self._choices.forget(outgoing.address)
        gone.card = task
        return task

    def _say(self, address: str, pieces: Sequence[str], gone: _Gone) -> str:
        for number in range(len(gone.pieces), len(pieces)):
            self._keep_the_pace(address)
            gone.pieces.append(self._api.say(address, pieces[number]))
        return gone.pieces[-1]

    def _keep_the_pace(self, address: str) -> None:
        """One message may go now, or SendFailed says when. Somebody who was told nothing for long has all of them."""
        now = self._stopwatch()
        left, at = self._left.get(address, (float(_AT_ONCE), now))
        left = min(float(_AT_ONCE), left + (now - at) / _SECONDS_EACH)
        if left < 1:
            raise SendFailed("同一个成员不能发得太快", retry_after=(1 - left) * _SECONDS_EACH)
        self._left[address] = left - 1, now
        self._left.move_to_end(address)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)


def _pieces(text: str) -> list[str]:
    return in_pieces(text, _fitting)


def _fitting(text: str) -> int:
    """How many characters WeCom does not cut off: it counts bytes."""
    return len(text.encode()[:_TEXT_BYTES].decode(errors="ignore"))
