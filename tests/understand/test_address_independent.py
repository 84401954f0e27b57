"""How many of the doors in the shared labelled messages are named by us, where those lie beside the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.places import HouseholdKey
from assistant.understand.address import find_doors, known_book
from assistant.understand.normalise import fold

DATA = Path(__file__).parents[3] / "shared" / "eval" / "messages.dev.jsonl"
#: messages that name no door themselves: the case comes from a person or from what was said before
ONLY_BY_CONTEXT = {"d108", "d157", "d168"}


def missed(message: dict[str, Any]) -> set[str]:
    """The gold keys that none of our mentions has; a place counts when one's words contain the other's."""
    before = [mention for said in message.get("before", []) for mention in find_doors(fold(said["text"]).text)]
    spoken_of = [key for mention in before for key in mention.keys]
    known = [household["key"] for household in message.get("known", [])]
    found = find_doors(
        fold(message["text"]).text,
        estate=message.get("estate"),
        book=known_book([*known, *map(str, spoken_of)]),
        after=spoken_of[-1] if spoken_of else HouseholdKey(),
    )
    keys = {str(key) for mention in found for key in mention.keys}
    words = [mention.words for mention in found]
    gold = {case["key"] for case in message["gold"]["cases"]} - {"?-?-?"}
    return {key for key in gold if key not in keys and not any(_same_place(key, each) for each in words)}


def _same_place(key: str, words: str) -> bool:
    place = key.removeprefix("place:")
    return place != key and (place in words or words in place)


@pytest.mark.skipif(not DATA.exists(), reason="the shared evaluation data is not beside the project")
def test_every_door_that_a_message_names_is_found() -> None:
    messages = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]

    assert {message["id"] for message in messages if missed(message)} == ONLY_BY_CONTEXT
