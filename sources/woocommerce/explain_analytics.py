"""Explains, row by row, why a month of WooCommerce Analytics differs from the shop's own orders.

Analytics keeps rows of what was deleted or trashed, and imports changes late, in new shops every 12 hours. The shop's
report lists the rows that it counted. If such rows account for a whole difference, nothing is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from sources.woocommerce.by_id import fetch_each, refund_path
from sources.woocommerce.landing import ANY_ATTEMPTS, query, rejected_ids
from sources.woocommerce.objects import ORDERS, REFUNDS, Object, parse_id
from sources.woocommerce.shops import Shop

# Twelve hours, and an hour for an import that takes long.
IMPORTED_WITHIN = timedelta(hours=13)
CENT = Decimal("0.005")
MOST_CANDIDATES = 10
_WORDS = {
    "deleted": "that were deleted and that Analytics still counts",
    "trashed": "in the trash that Analytics still counts",
    "recent": "whose latest version Analytics has not imported yet",
    "set aside": "that are set aside here",
}


class Sums(NamedTuple):
    """The figures of a row of the report."""

    orders: Decimal
    net: Decimal
    total: Decimal
    items: Decimal

    def plus(self, other: Sums) -> Sums:
        return Sums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other: Sums) -> Sums:
        return Sums(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def is_nothing(self) -> bool:
        return all(abs(each) < CENT for each in self)


NOTHING = Sums(*[Decimal(0)] * 4)


@dataclass(frozen=True)
class Difference:
    """A row that differs: its reason, the month of the order, and what it adds to the report's figures."""

    reason: str | None
    month: str
    more: Sums


def differences(
    shop: Shop, days: list[str], ours: dict[int, tuple[str, Sums]], report: list[Object], since: datetime
) -> list[Difference]:
    """The rows of some days that differ between the report and what is stored (by id: day of creation, figures)."""
    theirs: dict[int, tuple[str, Sums]] = {}
    parents: dict[int, int] = {}
    for row in report:
        number, parent = parse_id(row.get("order_id")), parse_id(row.get("parent_id")) or 0
        if number and str(row.get("date"))[:10] in days:
            figures = (_decimal(row.get(name)) for name in ("net_total", "total_sales", "num_items_sold"))
            theirs[number] = str(row.get("date_created"))[:10], Sums(Decimal(not parent), *figures)
            parents[number] = parent
    differing = [number for number in sorted(ours.keys() | theirs.keys()) if not _agree(ours, theirs, number)]
    unknown = {number: refund_path(parents[number], number) for number in differing if parents.get(number)}
    fetch_each(shop, REFUNDS, {number: path for number, path in unknown.items() if number not in ours})
    reasons = _reasons(shop, differing, since)
    found = []
    for number in differing:
        day = (theirs.get(number) or ours[number])[0]
        more = theirs.get(number, ("", NOTHING))[1].minus(ours.get(number, ("", NOTHING))[1])
        found.append(Difference(reasons.get(number), day[:7], more))
    return found


def explanation(found: list[Difference], difference: Sums, unpaid: Callable[[Sums], str | None]) -> str | None:
    """A sentence if the differing rows account for a month's difference, else None. `unpaid` is asked about what the
    rows leave."""
    if any(each.reason is None for each in found):
        return None
    left = difference
    for each in found:
        left = left.minus(each.more)
    more = None if left.is_nothing else unpaid(left)
    if not left.is_nothing and more is None:
        return None
    counts = Counter(each.reason for each in found)
    parts = [f"{count} {_WORDS[reason]}" for reason, count in sorted(counts.items()) if reason]
    return "; ".join([*parts, *([more] if more else [])])


def unpaid_explanation(shop: Shop, month: str, excluded: list[str], since: datetime, left: Sums) -> str | None:
    """Whether unpaid orders, which the report does not show, account for what is left of a month's difference."""
    values = {"month": month, "excluded": excluded, "date_type": shop.store.date_type, "since": since}
    found = query(shop, "unpaid_candidates", **values, most=MOST_CANDIDATES + 1)
    if len(found) > MOST_CANDIDATES:
        return None
    for size in range(1, len(found) + 1):
        for chosen in combinations(found, size):
            orders = sum(sign for sign, _ in chosen)
            net = sum(sign * amount for sign, amount in chosen)
            if abs(orders - left.orders) < CENT and abs(net - left.net) < CENT:
                return f"{size} unpaid orders that Analytics has in another state"
    return None


def _agree(ours: dict[int, tuple[str, Sums]], theirs: dict[int, tuple[str, Sums]], number: int) -> bool:
    return number in ours and number in theirs and ours[number][1].minus(theirs[number][1]).is_nothing


def _reasons(shop: Shop, numbers: list[int], since: datetime) -> dict[int, str]:
    """The reasons for which rows can differ, by id; rows without one are left out."""
    found = dict(query(shop, "analytics_reasons", ids=numbers, since=since))
    set_aside = {each for kind in (ORDERS, REFUNDS) for each in rejected_ids(shop, kind, ANY_ATTEMPTS)}
    found |= dict.fromkeys(set_aside & set(numbers), "set aside")
    return {number: reason for number, reason in found.items() if reason}


def _decimal(value: object) -> Decimal:
    return Decimal(str(value or 0))
