"""Compares stored orders with WooCommerce Analytics, which also reveals orders that no listing shows.

Analytics counts orders in statuses that are no longer registered. Its report names the paid ones; the unpaid ones only
show as a difference in its counts by `date_created`. Its tables drift from the shop's orders, so a difference that
remains after everything is fetched is reported as a warning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from sources.woocommerce.analytics_reports import FIGURES, Figures, report, stats
from sources.woocommerce.by_id import fetch, fetch_each
from sources.woocommerce.explain_analytics import (
    CENT,
    IMPORTED_WITHIN,
    Difference,
    Sums,
    differences,
    explanation,
    unpaid_explanation,
)
from sources.woocommerce.landing import Loaded, query, rendered, rows_of
from sources.woocommerce.objects import ORDERS, parse_id
from sources.woocommerce.shops import Shop

NEVER_COUNTED = ["checkout-draft", "auto-draft", "trash"]
# Per run: differing orders that are fetched, and unknown ids that are tried.
MAX_FETCHED = 1000
MAX_UNKNOWN = 1000
# How far beyond the newest known order newer ones are looked for.
AHEAD = 100


@dataclass
class AnalyticsMonth:
    """A month's figures by a date type; `unasked`: ids left for another run; `explanation`: which rows account for the
    whole difference, if they do."""

    date_type: str
    month: str
    ours: Figures
    theirs: Figures
    unasked: int = 0
    explanation: str | None = None

    @property
    def difference(self) -> Sums:
        """By how much Analytics has more, for the figures in its report of single rows."""
        return _sums(self.theirs).minus(_sums(self.ours))

    @property
    def agrees(self) -> bool:
        return _agree(self.ours, self.theirs)


@dataclass
class _Search:
    """Ids that this run has tried, and figures by date type and day: ours, cached until something is fetched, and those
    of Analytics by date type and month. Analytics may not have imported what was changed `since` a time."""

    since: datetime
    known: set[int] = field(default_factory=set)
    days: dict[str, dict[str, Figures]] = field(default_factory=dict)
    theirs: dict[tuple[str, str], dict[str, Figures]] = field(default_factory=dict)
    fetched: int = 0
    tried: int = 0

    def landed(self, loaded: Loaded) -> None:
        if loaded.inserted or loaded.updated or loaded.deleted:
            self.days.clear()


def compare_analytics(shop: Shop) -> list[AnalyticsMonth]:
    """Every month by the shop's date type and by `date_created`, after differing orders were fetched. Raises
    ShopRefused if the shop has no Analytics."""
    first, last, now = _span(shop)
    search = _Search(since=now - IMPORTED_WITHIN)
    months: list[AnalyticsMonth] = []
    for date_type in sorted({shop.store.date_type, "date_created"}, reverse=True):
        theirs = stats(shop, date_type, "month", first, last)
        compared = _compared(shop, date_type, theirs, search)
        for month in compared:
            if not month.agrees:
                month.unasked = _drill(shop, month, search)
        months += [
            AnalyticsMonth(date_type, again.month, again.ours, again.theirs, before.unasked)
            for before, again in zip(compared, _compared(shop, date_type, theirs, search), strict=True)
        ]
    _explain(shop, months, search)
    return months


def _explain(shop: Shop, months: list[AnalyticsMonth], search: _Search) -> None:
    """Set the explanations of months that differ. Rows are reported by the shop's date type only; for the other type
    they are those of orders created in the month."""
    found: list[Difference] = []
    # The shop's own type comes first.
    for month in sorted(months, key=lambda each: each.date_type != shop.store.date_type):
        if month.agrees:
            continue
        if month.date_type == shop.store.date_type:
            of_month = _differing_rows(shop, month, search)
            found += of_month
            month.explanation = explanation(of_month, month.difference, lambda left: None)
        else:
            rows = [each for each in found if each.month == month.month]
            unpaid = partial(unpaid_explanation, shop, month.month, _excluded(shop), search.since)
            month.explanation = explanation(rows, month.difference, unpaid)


def _differing_rows(shop: Shop, month: AnalyticsMonth, search: _Search) -> list[Difference]:
    days = _differing_days(shop, month, search)
    values = {"date_type": month.date_type, "excluded": _excluded(shop), "days": days}
    sql = rendered("analytics_rows", is_by_row=True)
    ours = {
        number: (created, Sums(*map(Decimal, figures)))
        for number, created, *figures in rows_of(shop, sql, **values, decimals=shop.store.prices_decimals)
    }
    return differences(shop, days, ours, list(report(shop, days)), search.since)


def _sums(figures: Figures) -> Sums:
    return Sums(*(figures[name] for name in ("orders_count", "net_revenue", "total_sales", "num_items_sold")))


def _compared(shop: Shop, date_type: str, theirs: dict[str, Figures], search: _Search) -> list[AnalyticsMonth]:
    ours: dict[str, Figures] = {}
    for day, figures in _days(shop, date_type, search).items():
        month = ours.setdefault(day[:7], _nothing())
        for name in FIGURES:
            month[name] += figures[name]
    return [
        AnalyticsMonth(date_type, month, ours.get(month, _nothing()), theirs.get(month, _nothing()))
        for month in sorted(theirs)
    ]


def _drill(shop: Shop, month: AnalyticsMonth, search: _Search) -> int:
    """Fetch the orders by which a month's days differ. Returns how many ids were left untried."""
    days = _differing_days(shop, month, search)
    theirs = search.theirs[month.date_type, month.month]
    if month.date_type == shop.store.date_type:
        _fetch_reported(shop, month.date_type, days, search)
    if month.date_type != "date_created" or _was_searched(shop, month):
        return 0
    unasked = 0
    for is_wide in (False, True):
        ours = _days(shop, month.date_type, search)
        more = [day for day in days if theirs[day]["orders_count"] > ours.get(day, _nothing())["orders_count"]]
        if more:
            unasked = _fetch_unknown(shop, more, search, is_wide)
    return unasked


