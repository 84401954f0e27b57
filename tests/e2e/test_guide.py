"""The guides show the pages as they are: each of their pictures is taken here, and each picture is in a guide."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.demo_process import DemoProcess, running_demo
from tests.e2e.guide_pictures import PICTURES, Picture, take, tell_the_demo

REPO = Path(__file__).parents[2]
IMAGES = REPO / "docs" / "images"
GUIDES = [*(REPO / "docs").glob("*.md"), REPO / "README.md"]
OF_BOTH_SIDES = {"home-desktop", "chat-phone"}


@pytest.fixture(scope="module")
def folder() -> Path:
    made = REPO / ".screens" / "guide"
    made.mkdir(parents=True, exist_ok=True)
    return made


@pytest.fixture(scope="module")
def told_demo(tmp_path_factory: pytest.TempPathFactory, browser: Browser, folder: Path) -> Iterator[DemoProcess]:
    with running_demo(tmp_path_factory.mktemp("guide")) as started:
        tell_the_demo(started, browser, folder)
        yield started


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_each_picture_of_the_guides_can_be_taken(
    told_demo: DemoProcess, browser: Browser, picture: Picture, folder: Path
) -> None:
    desk = take(told_demo, browser, picture, folder)

    wide = desk.page.evaluate("document.documentElement.scrollWidth")
    desk.close()
    assert (folder / f"{picture.name}.png").stat().st_size > 20_000
    assert desk.complaints == []
    assert desk.hosts_asked() == {"127.0.0.1"}
    assert wide <= picture.size["width"]


def test_each_picture_stands_in_a_guide_and_is_one_that_is_taken() -> None:
    shown = {
        name for guide in GUIDES for name in re.findall(r"images/([\w-]+)\.png", guide.read_text(encoding="utf-8"))
    }

    assert shown == {picture.name for picture in PICTURES} | OF_BOTH_SIDES
    assert {path.stem for path in IMAGES.glob("*.png")} == shown


def test_guides_link_only_to_what_is_there() -> None:
    broken = [
        f"{guide.name}: {target}"
        for guide in GUIDES
        for target in re.findall(r"\]\(([^)#\s]+)", guide.read_text(encoding="utf-8"))
        if "://" not in target and not (guide.parent / target).exists()
    ]

    assert not broken
