"""The terminal as a channel: one worker types, the assistant answers below.

Wide characters are edited as they should be, and earlier lines come back with the arrow keys until the chat ends: what
was typed holds people's matters, and is kept nowhere but on record. A button is a number in front of its label: typing
the number says the label.
"""

from collections.abc import Callable
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
#: a screen scrolls; this is more than anybody says
_LONGEST_TEXT = 1_000_000


@dataclass
class Terminal:
    """Prints what is sent to ``address``; each line that is typed there is handed to ``receive``."""

    address: str
    now: Callable[[], datetime]
    show: Callable[[str], None]
    name: str = NAME
    limits: Limits = field(default=Limits(text_length=_LONGEST_TEXT, buttons=9, is_idempotent=True))
    _buttons: tuple[str, ...] = ()
    _answers: str | None = None
    _printed: set[str] = field(default_factory=set)

    def send(self, outgoing: Outgoing) -> str:
        """Print it, its buttons numbered; once, also where its sending could not be written down."""
        if outgoing.address == self.address and outgoing.key not in self._printed:
            self._printed.add(outgoing.key)
            first, *rest = outgoing.text.splitlines() or [""]
            lines = [f"{_BY}▸ {first}", *(f"{' ' * 7}{line}" for line in rest)]
            if outgoing.buttons:
                lines.append(
                    " " * 7 + "  ".join(f"[{number}] {label}" for number, label in enumerate(outgoing.buttons, 1))
                )
            self._buttons, self._answers = outgoing.buttons, outgoing.key
            self.show("\n".join(lines))
        return outgoing.key

    def incoming(self, typed: str) -> Incoming:
        """A typed line as a message; a button's number is a tap on it."""
        text, answers = typed, None
        if typed.strip().isdecimal() and 1 <= int(typed) <= len(self._buttons):
            text, answers = self._buttons[int(typed) - 1], self._answers
        return Incoming(NAME, f"{self.address}:{uuid4()}", self.address, text, self.now(), reply_to=answers)


def talk(terminal: Terminal, receive: Callable[[Incoming], object]) -> None:
    """Ask for lines until the user ends it (Ctrl+D or Ctrl+C), and hand each to ``receive``."""
    session: PromptSession[str] = PromptSession(history=InMemoryHistory())
    with patch_stdout():
        while True:
            try:
                typed = session.prompt(_PROMPT)
            except (EOFError, KeyboardInterrupt):
                return
            if typed.strip():
                receive(terminal.incoming(typed))
