"""Logs that a machine can read, and that tell nothing of anybody.

Our own lines name ids, rules and kinds of errors, never words or names. What a library adds (the text of an exception,
an address with a token in it) goes through a mask all the same.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import TextIO

from assistant.intake.mask import masked

#: longer runs of digits are somebody's number; a token of a bot stands after its number
_NUMBER = re.compile(r"\d{7,}(:[\w-]{10,})?")
#: libraries that write requests, with all that stands in their addresses
_QUIET = ("httpx", "httpcore", "urllib3", "websockets", "uvicorn.access")


class _Masking(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:
        return cleaned(super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        return cleaned(super().formatException(ei))  # type: ignore[arg-type]


class _AsJson(logging.Formatter):
    """One object a line: at, level, from, says, and the kind of the error and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": cleaned(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = cleaned(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def cleaned(text: str) -> str:
    """The text without numbers of people, cards, phones and tokens."""
    return _NUMBER.sub("***", masked(text))


def log_to(stream: TextIO, *, as_json: bool) -> None:
    """From now on, log to ``stream`` in lines of words or of JSON; only what was logged before stays where it went."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_AsJson() if as_json else _Masking("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
