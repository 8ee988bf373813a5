"""Pictures, voice notes and files from customers."""

from __future__ import annotations

from flask import abort, make_response, request
from werkzeug.wrappers import Response

from webhook.accounts.access import requires
from webhook.inbox import blueprint, database

# Types that browsers show without running scripts; all others are downloaded.
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
SOUNDS = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/wav", "audio/webm")
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@blueprint.get("/media/<message_id>/<int:position>")
@requires("viewer")
def show_media(message_id: str, position: int) -> Response:
    """A file of a message."""
    with database.transaction() as connection:
        values = {"message_id": message_id, "position": min(position, 32_767)}
        kept = database.row(connection, "media_content.sql", values)
    if kept is None:
        abort(404)
    shown = base_type(kept.media_type)
    is_shown = shown in PICTURES or shown in SOUNDS
    response = make_response(bytes(kept.content))
    response.mimetype = shown if is_shown else "application/octet-stream"
    response.headers["Content-Security-Policy"] = _POLICY
    disposition = "inline" if is_shown else f'attachment; filename="{message_id}-{position}"'
    response.headers["Content-Disposition"] = disposition if message_id.isalnum() else "attachment"
    # Safari only plays sound from servers that support range requests.
    return response.make_conditional(request, accept_ranges=True, complete_length=len(kept.content))


def base_type(media_type: str) -> str:
    """The type without parameters; WhatsApp's voice notes are `audio/ogg; codecs=opus`."""
    return media_type.partition(";")[0].strip().lower()
