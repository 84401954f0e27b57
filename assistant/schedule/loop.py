"""A thread that does one thing over and over while there is something to do, and rests when there is not."""

import threading
from collections.abc import Callable


class Loop:
    """Calls ``step`` until it says that there was nothing to do, then rests for ``rest`` seconds or until woken.

    An exception ends nothing: it is handed to ``on_fault``, and the loop goes on after a rest that doubles up to
    ``longest_rest`` seconds while it keeps failing.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], bool],
        on_fault: Callable[[str, Exception], None],
        rest: float = 1.0,
        longest_rest: float = 30.0,
    ) -> None:
        self.name = name
        self._step = step
        self._on_fault = on_fault
        self._rest = rest
        self._longest_rest = longest_rest
        self._something_to_do = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is something to do: don't wait for the rest to end."""
        self._something_to_do.set()

    @property
    def is_running(self) -> bool:
        """Has it been started, and not ended?"""
        return self._thread.is_alive()

    def begin_stopping(self) -> None:
        """Begin no further step; the one that runs comes to its end."""
        self._stopping.set()
        self._something_to_do.set()

    def stop(self, timeout: float = 10.0) -> bool:
        """Let the step that runs come to its end. Has the thread ended within ``timeout`` seconds?"""
        self.begin_stopping()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        rest = self._rest
        while not self._stopping.is_set():
            self._something_to_do.clear()
            try:
                worked = self._step()
            except Exception as error:  # told to whoever built the loop; a loop that ends would silence everybody
                self._on_fault(self.name, error)
                self._stopping.wait(rest)
                rest = min(rest * 2, self._longest_rest)
                continue
            rest = self._rest
            if not worked:
                self._something_to_do.wait(self._rest)
