"""The channels that the settings ask for, opened.

    with channels(app, secret) as opened:
        senders = {name: each.sender for name, each in opened.items()}

A channel that is not set up is not there; none at all is fine: the web chat is always open.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from pydantic import SecretStr

from assistant.app import App
from assistant.channels import dingtalk, telegram, wecom
from assistant.channels.opened import Opened, WantedFile
from assistant.channels.transcribing import Transcribe, hear
from assistant.domain.errors import NotUnderstood
from assistant.intake.files import FetchedFiles
from assistant.schedule.clock import stopwatch
from assistant.settings import Settings
from assistant.storage.evidence_folder import EvidenceFolder
from knowledge.replies import Replies

_MB = 1024 * 1024


@contextmanager
def channels(app: App, secret: str) -> Iterator[Mapping[str, Opened]]:
    """Open what is set up, by name, and close it at the end. ``secret`` is the site's own."""
    opened: dict[str, Opened] = {}
    try:
        if app.settings.telegram_token is not None:
            opened[telegram.NAME] = _telegram(app, app.settings.telegram_token.get_secret_value(), secret)
        if (of_wecom := wecom_settings(app.settings)) is not None:
            opened[wecom.NAME] = _wecom(app, of_wecom)
        if (of_dingtalk := dingtalk_settings(app.settings)) is not None:
            opened[dingtalk.NAME] = _dingtalk(app, of_dingtalk)
        yield opened
    finally:
        for each in opened.values():
            each.close()


def evidence_folder(app: App) -> EvidenceFolder:
    """Where photos and voices are kept, with the limit that is set."""
    return EvidenceFolder(app.settings.evidence_dir, app.settings.evidence_mb * _MB)


def _telegram(app: App, token: str, secret: str) -> Opened:
    settings = app.settings
    return telegram.open_telegram(
        telegram.TelegramSettings(token, settings.telegram_api, settings.telegram_webhook, secret),
        telegram.Surroundings(
            receive=app.receive,
            now=app.now,
            stopwatch=stopwatch,
            files=FetchedFiles(app.database, evidence_folder(app), app.clock.now),
            hear=_hearing(app),
        ),
        commands_of(app.replies),
        app.replies.command_words.menu,
    )


def wecom_settings(settings: Settings) -> wecom.WeComSettings | None:
    """What WeCom needs; None where nothing of it is set. Raises NotUnderstood, naming what is missing."""
    needed = {
        "WEIGUANG_WECOM_CORP_ID": settings.wecom_corp_id,
        "WEIGUANG_WECOM_AGENT_ID": settings.wecom_agent_id,
        "WEIGUANG_WECOM_SECRET": _plain(settings.wecom_secret),
        "WEIGUANG_WECOM_TOKEN": _plain(settings.wecom_token),
        "WEIGUANG_WECOM_AES_KEY": _plain(settings.wecom_aes_key),
    }
    missing = [name for name, value in needed.items() if not value]
    if len(missing) == len(needed):
        return None
    corp, agent, secret, token, key = needed.values()
    if missing or not isinstance(agent, int):
        raise NotUnderstood(f"企业微信的设置还缺:{'、'.join(missing)}", "五项要一起填;都不填就不接企业微信")
    return wecom.WeComSettings(str(corp), agent, str(secret), str(token), str(key), settings.wecom_api)


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


def dingtalk_settings(settings: Settings) -> dingtalk.DingTalkSettings | None:
    """What DingTalk needs; None where nothing of it is set. Raises NotUnderstood where a part is missing."""
    parts = {
        "WEIGUANG_DINGTALK_CLIENT_ID": settings.dingtalk_client_id,
        "WEIGUANG_DINGTALK_CLIENT_SECRET": _plain(settings.dingtalk_client_secret),
        "WEIGUANG_DINGTALK_ROBOT_CODE": settings.dingtalk_robot_code,
    }
    missing = [name for name, value in parts.items() if not value]
    if len(missing) == len(parts):
        return None
    if missing:
        raise NotUnderstood(f"钉钉还缺:{'、'.join(missing)}", "三项都填,或者都不填")
    client_id, secret, robot = (str(each) for each in parts.values())
    return dingtalk.DingTalkSettings(client_id, secret, robot, settings.dingtalk_api)


def _dingtalk(app: App, settings: dingtalk.DingTalkSettings) -> Opened:
    files = FetchedFiles(app.database, evidence_folder(app), app.clock.now)
    choices = app.replies.sayings.choices
    return dingtalk.open_dingtalk(settings, app.receive, stopwatch, files, choices, _hearing(app))


def _wecom(app: App, settings: wecom.WeComSettings) -> Opened:
    files = FetchedFiles(app.database, evidence_folder(app), app.clock.now)
    return wecom.open_wecom(settings, app.receive, stopwatch, files, commands_of(app.replies), _hearing(app))


def commands_of(replies: Replies) -> Mapping[str, str]:
    """What each command of a channel says in the words of the chat."""
    words = replies.command_words
    return {
        "start": words.hello[0],
        "today": words.today[0],
        "help": words.help[0],
        "why": replies.why_words.asks[0],
        "undo": words.undo[0],
    }


def _hearing(app: App) -> Callable[[WantedFile, bytes], None] | None:
    if app.settings.transcriber is None:
        return None
    return partial(hear, _transcriber(app.settings.transcriber), app.receive)


def _transcriber(name: str) -> Transcribe:
    """Raises NotUnderstood where there is no such function."""
    module, _, function = name.partition(":")
    try:
        found: Any = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as fault:
        raise NotUnderstood(f"找不到语音转文字的程序:{name}", "写成 模块:函数,例如 our_speech:words") from fault
    return found  # type: ignore[no-any-return]
