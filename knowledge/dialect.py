"""Characters that only one dialect writes, and what they are in the common language (``language/dialect.yaml``).

    standard("佢哋唔肯") == "他们不肯"

One character stands for one, so that every place in a text stays where it is.
"""

from functools import cache
from pathlib import Path

from assistant.domain.errors import KnowledgeError
from knowledge import yamlfile

_FILE = Path(__file__).parent / "language" / "dialect.yaml"


def standard(text: str) -> str:
    """``text`` with each such character written as the common language does."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    characters = (yamlfile.load(_FILE) or {}).get("characters")
    if not isinstance(characters, dict):
        raise KnowledgeError(_FILE.name, 1, "这里应是“characters:”和一串“字: 字”")
    for said, meant in characters.items():
        if not (isinstance(said, str) and isinstance(meant, str) and len(said) == len(meant) == 1):
            line = yamlfile.line_of(_FILE, ["characters", said])
            raise KnowledgeError(_FILE.name, line, f"“{said}: {meant}”不是一个字换一个字")
    return str.maketrans(characters)
