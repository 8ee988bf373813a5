"""Tags of a conversation: free texts, chosen from those in use."""

from __future__ import annotations

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint, database
from webhook.inbox.conversations import actions
from webhook.inbox.errors import Refusal

LONGEST = 40


@blueprint.post("/conversations/<int:conversation_id>/tag")
@requires("agent")
def add_tag(conversation_id: int) -> Response:
    """Add a tag. One that differs from a tag in use only by capitals is that one."""
    tag = " ".join(request.form.get("tag", "").replace("\x00", "").split())
    if not tag or len(tag) > LONGEST:
        raise Refusal(400, "tag_length", N_("A tag must have 1 to {longest} characters."), longest=LONGEST)
    with actions.locked(conversation_id) as (connection, _):
        in_use = {row.tag.lower(): row.tag for row in database.rows(connection, "tags.sql")}
        values = {"tag": in_use.get(tag.lower(), tag), "user_id": current_user.user_id}
        database.rows(connection, "add_tag.sql", {"conversation_id": conversation_id, **values})
    return actions.done(conversation_id)


@blueprint.post("/conversations/<int:conversation_id>/untag")
@requires("agent")
def remove_tag(conversation_id: int) -> Response:
    """Remove a tag."""
    with actions.locked(conversation_id) as (connection, _):
        values = {"conversation_id": conversation_id, "tag": request.form.get("tag", "").replace("\x00", "")}
        database.rows(connection, "remove_tag.sql", values)
    return actions.done(conversation_id)
