"""A small lexicon of the tests' own, so that the mechanisms are tested apart from the words of the day."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.reports import KnownHousehold, Message, Reading
from assistant.understand.reader import Reader
from knowledge.book import OWN, Book, load_book

NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

SMALL = """
words:
  软管: {part: true, words: 软管 皮管}
  灶: {part: true, words: 灶 灶具}
  烟管: {part: true, words: 烟管 烟道}
  接头: {part: true, words: 接头}
  里头: {part: true, words: 里头}
  老化: 老化 发硬 老
  换了: 换了 换好了 换成
findings:
  gas.hose:
    topic: <软管>
    says:
      - <软管> <老化>
      - {say: <软管> 开裂, circumstances: [cracked]}
      - {say: <软管|接头> 松了, circumstances: [loose]}
      - <里头> 松了
    fixed:
      - <软管> <换了>
  gas.flue_missing:
    says:
      - <没有> > <烟管>
  gas.appliance_expired:
    says:
      - <灶> <老化>
  gas.service:
    says:
      - 皮罐 报修|没得软
  gas.mixed_sources:
    absorbs: [gas.cylinder_misuse, gas.service]
    says:
      - 管道气 坛子
  gas.cylinder_misuse:
    says:
      - {say: 坛子 > 睡房|倒气, within: clause}
  gas.leak:
    topic: 味道
    says:
      - 煤气味|漏气
    never: 煤气味精
    fine:
      - 没闻到 味道
  electric.damaged_wire:
    says:
      - 触电
      - 电线 破皮
  electric.flying_wire:
    visit: none
    says:
      - 飞线
      - 牵飞|牵 飞线|线 出来
  fire.clutter:
    public: true
    says:
      - 堆|堆满 纸板|杂物
  health.unwell:
    default: self_reported
    says:
      - 脑壳昏|腿痛
  fraud.investment:
    default: self_reported
    stage: contact
    says:
      - 跟 老师 炒股
  fraud.unspecified:
    default: self_reported
    says:
      - 被骗|遭骗
stages:
  paid:
    says: [{say: 转了|交了 > 钱|万|块, within: clause}]
  about_to_pay:
    says: [准备|马上 > 转|取]
  stopped:
    says: [没转|挂了]
circumstances:
  refused:
    - 不肯|不愿 换|改
visits:
  missed:
    - 没人|没得人|不在
  phone:
    - 打电话来
"""


def small_book(folder: Path, lexicon: str = SMALL) -> Book:
    """A book of the project's kinds and cues with another lexicon."""
    for name in ("kinds.yaml", "circumstances.yaml"):
        shutil.copy(OWN / name, folder / name)
    shutil.copytree(OWN / "language", folder / "language", dirs_exist_ok=True)
    (folder / "lexicon").mkdir(exist_ok=True)
    for name in ("common.yaml", "intent.yaml"):
        shutil.copy(OWN / "lexicon" / name, folder / "lexicon" / name)
    (folder / "lexicon" / "small.yaml").write_text(lexicon, encoding="utf-8")
    return load_book(folder)


@pytest.fixture(scope="session")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(small_book(tmp_path_factory.mktemp("knowledge")))


@pytest.fixture(scope="session")
def read(small_reader: Reader) -> Callable[..., Reading]:
    """Read a text with the small lexicon: ``read("3-2-501软管老化")``."""

    def read(text: str, *known: KnownHousehold) -> Reading:
        return small_reader.read(Message("1", text, NOON, "怡丽佳苑", known))

    return read


@pytest.fixture(scope="session")
def states(read: Callable[..., Reading]) -> Callable[[str], dict[str, str]]:
    """The kinds a text states, each with its state."""

    def states(text: str) -> dict[str, str]:
        return {finding.kind: finding.state.value for case in read(text).cases for finding in case.findings}

    return states
