"""Finds the managed dashboards, wherever somebody may have moved them.

The listing of all dashboards (`GET /api/dashboard`) is deprecated, and Metabase's search lags behind what was written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dashboards.metabase.client import Metabase, Row
from dashboards.metabase.objects import managed

ROOT = "root"


def find(metabase: Metabase, keys: Collection[str], home: int) -> dict[str, Row]:
    """The managed dashboards by key: of `home`, their collection, and of the trash; if some of `keys` are not there, of
    all collections. The rows have an id, a name and a description."""
    found = managed([*_items(metabase, home), *_items(metabase, home, archived=True), *_in_trash(metabase)])
    return found if found.keys() >= set(keys) else managed(_everywhere(metabase))


def _everywhere(metabase: Metabase) -> Iterator[Row]:
    yield from _items(metabase, ROOT)
    yield from _in_trash(metabase)
    for archived in (False, True):
        places = metabase.listed("/api/collection", **({"archived": "true"} if archived else {}))
        for place in places:
            if isinstance(place["id"], int) and place.get("type") != "trash":
                yield from _items(metabase, place["id"], archived=archived)


def _in_trash(metabase: Metabase) -> list[Row]:
    return _items(metabase, metabase.get("/api/collection/trash")["id"], archived=True)


def _items(metabase: Metabase, place: int | str, *, archived: bool = False) -> list[Row]:
    if isinstance(place, int) and place < 0:
        return []  # a plan would make it
    chosen = {"models": "dashboard", **({"archived": "true"} if archived else {})}
    return metabase.listed(f"/api/collection/{place}/items", **chosen)
