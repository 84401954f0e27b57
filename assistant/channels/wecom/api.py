"""The calls of WeCom's interface that we make: its token, messages, a card's button, files.

    api = Api(corp, agent, secret, stopwatch)
    api.say("ZhangSan", "你好")

Errors of the line never leave this file: what could not be done is ``SendFailed``, with ``retry_after`` where WeCom has
had enough, and ``for_good`` where this member can't be reached. A call that timed out may have been carried out. No
error says an address or an answer in full: both may bear the token. Source of calls and error codes:
developer.work.weixin.qq.com, 获取access_token, 发送应用消息, 更新模版卡片消息, 获取临时素材, 全局错误码.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar

import httpx

from assistant.channels.base import SendFailed

OFFICIAL = "https://qyapi.weixin.qq.com"
_TAKES_AT_MOST = 20.0
#: a token is asked for anew so many seconds before it ends
_EARLIER = 300.0
#: the token is unknown, has ended, or was taken back before its time
_TOKEN_ENDED = (40014, 42001, 40001, 41001)
#: too many calls; the ban of a minute's limit ends after a minute (访问频率限制)
_TOO_MANY = (45009, 45033)
_BAN = 60.0
#: no such member, or one whom the app may not reach
_NOBODY = (40003, 46004, 60111, 81013)
#: a file that was sent is kept for three days
_NO_SUCH_FILE = (40007,)
#: what whoever runs it has to mend, by the codes that say so
_TO_MEND: Mapping[int, str] = {
    40001: "企业微信不认这个 Secret,请核对 WEIGUANG_WECOM_SECRET",
    40013: "企业微信不认这个企业 ID,请核对 WEIGUANG_WECOM_CORP_ID",
    40056: "企业微信不认这个应用,请核对 WEIGUANG_WECOM_AGENT_ID",
    60020: "本机的出口地址不在企业微信应用的“企业可信IP”里",
}

Given = TypeVar("Given")


class Refused(SendFailed):
    """WeCom answered with an error code."""

    def __init__(self, code: int) -> None:
        super().__init__(
            _TO_MEND.get(code, f"企业微信回了错误码 {code}"),
            retry_after=_BAN if code in _TOO_MANY else None,
            for_good=code in _NOBODY or code in _NO_SUCH_FILE,
            details={"code": code},
        )
        self.code = code


class Api:
    """One app of one corp. Safe to use from several threads. ``stopwatch`` gives seconds that only grow."""

    def __init__(
        self, corp: str, agent: int, secret: str, stopwatch: Callable[[], float], base_url: str = OFFICIAL
    ) -> None:
        # they write every address that they ask, and ours bear the token
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._corp = corp
        self._agent = agent
        self._secret = secret
        self._stopwatch = stopwatch
        self._client = httpx.Client(base_url=base_url.rstrip("/"), timeout=_TAKES_AT_MOST)
        self._lock = Lock()
        self._known: tuple[str, float] | None = None

    def stop(self) -> None:
        """No call can be made any more."""
        self._client.close()

    def say(self, member: str, text: str) -> str:
        """Send a text; the id under which WeCom knows it."""
        return self._send(member, {"msgtype": "text", "text": {"content": text}})

    def say_card(self, member: str, task: str, title: str, rest: str, buttons: Sequence[str]) -> None:
        """Send a card with buttons. ``task`` is its name; no two cards of an app may bear the same."""
        card = {
            "card_type": "button_interaction",
            "main_title": {"title": title},
            "task_id": task,
            # the key is what a tap brings back: it says the label, also after we were started anew
            "button_list": [{"text": label, "style": 1, "key": label} for label in buttons],
        } | ({"sub_title_text": rest} if rest else {})
        self._send(member, {"msgtype": "template_card", "template_card": card})

    def mark_tapped(self, member: str, response_code: str, label: str) -> None:
        """Show on a card which button was pressed: none can be pressed any more. The code is good once."""
        asked = {"userids": [member], "agentid": self._agent, "response_code": response_code}
        self._ask("/cgi-bin/message/update_template_card", asked | {"button": {"replace_name": label}})

    def file(self, reference: str, at_most: int) -> bytes:
        """The content of a file that somebody sent; ``for_good`` when it has more than ``at_most`` bytes."""
        return self._with_token(lambda token: self._fetch(token, reference, at_most))

    def _send(self, member: str, message: Mapping[str, Any]) -> str:
        # WeCom's own check for repeats goes by content: two "好的" of one hour would become one, so it stays off
        said = self._ask("/cgi-bin/message/send", {"touser": member, "agentid": self._agent, **message})
        if said.get("invaliduser"):
            raise SendFailed("企业微信里没有这个成员,或应用对他不可见", for_good=True)
        return str(said.get("msgid", ""))

    def _ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._with_token(lambda token: self._call("POST", path, {"access_token": token}, body))

    def _with_token(self, asks: Callable[[str], Given]) -> Given:
        """Ask; once more with a new token where the one we have is no good any more, before its time or not."""
        token = self._token()
        try:
            return asks(token)
        except Refused as refused:
            if refused.code not in _TOKEN_ENDED:
                raise
        self._forget(token)
        return asks(self._token())

    def _token(self) -> str:
        with self._lock:
            if self._known is None or self._known[1] <= self._stopwatch():
                asked = {"corpid": self._corp, "corpsecret": self._secret}
                given = self._call("GET", "/cgi-bin/gettoken", asked)
                try:
                    token, seconds = str(given["access_token"]), float(given["expires_in"])
                except (KeyError, TypeError, ValueError) as fault:
                    raise SendFailed("企业微信没有给 access_token") from fault
                # asking for each message would be refused: the token is to be kept
                self._known = token, self._stopwatch() + max(seconds - _EARLIER, seconds / 2)
            return self._known[0]

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._known is not None and self._known[0] == token:
                self._known = None

    def _call(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, params=dict(query), json=body)
        except httpx.HTTPError as fault:
            raise SendFailed(f"连不上企业微信({type(fault).__name__})") from None
        return _said(answer.status_code, answer)

    def _fetch(self, token: str, reference: str, at_most: int) -> bytes:
        query = {"access_token": token, "media_id": reference}
        content = bytearray()
        try:
            with self._client.stream("GET", "/cgi-bin/media/get", params=query) as answer:
                if answer.status_code != 200 or _is_words(answer):
                    answer.read()
                    _said(answer.status_code, answer)
                    raise SendFailed("企业微信没有给文件")
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > at_most:
                        raise SendFailed(f"文件太大(超过 {at_most} 字节)", for_good=True)
        except httpx.HTTPError as fault:
            raise SendFailed(f"连不上企业微信({type(fault).__name__})") from None
        return bytes(content)


def _is_words(answer: httpx.Response) -> bool:
    kind = answer.headers.get("content-type", "")
    return "json" in kind or kind.startswith("text/")


def _said(status: int, answer: httpx.Response) -> dict[str, Any]:
    """What was answered. Raises Refused where it is an error code, SendFailed where it is no answer of WeCom's."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    if status != 200 or not isinstance(said, dict):
        raise SendFailed(f"企业微信的回答读不懂(HTTP {status})")
    code = said.get("errcode", 0)
    if code != 0:
        raise Refused(code if isinstance(code, int) else -1)
    return said
