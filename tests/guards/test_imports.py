"""Imports follow the picture of the design, and each outside thing is known in one place.

The tables below are the picture. A new part gets a row; a new library gets a row; a part that needs one more arrow gets
it here, in the same change, so that it is seen. A single file that has to break a row stands in ``EXCEPTIONS`` with its
reason, and leaves that list when the reason goes.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

REPO = Path(__file__).resolve().parents[2]
OURS = ("assistant", "rules", "knowledge")
EVERYTHING = "everything"
CONTRACTS = ("assistant.schedule.clock", "assistant.channels.base")
COMMANDS = ("assistant.cli", "assistant.commands")

#: what each part may import of ours, besides itself
ARROWS = {
    "assistant.domain": (),
    # pure: no clock, no database, no network
    "knowledge": ("assistant.domain",),
    "rules": ("assistant.domain", "knowledge"),  # a rule names kinds, and kinds.yaml is the contract
    "assistant.understand": ("assistant.domain", "knowledge"),
    "assistant.decide": ("assistant.domain", "rules"),
    "assistant.dialogue": ("assistant.domain", "knowledge"),
    "assistant.telling": ("assistant.domain", "knowledge", "assistant.dialogue"),
    # two contracts of one file each, which import nothing that runs: a clock is handed in, a message goes in and out
    "assistant.schedule.clock": (),
    "assistant.channels.base": ("assistant.domain",),
    # one outside thing each
    "assistant.settings": ("assistant.domain",),
    "assistant.storage": ("assistant.domain",),
    "assistant.intake": ("assistant.domain", "assistant.storage", "assistant.intake.mask", *CONTRACTS),
    "assistant.intake.mask": (),  # what nobody may store, whoever typed it and wherever
    "assistant.outbox": ("assistant.domain", "assistant.storage", *CONTRACTS),
    # what falls due becomes a prompt in the outbox
    "assistant.schedule": (
        "assistant.domain",
        "assistant.storage",
        "assistant.outbox",
        "assistant.telling",
        "knowledge",
        *CONTRACTS,
    ),
    "assistant.channels": ("assistant.domain", "assistant.intake", "assistant.outbox", *CONTRACTS),
    # a click may become a message to somebody
    "assistant.console": (
        "assistant.domain",
        "assistant.storage",
        "assistant.exchange",
        "assistant.intake.mask",
        "assistant.outbox",
        "assistant.dialogue",
        "assistant.telling",
        "knowledge",
        # the rule book's pages: why, why not, publishing
        "assistant.decide",
        "assistant.publishing",
        "rules",
        *CONTRACTS,
    ),
    "assistant.exchange": ("assistant.domain", "assistant.storage", "assistant.dialogue", "knowledge", *CONTRACTS),
    # the main path
    "assistant.turn": (
        "assistant.domain",
        "assistant.intake",
        "assistant.understand",
        "assistant.decide",
        "assistant.dialogue",
        "assistant.telling",
        "assistant.storage",
        "assistant.outbox",
        "knowledge",
        *CONTRACTS,
    ),
    # from a rules folder to the rules in use
    "assistant.publishing": ("assistant.domain", "assistant.decide", "assistant.storage", "rules"),
    "assistant.demo": ("assistant.domain", "assistant.storage", "knowledge"),
    # a fresh installation gets its community
    "assistant.founding": ("assistant.domain", "assistant.storage", "knowledge"),
    # how the service itself fares, from the record
    "assistant.monitoring": ("assistant.domain", "assistant.storage", "assistant.intake.mask"),
    # labelled messages and readings as data, for the commands and the benchmarks
    "assistant.lines": ("assistant.domain",),
    "assistant.measuring": (),
    # conversations as files, against the whole assistant
    "assistant.rehearsing": (EVERYTHING,),
    # these see everything
    "assistant.app": (EVERYTHING,),
    "assistant.cli": (EVERYTHING,),
    "assistant.commands": (EVERYTHING,),
    "assistant.__main__": (EVERYTHING,),
}

HOLDS_SESSIONS = (
    "assistant.storage",
    "assistant.intake",
    "assistant.outbox",
    "assistant.schedule",
    "assistant.console",
    "assistant.exchange",
    "assistant.turn",
    "assistant.publishing",
    "assistant.demo",
    "assistant.rehearsing",
    "assistant.founding",
    "assistant.monitoring",
    "assistant.app",
    *COMMANDS,
)
SERVES_HTTP = ("assistant.channels", "assistant.console", "assistant.monitoring", "assistant.app", *COMMANDS)

#: which parts may import a library; a row for each that is used
LIBRARIES = {
    # Chinese text
    "jieba": ("assistant.understand.segment", "knowledge"),
    "ahocorasick_rs": ("assistant.understand", "knowledge"),
    "opencc": ("assistant.understand.normalise",),
    "bm25s": ("knowledge.guidance",),
    "rapidfuzz": ("assistant.understand", "knowledge"),
    "numpy": ("knowledge.learned",),
    # rules and knowledge files
    "durable": ("rules.engine.durable*", "rules.engine.child"),
    "yaml": ("knowledge.yamlfile",),
    "ruamel": ("rules", "knowledge", *COMMANDS),
    "pydantic": ("rules", "knowledge", "assistant.settings", *HOLDS_SESSIONS),
    # the record
    "sqlmodel": HOLDS_SESSIONS,
    "sqlalchemy": HOLDS_SESSIONS,
    "alembic": ("assistant.storage",),
    "psycopg": ("assistant.storage",),
    "sqlite3": ("assistant.storage",),
    "openpyxl": ("assistant.exchange",),
    # settings
    "pydantic_settings": ("assistant.settings",),
    "platformdirs": ("assistant.settings",),
    # the web and the channels
    "starlette": SERVES_HTTP,
    "uvicorn": ("assistant.app", *COMMANDS),
    "jinja2": ("assistant.console",),
    "markupsafe": ("assistant.console",),
    "itsdangerous": ("assistant.console",),
    "argon2": ("assistant.console",),
    "prometheus_client": ("assistant.monitoring",),
    "httpx": ("assistant.channels",),
    "telegram": ("assistant.channels.telegram",),
    "websockets": ("assistant.channels.dingtalk",),
    "cryptography": ("assistant.channels",),
    # the terminal
    "prompt_toolkit": ("assistant.channels.terminal",),
    "rich": ("assistant.channels.terminal", *COMMANDS),
    "typer": COMMANDS,
    # of the standard library: a synchronous core, and processes only around the engine
    "anyio": SERVES_HTTP,
    "asyncio": (*SERVES_HTTP, "assistant.exchange"),
    "multiprocessing": ("rules.engine.durable*",),
    "subprocess": ("rules.engine.durable*", *COMMANDS),
    "socket": ("assistant.channels", "assistant.app", *COMMANDS),
    "urllib.request": (),
}

#: typing's backport comes with pydantic and is as good as the standard library
ANYWHERE = {"typing_extensions"}

CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.strftime",
}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}

#: where the world itself is read
READERS = {
    "the clock": (CLOCKS, ("assistant.schedule.clock",)),
    "the environment": (ENVIRONMENT, ("assistant.settings",)),
}

#: (module, what it uses): why it has to
EXCEPTIONS = {
    ("assistant.storage.migrations.env", "assistant.settings"): "alembic's own command line starts here, without app",
    ("assistant.turn.asking_us", "assistant.schedule.due"): "asked for, the day's list is told as in the morning",
}


class Use(NamedTuple):
    """One name that a module imports or reads, and where."""

    module: str
    name: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} uses {self.name}"


@pytest.mark.parametrize("part", ARROWS)
def test_a_part_imports_only_what_the_picture_shows(part: str) -> None:
    seen = (part, *ARROWS[part])

    strays = [
        use
        for use in uses()
        if part_of(use.module) == part
        and is_ours(use.name)
        and EVERYTHING not in seen
        and part_of(use.name) not in seen
        and not excused(use)
    ]

    assert not strays, "\n".join(map(str, strays))


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_known_only_where_it_belongs(library: str) -> None:
    strays = [
        use
        for use in uses()
        if within(use.name, library)
        and not any(within(use.module, home) for home in LIBRARIES[library])
        and not excused(use)
    ]

    assert not strays, "\n".join(map(str, strays))


@pytest.mark.parametrize("what", READERS)
def test_the_world_is_read_in_one_place(what: str) -> None:
    names, homes = READERS[what]

    strays = [
        use
        for use in uses()
        if any(within(use.name, name) for name in names)
        and not any(within(use.module, home) for home in homes)
        and not excused(use)
    ]

    assert not strays, "\n".join(map(str, strays))


def test_every_module_belongs_to_a_part() -> None:
    homeless = [module for module in modules() if module not in OURS and part_of(module) is None]

    assert not homeless, f"add a row to ARROWS for {homeless}"


def test_every_library_has_a_row() -> None:
    unknown = {
        use.name.split(".")[0]: str(use)
        for use in uses()
        if use.name.split(".")[0] not in {*OURS, *LIBRARIES, *ANYWHERE, *sys.stdlib_module_names}
    }

    assert not unknown, f"add a row to LIBRARIES for {unknown}"


def test_every_exception_is_still_needed() -> None:
    needed = {(use.module, name) for use in uses() for _, name in EXCEPTIONS if within(use.name, name)}

    assert not EXCEPTIONS.keys() - needed


def test_imports_are_seen_in_every_form() -> None:
    source = """
