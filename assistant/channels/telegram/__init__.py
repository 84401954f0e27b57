"""Telegram: updates come by long poll or by webhook, and are kept before Telegram hears that we have them.

python-telegram-bot's own loops acknowledge first, so only its ``Bot`` and ``Update`` are used. Tried against a local
double that imitates the documented Bot API, never against Telegram itself.
"""

from assistant.channels.telegram.api import Api
from assistant.channels.telegram.opening import Surroundings, TelegramSettings, open_telegram, webhook_secret
from assistant.channels.telegram.polling import Polling
from assistant.channels.telegram.reading import NAME, Commands, read_update
from assistant.channels.telegram.sending import TelegramChannel
from assistant.channels.telegram.webhook import WEBHOOK_PATH, webhook_route

__all__ = [
    "NAME",
    "WEBHOOK_PATH",
    "Api",
    "Commands",
    "Polling",
    "Surroundings",
    "TelegramChannel",
    "TelegramSettings",
    "open_telegram",
    "read_update",
    "webhook_route",
    "webhook_secret",
]
