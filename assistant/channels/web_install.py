"""What makes the web chat a thing on a phone's home screen, and lets it open without a line.

The browser's service worker keeps the chat's shell: the page without anybody's messages, so that a lost phone shows
none. What is written there waits in the browser (``static/chat_queue.js``) until the line is back.
"""

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.channels.web_page import PAGE_PATH

SHELL_PATH = "/chat/shell"
_MANIFEST_PATH = "/chat/manifest.webmanifest"
_WORKER_PATH = "/chat/worker.js"
_PAPER = "#f7f4ee"


def install_routes(static: Callable[[str], str], worker_script: Path, where: str) -> list[BaseRoute]:
    """The manifest and the service worker; ``static`` gives the address of a static file."""

    async def manifest(request: Request) -> Response:
        icons = [
            {"src": static("icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
            {"src": static("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
            {"src": static("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ]
        return JSONResponse(
            {
                "id": PAGE_PATH,
                "name": "微光",
                "short_name": "微光",
                "description": f"{where}：走到哪家、看到什么，一句话发过来",
                "lang": "zh-Hans",
                "start_url": PAGE_PATH,
                "scope": PAGE_PATH,
                "display": "standalone",
                "background_color": _PAPER,
                "theme_color": _PAPER,
                "icons": icons,
            },
            media_type="application/manifest+json",
        )

    async def worker(request: Request) -> Response:
        # it may answer for /chat itself, which lies above the folder that it is served from
        headers = {"Service-Worker-Allowed": PAGE_PATH, "Cache-Control": "no-cache"}
        return FileResponse(worker_script, media_type="text/javascript", headers=headers)

    return [Route(_MANIFEST_PATH, manifest), Route(_WORKER_PATH, worker)]
