"""Making and mending one object of ours: a collection, a card or a dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.metabase.changes import Changes, holds
from dashboards.metabase.client import Row
from dashboards.metabase.markers import described

_SAYS = {
    "name": "rename the {kind} {old} back to {title}",
    "description": "mend the description of the {kind} {title}",
    "archived": "take the {kind} {title} out of the trash",
    "parent_id": "move the {kind} {title} back",
    "collection_id": "move the {kind} {title} back",
    "dataset_query": "mend the query of the {kind} {title}",
    "display": "mend the chart of the {kind} {title}",
    "visualization_settings": "mend the look of the {kind} {title}",
    "parameters": "mend the filters of the {kind} {title}",
}


@dataclass(frozen=True)
class Wanted:
    """An object as it should be: `kind` as in Metabase's addresses, `rest` the fields beside name and description."""

    kind: str
    key: str
    title: str
    text: str
    rest: Row

    def body(self, number: int | None) -> Row:
        return {"name": self.title, "description": described(self.text, self.key, number), **self.rest}


def ensure(changes: Changes, wanted: Wanted, existing: Mapping[str, Row]) -> int:
    """The number of an object of ours, made or mended if need be. `existing` are our objects of this kind by key."""
    row = existing.get(wanted.key)
    path = f"/api/{wanted.kind}"
    if row is None:
        made = changes.write(f"make the {wanted.kind} {wanted.title}", "POST", path, wanted.body(None))
        number = int(made["id"])
        # It gets its number from Metabase, so that it can carry it only now.
        changes.write([], "PUT", f"{path}/{number}", {"description": wanted.body(number)["description"]})
        return number
    number = int(row["id"])
    body = {**wanted.body(number), "archived": False}
    if says := _differences(wanted, row, body):
        changes.write(says, "PUT", f"{path}/{number}", body)
    return number


def _differences(wanted: Wanted, row: Row, body: Row) -> list[str]:
    """What is to be mended, a sentence each."""
    differing = [name for name, value in body.items() if not holds(row.get(name), value)]
    if differing == ["description"] and holds(row, wanted.body(None)):
        return [f"finish making the {wanted.kind} {wanted.title}"]
    return sorted({_SAYS[name].format(kind=wanted.kind, old=row["name"], title=wanted.title) for name in differing})
