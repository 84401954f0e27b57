"""What a test says when something outside is not there: a skip with the reason, in CI a failure."""

import os
from typing import NoReturn

import pytest


def say_missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (in CI it must be there)", pytrace=False)
    pytest.skip(reason)
