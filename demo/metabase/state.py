"""What Metabase stores: rows by kind and id, settings, and permissions."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.metabase.refusals import NO_RIGHTS, NOT_FOUND, Refused, Row

ALL_USERS, ADMINISTRATORS = 1, 2
ROOT = "root"
NEWEST = 63

Graph = dict[int, dict[Any, Any]]
Catalog = Callable[[Row], list[Row]]


@dataclass
class State:
    """`catalog` returns the tables of the database with given details. The permission graphs are by group: of
    collections `read` or `write`, of databases what may be queried.

    The settings that a caller chooses are explained at MetabaseStandIn.
    """

    catalog: Catalog
    is_paid: bool = False
    version: int = NEWEST
    has_legacy_tag_list: bool = True
    declares_editor_keys: bool = True
    delay_seconds: float = 0.0
    environment: Mapping[str, str] = field(default_factory=dict)
    kinds: dict[str, dict[int, Row]] = field(default_factory=dict)
    settings: Row = field(default_factory=dict)
    setup_token: str | None = field(default_factory=lambda: secrets.token_hex(16))
    passwords: dict[int, str] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    collection_graph: Graph = field(default_factory=lambda: {ALL_USERS: {ROOT: "write"}})
    collection_revision: int = 0
    data_graph: Graph = field(default_factory=lambda: {ALL_USERS: {}})
    data_revision: int = 0
    # What the last request to clear the cache named.
    cleared: list[str] = field(default_factory=list)
    _last_id: dict[str, int] = field(default_factory=dict)
    _pending: list[tuple[float, Row, Row]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add("group", name="All Users", magic_group_type="all-internal-users")
        self.add("group", name="Administrators", magic_group_type="admin")
        self.trash = self.add(
            "collection", name="Trash", description=None, location="/", type="trash", archived=False,
            is_personal=False, personal_owner_id=None,
        )["id"]  # fmt: skip

    def add(self, kind: str, **fields: Any) -> Row:
        """Store a new row under a new id."""
        self._last_id[kind] = self._last_id.get(kind, 0) + 1
        now = self.now()
        row = {
            "id": self._last_id[kind],
            "entity_id": secrets.token_urlsafe(16)[:21],
            "created_at": now,
            "updated_at": now,
            **fields,
        }
        self.kinds.setdefault(kind, {})[row["id"]] = row
        return row

    def get(self, kind: str, number: Any) -> Row:
        """The row with this id. Raises Refused with 404."""
        row = self.kinds.get(kind, {}).get(number)
        if row is None:
            raise Refused(404, NOT_FOUND)
        return row

    def all(self, kind: str) -> list[Row]:
        return list(self.kinds.get(kind, {}).values())

    def where(self, kind: str, **fields: Any) -> Iterator[Row]:
        return (row for row in self.all(kind) if all(row.get(name) == value for name, value in fields.items()))

    def later(self, row: Row, **fields: Any) -> None:
        """Give a row these fields as soon as Metabase's background work would have made them."""
        self._pending.append((time.monotonic() + self.delay_seconds, row, fields))
        self.catch_up()

    def catch_up(self) -> None:
        """Apply the background work that is due."""
        now = time.monotonic()
        due = [each for each in self._pending if each[0] <= now]
        self._pending = [each for each in self._pending if each[0] > now]
        for _, row, fields in due:
            row |= fields

    def archive(self, row: Row, is_archived: bool | None) -> None:
        """Put a row into the trash or take it out; None leaves it. What is in the trash shows that as its place."""
        if is_archived is not None:
            row |= {"archived": is_archived, "archived_directly": is_archived}

    def place(self, row: Row) -> int | None:
        """The collection that a card or dashboard shows."""
        place: int | None = self.trash if row.get("archived_directly") else row["collection_id"]
        return place

    def remove(self, kind: str, number: int) -> None:
        self.kinds[kind].pop(number, None)

    def change(self, row: Row, body: Row, names: tuple[str, ...]) -> None:
        """Copy the named keys of a body into a row."""
        row.update({name: body[name] for name in names if name in body})
        row["updated_at"] = self.now()

    @staticmethod
    def now() -> str:
        return datetime.now(UTC).isoformat().replace("+00:00", "Z")

    def groups_of(self, user: Row) -> set[int]:
        return {ALL_USERS, *(member["group_id"] for member in self.where("membership", user_id=user["id"]))}

    def require_administrator(self, user: Row | None) -> None:
        if user is None or not user["is_superuser"]:
            raise Refused(403, NO_RIGHTS)

    def may(self, user: Row | None, collection: int | None, access: str) -> bool:
        """Whether a user may `read` or `write` in a collection; None is the root."""
        if user is None or user["is_superuser"]:
            return user is not None
        if collection is not None and self.get("collection", collection).get("personal_owner_id") == user["id"]:
            return True
        key = ROOT if collection is None else collection
        levels = {self.collection_graph.get(group, {}).get(key) for group in self.groups_of(user)}
        return "write" in levels or (access == "read" and "read" in levels)

    def require(self, user: Row | None, collection: int | None, access: str) -> None:
        if collection is not None:
            self.get("collection", collection)
        if not self.may(user, collection, access):
            raise Refused(403, NO_RIGHTS)

    def require_native(self, user: Row | None, database: int) -> None:
        """Raise Refused unless a user may write SQL against a database."""
        self.get("database", database)
        if user is None:
            raise Refused(403, NO_RIGHTS)
        levels = {
            self.data_graph.get(group, {}).get(database, {}).get("create-queries") for group in self.groups_of(user)
        }
        if not user["is_superuser"] and "query-builder-and-native" not in levels:
            raise Refused(403, NO_RIGHTS)
