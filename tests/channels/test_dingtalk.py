"""DingTalk on its double: tokens that run out, limits, lines that end, messages that come again, and no secret told."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from assistant.channels.base import Incoming, Outgoing, SendFailed
from assistant.channels.dingtalk import NAME, Api, DingTalkChannel, DingTalkSettings, Stream, read_message
from assistant.channels.fetching import Fetching
from assistant.channels.opened import WantedFile
from assistant.commands.channels import dingtalk_settings
from assistant.domain.errors import NotUnderstood, StorageError
from assistant.settings import Settings
from tests.channels.dingtalk_double import (
    CLIENT_ID,
    CLIENT_SECRET,
    DOWNLOAD,
    OPEN,
    PERSON,
    ROBOT,
    ROOM,
    SEND,
    SEND_IN_GROUP,
    TOKEN,
    DingTalkDouble,
    written,
)
from tests.channels.suite.rig import Keeper

CHOICES = "可以回复:{labels}"


@dataclass
class Watch:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def double() -> Iterator[DingTalkDouble]:
    with DingTalkDouble().running() as running:
        yield running


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def api(double: DingTalkDouble, watch: Watch) -> Iterator[Api]:
    opened = Api(DingTalkSettings(CLIENT_ID, CLIENT_SECRET, ROBOT, double.url), watch)
    yield opened
    opened.close()


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def stream(api: Api, keeper: Keeper) -> Iterator[Stream]:
    opened = Stream(api, keeper, wait=0.2)
    yield opened
    opened.close()


def look_until(stream: Stream, holds: Callable[[], bool]) -> None:
    for _ in range(60):
        if holds():
            return
        stream.look()
    raise AssertionError("it never held")


def open_line(stream: Stream, double: DingTalkDouble) -> None:
    stream.look()
    frame = double.pings()
    look_until(stream, lambda: double.is_answered(frame, within=0.05))


def out(text: str = "收到", key: str = "reply:1", address: str = PERSON, buttons: tuple[str, ...] = ()) -> Outgoing:
    return Outgoing(address, text, key, buttons)


# the line


def test_a_ping_is_answered_with_what_it_bore(double: DingTalkDouble, stream: Stream) -> None:
    stream.look()
    frame = double.pings()
    look_until(stream, lambda: double.is_answered(frame, within=0.05))

    answer = double.acknowledged[frame]
    assert answer["code"] == 200
    assert json.loads(answer["data"]) == {"opaque": "o-1"}


def test_only_the_robots_messages_are_asked_for_and_no_address_of_ours_is_told(
    double: DingTalkDouble, stream: Stream
) -> None:
    stream.look()

    [asked] = [body for path, body in double.asked if path == OPEN]
    assert asked["subscriptions"] == [{"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}]
    assert "localIp" not in asked


def test_after_a_notice_to_leave_another_line_is_opened(double: DingTalkDouble, stream: Stream, keeper: Keeper) -> None:
    open_line(stream, double)

    double.disconnects()
    look_until(stream, lambda: double.lines == 2)
    double.gives(written("m1", "后面的"))
    look_until(stream, lambda: len(keeper.kept) == 1)

    assert keeper.kept[0].text == "后面的"


def test_what_was_not_acknowledged_when_a_line_ended_is_one_message_on_the_next(
    double: DingTalkDouble, stream: Stream, keeper: Keeper
) -> None:
    open_line(stream, double)
    keeper.is_full = True
    frame = double.gives(written("m1", "漏气了"))
    with pytest.raises(StorageError):
        look_until(stream, lambda: False)
    assert not double.is_answered(frame, within=0.1)

    stream.close()
    keeper.is_full = False
    look_until(stream, lambda: double.is_answered(frame, within=0.05))

    assert [each.text for each in keeper.kept] == ["漏气了"]


def test_a_message_that_can_not_be_kept_is_tried_again_before_what_comes_after_it(
    double: DingTalkDouble, stream: Stream, keeper: Keeper
) -> None:
    open_line(stream, double)
    keeper.is_full = True
    double.gives(written("m1", "一"))
    double.gives(written("m2", "二"))
    with pytest.raises(StorageError):
        look_until(stream, lambda: False)
    with pytest.raises(StorageError):
        stream.look()

    keeper.is_full = False
    look_until(stream, lambda: len(keeper.kept) == 2)

    assert [each.text for each in keeper.kept] == ["一", "二"]


def test_a_secret_that_is_wrong_is_named_by_its_setting(double: DingTalkDouble, keeper: Keeper) -> None:
    wrong = Api(DingTalkSettings(CLIENT_ID, "other", ROBOT, double.url), lambda: 0.0)

    with pytest.raises(SendFailed, match="WEIGUANG_DINGTALK_CLIENT_SECRET") as failed:
        Stream(wrong, keeper).look()

    wrong.close()
    assert "other" not in str(failed.value)
    assert not failed.value.for_good


def test_no_log_line_bears_a_secret_or_anybodys_words(
    double: DingTalkDouble, stream: Stream, api: Api, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    open_line(stream, double)
    double.gives(written("m1", "三栋漏气"))
    double.gives({"msgId": "m2", "msgtype": "text", "text": {"content": "三栋漏气"}})
    look_until(stream, lambda: stream.unreadable == 1)
    DingTalkChannel(api, CHOICES).send(out("三栋漏气"))

    assert keeper.kept
    logged = [each.getMessage() for each in caplog.records]
    assert any("钉钉" in each for each in logged)
    for secret in (CLIENT_SECRET, "token-1", "ticket=", "三栋"):
        assert not [each for each in logged if secret in each]


# reading


def test_a_message_of_somebody_outside_the_organisation_bears_the_name_that_there_is() -> None:
    incoming = read_message({**written("m1", "你好"), "senderStaffId": None})

    assert incoming is not None
    assert incoming.account == "$:LWCP_v1:$x"


def test_a_voice_comes_with_the_words_that_were_heard() -> None:
    voice = {"downloadCode": "V1", "recognition": "三栋漏气", "duration": 3000}
    incoming = read_message(written("m1", "", msgtype="audio", content=voice))

    assert incoming is not None
    assert incoming.text == "三栋漏气"
    assert incoming.attachments == ({"kind": "voice", "file_id": "V1"},)


def test_a_reply_names_the_message_of_ours_that_it_quotes() -> None:
    incoming = read_message(written("m1", "已处理", originalProcessQueryKey="sent-1"))

    assert incoming is not None
    assert incoming.reply_to == "sent-1"


@pytest.mark.parametrize("lacks", ["msgId", "createAt", "text", "conversationType", "msgtype"])
def test_a_message_that_lacks_what_makes_it_one_is_not_understood(lacks: str) -> None:
    data = written("m1", "你好")
    del data[lacks]

    with pytest.raises(NotUnderstood):
        read_message(data)


# sending


def test_one_token_serves_until_shortly_before_it_runs_out(double: DingTalkDouble, api: Api, watch: Watch) -> None:
    channel = DingTalkChannel(api, CHOICES)
    channel.send(out(key="1"))
    watch.seconds = 6_800
    channel.send(out(key="2"))
    assert double.count(TOKEN) == 1

    watch.seconds = 7_000
    channel.send(out(key="3"))

    assert double.count(TOKEN) == 2
    assert len(double.said) == 3


def test_a_token_that_is_no_longer_taken_is_renewed_and_the_message_sent_once(double: DingTalkDouble, api: Api) -> None:
    channel = DingTalkChannel(api, CHOICES)
    channel.send(out(key="1"))
    double.forgets_tokens()

    channel.send(out("第二条", key="2"))

    assert [each["content"] for each in double.said] == ["收到", "第二条"]
    assert double.count(TOKEN) == 2


@pytest.mark.parametrize(
    ("status", "code", "seconds"),
    [
        (403, "Forbidden.AccessDenied.QpsLimitForApi", 1),
        (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 1),
        (429, "", 60),
        (400, "send.too.fast", 60),
    ],
)
def test_a_limit_is_not_now_and_never_for_good(
    double: DingTalkDouble, api: Api, status: int, code: str, seconds: float
) -> None:
    channel = DingTalkChannel(api, CHOICES)
    double.refuses(SEND, status, code)

    with pytest.raises(SendFailed) as failed:
        channel.send(out())
    channel.send(out())

    assert failed.value.retry_after == seconds
    assert not failed.value.for_good
    assert len(double.said) == 1


def test_a_long_text_that_broke_off_goes_on_where_it_stopped(double: DingTalkDouble, api: Api) -> None:
    channel = DingTalkChannel(api, CHOICES)
    first, second = "一" * 3_000, "二" * 10
    double.refuses(SEND, 500, "ServiceUnavailable")
    with pytest.raises(SendFailed):
        channel.send(out(first + second))

    channel.send(out(first + second))

    assert [each["content"] for each in double.said] == [first, second]
    assert all(len(each["msgParam"].encode()) <= 15_000 for each in double.said)


def test_buttons_are_offered_as_words_in_the_last_piece(double: DingTalkDouble, api: Api) -> None:
    DingTalkChannel(api, CHOICES).send(out("办好了吗", buttons=("已处理", "还没")))

    assert [each["content"] for each in double.said] == ["办好了吗\n可以回复:已处理、还没"]


def test_a_group_is_answered_in_the_group(double: DingTalkDouble, api: Api) -> None:
    incoming = read_message(written("m1", "漏气", conversationType="2", conversationId=ROOM))
    assert incoming is not None

    DingTalkChannel(api, CHOICES).send(out(address=incoming.where))

    assert (double.count(SEND), double.count(SEND_IN_GROUP)) == (0, 1)
    assert double.said[0]["openConversationId"] == ROOM


def test_a_line_that_is_down_is_not_for_good() -> None:
    nowhere = Api(DingTalkSettings(CLIENT_ID, CLIENT_SECRET, ROBOT, "http://127.0.0.1:9"), lambda: 0.0)

    with pytest.raises(SendFailed) as failed:
        DingTalkChannel(nowhere, CHOICES).send(out())

    nowhere.close()
    assert not failed.value.for_good


# files


@dataclass(frozen=True)
class Photo:
    number: int = 1
    reference: str = "P1"
    kind: str = "photo"

    @property
    def came_with(self) -> Incoming:
        incoming = read_message(written("m1", "", msgtype="picture", content={"downloadCode": self.reference}))
        assert incoming is not None
        return incoming


@dataclass
class Files:
    at_most: int = 10
    wanted: list[WantedFile] = field(default_factory=lambda: [Photo()])
    kept: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    put_offs: list[str] = field(default_factory=list)

    def next_wanted(self, channel: str) -> WantedFile | None:
        return self.wanted[0] if self.wanted else None

    def keep(self, number: int, content: bytes) -> str | None:
        self.kept.append(content)
        self.wanted.clear()
        return "image/jpeg"

    def refuse(self, number: int, why: str) -> None:
        self.refused.append(why)
        self.wanted.clear()

    def put_off(self, number: int, why: str, after: float | None) -> None:
        self.put_offs.append(why)


def test_a_photo_that_waits_is_fetched(double: DingTalkDouble, api: Api) -> None:
    double.files["P1"] = b"\xff\xd8\xffjpeg"
    files = Files()
    fetching = Fetching(NAME, api.file, files)

    assert [fetching.look(), fetching.look()] == [True, False]
    assert files.kept == [b"\xff\xd8\xffjpeg"]


def test_a_file_that_is_too_big_is_refused(double: DingTalkDouble, api: Api) -> None:
    double.files["P1"] = b"0" * 11
    files = Files()

    Fetching(NAME, api.file, files).look()

    assert files.refused
    assert files.kept == []


def test_a_file_that_can_not_be_fetched_now_waits(double: DingTalkDouble, api: Api) -> None:
    double.refuses(DOWNLOAD, 500, "ServiceUnavailable")
    files = Files()

    Fetching(NAME, api.file, files).look()

    assert files.put_offs
    assert files.refused == []


# settings


def test_dingtalk_is_there_when_all_its_settings_are_and_names_what_is_missing(double: DingTalkDouble) -> None:
    parts = {"dingtalk_client_id": CLIENT_ID, "dingtalk_client_secret": CLIENT_SECRET, "dingtalk_robot_code": ROBOT}

    assert dingtalk_settings(Settings(_env_file=None)) is None  # type: ignore[call-arg]
    assert dingtalk_settings(Settings(_env_file=None, dingtalk_api=double.url, **parts)) == DingTalkSettings(  # type: ignore[arg-type, call-arg]
        CLIENT_ID, CLIENT_SECRET, ROBOT, double.url
    )
    with pytest.raises(NotUnderstood, match="WEIGUANG_DINGTALK_ROBOT_CODE"):
        dingtalk_settings(Settings(_env_file=None, **parts | {"dingtalk_robot_code": None}))  # type: ignore[arg-type, call-arg]
