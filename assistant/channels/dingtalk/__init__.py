"""DingTalk (钉钉) in Stream mode: a line that we open, so that no port has to be; kept before it is acknowledged.

The vendor's own library is not used: it blocks its loop, logs the secret's ticket, asks a stranger for our address and
swallows its own cancelling. Its documented frames are spoken over ``websockets``, its calls over ``httpx``. Tried
against a local double of the documented behaviour, never against DingTalk itself.
"""

from assistant.channels.dingtalk.api import Api, DingTalkSettings
from assistant.channels.dingtalk.opening import open_dingtalk
from assistant.channels.dingtalk.reading import NAME, read_message
from assistant.channels.dingtalk.sending import DingTalkChannel
from assistant.channels.dingtalk.stream import Stream

__all__ = [
    "NAME",
    "Api",
    "DingTalkChannel",
    "DingTalkSettings",
    "Stream",
    "open_dingtalk",
    "read_message",
]
