"""How fast messages are read, as a ratio to plain ``jieba.lcut`` over the same messages in the same run.

``make bench`` prints: messages a second of about 35 characters on one core, the floor, the ratio, the time from nothing
to the first reading, the peak memory, and how time grows up to 4,000 characters.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import jieba

from assistant.commands.read import LineReader
from assistant.domain.reports import Message

NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TEXTS = (
    "3栋2单元501张大爷屋头燃气软管老化,都开裂了,喊他换他说还能用再等等",
    "2-2-1504把电瓶提回屋头充,插板都发烫了,劝他拿到楼下车棚去充他不听",
    "4-3-601周爷爷敲门没得人应,电话也打不通,邻居说有两天没看到他人了",
    "7-3-502妹儿在手机上做任务返佣金,前头返了两百多,现在喊她先垫三千",
    "1-1-101李婆婆今天精神好,吃饭吃药都正常,血压128/76,女儿中午来过了",
    "8栋楼道头停了三个电马儿,有个还在充电,纸板子也堆起了,走路都不好走",
)
ROUNDS = 200


def seconds(work: Callable[[str], object]) -> float:
    """The best of three runs over all texts, in seconds a message."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        for number in range(ROUNDS):
            work(TEXTS[number % len(TEXTS)])
        best = min(best, time.perf_counter() - started)
    return best / ROUNDS


def test_reading_against_plain_segmentation() -> None:
    reader = LineReader()
    jieba.lcut(TEXTS[0])

    floor = seconds(jieba.lcut)
    read = seconds(lambda text: reader.read(Message("1", text, NOON, "怡丽佳苑")))

    print(f"\nread {1 / read:,.0f} messages/s; floor jieba.lcut {1 / floor:,.0f}/s; ratio {read / floor:.1f}")
    for characters in (500, 1000, 2000, 4000):
        long = ("。".join(TEXTS) * 30)[:characters]
        started = time.perf_counter()
        reader.read(Message("1", long, NOON, "怡丽佳苑"))
        print(f"{characters} characters: {(time.perf_counter() - started) * 1000:,.0f} ms")


def test_from_nothing_to_the_first_reading() -> None:
    line = '{"id": "1", "text": "3-2-501软管老化", "at": "2026-03-02T12:00:00+08:00"}\n'
    floor_started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import jieba; jieba.initialize()"], check=True, capture_output=True)
    floor = time.perf_counter() - floor_started

    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "assistant", "read"], input=line, text=True, check=True, capture_output=True)
    taken = time.perf_counter() - started

    print(f"\nfirst reading after {taken:.2f} s; floor (python + jieba's dictionary) {floor:.2f} s")
    print(f"peak memory of the command {_peak_memory(line):,.0f} MB")


def _peak_memory(line: str) -> float:
    """In MB, asked by a small process: a child begins with the peak of its parent, which is this one's otherwise."""
    ask = "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'assistant', 'read'], stdout=-3)"
    ask += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", ask], input=line, text=True, check=True, capture_output=True)
    return int(done.stdout) / 1024
