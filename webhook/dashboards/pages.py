"""The pages of the built-in dashboards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response, abort, g, request

from dashboards import charts, filters, heading, periods, report
from dashboards.periods import Period
from warehouse import formats
from warehouse.i18n import translate
from webhook.dashboards import blueprint
from webhook.dashboards.rendering import address, known, page, reader
from webhook.services import services

FIRST = "overview"
QUICK_DAYS = (7, 30, 90)


@blueprint.get("/dashboards", defaults={"name": FIRST})
@blueprint.get("/dashboards/<name>")
def show(name: str) -> Response:
    """A dashboard, filtered by the address."""
    dashboard = known(name) or abort(404)
    with reader().session() as session:
        extents = session.extents()
        chosen = filters.parse(request.args, extents, services().settings.default_store)
        # Read before the figures: if a build ends meanwhile, the page reloads once more.
        built_at = heading.last_build(session)
        shown = report.build(session, dashboard, chosen, extents[chosen.store], g.language)
        above: dict[str, Any] = {
            "now": heading.now(session, chosen.store),
            "insight": heading.insight(session, chosen.store, name, g.language),
            "overdue": heading.overdue(session, chosen.store),
        }
    return page(
        "dashboards/dashboard.html",
        report=shown,
        extents=extents,
        built_at=built_at,
        store=chosen.store,
        **above,
        **_surroundings(shown),
    )


@blueprint.get("/dashboards/now")
def show_now() -> Response:
    """The live figures, for the script of an open page."""
    store = request.args.get("store", "").replace("\0", "")
    with reader().session() as session:
        now = heading.now(session, store) or abort(404)
        built_at = heading.last_build(session)
    return page("dashboards/now.html", now=now, store=store, built_at=built_at)


def _surroundings(shown: report.Report) -> dict[str, Any]:
    """Values of the page around the figures."""
    language, chosen, extent = shown.language, shown.filters, shown.extent
    numbers, dates = charts.locales(language)
    return {
        "filter_titles": {filter_.name: filter_.title.to(language) for filter_ in shown.dashboard.filters},
        "quick": _quick(shown),
        "comparisons": [(key, title.to(language)) for key, title in filters.COMPARISONS.items()],
        "moment": formats.moment(extent.data_as_of, extent.timezone, language),
        "period": formats.day_range(chosen.first, chosen.last, language),
        "compared": _compared(shown),
        "vega_options": {
            "light": charts.theme(dark=False),
            "dark": charts.theme(dark=True),
            "formatLocale": numbers,
            "timeFormatLocale": dates,
        },
    }


def _quick(shown: report.Report) -> list[tuple[str, str, bool]]:
    """The offered periods: title, address, and whether it is the chosen one. Months are compared with months."""
    language, chosen, extent = shown.language, shown.filters, shown.extent
    compare = None if chosen.compare == filters.LAST_MONTH else chosen.compare
    offered: list[tuple[str, Period, str | None]] = [
        (translate(language, "{days} days", days=days), _last_days(extent.last_day, days), compare)
        for days in QUICK_DAYS
    ]
    offered += [
        (translate(language, "This month"), periods.this_month(extent.today), filters.LAST_MONTH),
        (translate(language, "Last month"), periods.last_month(extent.today), filters.LAST_MONTH),
    ]
    return [(title, _address_of(period, kind), period == chosen.period) for title, period, kind in offered]


def _address_of(period: Period, compare: str | None) -> str:
    changes: dict[str, Any] = {"from": period[0], "to": period[1], "compare": compare}
    return address(**changes)


def _last_days(last: date, days: int) -> Period:
    return last - timedelta(days - 1), last


def _compared(shown: report.Report) -> str:
    """What the numbers are compared with."""
    language, compared = shown.language, shown.compared
    if compared is None:
        return translate(language, "not compared, since no day of the period is over")
    if not shown.is_comparable:
        return translate(language, "no earlier period to compare with")
    before = formats.day_range(compared.before.first, compared.before.last, language)
    if compared == shown.filters:
        return translate(language, "vs {range}", range=before)
    whole = formats.day_range(compared.first, compared.last, language)
    return translate(language, "changes: {whole} vs {range}", whole=whole, range=before)