import os.path, datetime as dt
from assistant import turn
from . import near
from ..storage.tables import Household
from time import time
def later():
    import jieba
    return dt.datetime.now(), os.environ["HOME"], now.date.today()
"""

    found = {use.name for use in uses_in(ast.parse(source), "assistant.intake.table", is_package=False)}

    assert found >= {
        "os.path",
        "assistant.turn",
        "assistant.intake.near",
        "assistant.storage.tables.Household",
        "time.time",
        "jieba",
        "datetime.now",
        "os.environ",
        "date.today",
    }


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name; migrations, which alembic runs as scripts, included."""
    paths = (path for top in OURS for path in sorted((REPO / top).rglob("*.py")))
    return {".".join(path.relative_to(REPO).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def uses() -> tuple[Use, ...]:
    """All that our modules import or read of the world."""
    return tuple(
        use
        for module, path in modules().items()
        for use in uses_in(
            ast.parse(path.read_text(encoding="utf-8"), path), module, is_package=path.name == "__init__.py"
        )
    )


def uses_in(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[Use]:
    """Every import, also inside a function or for typing only, and every clock or environment that is named."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Use(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Use(module, f"{origin}.{alias.name}", node.lineno)
        elif isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if f"{owner}.{node.attr}" in CLOCKS | ENVIRONMENT:
                yield Use(module, f"{owner}.{node.attr}", node.lineno)


def is_ours(name: str) -> bool:
    return name.split(".")[0] in OURS


def part_of(name: str) -> str | None:
    """Give the row of the picture that a dotted name falls under; the longest wins."""
    return max((part for part in ARROWS if within(name, part)), key=len, default=None)


def within(name: str, home: str) -> bool:
    """Whether a dotted name is a module or something inside it; ``durable*`` stands for any ending of the last part."""
    if home.endswith("*"):
        return name.startswith(home[:-1])
    return name == home or name.startswith(home + ".")


def excused(use: Use) -> bool:
    return any(use.module == module and within(use.name, name) for module, name in EXCEPTIONS)
