"""A real browser on the inbox's pages, and what axe finds wrong with them."""

from __future__ import annotations

import re
import shutil
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
# A page of our own forbids scripts that are not its own, and axe is one: it is asked for where the policy is off.
SERIOUS = ("serious", "critical")
# Five seconds, the default, are few on a busy machine.
expect.set_options(timeout=30_000)


class Visit:
    """Somebody's browser: remembers what its pages asked for and what went wrong in them."""

    def __init__(self, browser: Browser, address: str, viewport: dict[str, int], **options: Any) -> None:
        self.address = address
        self.requests: list[str] = []
        self.troubles: list[str] = []
        # A clock far from the shop's: days must not shift.
        zone = {"timezone_id": "America/Los_Angeles"}
        self.context = browser.new_context(viewport=viewport, **zone, **options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def sign_in(self, email: str, password: str) -> Page:
        self.open("/inbox/sign-in")
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.page.click("form.sign-in button.primary")
        self.page.wait_for_url(re.compile("/(inbox|dashboards)$"))
        return self.page

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def foreign(self) -> list[str]:
        """What was asked of another host."""
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.troubles.append(f"{kind}: {text}")


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical on the page, each with the elements that it is about."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found
        if violation["impact"] in SERIOUS
    ]
