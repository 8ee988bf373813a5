"""Holidays: days on which the shop is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response
from wtforms import Form, ValidationError
from wtforms.validators import Optional

from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import Day, date_in, edit
from webhook.inbox.settings.pages import ShopTransaction, go_to, page, shop_transaction
from webhook.services import services

MOST_DAYS = 60


class HolidaysForm(Form):
    """The days from the first to the last, which is the first if left empty."""

    first = Day()
    last = Day(Optional())

    def validate_last(self, last: Any) -> None:
        first = self.first.data
        if first and last.data and not first <= last.data < first + timedelta(days=MOST_DAYS):
            raise ValidationError(_("Must be on or after the first day, and at most {most} days.", most=MOST_DAYS))


@blueprint.route("/settings/holidays", methods=["GET", "POST"])
@requires("admin")
def settings_holidays() -> Response:
    return edit("holidays", HolidaysForm, _add, show=_page)


@blueprint.post("/settings/holidays/<day>/remove")
@requires("admin")
def remove_holiday(day: str) -> Response:
    if (known := date_in(day)) is not None:
        with shop_transaction() as shop:
            shop.execute("holidays_remove", day=known)
    return go_to("settings_holidays", saved=1)


def _page(status: int = 200, **values: Any) -> Response:
    with shop_transaction() as shop:
        rows = shop.rows("holidays", timezone=services().settings.default_timezone)
    coming = [row.day for row in rows if not row.is_over]
    over = [row.day for row in reversed(rows) if row.is_over]
    return page("holidays", status, coming=coming, over=over, **values)


def _add(shop: ShopTransaction, data: dict[str, Any]) -> None:
    shop.execute("holidays_add", first=data["first"], last=data["last"] or data["first"])
