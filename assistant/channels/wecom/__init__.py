"""企业微信 as a channel: encrypted callbacks come in, the message interface carries what goes out.

Tried against a local double that imitates the vendor's documents, never against WeCom itself.
"""

from assistant.channels.wecom.api import OFFICIAL, Api
from assistant.channels.wecom.callback import CALLBACK_PATH, callback_routes
from assistant.channels.wecom.choices import Choices
from assistant.channels.wecom.codec import Codec
from assistant.channels.wecom.opening import WeComSettings, open_wecom
from assistant.channels.wecom.reading import NAME
from assistant.channels.wecom.sending import WeComChannel

__all__ = [
    "CALLBACK_PATH",
    "NAME",
    "OFFICIAL",
    "Api",
    "Choices",
    "Codec",
    "WeComChannel",
    "WeComSettings",
    "callback_routes",
    "open_wecom",
]
