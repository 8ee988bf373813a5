"""Notes of colleagues about a conversation. They are never sent, and nothing but the inbox reads them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint, database
from webhook.inbox.conversations import actions
from webhook.inbox.errors import Refusal

LONGEST = 4000


@blueprint.post("/conversations/<int:conversation_id>/note")
@requires("agent")
def add_note(conversation_id: int) -> Response:
    """Write a note. The same form sent twice writes one. Who is mentioned sees it in their list."""
    text = request.form.get("text", "").replace("\r\n", "\n").replace("\x00", "").strip()
    if not text or len(text) > LONGEST:
        raise Refusal(400, "note_length", N_("A note must have 1 to {longest} characters."), longest=LONGEST)
    with actions.locked(conversation_id) as (connection, _):
        if actions.is_first_time(connection):
            values = {"conversation_id": conversation_id, "user_id": current_user.user_id, "text": text}
            note = database.row(connection, "add_note.sql", values)
            people = mentioned(text, database.rows(connection, "colleagues.sql"))
            database.rows(connection, "add_mentions.sql", {"note_id": note.note_id, "user_ids": people})
    return actions.done(conversation_id)


def mentioned(text: str, people: Iterable[Any]) -> list[int]:
    """The ids of those whose name stands after an @: the whole name, or the first one if only one person has it."""
    people = list(people)
    first_names = Counter(_first(person.name) for person in people)
    ids: dict[str, set[int]] = defaultdict(set)
    for person in people:
        ids[person.name.lower()].add(person.user_id)
        if first_names[_first(person.name)] == 1:
            ids[_first(person.name)].add(person.user_id)
    longest_first = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    named = re.findall(rf"(?<!\w)@({longest_first})(?!\w)", text, re.IGNORECASE) if ids else []
    return sorted({user_id for name in named for user_id in ids[name.lower()]})


def _first(name: str) -> str:
    return name.split()[0].lower() if name.split() else name
