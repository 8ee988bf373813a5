"""What people do in a conversation. Each action locks it first, so that of two at once the second sees the first's."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.extensions
from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import queue
from bot.delivery import replies
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint, database
from webhook.inbox.conversations import finding, listing, thread
from webhook.inbox.errors import Refusal

LONGEST_REPLY = 6000


@blueprint.post("/conversations/<int:conversation_id>/take-over")
@requires("agent")
def take_over(conversation_id: int) -> Response:
    """Have the conversation oneself; from somebody else it is taken only when the form says so."""
    with _locked(conversation_id) as (connection, conversation):
        if not _is_mine(conversation):
            if conversation.state == "agent" and "from_other" not in request.form:
                raise Refusal(
                    409,
                    "has_it",
                    N_("{name} is handling this conversation. Take it over first."),
                    name=conversation.agent_name,
                )
            _take(connection, conversation_id)
    return _done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/give-back")
@requires("agent")
def give_back(conversation_id: int) -> Response:
    """Let the bot answer again: also what the customer asked meanwhile and nobody replied to."""
    with _locked(conversation_id) as (connection, conversation):
        if conversation.state != "bot":
            _set_state(connection, conversation_id, "bot", None, "given_back")
            if conversation.can_reply:
                with connection.cursor() as cursor:
                    queue.enqueue_conversation(cursor, "answer", conversation_id)
    return _done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/close")
@requires("agent")
def close(conversation_id: int) -> Response:
    """The matter is settled; when the customer writes again, the bot has the conversation."""
    with _locked(conversation_id) as (connection, conversation):
        if conversation.state != "closed":
            _set_state(connection, conversation_id, "closed", None, "closed")
    return _done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/assign")
@requires("agent")
def assign(conversation_id: int) -> Response:
    """Hand the conversation to a colleague."""
    with _locked(conversation_id) as (connection, conversation):
        colleague = next(
            (
                agent
                for agent in database.rows(connection, "agents.sql")
                if str(agent.user_id) == request.form.get("to")
            ),
            None,
        )
        if colleague is None:
            raise Refusal(400, "no_such_agent", N_("This agent doesn't exist."))
        if conversation.state != "agent" or conversation.assigned_to != colleague.user_id:
            _set_state(connection, conversation_id, "agent", colleague.user_id, "assigned", colleague.name)
    return _done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/reply")
@requires("agent")
def reply(conversation_id: int) -> Response:
    """Write to the customer. Whoever writes has the conversation; the same form sent twice sends once."""
    with _locked(conversation_id) as (connection, conversation):
        if _is_first_time(connection):
            fields = (
                _template(connection, conversation) if "template" in request.form else _text(connection, conversation)
            )
            if not _is_mine(conversation):
                if conversation.state == "agent":
                    raise Refusal(
                        409,
                        "has_it",
                        N_("{name} is handling this conversation. Take it over first."),
                        name=conversation.agent_name,
                    )
                _take(connection, conversation_id)
            with connection.cursor() as cursor:
                replies.write(cursor, conversation_id, fields, author="agent", user_id=current_user.user_id)
                replies.queue_sending(cursor, conversation_id)
    return _done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/send-again/<uuid:reply_id>")
@requires("agent")
def send_again(conversation_id: int, reply_id: uuid.UUID) -> Response:
    """Try a reply once more that could not be sent."""
    values = {"conversation_id": conversation_id, "reply_id": str(reply_id)}
    with _locked(conversation_id) as (connection, _):
        if database.row(connection, "send_again.sql", values):
            with connection.cursor() as cursor:
                replies.queue_sending(cursor, conversation_id)
    return _done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/label")
@requires("agent")
def label(conversation_id: int) -> Response:
    """Say what a customer's message is about, or how urgent it is; the model's label stays beside it."""
    issue, urgency = request.form.get("issue"), request.form.get("urgency")
    if issue not in (None, *listing.ISSUES) or urgency not in (None, *listing.URGENCIES):
        raise Refusal(400, "bad_label", N_("This label doesn't exist."))
    with _locked(conversation_id) as (connection, conversation):
        about = {"message_id": request.form.get("message", "").replace("\x00", ""), **conversation._asdict()}
        labelled = database.row(connection, "labelled_message.sql", about)
        if labelled is None:
            raise Refusal(404, "error_404", N_("This page doesn't exist or has been removed."))
        values = {
            **about,
            "conversation_id": conversation_id,
            "source": labelled.source,
            "occurred_at": labelled.occurred_at,
            "issue": issue or labelled.issue,
            "urgency": urgency or labelled.urgency,
            "user_id": current_user.user_id,
        }
        database.rows(connection, "add_label.sql", values)
        database.rows(connection, "label_conversation.sql", values)
    return _done(conversation_id)


@contextmanager
def _locked(conversation_id: int) -> Iterator[tuple[psycopg2.extensions.connection, Any]]:
    """The conversation, locked until all is written; then the open pages learn of it. Raises Refusal 404."""
    with database.transaction() as connection:
        values = {"conversation_id": conversation_id}
        found = database.row(connection, "lock.sql", values) if conversation_id < 2**63 else None
        if found is None:
            raise Refusal(404, "error_404", N_("This page doesn't exist or has been removed."))
        yield connection, found
        with connection.cursor() as cursor:
            cursor.execute("select pg_notify('inbox', %(id)s)", {"id": str(conversation_id)})


def _is_first_time(connection: psycopg2.extensions.connection) -> bool:
    """Whether this form was not sent before. Raises Refusal 400 for a form without a token."""
    try:
        token = str(uuid.UUID(request.form.get("token", "")))
    except ValueError:
        raise Refusal(400, "error_400", N_("The page sent invalid data. Reload it and try again.")) from None
    database.rows(connection, "forget_form_tokens.sql")
    return database.row(connection, "use_form_token.sql", {"token": token}) is not None


def _text(connection: psycopg2.extensions.connection, conversation: Any) -> dict[str, Any]:
    """What was typed; a canned reply's shortcut alone stands for its text. Raises Refusal."""
    text = request.form.get("text", "").replace("\r\n", "\n").replace("\x00", "").strip()
    if not text or len(text) > LONGEST_REPLY:
        raise Refusal(400, "reply_length", N_("A reply must have 1 to {longest} characters."), longest=LONGEST_REPLY)
    if why := finding.why_not(conversation):
        raise Refusal(409, why, finding.WHY_NOT[why])
    if text.startswith("/"):
        for canned in database.rows(connection, "canned_replies.sql", {"store_id": conversation.store_id}):
            if text == f"/{canned.shortcut.lstrip('/')}":
                text = canned.text_en if conversation.language == "en" else canned.text_id
    return {"kind": "agent", "body": text}


