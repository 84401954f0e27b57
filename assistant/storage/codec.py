"""A ``Reading`` as JSON and back: what ``readings.content`` holds.

A field that a newer program adds needs a default, so that readings made before it can still be read.
"""

from typing import Any

from pydantic import TypeAdapter

from assistant.domain.reports import Reading

_ADAPTER: TypeAdapter[Reading] = TypeAdapter(Reading)


def to_json(reading: Reading) -> dict[str, Any]:
    """Plain values only, ready for a JSON column."""
    content: dict[str, Any] = _ADAPTER.dump_python(reading, mode="json")
    return content


def from_json(content: dict[str, Any]) -> Reading:
    """The reading that ``to_json`` was given. Raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_python(content)
