"""What the comparisons of a reconciliation mean.

`pass`: equal, or a difference that is explained row by row or that an admin dismissed. `warn`: a difference that
changes no figure of the shop's sales. `fail`: orders or refunds that are missing or differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sources.woocommerce.analytics import AnalyticsMonth, as_json
from sources.woocommerce.compare_orders import Month, OrdersResult
from sources.woocommerce.landing import Loaded
from sources.woocommerce.objects import NO_ORDER, Resource

VERDICTS = ("pass", "warn", "fail")
# Objects that are named one by one; the others are only counted.
MOST_NAMED = 100


@dataclass(frozen=True)
class Finding:
    """One comparison. `period` is `YYYY-MM` or `all`, `reason` a sentence."""

    subject: str
    period: str
    verdict: str
    reason: str
    ours: dict[str, object] = field(default_factory=dict)
    theirs: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SetAside:
    """An object that could not be stored. `dismissal` is the reason for which an admin dismissed it."""

    resource: str
    name: str
    reason: str
    dismissal: str | None

    @property
    def verdict(self) -> str:
        """Only orders and their refunds change figures."""
        if self.dismissal:
            return "pass"
        return "fail" if self.resource in ("orders", "refunds") and self.reason != NO_ORDER else "warn"

    @property
    def finding(self) -> Finding:
        dismissal = f"; dismissed: {self.dismissal}" if self.dismissal else ""
        return Finding(f"{self.resource} {self.name}", "all", self.verdict, f"set aside: {self.reason}{dismissal}")


def worst(verdicts: Iterable[str]) -> str:
    return max(verdicts, key=VERDICTS.index, default="pass")


def of_count(
    resource: Resource, loaded: Loaded, ours: int, theirs: int | None, is_equal: bool, is_compared: bool = False
) -> Finding:
    """`is_compared`: whether all ids were compared, so that the total counts objects that no listing shows."""
    verdict, reason = "pass", "no difference" + _describe_fixes(loaded)
    if not is_equal:
        verdict, reason = "fail", f"the shop lists {theirs} {resource.name} and Kabar has {ours}"
    if not is_equal and is_compared:
        verdict = "warn"
        reason = f"the shop counts {theirs} {resource.name}, but lists only the {ours} that Kabar has"
    return Finding(resource.name, "all", verdict, reason, {"count": ours}, {"count": theirs})


def of_orders(ours: dict[str, Month], hidden: dict[str, Month], result: OrdersResult) -> list[Finding]:
    """One finding per month: stored orders against listed ones and those that only their ids show (`hidden`)."""
    differing = Counter(each.month for each in result.last.differing.values())
    findings = []
    for month in sorted(ours.keys() | result.last.listed.keys()):
        theirs = result.last.listed.get(month, Month()).plus(hidden.get(month, Month()))
        mine = ours.get(month, Month())
        if not (mine.orders or theirs.orders):
            continue
        verdict, reason = "pass", "no difference"
        if fetched := result.fetched.get(month):
            reason += f" after {fetched} orders were fetched again"
        if differing[month] or (mine != theirs and month not in result.last.moving):
            verdict = "fail"
            reason = (f"{differing[month]} orders still differ: Kabar has {mine.orders} with a total of {mine.total}, "
                      f"the shop has {theirs.orders} with {theirs.total}")  # fmt: skip
        findings.append(Finding("orders", month, verdict, reason, mine.as_json(), theirs.as_json()))
    if result.waiting:
        reason = f"{result.waiting} orders that no listing shows will be fetched by id in the next runs"
        findings.append(Finding("unlisted orders", "all", "warn", reason))
    return findings


def of_analytics(month: AnalyticsMonth) -> Finding:
    verdict, reason = "pass", "no difference"
    if not month.agrees:
        verdict, reason = _of_difference(month)
    ours, theirs = as_json(month.ours), as_json(month.theirs)
    if month.unasked:
        ours["unasked_ids"] = str(month.unasked)
    return Finding(f"analytics {month.date_type}", month.month, verdict, reason, dict(ours), dict(theirs))


def _of_difference(month: AnalyticsMonth) -> tuple[str, str]:
    if month.explanation:
        return "pass", f"explained by rows of Analytics: {month.explanation}"
    orders, net = (month.theirs[name] - month.ours[name] for name in ("orders_count", "net_revenue"))
    reason = (
        f"WooCommerce Analytics has {orders:+f} orders and {round(net, 2):+f} of net sales against the shop's own "
        "orders: its tables still contain trashed orders and deleted refunds, and are updated late"
    )
    if month.unasked:
        reason += f"; {month.unasked} more ids will be tried in the next runs"
    return "warn", reason


def of_set_aside(objects: list[SetAside]) -> list[Finding]:
    """A finding for each object that was set aside, the worst first, and one for all of them."""
    open_ones = [each for each in objects if not each.dismissal]
    findings = [each.finding for each in sorted(objects, key=_order)[:MOST_NAMED]]
    if not open_ones:
        return findings
    counts = Counter(each.resource for each in open_ones)
    listed = ", ".join(f"{count} {name}" for name, count in counts.items())
    reason = (
        f"cannot be read and were set aside: {listed} "
        "(python -m sources.woocommerce rejected lists them, and dismiss records why one is no problem)"
    )
    verdict = worst(each.verdict for each in open_ones)
    return [Finding("set aside", "all", verdict, reason, {}, dict(counts)), *findings]


def dismissed(finding: Finding, dismissals: dict[tuple[str, str], tuple[Any, Any, str]]) -> Finding:
    """The finding as passed if an admin dismissed one with the same figures."""
    ours, theirs, reason = dismissals.get((finding.subject, finding.period), (None, None, ""))
    if finding.verdict == "pass" or not reason or (ours, theirs) != (finding.ours, finding.theirs):
        return finding
    return replace(finding, verdict="pass", reason=f"{finding.reason}; dismissed: {reason}")


def is_period(text: str) -> bool:
    return text in ("all", "undated") or re.fullmatch(r"\d{4}-\d{2}", text) is not None


def _order(each: SetAside) -> tuple[int, str, str]:
    return -VERDICTS.index(each.verdict), each.resource, each.name.zfill(20)


def _describe_fixes(loaded: Loaded) -> str:
    fixed = {"new": loaded.inserted, "changed": loaded.updated, "deleted": loaded.deleted}
    fixes = ", ".join(f"{count} {name}" for name, count in fixed.items() if count)
    return f" after everything was read again ({fixes})" if fixes else ""
