"""Every file of ``tests/conversations`` plays as it says, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from assistant.rehearsing.form import Conversation
from assistant.rehearsing.reading import read_file
from assistant.rehearsing.running import Run

FOLDER = Path(__file__).resolve().parents[1] / "conversations"
#: What does not hold yet, and why. One that holds fails here: mending it means deleting its line.
NOT_YET: dict[str, str] = {}


def conversations() -> Iterator[tuple[str, Conversation]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for conversation in read_file(path):
            yield f"{path.stem}: {conversation.conversation}", conversation


CONVERSATIONS = dict(conversations())


@pytest.fixture(scope="module")
def sqlite_run() -> Run:
    return Run()


@pytest.fixture(scope="module")
def postgres_run(postgres_server: URL) -> Run:
    return Run(postgres_server.render_as_string(hide_password=False))


def params() -> list[object]:
    return [
        pytest.param(name, id=name, marks=pytest.mark.xfail(reason=NOT_YET[name], strict=True))
        if name in NOT_YET
        else pytest.param(name, id=name)
        for name in CONVERSATIONS
    ]


@pytest.mark.parametrize("name", params())
def test_a_conversation_goes_as_its_file_says(name: str, sqlite_run: Run) -> None:
    faults = sqlite_run.play(CONVERSATIONS[name])

    assert not faults, "\n".join(faults)


@pytest.mark.postgres
@pytest.mark.parametrize("name", params())
def test_a_conversation_goes_the_same_way_on_postgres(name: str, postgres_run: Run) -> None:
    faults = postgres_run.play(CONVERSATIONS[name])

    assert not faults, "\n".join(faults)


def test_every_conversation_has_a_name_of_its_own() -> None:
    assert len(CONVERSATIONS) == sum(len(read_file(path)) for path in FOLDER.glob("*.yaml"))


def test_nothing_is_excused_that_does_not_stand_in_a_file() -> None:
    assert not NOT_YET.keys() - CONVERSATIONS.keys()
