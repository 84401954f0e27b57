"""Neighbours who only tell of a door, or only disturb it, have no case of their own."""

import pytest

from assistant.domain.reports import EvidenceState, Reading
from assistant.understand.reader import Reader
from knowledge.book import load_book
from tests.understand.test_context import message


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_book())


def kinds(reading: Reading) -> dict[str, list[str]]:
    return {case.key: [one.kind for one in case.findings] for case in reading.cases}


@pytest.mark.parametrize("said", ["9-1-1201 楼上半夜吵得很", "9-1-1201婆婆说楼上半夜吵得很"])
def test_who_suffers_a_noise_is_who_told_of_it(reader: Reader, said: str) -> None:
    (case,) = reader.read(message(said)).cases

    assert (case.key, [(one.kind, one.state) for one in case.findings]) == (
        "9-1-1201",
        [("dispute.noise", EvidenceState.SELF_REPORTED)],
    )


@pytest.mark.parametrize(
    ("said", "cases"),
    [
        pytest.param(
            "9-1-1201软管老化,楼上半夜吵得很",
            {"9-1-1201": ["gas.hose"], "9-1-1301": ["dispute.noise"]},
            id="the door has a matter of its own",
        ),
        pytest.param(
            "9-1-1201没人,楼上软管老化", {"9-1-1201": [], "9-1-1301": ["gas.hose"]}, id="what is inside the home"
        ),
        pytest.param(
            "9-1-1201没人,楼上半夜吵得很", {"9-1-1201": [], "9-1-1301": ["dispute.noise"]}, id="nobody was there"
        ),
    ],
)
def test_a_neighbour_with_a_matter_of_its_own_is_a_case(reader: Reader, said: str, cases: dict[str, list[str]]) -> None:
    assert kinds(reader.read(message(said))) == cases
