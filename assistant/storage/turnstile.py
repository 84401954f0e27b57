"""A lock that is handed on in the order in which it was asked for.

SQLite lets whoever happens to ask at the right moment write next: a thread that writes again and again keeps another
one waiting until it gives up, and that one may have an alarm to send. Within a process, writers queue here first.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """One at a time, first come, first served. Not for going through twice at once in the same thread."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._is_taken = False
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def passed(self, within: float) -> Iterator[bool]:
        """Wait for one's turn, ``within`` so many seconds at most. Was it given? (If not, nothing is held.)"""
        is_mine = self._wait(within)
        try:
            yield is_mine
        finally:
            if is_mine:
                self._hand_on()

    @property
    def waiting(self) -> int:
        """How many stand in the queue."""
        return len(self._queue)

    def _wait(self, within: float) -> bool:
        with self._looking:
            if not self._is_taken:
                self._is_taken = True
                return True
            place = threading.Lock()
            place.acquire()
            self._queue.append(place)
        if place.acquire(timeout=within):
            return True
        with self._looking:
            if place in self._queue:
                self._queue.remove(place)
                return False
        # it was handed on between the two
        return True

    def _hand_on(self) -> None:
        with self._looking:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._is_taken = False
