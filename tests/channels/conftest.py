from tests.console.conftest import site, world

__all__ = ["site", "world"]
