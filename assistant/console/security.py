"""What guards every page: response headers, the hosts we answer to, and a token in every form.

A page may load only what this server serves (Content-Security-Policy), may not be framed by others, and tells no other
site where it was. A request that changes something must carry the token of the visitor's own session, in the form or
in the header ``X-CSRF-Token`` (htmx sends it); a browser that says the request came from another site is refused first.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.domain.errors import StorageError

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_LARGEST_BODY = 512 * 1024
#: a phone closes its browser between two doors and keeps the cookie, in seconds; how long it is good, the gate says
_COOKIE_KEPT = 30 * 24 * 3600
_TOO_LARGE = "内容太长了。"
#: shorter ones can be guessed
_SHORTEST_SECRET = 32
_CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN = "csrf"


class GuardHeaders:
    """Set the headers on every response, and refuse what a browser marks as coming from another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] not in _CHANGES_NOTHING and _came_from_elsewhere(Request(scope)):
            refused = PlainTextResponse("这个请求来自别的网站，没有执行。", status_code=403, headers=_HEADERS)
            await refused(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if "cache-control" not in headers:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _came_from_elsewhere(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    return site is not None and site not in ("same-origin", "none")


class LimitBody:
    """Refuse a body larger than anybody needs to send, before it is read into memory. Some paths take ``larger``."""

    def __init__(self, app: ASGIApp, at_most: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.at_most = at_most
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0
        at_most = self.larger.get(scope.get("path", ""), self.at_most)
        announced = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if announced.isdecimal() and int(announced) > at_most:
            await PlainTextResponse(_TOO_LARGE, status_code=413)(scope, receive, send)
            return

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > at_most:
                raise HTTPException(413, _TOO_LARGE)
            return message

        await self.app(scope, receive_limited, send)


def guards(secret: str, hosts: list[str], larger: Mapping[str, int], *, is_https: bool = False) -> list[Middleware]:
    """The middleware of a site that is reached under ``hosts`` (names without port).

    With ``is_https`` browsers send the cookie over encrypted lines alone. ``larger`` are the paths that take a larger
    body than others, each with its size in bytes.
    """
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts),
        Middleware(GuardHeaders),
        Middleware(LimitBody, at_most=_LARGEST_BODY, larger=larger),
        Middleware(
            SessionMiddleware,
            secret_key=secret,
            session_cookie="weiguang",
            same_site="strict",
            https_only=is_https,
            max_age=_COOKIE_KEPT,
        ),
    ]


def csrf_token(request: Request) -> str:
    """The token of this visitor's session, made at the first call."""
    token = request.session.get(_TOKEN)
    if not isinstance(token, str):
        token = request.session[_TOKEN] = secrets.token_urlsafe(24)
    return token


async def require_csrf_token(request: Request) -> None:
    """Raise HTTPException 403 unless the form or the header carries the session's token."""
    expected = request.session.get(_TOKEN)
    given = request.headers.get("x-csrf-token")
    if given is None:
        form = await request.form()
        value = form.get(_TOKEN)
        given = value if isinstance(value, str) else None
    if not isinstance(expected, str) or given is None or not secrets.compare_digest(expected.encode(), given.encode()):
        raise HTTPException(403, "页面放得太久了，请刷新后再试。")


def load_secret(data_dir: Path, configured: str | None) -> str:
    """The configured secret, else the one in the data folder, made at the first start for its owner only to read.

    Raises StorageError for one that can be guessed (what a full disk left of it), or that can't be read or made.
    """
    file = data_dir / "secret"
    try:
        if configured is None and not file.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            _write_whole(file, secrets.token_urlsafe(48))
        secret = configured if configured is not None else file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"签名密钥 {file} 读写不了：{error}。请检查数据目录权限和空间。") from error
    if len(secret) < _SHORTEST_SECRET:
        where = f"{file} 里的" if configured is None else "WEIGUANG_SECRET "
        raise StorageError(f"签名密钥太短：{where}至少要{_SHORTEST_SECRET}个字符。删掉它，下次启动会生成新的。")
    return secret


def _write_whole(file: Path, text: str) -> None:
    """All of it or nothing, whatever happens in between; only its owner may read it."""
    half = file.with_name(f"{file.name}.new")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(text, encoding="ascii")
    half.replace(file)
