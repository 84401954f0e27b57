"""The address to which WeCom posts messages. 200 means that it is kept for good, or that no further try would help.

Setting the address in WeCom's pages asks it once by GET: whoever can open the envelope and gives back what is in it is
the owner. What does not bear our token's signature hears 403 and nothing more. WeCom tries three times, five seconds
each; what is not kept by then is lost on its side, so nothing is done here but keeping.
"""

import logging
from collections.abc import Callable

import anyio.to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.channels.base import Incoming, SendFailed
from assistant.channels.wecom.api import Api
from assistant.channels.wecom.choices import Choices
from assistant.channels.wecom.codec import Codec, Refused
from assistant.channels.wecom.reading import Commands, read_callback, response_code, sealed
from assistant.domain.errors import NotUnderstood, StorageError

CALLBACK_PATH = "/wecom/callback"
#: a message is some kilobytes
_LONGEST = 200_000
_DONE = "success"

_log = logging.getLogger(__name__)


def callback_routes(
    codec: Codec, api: Api, receive: Callable[[Incoming], object], choices: Choices, commands: Commands
) -> list[Route]:
    """``receive`` keeps a message, committed when it returns; it blocks. ``commands`` are the app's menu keys."""

    async def prove(request: Request) -> Response:
        try:
            return PlainTextResponse(_opened(codec, request, request.query_params.get("echostr", "")))
        except Refused:
            return Response(status_code=403)

    async def take(request: Request) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST:
                return Response(status_code=413)
        try:
            envelope = sealed(body.decode())
        except (NotUnderstood, UnicodeDecodeError):
            return Response(status_code=400)
        try:
            xml = _opened(codec, request, envelope)
        except Refused:
            return Response(status_code=403)
        try:
            incoming = read_callback(xml, commands)
        except NotUnderstood as fault:
            _log.warning("wecom: %s", fault.what)
            return PlainTextResponse(_DONE)
        if incoming is None:
            return PlainTextResponse(_DONE)
        try:
            await anyio.to_thread.run_sync(receive, choices.meant(incoming))
        except StorageError:
            return Response(status_code=503)
        return PlainTextResponse(_DONE, background=BackgroundTask(_show_tap, api, incoming, response_code(xml)))

    return [Route(CALLBACK_PATH, prove, methods=["GET"]), Route(CALLBACK_PATH, take, methods=["POST"])]


def _opened(codec: Codec, request: Request, envelope: str) -> str:
    query = request.query_params
    return codec.open(query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""), envelope)


def _show_tap(api: Api, incoming: Incoming, code: str | None) -> None:
    """Show on the card that the tap has arrived. One that can't be shown so is kept all the same."""
    if code is None:
        return
    try:
        api.mark_tapped(incoming.account, code, incoming.text)
    except SendFailed as failure:
        _log.info("wecom: a card's buttons stay: %s", failure.why)
