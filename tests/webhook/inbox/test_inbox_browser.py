"""The inbox in a real browser, on a desk and on a phone: signing in, a live message, taking over, replying, giving
back, correcting a label."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person
from warehouse.settings import Settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]

PICTURES = os.environ.get("KABAR_PICTURES")  # a folder, for whoever wants to look at the pages
WIDTHS = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture(scope="module")
def chats(module_settings: Settings) -> Chats:
    chats = Chats(module_settings)
    chats.says("Halo, apakah kopi Gayo masih ada?", "andi", "Andi Pratama", ago=3000)
    chats.answers("Masih ada, kak. Stoknya 12 bungkus.", "andi", "read", ago=2999)
    chats.says("Where is my order? I have been waiting for a week.", "emma", "Emma Clarke", ago=200)
    chats.says("Transfer sudah ya kak", "rina", "Rina Wulandari", ago=90)
    for customer, ago in (("bagus", 400), ("dewi", 500), ("fajar", 600)):
        chats.says("Terima kasih banyak, kak!", customer, ago=ago)
    return chats


@pytest.fixture(scope="module")
def agent(people: Callable[..., Person]) -> str:
    people("agent", "Dimas")
    return people("agent", "Sari").email


@pytest.fixture
def visit(browser: Browser, address: str, agent: str, viewport: dict[str, int]) -> Iterator[Visit]:
    """Somebody who signed in, and whose pages must make no trouble."""
    visiting = Visit(browser, address, viewport, locale="id-ID")
    visiting.sign_in(agent, PASSWORD)
    yield visiting
    assert visiting.troubles == []
    assert visiting.foreign() == []
    visiting.context.close()


@WIDTHS
def test_a_conversation_from_its_first_message_to_giving_back(
    visit: Visit, chats: Chats, viewport: dict[str, int]
) -> None:
    page, name = visit.page, f"Bu Ani {viewport['width']}"
    customer = f"ani{viewport['width']}"
    expect(page.locator("#live.on")).to_be_attached()
    asked = chats.says("Kak, paket saya belum sampai juga! Mau bicara dengan orang.", customer, name)
    expect(page.get_by_text(name)).to_be_visible()
    chats.labels(asked, "order", "high")
    chats.decides(asked, customer, ("rules", "passed", "not_covered", {}), ("handover", "handed_over", "human", {}))
    chats.hands_over(customer)
    expect(page.locator("h2.group", has_text="Menunggu")).to_be_visible()
    assert page.title().startswith("(")
    keep(page, viewport, "list")

    page.get_by_text(name).click()
    page.wait_for_url("**/inbox/conversations/*")
    page.locator(".decision summary").first.click()
    keep(page, viewport, "thread_waiting")
    page.get_by_role("button", name="Ambil alih").click()
    expect(page.locator("p.state")).to_contain_text("Anda yang menangani")

    page.fill("#text", "Halo Bu, saya Sari.\nSaya cek dulu ke kurir ya.")
    page.press("#text", "Control+Enter")
    expect(page.locator(".entry.agent.unsent")).to_contain_text("Saya cek dulu ke kurir ya.")
    expect(page.locator("#text")).to_have_value("")

    page.locator(".label summary").first.click()
    keep(page, viewport, "label")
    page.get_by_role("button", name="Pengiriman", exact=True).click()
    expect(page.locator(".corrected")).to_contain_text("dibetulkan Sari")
    assert chats.ask("select issue, urgency from ml.labels where message_id = %s", asked) == [("delivery", "high")]

    chats.says("Baik, terima kasih", customer, name)
    expect(page.locator(".entry.customer", has_text="Baik, terima kasih")).to_be_visible()
    keep(page, viewport, "thread_mine")
    page.get_by_role("button", name="Kembalikan ke bot").click()
    expect(page.locator("p.state")).to_contain_text("Dijawab oleh bot")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert barriers(page) == []


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"])
def test_axe_finds_nothing_serious(
    browser: Browser, address: str, agent: str, chats: Chats, viewport: dict[str, int], scheme: Any
) -> None:
    shop_thread = full_thread(chats)
    visiting = Visit(browser, address, viewport, color_scheme=scheme, locale="en-GB")
    page = visiting.open("/inbox/sign-in")
    assert barriers(page) == []
    keep(page, viewport, f"sign_in_{scheme}")
    visiting.sign_in(agent, PASSWORD)
    for path in ("/inbox", "/inbox?urgency=high", f"/inbox/conversations/{shop_thread}",
                 f"/inbox/conversations/{shop_thread}/card", "/inbox/conversations/999999"):  # fmt: skip
        page = visiting.open(path)
        for details in page.locator(".decision:not([open]) summary, .label:not([open]) summary").all()[:2]:
            details.click()
        assert barriers(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        keep(page, viewport, f"{path.strip('/').replace('/', '_').replace('?', '_')}_{scheme}")
    visiting.context.close()


def full_thread(chats: Chats) -> int:
    """A thread with something of every kind; made once."""
    if not chats.ask("select 1 from app.customers where name = 'Putri Ayu Maharani'"):
        chats.buys("putri", "185000.00", 1204)
        chats.buys("putri", "92500.00", 1311, "processing")
        chats.says("Halo kak, saya mau tanya pesanan 1204", "putri", "Putri Ayu Maharani", ago=2000)
        chats.answers("Pesanan 1204 sudah dikirim dengan JNE, nomor resi JX12345678.", "putri", "read", ago=1999)
        asked = chats.says("Apakah biji kopinya bisa digiling untuk V60?", "putri", "Putri Ayu Maharani", ago=31)
        chats.labels(asked, "order")
        chats.decides(
            asked, "putri",
            ("guard", "passed", "bot", {}),
            ("rules", "passed", "not_covered", {}),
            ("knowledge", "answered", "passage", {"passages": [1], "language_model": "slow"}),
        )  # fmt: skip
        chats.answers("Bisa, kak. Pilih *medium-fine* saat memesan.", "putri", "delivered", ago=30)
        chats.says("", "putri", "Putri Ayu Maharani", ago=20, media=["image/jpeg", "audio/ogg"])
        chats.answers("Terima kasih fotonya.", "putri", "failed", ago=19)
        chats.hands_over("putri", "refund_dispute")
    return chats.conversation("putri")


def keep(page: Page, viewport: dict[str, int], name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}_{viewport['width']}.png")
