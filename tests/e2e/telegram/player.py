"""Conversations played through Telegram's emulator: what is said goes the whole way there and back.

A rehearsal's people get Telegram accounts; their words and taps are put into the emulator, asked for by long poll, and
what they are told is sent there with its buttons.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from sqlmodel import select

from assistant.app import App
from assistant.channels.base import Channel, Incoming, Outgoing
from assistant.channels.telegram import Api, Polling, TelegramChannel
from assistant.rehearsing import stage
from assistant.rehearsing.cast import Post
from assistant.rehearsing.form import Conversation
from assistant.rehearsing.playing import Player
from assistant.rehearsing.running import Run
from assistant.storage.tables import Account, Worker
from tests.e2e.telegram.emulator import TOKEN, Emulator

#: people of different conversations never share a chat
_PEOPLE = 10_000


class _NotedPost(Post):
    """Sends on the channel, and notes what was sent as a rehearsal does."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel

    def send(self, outgoing: Outgoing) -> str:
        sent_as = self._channel.send(outgoing)
        self.keys.append(outgoing.key)
        return sent_as or ""


@dataclass
class TelegramPlayer(Player):
    """A player whose people speak and are told through ``emulator``."""

    emulator: Emulator = field(kw_only=True)
    polling: Polling = field(kw_only=True)
    first_person: int = field(kw_only=True)

    def _say(self, speaker: Worker, text: str, reply_to: str | None = None, *, in_group: bool = False) -> None:
        self._give_accounts()
        who = self.first_person + (speaker.id or 0)
        if reply_to is not None:
            self.emulator.taps(who, int(reply_to), text)
        else:
            chat = -self.first_person if in_group else who
            self.emulator.writes(who, text, int(self.app.now().timestamp()), chat=chat)
        while self.polling.look():
            pass
        self._settle_down()

    def _settle_down(self) -> None:
        self._give_accounts()
        super()._settle_down()

    def _give_accounts(self) -> None:
        with self.app.database.writing() as session:
            for account in session.exec(select(Account)):
                account.address = str(self.first_person + account.worker_id)


class TelegramRun(Run):
    """Plays conversations through one emulator."""

    def __init__(self, emulator: Emulator, api: Api) -> None:
        super().__init__()
        self._emulator = emulator
        self._playing: App | None = None
        self._api = api
        self._polling = Polling(api, self._receive, {}, self._now, wait=0)
        self._first = count(_PEOPLE, _PEOPLE)

    @contextmanager
    def opened(self, conversation: Conversation) -> Iterator[Player]:
        with super().opened(conversation) as player:
            self._playing = player.app
            yield TelegramPlayer(
                player.app,
                player.clock,
                # a channel of its own: the keys of each fresh database are the same
                _NotedPost(TelegramChannel(self._api, lambda: 0.0, seconds_between=0)),
                emulator=self._emulator,
                polling=self._polling,
                first_person=next(self._first),
            )

    def _receive(self, incoming: Incoming) -> int:
        assert self._playing is not None
        # what a rehearsal counts is its own channel's
        return self._playing.receive(replace(incoming, channel=stage.CHANNEL))

    def _now(self) -> datetime:
        assert self._playing is not None
        return self._playing.now()


@contextmanager
def running_through(emulator: Emulator) -> Iterator[TelegramRun]:
    with Api(TOKEN, emulator.url) as api:
        yield TelegramRun(emulator, api)
