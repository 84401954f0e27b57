"""A visitor of the site without a browser: keeps its cookies, knows the token of the page it last saw."""

import asyncio
import re
from collections.abc import Mapping

import httpx
from starlette.applications import Starlette


class Visitor:
    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.cookies = httpx.Cookies()

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._ask("GET", path, headers=_names(headers))

    def post(self, path: str, data: Mapping[str, str] | bytes, **headers: str) -> httpx.Response:
        body = {"content": data} if isinstance(data, bytes) else {"data": data}
        return self._ask("POST", path, headers=_names(headers), **body)

    def logs_in(self, name: str, password: str, **more: str) -> httpx.Response:
        fields = {"csrf": self.token("/login"), "name": name, "password": password, **more}
        return self.post("/login", fields)

    def token(self, page: str = "/login") -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert found is not None
        return found[1]

    def says(self, text: str, client_id: str = "0123456789abcdef", **more: str) -> httpx.Response:
        return self.post("/chat/messages", {"csrf": self.token(), "id": client_id, "text": text, **more})

    async def asks(self, method: str, path: str, **more: object) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", cookies=self.cookies) as client:
            answer = await client.request(method, path, **more)  # type: ignore[arg-type]
            self.cookies = client.cookies
            return answer

    def _ask(self, method: str, path: str, **more: object) -> httpx.Response:
        return asyncio.run(self.asks(method, path, **more))


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
