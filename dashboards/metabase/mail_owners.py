"""Who may have created an alert or a subscription."""

from __future__ import annotations

from functools import cached_property

from dashboards.metabase.client import Metabase, Row


class Owners:
    """The users that provisioning works as: the one it is signed in as, and the administrator of the settings, as whom
    the first run of earlier versions made everything."""

    def __init__(self, metabase: Metabase, administrator: str | None) -> None:
        self._metabase = metabase
        self._administrator = (administrator or "").lower()

    def may_have_made(self, row: Row) -> bool:
        """Whether one of them made what the row describes."""
        return row["creator_id"] in self._numbers

    @cached_property
    def _numbers(self) -> set[int]:
        listed = self._metabase.listed("/api/user")
        named = [user for user in listed if str(user["email"]).lower() == self._administrator]
        return {int(user["id"]) for user in (self._metabase.get("/api/user/current"), *named)}
