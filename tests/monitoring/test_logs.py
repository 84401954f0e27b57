"""What is logged can be read by a machine, and tells nothing of anybody."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from assistant.monitoring import log_to

TOKEN = "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_a_line_of_json_says_when_how_grave_where_and_what() -> None:
    stream = io.StringIO()
    log_to(stream, as_json=True)

    logging.getLogger("assistant.app").error("turn: %s", "ValueError")

    line = json.loads(stream.getvalue())
    assert (line["level"], line["from"], line["says"]) == ("error", "assistant.app", "turn: ValueError")
    assert line["at"].endswith("+00:00")


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("number", ["13912345678", "510104199001011234", "6222 0212 3456 7890 123", TOKEN])
def test_no_number_of_anybody_and_no_token_gets_through(*, as_json: bool, number: str) -> None:
    stream = io.StringIO()
    log_to(stream, as_json=as_json)

    logging.getLogger("some.library").warning("sent to %s", number)
    try:
        raise ValueError(f"refused {number}")
    except ValueError:
        logging.getLogger("some.library").exception("failed")

    assert number not in stream.getvalue()
    assert number[-8:] not in stream.getvalue()


def test_a_librarys_requests_are_not_logged() -> None:
    stream = io.StringIO()
    log_to(stream, as_json=True)

    logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)

    assert stream.getvalue() == ""
