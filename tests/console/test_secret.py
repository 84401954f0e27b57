"""The key that signs cookies: made once, whole, for its owner only; one that can be guessed is refused."""

from pathlib import Path

import pytest

from assistant.console.security import load_secret
from assistant.domain.errors import StorageError


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = load_secret(tmp_path, None)

    assert load_secret(tmp_path, None) == made
    assert len(made) >= 32
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("left", ["", "short"])
def test_what_a_full_disk_left_of_it_is_refused(tmp_path: Path, left: str) -> None:
    (tmp_path / "secret").write_text(left, encoding="ascii")

    with pytest.raises(StorageError, match="太短"):
        load_secret(tmp_path, None)


def test_one_that_is_set_and_can_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="WEIGUANG_SECRET"):
        load_secret(tmp_path, "secret")
