"""The calls of DingTalk's server API that we make: the token, the line's address, a message, a file.

What could not be done is ``SendFailed``: with ``retry_after`` where DingTalk has had enough, ``for_good`` where it
knows no such person. A call that timed out may have been carried out. Nothing here says a secret or anybody's words.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote

import httpx

from assistant.channels.base import SendFailed

OFFICIAL = "https://api.dingtalk.com"
TOPIC = "/v1.0/im/bot/messages/get"
_TAKES_AT_MOST = 20.0
_FILE_TAKES_AT_MOST = 60.0
#: renewed before it runs out: a token that is shown at its last moment is refused on arrival
_SECONDS_EARLY = 300.0
#: a limit of calls a second ends after one, as the documents say
_QPS_REST = 1.0
#: how long one person's or the robot's limit lasts is not said anywhere: 本项目建议
_TOO_FAST_REST = 60.0
_QPS_CODE = "forbidden.accessdenied.qpslimit"
_TOO_FAST_CODES = ("send.too.fast", "send.bytoken.toofast", "too.many.people", "too.many.group")
_STALE_CODES = ("invalidauthentication", "40014", "88")


@dataclass(frozen=True)
class DingTalkSettings:
    """``client_id`` and ``client_secret`` are the application's (formerly AppKey and AppSecret)."""

    client_id: str
    client_secret: str
    robot_code: str
    base_url: str = OFFICIAL


class Api:
    """Safe to use from several threads. ``stopwatch`` gives seconds that only grow."""

    def __init__(self, settings: DingTalkSettings, stopwatch: Callable[[], float]) -> None:
        # both write addresses that bear a ticket, and websockets also people's words
        for name in ("httpx", "httpcore", "websockets"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._settings = settings
        self._stopwatch = stopwatch
        self._http = httpx.Client(base_url=settings.base_url, timeout=_TAKES_AT_MOST)
        self._renewing = Lock()
        self._token = ""
        self._good_until = 0.0

    def close(self) -> None:
        """No call can be made any more."""
        self._http.close()

    def line(self) -> str:
        """The address of a new line for messages, good once and for a short time."""
        given = self._post(
            "/v1.0/gateway/connections/open",
            {
                "clientId": self._settings.client_id,
                "clientSecret": self._settings.client_secret,
                "subscriptions": [{"type": "CALLBACK", "topic": TOPIC}],
                "ua": "weiguang",
            },
        )
        endpoint, ticket = given.get("endpoint"), given.get("ticket")
        if not (isinstance(endpoint, str) and isinstance(ticket, str)):
            raise SendFailed("钉钉没有给出连接的地址")
        return f"{endpoint}?ticket={quote(ticket, safe='')}"

    def say_to(self, person: str, text: str) -> str:
        """Send a text to one person; the id under which it went."""
        given = self._with_token(
            "/v1.0/robot/oToMessages/batchSend", {"userIds": [person], **_message(self._settings.robot_code, text)}
        )
        if person in _list(given, "invalidStaffIdList"):
            raise SendFailed("钉钉里没有这个人,或者不在应用的可见范围里", for_good=True)
        if person in _list(given, "flowControlledStaffIdList"):
            raise SendFailed("钉钉限制了给这个人发消息的次数", retry_after=_TOO_FAST_REST)
        if person in _list(given, "filteredStaffIdList"):
            raise SendFailed("钉钉没有把消息交给这个人")
        return _went_as(given)

    def say_in(self, group: str, text: str) -> str:
        """Send a text to a group; the id under which it went."""
        message = _message(self._settings.robot_code, text)
        return _went_as(self._with_token("/v1.0/robot/groupMessages/send", {"openConversationId": group, **message}))

    def file(self, reference: str, at_most: int) -> bytes:
        """The content of a file that somebody sent; ``for_good`` when it has more than ``at_most`` bytes."""
        asked = {"downloadCode": reference, "robotCode": self._settings.robot_code}
        address = self._with_token("/v1.0/robot/messageFiles/download", asked).get("downloadUrl")
        if not isinstance(address, str):
            raise SendFailed("钉钉没有给出文件的地址")
        content = bytearray()
        try:
            with self._http.stream("GET", address, timeout=_FILE_TAKES_AT_MOST) as answer:
                if not answer.is_success:
                    raise SendFailed(f"钉钉的文件取不到({answer.status_code})")
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > at_most:
                        raise SendFailed(f"文件太大(超过 {at_most} 字节)", for_good=True)
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            raise SendFailed(f"钉钉的文件取不到:{type(failure).__name__}") from failure
        return bytes(content)

    def _with_token(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        token = self._token_now()
        try:
            return self._post(path, body, token)
        except _StaleToken:
            return self._post(path, body, self._token_now(instead_of=token))

    def _token_now(self, instead_of: str | None = None) -> str:
        """A token that holds; ``instead_of`` is one that DingTalk no longer takes."""
        with self._renewing:
            if self._token == instead_of or self._stopwatch() >= self._good_until:
                asked = {"appKey": self._settings.client_id, "appSecret": self._settings.client_secret}
                given = self._post("/v1.0/oauth2/accessToken", asked)
                token, lasts = given.get("accessToken"), given.get("expireIn")
                if not (isinstance(token, str) and isinstance(lasts, int | float)):
                    raise SendFailed("钉钉没有给出访问凭证")
                self._token = token
                # a token that lasts shorter than that is used for half its life
                self._good_until = self._stopwatch() + max(lasts - _SECONDS_EARLY, lasts / 2)
            return self._token

    def _post(self, path: str, body: Mapping[str, Any], token: str | None = None) -> dict[str, Any]:
        headers = {} if token is None else {"x-acs-dingtalk-access-token": token}
        try:
            answer = self._http.post(path, json=dict(body), headers=headers)
        except httpx.HTTPError as failure:
            raise SendFailed(f"钉钉没有回音:{type(failure).__name__}") from failure
        try:
            given = answer.json()
        except ValueError:
            given = None
        said: dict[str, Any] = given if isinstance(given, dict) else {}
        if not answer.is_success:
            raise _refusal(answer.status_code, str(said.get("code", "")), has_token=token is not None)
        return said


class _StaleToken(SendFailed):
    """The token is no longer taken: a new one may be."""


def _refusal(status: int, code: str, *, has_token: bool) -> SendFailed:
    # the code only: DingTalk's own words may bear what was sent to it
    plain, why = code.lower(), f"钉钉不接受({status} {code[:60]})"
    if plain.startswith(_QPS_CODE):
        return SendFailed(why, retry_after=_QPS_REST)
    if status == 429 or plain in _TOO_FAST_CODES:
        return SendFailed(why, retry_after=_TOO_FAST_REST)
    if status == 401 or plain in _STALE_CODES:
        if has_token:
            return _StaleToken(why)
        return SendFailed("钉钉不认这个应用,请核对 WEIGUANG_DINGTALK_CLIENT_ID 和 WEIGUANG_DINGTALK_CLIENT_SECRET")
    return SendFailed(why)


def _message(robot_code: str, text: str) -> dict[str, str]:
    return {
        "robotCode": robot_code,
        "msgKey": "sampleText",
        "msgParam": json.dumps({"content": text}, ensure_ascii=False),
    }


def _went_as(given: Mapping[str, Any]) -> str:
    name = given.get("processQueryKey")
    if not isinstance(name, str):
        raise SendFailed("钉钉没有说消息发出去了")
    return name


def _list(given: Mapping[str, Any], name: str) -> list[Any]:
    found = given.get(name)
    return found if isinstance(found, list) else []