def _differing_days(shop: Shop, month: AnalyticsMonth, search: _Search) -> list[str]:
    key = (month.date_type, month.month)
    if key not in search.theirs:
        start = date.fromisoformat(f"{month.month}-01")
        end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        search.theirs[key] = stats(shop, month.date_type, "day", start, end)
    ours, theirs = _days(shop, month.date_type, search), search.theirs[key]
    return [day for day in sorted(theirs) if not _agree(ours.get(day, _nothing()), theirs[day])]


def _fetch_reported(shop: Shop, date_type: str, days: list[str], search: _Search) -> None:
    """Fetch orders that differ in Analytics' report, are missing there or are unknown here."""
    if not days:
        return
    values = {"date_type": date_type, "excluded": _excluded(shop), "days": days}
    ours = {number: net for number, _, net in query(shop, "analytics_orders", **values)}
    theirs: dict[int, Decimal] = {}
    for row in report(shop, days):
        number = parse_id(row.get("order_id"))
        if number and not row.get("parent_id") and str(row.get("date"))[:10] in days:
            theirs[number] = Decimal(str(row.get("net_total") or 0))
    differing = [
        number
        for number in sorted(ours.keys() | theirs.keys())
        if number not in ours or number not in theirs or abs(ours[number] - theirs[number]) >= CENT
    ]
    differing = differing[: max(0, MAX_FETCHED - search.fetched)]
    search.fetched += len(differing)
    search.landed(fetch(shop, ORDERS, differing))


