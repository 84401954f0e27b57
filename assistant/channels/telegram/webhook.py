"""The route to which Telegram posts updates. 200 means that it is kept for good, or that no further try would help.

Whoever doesn't bear the secret that we gave Telegram hears 403 and nothing more.
"""

import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime

import anyio.to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.channels.base import Incoming
from assistant.channels.telegram.api import Api
from assistant.channels.telegram.polling import after_keeping
from assistant.channels.telegram.reading import Commands, read_update
from assistant.domain.errors import NotUnderstood, StorageError

WEBHOOK_PATH = "/telegram/webhook"
_SECRET_HEADER = "x-telegram-bot-api-secret-token"
#: an update is some kilobytes
_LONGEST = 1_000_000

_log = logging.getLogger(__name__)


def webhook_route(
    api: Api, receive: Callable[[Incoming], object], commands: Commands, now: Callable[[], datetime], secret: str
) -> Route:
    """``receive`` keeps a message, committed when it returns; it blocks. ``secret`` may not be empty."""
    if not secret:
        raise ValueError("a webhook without a secret takes anybody's word for Telegram's")

    async def take(request: Request) -> Response:
        shown = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST:
                return Response(status_code=413)
        try:
            data = json.loads(bytes(body))
        except ValueError:
            return Response(status_code=400)
        try:
            incoming = read_update(data, commands, now())
        except NotUnderstood as fault:
            _log.warning("telegram: %s", fault.what)
            return Response(status_code=200)
        if incoming is None:
            return Response(status_code=200)
        try:
            await anyio.to_thread.run_sync(receive, incoming)
        except StorageError:
            return Response(status_code=503)
        return Response(status_code=200, background=BackgroundTask(after_keeping, api, data, incoming))

    return Route(WEBHOOK_PATH, take, methods=["POST"])
