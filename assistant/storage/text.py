"""What a person typed, made fit for storage without losing a character of it.

No database column holds a NUL or half of a surrogate pair. Each such character is replaced by one U+FFFD, so that
quotes keep their places, and the original is kept beside it as bytes.
"""

import re
from dataclasses import dataclass

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_STAND_IN = "\ufffd"


@dataclass(frozen=True)
class Storable:
    """``text`` can be stored anywhere; ``original`` is there only where it differs (UTF-8 with surrogatepass)."""

    text: str
    original: bytes | None = None

    def as_typed(self) -> str:
        """Exactly what was given to ``storable``."""
        return self.text if self.original is None else self.original.decode("utf-8", "surrogatepass")


def storable(typed: str) -> Storable:
    """Split what was typed into what a text column holds and, if need be, the bytes it came from."""
    if _UNSTORABLE.search(typed) is None:
        return Storable(typed)
    return Storable(_UNSTORABLE.sub(_STAND_IN, typed), typed.encode("utf-8", "surrogatepass"))
