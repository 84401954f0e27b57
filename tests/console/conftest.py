"""A small community, and a visitor to its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.channels import web
from assistant.commands.site import build_site
from assistant.console.pages import Viewer
from assistant.intake import put
from assistant.storage.database import Database
from knowledge.replies import load_replies
from tests.console.visitor import Visitor
from tests.console.world import NOW, World, build_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = Database.open(f"sqlite:///{tmp_path / 'test.db'}")
    yield build_world(database)
    database.close()


@pytest.fixture
def site(world: World) -> Visitor:
    site = build_site(
        world.database,
        load_replies(),
        lambda incoming: put(world.database, incoming, NOW)[0],
        lambda: NOW,
        worker=web.Account("liu", "刘大姐"),
        viewer=Viewer("何网格长", world.grid_id),
        where="怡丽社区",
        secret="for tests only",
        hosts=["testserver"],
    )
    return Visitor(site.pages)
