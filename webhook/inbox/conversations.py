"""The list of conversations."""

from __future__ import annotations

from flask import Response

from webhook.inbox import blueprint, pages
from webhook.inbox.access import requires


@blueprint.get("")
@requires("viewer")
def list_conversations() -> Response:
    return pages.page("inbox/list.html")
