"""The shape of the repository: files stay small and say what they are for, and the lock can be trusted."""

import ast
import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

REPO = Path(__file__).resolve().parents[2]
MOST_LINES = 400
#: a function with more statements than this says what it promises
ONE_LINE_HELPER = 3

#: file: why it has to be longer
LONG_FILES: dict[str, str] = {}

#: written by alembic, which gives them docstrings but no reason to be short
MADE_BY_TOOLS = "assistant/storage/migrations/versions/"

#: an index has an address on each machine; here it would send somebody's packages elsewhere
INDEX_ADDRESS = re.compile(
    r"(index|find)[-_](url|links)|//[\w.-]+(:\d+)?/([\w.-]+/)*simple\b|//\S+\.(whl|tar\.gz)\b", re.I
)


pytestmark = pytest.mark.skipif(not (REPO / ".git").exists(), reason="git knows which files are ours; this is no clone")


def tracked_files() -> list[Path]:
    """Files that are committed or would be; those of .gitignore and those just deleted are left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        check=True,
    )
    return [
        REPO / name for name in sorted(set(listing.stdout.decode().split("\0"))) if name and (REPO / name).is_file()
    ]


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py" and MADE_BY_TOOLS not in path.as_posix()]


def named(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


def test_no_index_address_stands_in_the_repo() -> None:
    this_file = Path(__file__).resolve()

    found = [
        f"{named(path)}: {match[0]}"
        for path in tracked_files()
        if path != this_file and (match := INDEX_ADDRESS.search(path.read_bytes().decode("utf-8", errors="ignore")))
    ]

    assert not found


def test_every_locked_package_has_an_exact_version_and_hashes() -> None:
    entries = re.split(r"\n(?=[^\s#])", "\n" + (REPO / "requirements.lock").read_text(encoding="utf-8"))[1:]

    loose = [
        entry for entry in entries if not re.match(r"[\w.-]+==[\w.+!]+[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", entry)
    ]

    assert entries
    assert not loose


def test_every_locked_package_that_this_python_needs_is_installed() -> None:
    lock = (REPO / "requirements.lock").read_text(encoding="utf-8")
    wanted = [Requirement(line.rstrip(" \\")) for line in lock.splitlines() if re.match(r"[\w.-]+==", line)]

    installed = {name: metadata.version(name) for name in {need.name for need in wanted if _is_needed(need)}}

    assert installed == {need.name: str(need.specifier).removeprefix("==") for need in wanted if _is_needed(need)}


def _is_needed(need: Requirement) -> bool:
    return need.marker is None or need.marker.evaluate()


def test_every_dependency_is_in_the_lock() -> None:
    locked = set(re.findall(r"^([\w.-]+)==", (REPO / "requirements.lock").read_text(encoding="utf-8"), re.M))
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]

    wanted = {
        re.split(r"[^\w.-]", dependency)[0].lower().replace(".", "-").replace("_", "-")
        for dependency in [*project["project"]["dependencies"], *groups["dev"], *groups["build"]]
    }

    assert not wanted - locked, "run make lock"


def test_files_stay_small_enough_to_hold_one_idea() -> None:
    lengths = {named(path): path.read_text(encoding="utf-8").count("\n") for path in python_files()}

    too_long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES and name not in LONG_FILES}

    assert not too_long


def test_every_long_file_on_the_list_is_still_long() -> None:
    lengths = {named(path): path.read_text(encoding="utf-8").count("\n") for path in python_files()}

    assert not [name for name in LONG_FILES if lengths.get(name, 0) <= MOST_LINES]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        named(path)
        for path in python_files()
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert not silent, "begin each with a sentence on what it is for"


def test_every_public_function_but_a_short_helper_says_what_it_promises() -> None:
    silent = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in python_files()
        if path.relative_to(REPO).parts[0] in {"assistant", "rules", "knowledge", "tools"}
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and sum(isinstance(inner, ast.stmt) for inner in ast.walk(node)) - 1 > ONE_LINE_HELPER
    ]

    assert not silent


@pytest.mark.parametrize("word", ["service", "utils", "manager", "helpers", "common"])
def test_no_file_is_named_after_nothing(word: str) -> None:
    assert not [named(path) for path in python_files() if path.stem == word]
