"""What a person does at the demo's pages, and what they see there."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


@dataclass
class Desk:
    """A browser window of one width. Everything it asks of the network is noted."""

    context: BrowserContext
    page: Page
    is_phone: bool
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, url: str, size: dict[str, int], path: str = "/") -> Self:
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            has_touch=size is PHONE,
            device_scale_factor=2 if size is PHONE else 1,
            locale="zh-CN",
        )
        desk = cls(context, context.new_page(), size is PHONE)
        context.on("request", lambda request: desk.requests.append(request.url))
        desk.page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        desk.page.on("console", lambda said: desk.complaints.append(said.text) if said.type == "error" else None)
        desk.page.goto(url + path)
        return desk

    def says(self, text: str) -> str:
        """Type a message, send it, and give the reply that follows."""
        if self.is_phone:
            self.page.get_by_role("tab", name="网格员聊天").click()
        replies = self.page.locator(".bubble.theirs:not(.hello)")
        before = replies.count()
        self.page.get_by_label("写给微光的话").fill(text)
        self.page.get_by_role("button", name="发送").click()
        expect(replies).to_have_count(before + 1, timeout=10_000)
        return replies.last.locator(".text").inner_text()

    def looks_at_list(self) -> None:
        if self.is_phone:
            self.page.get_by_role("tab", name="网格长清单").click()

    def card(self, door: str) -> Locator:
        return self.page.locator(".card", has=self.page.locator(".door", has_text=door))

    def axe_violations(self) -> list[str]:
        results = Axe().run(self.page)
        return [
            f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
            for violation in results.response["violations"]
        ]

    def hosts_asked(self) -> set[str | None]:
        return {urlsplit(url).hostname for url in self.requests if not url.startswith("data:")}

    def close(self) -> None:
        self.context.close()
