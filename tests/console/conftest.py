"""A small community, and a visitor to its pages: taken for the coordinator (``site``), or nobody yet (``gated``)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from assistant.channels import web
from assistant.commands.site import Site, build_site
from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.reports import EvidenceState, Severity
from assistant.intake import put
from assistant.publishing.desk import RuleDesk
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from knowledge.replies import load_replies
from tests.console.casework import has_matter
from tests.console.household_page import HOSE, TEXT
from tests.console.served import PASSWORD, OpenConsole, logged_in, served
from tests.console.visitor import Visitor
from tests.console.world import NOW, World, build_world
from tests.e2e.desk import DESKTOP, PHONE, Desk


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    database = Database.open(sqlite_url)
    yield build_world(database)
    database.close()


@pytest.fixture
def site(world: World) -> Visitor:
    return Visitor(site_of(world, always=world.people[Role.COORDINATOR], is_demo=True).pages)


@pytest.fixture
def gated(world: World) -> Visitor:
    """The pages as they are served: everybody has to log in."""
    return Visitor(site_of(world).pages)


@pytest.fixture
def home(world: World) -> int:
    return world.has_household("3-2-501", "张大爷")


@pytest.fixture
def matter(world: World, home: int) -> int:
    return has_matter(
        world,
        home,
        TEXT,
        HOSE,
        ("gas.leak", "没闻到味道", EvidenceState.NEGATED),
        ("fraud.investment", "听邻居说他在炒股", EvidenceState.HEARSAY),
        severity=Severity.P1,
        owners=(Responder.WORKER, Responder.GAS),
        due_in=timedelta(days=1),
    )


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def open_console(world: World, browser: Browser, size: dict[str, int]) -> Iterator[OpenConsole]:
    """Windows on the served pages, logged in, at both widths. What the world holds is put there by the test."""
    opened: list[Desk] = []
    with served(site_of(world)) as url:

        def open_page(path: str, role: Role = Role.COORDINATOR) -> Desk:
            world.has_login(role, role.value, PASSWORD)
            desk = logged_in(browser, url, size, path, role.value)
            opened.append(desk)
            return desk

        yield open_page
        for desk in opened:
            desk.close()


def site_of(
    world: World,
    *,
    always: int | None = None,
    is_demo: bool = False,
    is_https: bool = False,
    now: Callable[[], datetime] = lambda: NOW,
    rule_desk: RuleDesk | None = None,
    rule_called: Callable[[str], str | None] = lambda rule: None,
) -> Site:
    """The pages; with ``always`` and ``is_demo``, as on a machine of one's own, the chat is 刘大姐's in any case."""
    return build_site(
        world.database,
        load_replies(),
        lambda incoming: put(world.database, incoming, NOW)[0],
        now,
        evidence=EvidenceFolder(Path(str(world.database.engine.url.database)).parent / "evidence"),
        worker=web.Account("liu", "刘大姐") if is_demo else None,
        where="怡丽社区",
        secret="for tests only",
        hosts=["testserver", "127.0.0.1"],
        is_demo=is_demo,
        always=always,
        is_https=is_https,
        rule_desk=rule_desk,
        rule_called=rule_called,
    )
