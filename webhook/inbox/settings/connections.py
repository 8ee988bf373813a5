"""What Kabar is connected to: the state of each part, and tests of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Response, abort, request

from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.connections import checks, first_steps, parts
from webhook.inbox.connections.parts import Facts
from webhook.inbox.settings.pages import go_to, page, shop_transaction
from webhook.services import services


@blueprint.route("/settings/connections", methods=["GET", "POST"])
@requires("admin")
def settings_connections() -> Response:
    """The page; POST tests the part in the field `test` first and shows the result on it."""
    known = _read()
    if request.method != "POST":
        return _page(known)
    name = request.form.get("test", "")
    if name not in {part.name for part in parts.parts(known) if part.can_test}:
        abort(400)
    # No transaction is open while another service is waited for.
    tested = checks.run(name, known)
    return _page(_read(), {name: tested})


@blueprint.post("/settings/connections/hide-first-steps")
@requires("admin")
def hide_first_steps() -> Response:
    """Show the shop's first steps to no admin any more."""
    with shop_transaction() as shop:
        first_steps.hide(shop.cursor.connection, shop.store_id)
    return go_to("settings_connections", saved=1)


def _read() -> Facts:
    with shop_transaction() as shop:
        return parts.facts(shop.cursor.connection, shop.store_id, services().settings)


def _page(known: Facts, tested: Mapping[str, checks.Result] = MappingProxyType({})) -> Response:
    with shop_transaction() as shop:
        steps = first_steps.read(shop.cursor.connection, shop.store_id)
    return page("connections", parts=parts.parts(known), tested=tested, steps=steps)
