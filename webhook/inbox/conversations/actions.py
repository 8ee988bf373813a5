"""Actions of agents in a conversation. Each one locks it first, so that concurrent actions see each other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.extensions
from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import queue
from bot.conversation import consent, lock
from bot.conversation.reasons import Undelivered
from bot.delivery import replies
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint, database
from webhook.inbox.conversations import filters, finding, naming, thread
from webhook.inbox.errors import Refusal

LONGEST_REPLY = 6000


@blueprint.post("/conversations/<int:conversation_id>/take-over")
@requires("agent")
def take_over(conversation_id: int) -> Response:
    """Assign the conversation to the user; from another agent only if the form says so."""
    with locked(conversation_id) as (connection, conversation):
        take(connection, conversation, is_from_other="from_other" in request.form)
    return done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/give-back")
@requires("agent")
def give_back(conversation_id: int) -> Response:
    """Return the conversation to the bot, which also answers what the customer asked meanwhile."""
    with locked(conversation_id) as (connection, conversation):
        if conversation.state != "bot":
            _set_state(connection, conversation_id, "bot", None, "given_back")
            if conversation.can_reply:
                with connection.cursor() as cursor:
                    queue.enqueue_conversation(cursor, "answer", conversation_id)
    return done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/close")
@requires("agent")
def close(conversation_id: int) -> Response:
    """Close the conversation. If the customer writes again, the bot answers."""
    with locked(conversation_id) as (connection, conversation):
        if conversation.state != "closed":
            _set_state(connection, conversation_id, "closed", None, "closed")
    return done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/opt-out")
@requires("agent")
def opt_out(conversation_id: int) -> Response:
    """Record that the customer wants no unsolicited messages."""
    return _note_wish(conversation_id, is_out=True)


@blueprint.post("/conversations/<int:conversation_id>/opt-in")
@requires("agent")
def opt_in(conversation_id: int) -> Response:
    """Record that the customer wants them again."""
    return _note_wish(conversation_id, is_out=False)


@blueprint.post("/conversations/<int:conversation_id>/assign")
@requires("agent")
def assign(conversation_id: int) -> Response:
    """Assign the conversation to another agent."""
    with locked(conversation_id) as (connection, conversation):
        agents = {str(agent.user_id): agent for agent in database.rows(connection, "agents.sql")}
        if (colleague := agents.get(request.form.get("to", ""))) is None:
            raise Refusal(400, "no_such_agent", N_("This agent doesn't exist."))
        if conversation.state != "agent" or conversation.assigned_to != colleague.user_id:
            _set_state(connection, conversation_id, "agent", colleague.user_id, "assigned", colleague.name)
    return done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/reply")
@requires("agent")
def reply(conversation_id: int) -> Response:
    """Reply to the customer, which also takes the conversation over. The same form sent twice sends one reply."""
    with locked(conversation_id) as (connection, conversation):
        if is_first_time(connection):
            read = _template if "template" in request.form else _text
            fields = read(connection, conversation)
            take(connection, conversation)
            database.rows(connection, "snooze.sql", {"conversation_id": conversation_id, "until": None})
            with connection.cursor() as cursor:
                replies.write(cursor, conversation_id, fields, author="agent", user_id=current_user.user_id)
                replies.queue_sending(cursor, conversation_id)
    return done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/send-again/<uuid:reply_id>")
@requires("agent")
def send_again(conversation_id: int, reply_id: uuid.UUID) -> Response:
    """Retry a reply that could not be sent, or that failed after it was accepted."""
    user_id = current_user.user_id
    values = {"conversation_id": conversation_id, "reply_id": str(reply_id), "user_id": user_id}
    with locked(conversation_id) as (connection, _), connection.cursor() as cursor:
        is_failed = database.row(connection, "failed_reply.sql", values) is not None
        if is_failed:
            replies.repeat(cursor, str(reply_id), user_id=user_id)
        if is_failed or database.row(connection, "send_again.sql", values):
            replies.queue_sending(cursor, conversation_id)
    return done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/cancel/<uuid:reply_id>")
@requires("agent")
def cancel(conversation_id: int, reply_id: uuid.UUID) -> Response:
    """Cancel an agent's reply that is still queued. Whoever sends replies holds the conversation, so none of them is
    about to send this one."""
    values = {"conversation_id": conversation_id, "reply_id": str(reply_id), "reason": Undelivered.CANCELLED}
    with database.transaction() as connection, connection.cursor() as cursor:
        if not lock.hold(cursor, conversation_id):
            raise Refusal(409, "busy", N_("Kabar is working on this conversation. Try again in a few seconds."))
        if database.row(connection, "cancel_reply.sql", values) is None:
            raise Refusal(409, "not_queued", N_("This reply is no longer queued. It was sent or is being sent."))
        cursor.execute("select pg_notify('inbox', %(id)s)", {"id": str(conversation_id)})
    return done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/label")
@requires("agent")
def label(conversation_id: int) -> Response:
    """Correct the issue or urgency of a customer's message. The model's label is kept as well."""
    issue, urgency = request.form.get("issue"), request.form.get("urgency")
    if issue not in (None, *filters.ISSUES) or urgency not in (None, *filters.URGENCIES):
        raise Refusal(400, "bad_label", N_("This label doesn't exist."))
    with locked(conversation_id) as (connection, conversation):
        if naming.is_test(conversation):
            abort(404)  # labels train the classifier
        about = {"message_id": request.form.get("message", "").replace("\x00", ""), **conversation._asdict()}
        labelled = database.row(connection, "labelled_message.sql", about)
        if labelled is None:
            abort(404)
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
    return done(conversation_id)


@contextmanager
def locked(conversation_id: int) -> Iterator[tuple[psycopg2.extensions.connection, Any]]:
    """The conversation, locked until the transaction ends; open pages are notified then. Raises NotFound."""
    with database.transaction() as connection:
        values = {"conversation_id": conversation_id}
        found = database.row(connection, "lock.sql", values) if conversation_id < 2**63 else None
        if found is None:
            abort(404)
        yield connection, found
        with connection.cursor() as cursor:
            cursor.execute("select pg_notify('inbox', %(id)s)", {"id": str(conversation_id)})


def is_first_time(connection: psycopg2.extensions.connection) -> bool:
    """Whether this form is sent for the first time. Raises BadRequest without a token."""
    token = form_token()
    database.rows(connection, "forget_form_tokens.sql")
    return database.row(connection, "use_form_token.sql", {"token": token}) is not None


def form_token() -> str:
    """The token of the form, which is another one each time it is drawn. Raises BadRequest without one."""
    try:
        return str(uuid.UUID(request.form.get("token", "")))
    except ValueError:
        abort(400)


def _text(connection: psycopg2.extensions.connection, conversation: Any) -> dict[str, Any]:
    """The typed text, or the canned reply if only its shortcut was typed. Raises Refusal."""
    text = request.form.get("text", "").replace("\r\n", "\n").replace("\x00", "").strip()
    if not text or len(text) > LONGEST_REPLY:
        raise Refusal(400, "reply_length", N_("A reply must have 1 to {longest} characters."), longest=LONGEST_REPLY)
    if why := finding.why_not(conversation):
        raise Refusal(409, why, finding.WHY_NOT[why])
    if text.startswith("/") and len(text.split()) == 1:
        text = _canned(connection, conversation, text)
    return {"kind": "agent", "body": text}


def _canned(connection: psycopg2.extensions.connection, conversation: Any, shortcut: str) -> str:
    """The canned reply of a shortcut. A single word after a slash is always read as one, and never sent. Raises
    Refusal."""
    for canned in database.rows(connection, "canned_replies.sql", {"store_id": conversation.store_id}):
        if shortcut.lower() == f"/{canned.shortcut.lstrip('/')}".lower():
            return str(canned.text_en if conversation.language == "en" else canned.text_id)
    sentence = N_("There is no canned reply {shortcut}. Nothing was sent.")
    raise Refusal(400, "no_such_canned_reply", sentence, shortcut=shortcut)


def _template(connection: psycopg2.extensions.connection, conversation: Any) -> dict[str, Any]:
    """An approved template with its variables filled in. Raises Refusal."""
    templates = database.rows(connection, "templates.sql", {"store_id": conversation.store_id})
    chosen = {template.content_sid: template for template in templates}.get(request.form["template"])
    if chosen is None:
        raise Refusal(400, "no_such_template", N_("This template doesn't exist."))
    if conversation.is_moved:
        raise Refusal(409, "moved", finding.WHY_NOT["moved"])
    if not conversation.can_reply:
        raise Refusal(409, "no_address", N_("Kabar cannot send replies on this channel."))
    if conversation.opted_out_at:
        raise Refusal(409, "opted_out", N_("The customer opted out (STOP). You can only answer what they ask."))
    filled = {name: request.form.get(f"variable-{name}", "").replace("\x00", "").strip() for name in chosen.variables}
    if not all(filled.values()):
        raise Refusal(400, "template_variables", N_("Fill in all fields of the template."))
    return {"kind": "template", "content_sid": chosen.content_sid, "content_variables": filled}


def _note_wish(conversation_id: int, is_out: bool) -> Response:
    with locked(conversation_id) as (connection, conversation), connection.cursor() as cursor:
        if (conversation.opted_out_at is not None) != is_out:
            consent.note(cursor, conversation_id, is_out)
            event = {"type": "opted_out" if is_out else "opted_in", "reason": None}
            about = {"conversation_id": conversation_id, "user_id": current_user.user_id}
            database.rows(connection, "add_event.sql", about | event)
    return done(conversation_id)


def take(connection: psycopg2.extensions.connection, conversation: Any, is_from_other: bool = False) -> None:
    """Assign the conversation to the user. Raises Refusal 409 if another agent has it, unless `is_from_other`."""
    if conversation.state == "agent":
        if conversation.assigned_to == current_user.user_id:
            return
        if not is_from_other:
            sentence = N_("{name} is handling this conversation. Take it over first.")
            raise Refusal(409, "has_it", sentence, name=conversation.agent_name)
    _set_state(connection, conversation.conversation_id, "agent", current_user.user_id, "taken_over")


def _set_state(
    connection: psycopg2.extensions.connection,
    conversation_id: int,
    state: str,
    assigned_to: int | None,
    event: str,
    reason: str | None = None,
) -> None:
    about = {"conversation_id": conversation_id, "user_id": current_user.user_id}
    database.rows(connection, "set_state.sql", about | {"state": state, "assigned_to": assigned_to})
    database.rows(connection, "add_event.sql", about | {"type": event, "reason": reason})


def done(conversation_id: int) -> Response:
    """The updated thread for the page's script, else a redirect to the page."""
    if request.headers.get("X-Fragment"):
        return thread.fragment(conversation_id)
    return redirect(url_for("inbox.show_conversation", conversation_id=conversation_id), 303)
