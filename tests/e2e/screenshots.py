"""Take the pictures of docs/images anew: ``.venv/bin/python -m tests.e2e.screenshots``. Look at them afterwards."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e.demo_process import chromium, running_demo
from tests.e2e.guide_pictures import PICTURES, take, tell_the_demo

IMAGES = Path(__file__).parents[2] / "docs" / "images"

if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, running_demo(Path(folder)) as started, chromium() as browser:
        tell_the_demo(started, browser, IMAGES)
        for picture in PICTURES:
            take(started, browser, picture, IMAGES).close()
