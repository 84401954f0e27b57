"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

_TRIES, _BETWEEN_TRIES = 600, 0.05


def wait_until(came: Callable[[], bool]) -> None:
    """Come back once it came; AssertionError when it does not within 30 seconds."""
    for _ in range(_TRIES):
        if came():
            return
        time.sleep(_BETWEEN_TRIES)
    raise AssertionError("nothing came")
