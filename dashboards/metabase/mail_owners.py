"""Who may have created an alert or a subscription, and which is ours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from dashboards.metabase.client import Metabase, Row
from dashboards.metabase.objects import Changes, mail_of, remember_mail


class Owners:
    """The users that provisioning works as: the one it is signed in as, and the administrator of the settings, as whom
    the first run of earlier versions made everything."""

    def __init__(self, metabase: Metabase, administrator: str | None) -> None:
        self._metabase = metabase
        self._administrator = (administrator or "").lower()

    def may_have_made(self, row: Row) -> bool:
        """Whether one of them made what the row describes."""
        return row["creator_id"] in self._numbers

    def ours(
        self, changes: Changes, kind: str, sent: Row, rows: Sequence[Row], alike: Sequence[Row], message: str
    ) -> Row | None:
        """Our alert or subscription among `rows`: the one whose number is noted in what it sends. If none is noted, an
        interrupted run may have made one of those `alike`; its number is then noted, with `message`."""
        noted = next((row for row in rows if row["id"] == mail_of(sent)), None)
        if noted:
            return noted
        found = next((row for row in alike if self.may_have_made(row)), None)
        if found:
            remember_mail(changes, kind, sent, found["id"], message)
        return found

    @cached_property
    def _numbers(self) -> set[int]:
        listed = self._metabase.listed("/api/user")
        named = [user for user in listed if str(user["email"]).lower() == self._administrator]
        return {int(user["id"]) for user in (self._metabase.get("/api/user/current"), *named)}
