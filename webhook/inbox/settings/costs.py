"""Costs: what answering customers cost before the bot and costs now, from a month on."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, g
from wtforms import Form
from wtforms.validators import Optional

from dashboards.reader import NotBuilt, Row
from warehouse.connection import read_sql
from webhook.accounts.access import requires
from webhook.dashboards.rendering import reader
from webhook.i18n import gettext as _
from webhook.i18n import lazy_gettext as _l
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import REQUIRED, Number, Text, edit, in_range
from webhook.inbox.settings.pages import SQL, ShopTransaction, go_to, page, shop_transaction, today

_MOST = 1e15
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*")
_PLAIN = re.compile(r"\d{1,15}([.,]\d{1,2})?")


class Amount(Text):
    """An amount of money; None if the field is empty. Dots and commas before three digits group thousands, as in
    50.000 or 1,500,000."""

    def parse(self, text: str) -> Decimal | None:
        if _GROUPED.fullmatch(text):
            return Decimal(re.sub("[.,]", "", text))
        if text and not _PLAIN.fullmatch(text):
            raise ValueError(_("Enter an amount, such as 1500000."))
        return Decimal(text.replace(",", ".")) if text else None

    def format(self, value: Decimal) -> str:
        return f"{value.normalize():f}"


class Month(Text):
    """A month of this century, as its first day."""

    def parse(self, text: str) -> date:
        if (month := _month(text)) is None:
            raise ValueError(_("Enter a month, such as 2026-12."))
        return month

    def format(self, value: date) -> str:
        return f"{value:%Y-%m}"


class CostsForm(Form):
    """An empty amount is derived from the work of the bot and of agents, which needs the others."""

    valid_from = Month(REQUIRED)
    cost_before = Amount(Optional(), in_range(0, _MOST))
    cost_now = Amount(Optional(), in_range(0, _MOST))
    minutes_per_conversation = Number(Optional(), in_range(0.1, 1440))
    agent_cost_per_hour = Amount(Optional(), in_range(0, _MOST))
    bot_cost_per_month = Amount(Optional(), in_range(0, _MOST))
    investment = Amount(Optional(), in_range(0, _MOST))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether each field is valid, and both costs are stated or can be derived."""
        is_valid = bool(super().validate(extra_validators))
        needed = {
            "minutes_per_conversation": (self.cost_before, self.cost_now),
            "agent_cost_per_hour": (self.cost_before, self.cost_now),
            "bot_cost_per_month": (self.cost_now,),
        }
        for name, stated in needed.items():
            field = self[name]
            if not field.errors and field.data is None and any(cost.data is None for cost in stated):
                field.errors = [_l("Enter a number, or the costs above.")]
                is_valid = False
        return is_valid


@blueprint.route("/settings/costs", methods=["GET", "POST"])
@requires("admin")
def settings_costs() -> Response:
    return edit("costs", CostsForm, _write, read=_read, show=_page)


@blueprint.post("/settings/costs/<month>/remove")
@requires("admin")
def remove_costs(month: str) -> Response:
    if (known := _month(month)) is not None:
        with shop_transaction() as shop:
            shop.execute("costs_remove", valid_from=known)
    return go_to("settings_costs", saved=1)


def _read(shop: ShopTransaction) -> dict[str, Any]:
    """The newest costs, from which a change starts; of this month if there are none."""
    if rows := shop.rows("costs"):
        return dict(rows[0]._asdict())
    return {"valid_from": today().replace(day=1)}


def _write(shop: ShopTransaction, wanted: dict[str, Any]) -> None:
    shop.execute("costs_save", **wanted)


def _page(status: int = 200, **values: Any) -> Response:
    with shop_transaction() as shop:
        kept = shop.rows("costs")
        currency = shop.row("costs_currency")["currency"]
    return page("costs", status, kept=kept, currency=currency, figures=_figures(g.store_id), **values)


def _figures(store_id: str) -> Row | None:
    """What follows from the costs for the newest month that has any; None before the first such month."""
    try:
        with reader().session() as session:
            rows = session.rows(read_sql(SQL / "costs_figures.sql"), {"store_id": store_id})
    except NotBuilt:
        return None
    return rows[0] if rows else None


def _month(text: str) -> date | None:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None
