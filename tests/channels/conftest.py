"""The web chat is tested on the console's small community."""

from tests.console.conftest import gated, site, world

__all__ = ["gated", "site", "world"]
