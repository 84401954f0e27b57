"""A built wheel holds all that the assistant reads at run time: phrases, rules, pages and migrations, not only code."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PACKAGES = ("assistant", "rules", "knowledge")


@pytest.mark.skipif(not (REPO / ".git").exists(), reason="git knows which files are ours; this is no clone")
def test_a_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    listing = subprocess.run(["git", "ls-files", "-z", *PACKAGES], cwd=REPO, capture_output=True, check=True)
    files = {name for name in listing.stdout.decode().split("\0") if name and (REPO / name).is_file()}

    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=REPO, capture_output=True, check=True)
    [wheel] = tmp_path.glob("*.whl")

    assert not files - set(zipfile.ZipFile(wheel).namelist())
