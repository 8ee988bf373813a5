"""Metabase's answers to requests that it refuses."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

NOT_FOUND = "Not found."
NO_RIGHTS = "You don't have permissions to do that."
NO_SUCH_ENDPOINT = "API endpoint does not exist."
ARCHIVED = {"message": "The object has been archived.", "error_code": "archived"}


class Refused(Exception):
    """A request that is answered with an error, a text or a JSON object."""

    def __init__(self, status: int, body: str | Row) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
