"""The words of replies.yaml, and one moment to speak at."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.dialogue import Occasion
from knowledge.replies import Replies, load_replies


@pytest.fixture(scope="session")
def replies() -> Replies:
    return load_replies()


@pytest.fixture
def occasion() -> Occasion:
    return Occasion(at=datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")), number="0217")
