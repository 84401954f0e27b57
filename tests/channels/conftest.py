"""The web chat is tested on the console's small community."""

from tests.console.conftest import site, world

__all__ = ["site", "world"]