def _fetch_unknown(shop: Shop, days: list[str], search: _Search, is_wide: bool) -> int:
    """Try unknown ids between the orders of these days, or of all days if `is_wide`, since orders can be backdated.
    Returns how many were left untried."""
    used = {number for (number,) in query(shop, "known_ids")}
    search.known |= used | {number for (number,) in query(shop, "free_ids")}
    spans = {day: (first, last) for day, first, last in query(shop, "days_ids")}
    everywhere = range(min(used, default=1), max(used, default=1) + AHEAD)
    wanted: dict[int, int] = {}
    for day in days:
        first, last = _between(spans, day)
        for number in _unknown(everywhere if is_wide else range(first, last), search):
            distance = max(first - number, number - last, 0)
            wanted[number] = min(distance, wanted.get(number, distance))
    tried = sorted(wanted, key=lambda number: (wanted[number], number))[: max(0, MAX_UNKNOWN - search.tried)]
    search.tried += len(tried)
    search.known |= set(tried)
    search.landed(fetch_each(shop, ORDERS, {number: f"{ORDERS.path}/{number}" for number in tried}))
    # Higher ids may still be assigned.
    free = [number for number in tried if number < max(used, default=0)]
    query(shop, "save_free_ids", ids=free)
    return len(wanted) - len(tried)


def _unknown(numbers: range, search: _Search) -> list[int]:
    """The unknown ids of a range, limited to several times what one run may try."""
    return list(islice((number for number in numbers if number not in search.known), 10 * MAX_UNKNOWN))


def _between(spans: dict[str, tuple[int, int]], day: str) -> tuple[int, int]:
    """The range of ids that an order of a day can have: those of the day and the gaps to its neighbours."""
    before = max((each for each in spans if each < day), default=None)
    after = min((each for each in spans if each > day), default=None)
    ends = [*spans.get(day, ())]
    ends += [spans[before][1]] if before else []
    ends += [spans[after][0]] if after else [max(last for _, last in spans.values()) + AHEAD] if spans else []
    return (min(ends), max(ends)) if ends else (1, 1)


def _was_searched(shop: Shop, month: AnalyticsMonth) -> bool:
    """Whether an earlier run had the same figures and found nothing more."""
    found = query(shop, "last_finding", subject=f"analytics {month.date_type}", period=month.month)
    if not found:
        return False
    ours, theirs = found[0]
    return bool(ours == as_json(month.ours) and theirs == as_json(month.theirs))


def as_json(figures: Figures) -> dict[str, str]:
    """Figures as they are stored: rounded, since Analytics uses floating point."""
    return {name: str(round(value, 2)) for name, value in figures.items()}


def _days(shop: Shop, date_type: str, search: _Search) -> dict[str, Figures]:
    if date_type not in search.days:
        values = {"date_type": date_type, "excluded": _excluded(shop), "decimals": shop.store.prices_decimals}
        found = rows_of(shop, rendered("analytics_rows", is_by_row=False), **values)
        search.days[date_type] = {day: dict(zip(FIGURES, figures, strict=True)) for day, *figures in found}
    return search.days[date_type]


def _span(shop: Shop) -> tuple[date, date, datetime]:
    """From the month of the first stored order to today in the shop's time, and the time by the shop's clock."""
    days = query(shop, "days_ids")
    now = shop.client.listing(ORDERS.path, status="any", per_page=1, _fields=["id"]).shop_time
    today = (now + timedelta(days=1)).date()
    first = min((date.fromisoformat(day) for day, _, _ in days if _is_day(day)), default=today)
    last = max((date.fromisoformat(day) for day, _, _ in days if _is_day(day)), default=today)
    return first.replace(day=1), max(last, today), now


def _is_day(text: Any) -> bool:
    try:
        return bool(datetime.fromisoformat(text).replace(tzinfo=UTC))
    except (TypeError, ValueError):
        return False


def _excluded(shop: Shop) -> list[str]:
    return [*shop.store.excluded_statuses, *NEVER_COUNTED]


def _nothing() -> Figures:
    return dict.fromkeys(FIGURES, Decimal(0))


def _agree(ours: Figures, theirs: Figures) -> bool:
    return all(abs(ours[name] - theirs[name]) < CENT for name in FIGURES)
