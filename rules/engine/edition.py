"""A rule book as texts: what a version is made of, and how it gets from a folder to a database and back.

texts = read_texts(folder)             # {"gas.rules.yaml": "- id: …"}
version_of(texts)                      # the same twelve characters for the same texts, everywhere
folder = unpack(texts, cache)          # below a folder of its version, to be loaded from
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from assistant.domain.errors import RuleBookError


def read_texts(folder: Path) -> dict[str, str]:
    """Every data file of a rules folder. Raises RuleBookError for one that can't be read."""
    texts = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[path.name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise RuleBookError(path.name, None, "文件读不出来", "请检查权限,并存成 UTF-8") from fault
    return texts


def version_of(texts: Mapping[str, str]) -> str:
    """A short name for exactly this content."""
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + texts[name].encode() + b"\0")
    return digest.hexdigest()[:12]


def unpack(texts: Mapping[str, str], cache: Path) -> Path:
    """Put the texts into ``cache/<version>/`` (once, whole or not at all) and give that folder."""
    folder = cache / version_of(texts)
    if folder.exists() and read_texts(folder) == dict(texts):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="unpacking-", dir=cache))
    for name, text in texts.items():
        (fresh / Path(name).name).write_text(text, encoding="utf-8")
    if folder.exists():  # somebody changed it by hand
        folder.rename(Path(tempfile.mkdtemp(prefix="old-", dir=cache)) / "rules")
    try:
        os.replace(fresh, folder)
    except OSError:  # another process was quicker, with the same content
        if not folder.exists():
            raise
    return folder
