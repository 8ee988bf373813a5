"""The knowledge pages in a real browser, on a desk and on a phone: uploading, watching it being read, asking."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.knowledge import documents
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.encoders import put_in_use
from tests.support.people import PASSWORD, Person
from warehouse import connection
from warehouse.settings import Settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]

PICTURES = os.environ.get("KABAR_PICTURES")  # a folder, for whoever wants to look at the pages
PAGES = Path(__file__).parents[3] / "data" / "knowledge"
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/plain" }));
  document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def work(module_settings: Settings, server_settings: Settings) -> Callable[[], None]:
    """Does what the worker would, once."""
    put_in_use(server_settings, module_settings)

    def do() -> None:
        opened = psycopg2.connect(connection.url("owner", module_settings))
        with opened, opened.cursor() as cursor:
            cursor.execute("select document_id from app.knowledge_documents where state = 'waiting'")
            waiting = cursor.fetchall()
        opened.close()
        for (document_id,) in waiting:
            documents.read_document(module_settings, document_id)

    return do


@pytest.fixture
def visit(
    browser: Browser, address: str, people: Callable[..., Person], viewport: dict[str, int], scheme: Any
) -> Iterator[Visit]:
    visiting = Visit(browser, address, viewport, locale="id-ID", color_scheme=scheme)
    visiting.sign_in(people("agent").email, PASSWORD)
    yield visiting
    assert visiting.troubles == []
    assert visiting.foreign() == []
    visiting.context.close()


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_a_file_is_uploaded_read_asked_about_and_deleted(
    visit: Visit, viewport: dict[str, int], scheme: str, work: Callable[[], None]
) -> None:
    page = visit.open("/inbox/knowledge")
    keep(page, viewport, "empty")
    files = [str(PAGES / name) for name in ("pengiriman.md", "english.md", "toko.html")]
    page.set_input_files("#files", files)
    page.get_by_role("button", name="Unggah berkas").click()
    expect(page.locator(".documents .tag").first).to_have_text("dalam antrean")
    expect(page.locator(".documents progress")).to_have_count(3)
    keep(page, viewport, "waiting")

    marker = "window.notReloaded = true"
    page.evaluate(marker)
    work()
    expect(page.locator(".documents li[data-state=read]")).to_have_count(3)
    assert page.evaluate("window.notReloaded")
    expect(page.locator("#documents-news")).to_contain_text("dipakai")

    page.evaluate(DROP, ["rusak.pdf", "%PDF-1.4 nothing else"])
    expect(page.get_by_text("rusak.pdf", exact=True)).to_be_visible()
    work()
    expect(page.locator("li[data-state=failed] .fault")).to_contain_text("Berkas ini rusak")

    page.fill("#question", "ongkir ke luar jawa brp kak")
    page.press("#question", "Enter")
    expect(page.locator(".would-say .bubble")).to_contain_text("Rp22.000")
    expect(page.locator(".said .found li").first).to_contain_text("ditemukan lewat kata · ditemukan lewat makna")
    page.locator(".said summary").click()
    expect(page.locator(".steps li").first).to_be_visible()
    keep(page, viewport, "asked")
    page.fill("#question", "do you sell laptops")
    page.press("#question", "Enter")
    expect(page.locator(".said")).to_contain_text("Tidak ada cuplikan yang cukup cocok")

    page.get_by_role("link", name="pengiriman.md").first.click()
    expect(page.locator("h1")).to_contain_text("pengiriman.md")
    assert page.locator(".found li").count() == 8
    keep(page, viewport, "document")

    page.go_back()
    failed = page.locator("li[data-state=failed]")
    failed.locator("summary", has_text="Ganti").click()
    failed.locator("summary", has_text="Hapus").click()
    keep(page, viewport, "changes")
    failed.get_by_role("button", name="Ya, hapus").click()
    expect(page.locator(".notice.good")).to_contain_text("Sudah dihapus")
    for _ in files:
        page.locator("summary", has_text="Hapus").first.click()
        page.get_by_role("button", name="Ya, hapus").first.click()
        expect(page.locator(".notice.good")).to_be_visible()
    expect(page.locator(".documents li")).to_have_count(0)


def keep(page: Page, viewport: dict[str, int], name: str) -> None:
    """Nothing is wider than the page, axe finds nothing serious; and a picture for whoever wants to look."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"knowledge_{name}_{viewport['width']}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert barriers(page) == []
