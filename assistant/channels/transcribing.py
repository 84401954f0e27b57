"""Voice messages as words, where a transcriber is plugged in: the words come in as a message of their own.

A transcriber is a function of the community's own choice (``WEIGUANG_TRANSCRIBER=module:function``). It is given the
sound and its media type, and gives the words, or None. None is built in: without one the worker is asked for words.
"""

from collections.abc import Callable
from dataclasses import replace

from assistant.channels.base import Incoming
from assistant.channels.opened import WantedFile

Transcribe = Callable[[bytes, str], str | None]

#: what a message bears whose voice no words could be made of
UNHEARD = {"kind": "unheard_voice"}


def hear(transcribe: Transcribe, receive: Callable[[Incoming], object], voice: WantedFile, content: bytes) -> None:
    """Hand on what is said in a voice message; the same voice twice is one message. Raises what the function raises."""
    words = transcribe(content, media_type_of_voice(content))
    spoken = replace(voice.came_with, message_id=f"{voice.came_with.message_id}:words", text=words or "")
    receive(spoken if words else replace(spoken, attachments=(UNHEARD,)))


def media_type_of_voice(content: bytes) -> str:
    """Telegram's voices are ogg, older phones' amr."""
    return "audio/amr" if content.startswith(b"#!AMR") else "audio/ogg"
