"""The terminal as a channel: one worker types, the assistant answers below.

Wide characters are edited as they should be, and earlier lines come back with the arrow keys until the chat ends: what
was typed holds people's matters, and is kept nowhere but on record. A chat that is opened again begins with the last
of what stands there. A button is a number in front of its label: typing the number says the label.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from prompt_toolkit import PromptSession
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from assistant.channels.base import Incoming, Limits, Outgoing

NAME = "terminal"
_PROMPT = "您 ▸ "
_BY = "微光 "


@dataclass
class Terminal:
    """Prints what is sent to ``address``, once for each key; each line typed there is handed to ``receive``."""

    address: str
    now: Callable[[], datetime]
    show: Callable[[str], None]
    name: str = NAME
    limits: Limits = field(default=Limits(text_length=100_000, buttons=9, is_idempotent=True))
    _buttons: tuple[str, ...] = ()
    _answers: str | None = None
    _shown: set[str] = field(default_factory=set)

    def send(self, outgoing: Outgoing) -> str:
        """Print it, its buttons numbered; a longer text in one piece, because a screen scrolls."""
        if outgoing.address == self.address and outgoing.key not in self._shown:
            self._shown.add(outgoing.key)
            self._say(outgoing.text, outgoing.buttons)
            self._buttons, self._answers = outgoing.buttons, outgoing.key
        return outgoing.key

    def recall(self, text: str, *, is_own: bool) -> None:
        """Print a message of an earlier chat; its buttons are gone."""
        if is_own:
            self.show(f"{_PROMPT}{text}")
        else:
            self._say(text, ())

    def _say(self, text: str, buttons: tuple[str, ...]) -> None:
        first, *rest = text.splitlines() or [""]
        lines = [f"{_BY}▸ {first}", *(f"{' ' * 7}{line}" for line in rest)]
        if buttons:
            lines.append(" " * 7 + "  ".join(f"[{number}] {label}" for number, label in enumerate(buttons, 1)))
        self.show("\n".join(lines))

    def incoming(self, typed: str) -> Incoming:
        """A typed line as a message; a button's number is a tap on it."""
        text, answers = typed, None
        if typed.strip().isdecimal() and 1 <= int(typed) <= len(self._buttons):
            text, answers = self._buttons[int(typed) - 1], self._answers
        return Incoming(NAME, f"{self.address}:{uuid4()}", self.address, text, self.now(), reply_to=answers)


def talk(terminal: Terminal, receive: Callable[[Incoming], object], typed_before: Iterable[str] = ()) -> None:
    """Ask for lines until the user ends it (Ctrl+D or Ctrl+C), and hand each to ``receive``.

    ``typed_before`` are lines of earlier chats, oldest first: the arrow keys bring them back too.
    """
    history = InMemoryHistory()
    for line in typed_before:
        history.append_string(line)
    session: PromptSession[str] = PromptSession(history=history)
    with patch_stdout():
        while True:
            try:
                typed = session.prompt(_PROMPT)
            except (EOFError, KeyboardInterrupt):
                return
            if typed.strip():
                receive(terminal.incoming(typed))
