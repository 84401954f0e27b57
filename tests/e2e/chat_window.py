"""What a worker does in the web chat, in a browser."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True)
class ChatWindow:
    """One open chat page."""

    page: Page

    @property
    def replies(self) -> Locator:
        return self.page.locator(".bubble.theirs:not(.hello)")

    @property
    def waiting(self) -> Locator:
        return self.page.locator(".bubble.is-pending")

    def mine(self, text: str) -> Locator:
        """What the worker wrote with these words and the server has."""
        return self.page.locator(".bubble.mine[data-at]", has_text=text)

    def writes(self, text: str) -> None:
        self.page.get_by_label("写给微光的话").fill(text)
        self.page.get_by_role("button", name="发送").click()

    def says(self, text: str) -> str:
        """Write something, and give the reply that follows."""
        before = self.replies.count()
        self.writes(text)
        expect(self.replies).to_have_count(before + 1, timeout=15_000)
        return self.replies.last.inner_text()

    def picks(self, content: bytes, name: str = "IMG_0001.jpg") -> None:
        self.page.locator("input[name=photo]").set_input_files(
            {"name": name, "mimeType": "image/jpeg", "buffer": content}
        )
        expect(self.page.get_by_role("button", name="不发这张")).to_be_visible()

    def keeps_its_shell(self) -> None:
        """Wait until the page can be opened without a line."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")

    def texts(self) -> list[str]:
        """The worker's own words that the server has, in the page's order."""
        return self.page.locator(".bubble.mine[data-at] .text").all_inner_texts()