def _template(connection: psycopg2.extensions.connection, conversation: Any) -> dict[str, Any]:
    """An approved template with its variables filled in. Raises Refusal."""
    chosen = next(
        (
            template
            for template in database.rows(connection, "templates.sql", {"store_id": conversation.store_id})
            if template.content_sid == request.form["template"]
        ),
        None,
    )
    if chosen is None:
        raise Refusal(400, "no_such_template", N_("This template doesn't exist."))
    if not conversation.can_reply:
        raise Refusal(409, "no_address", N_("Kabar cannot send replies on this channel."))
    if conversation.opted_out_at:
        raise Refusal(409, "opted_out", N_("The customer opted out (STOP). You can only answer what they ask."))
    filled = {name: request.form.get(f"variable-{name}", "").replace("\x00", "").strip() for name in chosen.variables}
    if not all(filled.values()):
        raise Refusal(400, "template_variables", N_("Fill in all fields of the template."))
    return {"kind": "template", "content_sid": chosen.content_sid, "content_variables": filled}


def _is_mine(conversation: Any) -> bool:
    return bool(conversation.state == "agent" and conversation.assigned_to == current_user.user_id)


def _take(connection: psycopg2.extensions.connection, conversation_id: int) -> None:
    _set_state(connection, conversation_id, "agent", current_user.user_id, "taken_over")


def _set_state(
    connection: psycopg2.extensions.connection,
    conversation_id: int,
    state: str,
    assigned_to: int | None,
    event: str,
    reason: str | None = None,
) -> None:
    values = {"conversation_id": conversation_id, "state": state, "assigned_to": assigned_to}
    database.rows(connection, "set_state.sql", values)
    event_values = {
        "conversation_id": conversation_id,
        "type": event,
        "user_id": current_user.user_id,
        "reason": reason,
    }
    database.rows(connection, "add_event.sql", event_values)


def _done(conversation_id: int) -> Response:
    """The thread anew for the page's script, else the page."""
    if request.headers.get("X-Fragment"):
        return thread.fragment(conversation_id)
    return redirect(url_for("inbox.show_conversation", conversation_id=conversation_id), 303)
