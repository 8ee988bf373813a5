"""What Kabar is connected to: the state of each part, and tests of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Response, abort, request

from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.connections import checks, parts
from webhook.inbox.connections.parts import Part
from webhook.inbox.settings.pages import page, shop_transaction
from webhook.services import services


@blueprint.route("/settings/connections", methods=["GET", "POST"])
@requires("admin")
def settings_connections() -> Response:
    """The page; POST tests the part in the field `test` first and shows the result on it."""
    row, shown, store_id = _read()
    if request.method != "POST":
        return _page(shown)
    name = request.form.get("test", "")
    if name not in {part.name for part in shown if part.can_test}:
        abort(400)
    # No transaction is open while another service is waited for.
    tested = checks.run(name, row, services().settings, store_id)
    return _page(_read()[1], {name: tested})


def _read() -> tuple[Any, list[Part], str]:
    with shop_transaction() as shop:
        row = parts.facts(shop.cursor.connection, shop.store_id)
    return row, parts.parts(row, services().settings, shop.store_id), shop.store_id


def _page(shown: list[Part], tested: Mapping[str, checks.Result] = MappingProxyType({})) -> Response:
    return page("connections", parts=shown, tested=tested)
