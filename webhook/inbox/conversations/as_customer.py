"""Test conversations: an admin writes as a customer, and the bot answers as ever, but nothing is sent to anybody."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg2.extensions
from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint, database, pages
from webhook.inbox.conversations import actions, filters, naming
from webhook.inbox.errors import Refusal
from webhook.services import services

LONGEST_MESSAGE = 4096  # as on WhatsApp


@blueprint.get("/tests")
@requires("admin")
def show_test_form() -> Response:
    """The form with which a test conversation begins."""
    with database.transaction() as connection:
        stores = database.rows(connection, "stores.sql")
    default = services().settings.default_store
    return pages.page("inbox/tests.html", stores=stores, default_store=default, form_token=str(uuid.uuid4()))


@blueprint.post("/tests")
@requires("admin")
def begin_test() -> Response:
    """Begin a test conversation with a customer's first message. The same form sent twice begins one."""
    text = _text()
    # The same form leads to the same customer.
    customer = {"store_id": request.form.get("store", ""), "customer_key": f"test-{actions.form_token()}"}
    with database.transaction() as connection:
        known = {row.store_id for row in database.rows(connection, "stores.sql")}
        if customer["store_id"] not in known | {services().settings.default_store}:
            raise Refusal(400, "no_such_shop", N_("This shop doesn't exist."))
        if actions.is_first_time(connection):
            _write(connection, text, **customer)
        begun = database.row(connection, "test_conversation.sql", customer)
    address = url_for("inbox.show_conversation", conversation_id=begun.conversation_id, state=filters.TESTS)
    return redirect(address, 303)


@blueprint.post("/conversations/<int:conversation_id>/write-as-customer")
@requires("admin")
def write_as_customer(conversation_id: int) -> Response:
    """The customer's next message in a test conversation."""
    with actions.locked(conversation_id) as (connection, conversation):
        if not naming.is_test(conversation):
            abort(404)
        if actions.is_first_time(connection):
            _write(connection, _text(), conversation.store_id, conversation.customer_key)
    return actions.done(conversation_id)


def _text() -> str:
    text = request.form.get("text", "").replace("\r\n", "\n").replace("\x00", "").strip()
    if not text or len(text) > LONGEST_MESSAGE:
        sentence = N_("A message must have 1 to {longest} characters.")
        raise Refusal(400, "message_length", sentence, longest=LONGEST_MESSAGE)
    return text


def _write(connection: psycopg2.extensions.connection, text: str, store_id: str, customer_key: str) -> None:
    """Land a customer's message, which makes the conversation and queues the bot's answer."""
    values: dict[str, Any] = {"store_id": store_id, "customer_key": customer_key, "text": text}
    database.rows(connection, "add_test_message.sql", values | {"user_id": current_user.user_id})
