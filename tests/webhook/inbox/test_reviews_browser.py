"""Uploading reviews in a real browser, on a desk and on a phone, in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bot import review_uploads
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.people import PASSWORD, Person
from tests.support.synced_shops import rows
from warehouse.settings import Settings

SCREENSHOTS = os.environ.get("KABAR_SCREENSHOTS")
LINES = [
    "Nomor Ulasan;Nilai pelanggan;Isi;Tanggal;Produk yang dibeli pelanggan",
    *(f"r{number};{1 + number % 5};Ulasan nomor {number}, barang cepat sampai;31/01/2025;Kopi" for number in range(40)),
    "rusak;;Tanpa bintang;31/01/2025;Kopi",
]
WORDS = {
    "en": ("Upload", "Import", "Stars", "Rows that were set aside", "Download all of them"),
    "id": ("Unggah", "Impor", "Bintang", "Baris yang disisihkan", "Unduh semuanya"),
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture
def visits(browser: Browser, address: str) -> Iterator[list[Visit]]:
    opened: list[Visit] = []
    yield opened
    for each in opened:
        each.context.close()
        assert each.troubles == []
        assert each.foreign() == []


def fits(page: Page, name: str, width: int) -> None:
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert barriers(page) == [], name


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_file_is_uploaded_confirmed_and_imported(
    browser: Browser,
    address: str,
    visits: list[Visit],
    people: Callable[..., Person],
    module_settings: Settings,
    tmp_path: Path,
    language: str,
    viewport: dict[str, int],
) -> None:
    upload, do_import, stars, set_aside, download = WORDS[language]
    admin = people("admin")
    admin.post("/inbox/language", {"language": language, "next": "/inbox"})
    visits.append(visit := Visit(browser, address, viewport))
    visit.sign_in(admin.email, PASSWORD)
    page, width = visit.open("/inbox/settings/reviews"), viewport["width"]
    fits(page, f"reviews-{width}-{language}", width)
    file = tmp_path / "ulasan.csv"
    file.write_text("\n".join(LINES), encoding="utf-8")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name=upload, exact=True).click()
    page.wait_for_url("**/settings/reviews/*")
    assert page.get_by_label(stars).input_value() == "Nilai pelanggan"
    fits(page, f"reviews-columns-{width}-{language}", width)
    page.get_by_role("button", name=do_import, exact=True).click()
    page.wait_for_selector("[data-state=importing]")
    fits(page, f"reviews-importing-{width}-{language}", width)
    for upload_id, arguments in waiting(module_settings):
        review_uploads.import_upload(module_settings, **arguments)
        assert str(upload_id) in page.url
    page.wait_for_selector("[data-state=done]")
    assert page.get_by_role("heading", name=set_aside).is_visible()
    fits(page, f"reviews-done-{width}-{language}", width)
    with page.expect_download() as downloading:
        page.get_by_role("link", name=download).click()
    assert "Tanpa bintang" in Path(downloading.value.path()).read_text(encoding="utf-8")


def waiting(settings: Settings) -> list[tuple[int, dict[str, int]]]:
    statement = (
        "select (args ->> 'upload_id')::bigint, args from queue.procrastinate_jobs where task_name = 'import_reviews'"
    )
    return rows(settings, f"{statement} order by id desc limit 1")  # type: ignore[return-value]
