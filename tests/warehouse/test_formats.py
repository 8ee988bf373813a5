"""Figures, amounts, dates and times read as people write them, in each language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from warehouse import formats
from warehouse.i18n import Language

EVENING = datetime(2026, 11, 22, 18, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "format_", "language", "text"),
    [
        (Decimal(12345), "count", "en", "12,345"),
        (12345, "count", "id", "12.345"),
        (Decimal("85.25"), "percent", "en", "85.2%"),
        (85.26, "percent", "id", "85,3%"),
        (0.4, "duration", "en", "0 s"),
        (59.6, "duration", "en", "1 min"),
        (200, "duration", "id", "3 mnt 20 dtk"),
        (7260, "duration", "en", "2 h 1 min"),
        (190_800, "duration", "id", "2 hari 5 jam"),
        (date(2026, 10, 1), "month", "id", "Oktober 2026"),
        (Decimal("347744.50"), "money", "en", "Rp347,744"),
        (Decimal("12.50"), "money", "id", "Rp12,50"),
        (None, "percent", "en", "–"),
    ],
)
def test_figures_read_as_people_write_them(
    value: formats.Value, format_: formats.Format, language: Language, text: str
) -> None:
    assert formats.formatted(value, format_, language) == text


@pytest.mark.parametrize(
    ("amount", "currency", "english", "indonesian"),
    [
        (277_500, "IDR", "Rp277,500", "Rp277.500"),
        (Decimal("75000.5"), "IDR", "Rp75,000.50", "Rp75.000,50"),
        (-228_000.0, "IDR", "-Rp228,000", "-Rp228.000"),
        (Decimal("9.99"), "EUR", "€9.99", "€9,99"),
        (Decimal("1234.00"), None, "1,234", "1.234"),
    ],
)
def test_amounts_are_written_in_one_way(amount: float, currency: str | None, english: str, indonesian: str) -> None:
    assert formats.money(amount, currency, "en") == english
    assert formats.money(amount, currency, "id") == indonesian


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Decimal("12.345"), "KWD", "KWD12.345"),
        (Decimal("1234.567"), "KWD", "KWD1,234.567"),
        (Decimal("12.3456"), "KWD", "KWD12.346"),
        (Decimal("0.00012"), "BTC", "BTC0.00012"),
        (1.2e-7, "BTC", "BTC0.00000012"),
        (Decimal("12.5"), "XXB", "XXB12.50"),
        (Decimal("333.50"), "JPY", "JP¥334"),
        (Decimal("333.50"), "KRW", "₩334"),
        (0.1 + 0.2, "EUR", "€0.30"),
        (Decimal("333.50"), formats.Currency("IDR", 0), "Rp334"),
        (Decimal("0.00012"), formats.Currency("BTC", 5), "BTC0.00012"),
        (Decimal("12.345"), formats.Currency("KWD", 2), "KWD12.35"),
        (Decimal("333.50"), formats.Currency("JPY"), "JP¥334"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency_or_of_the_shop(
    amount: float, currency: str | formats.Currency, text: str
) -> None:
    assert formats.money(amount, currency, "en") == text
    assert formats.formatted(amount, "money", "en", currency) == text


def test_percentages_move_by_points_and_other_figures_relatively() -> None:
    assert formats.change(80, 77.5, "percent", "en") == "2.5 pts"
    assert formats.change(90, 120, "duration", "id") == "25%"
    assert formats.change(80.01, 80, "percent", "en") is None
    assert formats.change(5, 0, "count", "en") is None


def test_a_moment_names_its_clock() -> None:
    assert formats.moment(EVENING, "Asia/Jakarta", "id") == "23 Nov 2026, 01.03 WIB"
    assert formats.moment(EVENING, UTC, "en") == "22 Nov 2026, 18:03 UTC"
    assert formats.moment(EVENING, "Asia/Dubai", "en") == "22 Nov 2026, 22:03 UTC+04"


def test_days_and_times_of_day() -> None:
    assert formats.long_day(date(2026, 11, 22), "id") == "Minggu, 22 November 2026"
    assert formats.day(date(2026, 11, 22), "en", has_year=False) == "22 Nov"
    assert formats.day_range(date(2026, 11, 1), date(2026, 11, 30), "en") == "1–30 Nov 2026"
    assert formats.day_range(date(2025, 12, 31), date(2026, 1, 1), "id") == "31 Des 2025 – 1 Jan 2026"
    assert formats.day_range(date(2026, 11, 1), date(2026, 11, 1), "en") == "1 Nov 2026"
    assert (formats.hour(time(8), "en"), formats.hour(time(8), "id")) == ("08:00", "08.00")
    assert formats.weekdays("id")[0] == "Senin"


def test_a_list_shows_the_time_today_the_weekday_this_week_and_the_day_before_that() -> None:
    now = datetime.now(UTC)
    assert formats.brief(now, UTC, "en") == now.strftime("%H:%M")
    assert formats.brief(now - timedelta(days=3), UTC, "en") == (now - timedelta(days=3)).strftime("%a")
    assert formats.brief(datetime(2020, 1, 31, tzinfo=UTC), UTC, "id") == "31 Jan 2020"


def test_how_long_ago_has_one_unit() -> None:
    assert formats.since(datetime.now(UTC) - timedelta(hours=5, minutes=12), "en") == "5 h"
