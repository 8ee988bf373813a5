"""Settings that are things of a kind, such as canned replies: listed, added, edited and deleted one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg2.errors
from flask import Response, abort, request

from webhook.inbox.settings.pages import Desk, Errors, Row, desk, fingerprint, go_to, page, save, wrong


@dataclass(frozen=True)
class Items:
    """Their statements are `<subject>.sql` and `…_add`, `…_save`, `…_remove`; `key` is the column that names
    one, `unique` the field that no two share and the sentence that says so."""

    subject: str
    key: str
    unique: tuple[str, str]

    def read(self, at: Desk, key: Any = None) -> list[Row]:
        """The one of this key, or all."""
        return at.rows(self.subject, **{self.key: key})

    def all(self) -> list[Row]:
        with desk() as at:
            return self.read(at)

    def one(self, key: Any) -> tuple[Row, str]:
        """The thing and the fingerprint of what its form shows. Raises NotFound."""
        with desk() as at:
            rows = self.read(at, key)
        if not rows:
            abort(404)
        return rows[0], fingerprint(rows)

    def form(self, key: Any, given: Mapping[str, Any], status: int = 200, **values: Any) -> Response:
        """The form of one thing; of a new one the key is None."""
        return page(self.subject, status, template=f"{self.subject}_form", given=given, key=key, **values)

    def save(
        self, key: Any, given: Mapping[str, Any], values: Mapping[str, Any], errors: Errors, **around: Any
    ) -> Response:
        """Keep what a form holds, as `values`, or show it again as it was typed, `given`, with what is wrong."""
        seen = request.form.get("seen")
        if errors:
            return self.form(key, given, 422, seen=seen, errors=errors, **around)
        try:
            there = self._keep(key, {**values, self.key: key} if key else dict(values))
        except psycopg2.errors.UniqueViolation:
            return self.form(key, given, 422, seen=seen, errors=wrong(*self.unique), **around)
        if there is not None:
            return self.form(key, given, 409, seen=there, is_changed=True, **around)
        return go_to(f"settings_{self.subject}", saved=1)

    def remove(self, key: Any) -> Response:
        """Delete one; somebody else having done so is as good."""
        with desk() as at:
            at.change(f"{self.subject}_remove", **{self.key: key})
        return go_to(f"settings_{self.subject}", saved=1)

    def _keep(self, key: Any, values: dict[str, Any]) -> str | None:
        if key is None:
            with desk() as at:
                at.change(f"{self.subject}_add", **values)
            return None

        def write(at: Desk) -> None:
            if not at.change(f"{self.subject}_save", **values):
                abort(404)  # deleted meanwhile

        return save(f"{self.subject} {key}", lambda at: self.read(at, key), write)
