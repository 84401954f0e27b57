"""WeCom and DingTalk through the real ``weiguang serve``, each against its double: only the settings name them.

A worker writes in WeCom, her coordinator in DingTalk: both join by invitation, an emergency goes from one to the other
and its answer back.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from assistant.settings import Settings
from assistant.storage.database import Database
from assistant.storage.invitations import invite
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Evidence, EvidenceState, Worker
from knowledge.replies import Replies, load_replies
from tests.channels import dingtalk_double, wecom_double
from tests.channels.dingtalk_double import DingTalkDouble
from tests.channels.wecom_double import MEMBER, WeComDouble
from tests.e2e.demo_process import DemoProcess, running_service
from tests.e2e.waiting import wait_until
from tests.turn.rehearsal import settle_community

STRANGER = "WangWu"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
_numbers = count(1)


@dataclass
class Served:
    """The service at work, with both doubles on the other side; ``process`` is what runs it."""

    url: str
    wecom: WeComDouble
    dingtalk: DingTalkDouble
    database: Database
    replies: Replies
    process: DemoProcess

    def invites(self, name: str) -> str:
        with self.database.writing() as session:
            worker = session.exec(select(Worker).where(Worker.name == name)).one()
            return invite(Ledger(session, datetime.now(UTC)), worker)

    def in_wecom(self, text: str, who: str = MEMBER) -> str:
        """Somebody writes in WeCom; what is answered."""
        return self._answer(self.wecom.sent, lambda: self.gives(wecom_double.message("text", who=who, Content=text)))

    def taps_in_wecom(self, label: str) -> str:
        card = next(each for each in reversed(self.wecom.sent) if label in each["buttons"])
        return self._answer(self.wecom.sent, lambda: self.gives(wecom_double.tap(card["task"], label)))

    def in_dingtalk(self, text: str) -> str:
        said = dingtalk_double.written(f"m{next(_numbers)}", text, createAt=int(time.time() * 1000))
        return self._answer(self.dingtalk.said, lambda: self.dingtalk.gives(said))

    def gives(self, xml: str) -> None:
        """WeCom posts a callback, of now."""
        query, body = self.wecom.seal(xml.replace(str(wecom_double.DATE), str(int(time.time()))))
        httpx.post(f"{self.url}/wecom/callback", params=query, content=body).raise_for_status()

    def _answer(self, said: list[dict[str, object]], act: Callable[[], object]) -> str:
        before = len(said)
        act()
        wait_until(lambda: len(said) > before)
        return str(said[-1].get("content") or said[-1].get("text"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("served")
    with ExitStack() as opened:
        wecom = opened.enter_context(WeComDouble().running())
        wecom.members.add(STRANGER)
        dingtalk = opened.enter_context(DingTalkDouble().running())
        database = Database.open(Settings(data_dir=folder).database_url)
        opened.callback(database.close)
        settle_community(database, datetime.now(UTC))
        settings = {
            "WEIGUANG_WECOM_CORP_ID": wecom_double.CORP,
            "WEIGUANG_WECOM_AGENT_ID": str(wecom_double.AGENT),
            "WEIGUANG_WECOM_SECRET": wecom_double.SECRET,
            "WEIGUANG_WECOM_TOKEN": wecom_double.TOKEN,
            "WEIGUANG_WECOM_AES_KEY": wecom_double.KEY,
            "WEIGUANG_WECOM_API": wecom.url,
            "WEIGUANG_DINGTALK_CLIENT_ID": dingtalk_double.CLIENT_ID,
            "WEIGUANG_DINGTALK_CLIENT_SECRET": dingtalk_double.CLIENT_SECRET,
            "WEIGUANG_DINGTALK_ROBOT_CODE": dingtalk_double.ROBOT,
            "WEIGUANG_DINGTALK_API": dingtalk.url,
        }
        service = opened.enter_context(running_service(folder, settings))
        running = Served(service.url, wecom, dingtalk, database, load_replies(), service)
        join(running)
        yield running


def join(served: Served) -> None:
    """刘大姐 in WeCom, 王主任 in DingTalk; a stranger is told how."""
    sayings = served.replies.sayings

    assert served.in_wecom("您好") == sayings.unknown_account
    assert served.in_dingtalk("您好") == sayings.unknown_account
    assert served.in_wecom(served.invites("刘大姐")) == sayings.joined.format(name="刘大姐")
    assert served.in_dingtalk(served.invites("王主任")) == sayings.joined.format(name="王主任")


def test_an_emergency_goes_from_wecom_to_the_coordinator_in_dingtalk_and_her_answer_back(served: Served) -> None:
    heard = len(served.dingtalk.said)

    card = served.in_wecom("3栋2单元501燃气泄漏，闻到很重的味道")
    wait_until(lambda: len(served.dingtalk.said) > heard)
    call = served.dingtalk.said[heard]["content"]
    answered = len(served.wecom.sent)
    served.in_dingtalk("收到")
    wait_until(lambda: len(served.wecom.sent) > answered)

    urgent = served.replies.sayings.urgent.partition("{line}")[0]
    assert card.startswith(f"{urgent}3-2-501")
    assert "撤回" in served.wecom.sent[answered - 1]["buttons"]
    assert call.startswith(f"{urgent}3-2-501")
    assert call.endswith(served.replies.sayings.choices.format(labels="收到"))
    assert "王主任" in served.wecom.sent[answered]["text"]


def test_a_button_that_is_tapped_takes_back_and_shows_that_it_was_pressed(served: Served) -> None:
    served.in_wecom("3栋2单元502软管老化")

    said = served.taps_in_wecom("撤回")

    assert said == served.replies.sayings.withdrawn
    wait_until(lambda: [each["button"] for each in served.wecom.updated] == [{"replace_name": "撤回"}])


def test_where_cards_are_refused_the_number_of_a_button_says_it(served: Served) -> None:
    served.wecom.refuses("message/send", 40058)
    before = len(served.wecom.sent)
    served.in_wecom("3栋2单元601软管老化")
    wait_until(lambda: len(served.wecom.sent) == before + 2)
    offered = served.wecom.sent[-1]["text"].splitlines()

    said = served.in_wecom(str(offered.index("2. 撤回") + 1))

    assert said == served.replies.sayings.withdrawn


def test_a_photo_of_a_worker_is_fetched_and_one_of_a_stranger_is_not(served: Served) -> None:
    served.wecom.files |= {"strangers": JPEG, "workers": JPEG}

    for who, media in ((STRANGER, "strangers"), (MEMBER, "workers")):
        served.gives(wecom_double.message("image", who=who, MediaId=media))
    wait_until(lambda: kept(served) == ["workers"])

    assert served.wecom.fetched == ["workers"]


def kept(served: Served) -> list[str | None]:
    with served.database.reading() as session:
        return list(session.exec(select(Evidence.reference).where(Evidence.state == EvidenceState.KEPT)).all())


def test_told_to_stop_it_comes_to_its_end_by_itself_with_all_that_waits_on_a_line(served: Served) -> None:
    served.process.stop()

    assert served.process.log().count("did not come to its end") == 0
    assert served.process.returned == 0
