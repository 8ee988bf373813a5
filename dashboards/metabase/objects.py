"""Creating and updating the collections, cards and dashboards that provisioning manages in Metabase.

A managed object has `kabar:<key>#<id>` as the last line of its description, so it is found again after somebody has
renamed or moved it. `id` is the object's own, so a copy belongs to whoever made it. Without the line an object is not
managed any more. An object that is mailed has the number of our alert or subscription in the line too:
`kabar:<key>#<id> mail:<number>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from dashboards.metabase.client import Metabase, Row

_MARKER = re.compile(r"^kabar:(?P<key>[\w/]+)(?:#(?P<id>\d+))?(?: mail:(?P<mail>\d+))?$", re.MULTILINE)
_MESSAGES = {
    "name": "rename the {kind} {old} back to {title}",
    "description": "fix the description of the {kind} {title}",
    "archived": "take the {kind} {title} out of the trash",
    "parent_id": "move the {kind} {title} back",
    "collection_id": "move the {kind} {title} back",
    "dataset_query": "fix the query of the {kind} {title}",
    "display": "fix the chart of the {kind} {title}",
    "visualization_settings": "fix the look of the {kind} {title}",
    "parameters": "fix the filters of the {kind} {title}",
}


class Changes:
    """All writes of a run, one message each. In a plan they are collected but not sent."""

    def __init__(self, metabase: Metabase, *, is_plan: bool) -> None:
        self.metabase = metabase
        self.is_plan = is_plan
        self.messages: list[str] = []
        self.notes: list[str] = []
        # Ids of what a plan would create; Metabase's own are positive.
        self._planned_ids = count(-1_000_000)

    def write(self, messages: str | Sequence[str], method: str, path: str, body: Row) -> Row:
        """Send a change and return Metabase's answer; in a plan, the body with an id that no object has."""
        answer = {"id": next(self._planned_ids), **body} if self.is_plan else self.metabase.send(method, path, body)
        self.messages += [messages] if isinstance(messages, str) else messages
        return answer or {}

    def note(self, message: str) -> None:
        """Report something that provisioning cannot change."""
        self.notes.append(message)


@dataclass(frozen=True)
class Desired:
    """An object as it should be: `kind` as in the API's paths, `fields` all but its name and description."""

    kind: str
    key: str
    title: str
    text: str
    fields: Row

    def body(self, number: int | None, mail: int | None = None) -> Row:
        return {"name": self.title, "description": f"{self.text}\n\n{_marker(self.key, number, mail)}", **self.fields}


def ensure(changes: Changes, desired: Desired, existing: Mapping[str, Row]) -> int:
    """Create or update a managed object and return its id. `existing` are the managed objects of its kind by key."""
    row = existing.get(desired.key)
    path = f"/api/{desired.kind}"
    if row is None:
        created = changes.write(f"make the {desired.kind} {desired.title}", "POST", path, desired.body(None))
        number = int(created["id"])
        # Its id, which the description carries, is known only now.
        changes.write([], "PUT", f"{path}/{number}", {"description": desired.body(number)["description"]})
        return number
    number = int(row["id"])
    body = {**desired.body(number, mail_of(row)), "archived": False}
    if messages := _differences(desired, row, body):
        changes.write(messages, "PUT", f"{path}/{number}", body)
    return number


def matches(existing: Any, desired: Any) -> bool:
    """Whether `existing` has all values of `desired`. Metabase may add keys to objects, but not items to lists."""
    if isinstance(desired, dict):
        return isinstance(existing, dict) and all(
            name in existing and matches(existing[name], value) for name, value in desired.items()
        )
    if isinstance(desired, list):
        same_length = isinstance(existing, list) and len(existing) == len(desired)
        return same_length and all(matches(*pair) for pair in zip(existing, desired, strict=True))
    return bool(existing == desired)


def managed(rows: Iterable[Row]) -> dict[str, Row]:
    """The managed objects among the rows by key. A run that was cut short may have left objects without an id in their
    marker; of those the oldest counts."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (not _has_own_id(row), row["id"])):
        if key := key_of(row):
            found.setdefault(key, row)
    return found


def key_of(row: Row) -> str | None:
    """The key of a managed object, None for any other."""
    found = _MARKER.search(row.get("description") or "")
    return found["key"] if found and found["id"] in (None, str(row["id"])) else None


def mail_of(row: Row) -> int | None:
    """The number of the alert or subscription of ours that sends a managed object."""
    found = _MARKER.search(row.get("description") or "")
    return int(found["mail"]) if found and found["mail"] and key_of(row) else None


def remember_mail(changes: Changes, kind: str, row: Row, mail: int, message: str | None = None) -> None:
    """Write the number of an alert or subscription into the description of what it sends, where it survives changes of
    recipients."""
    marker = _marker(key_of(row) or "", row["id"], mail)
    description = _MARKER.sub(marker, row["description"], count=1)
    changes.write([message] if message else [], "PUT", f"/api/{kind}/{row['id']}", {"description": description})


def _has_own_id(row: Row) -> bool:
    return _marker(key_of(row) or "", row["id"]) in (row.get("description") or "")


def _marker(key: str, number: int | None, mail: int | None = None) -> str:
    return f"kabar:{key}" + (f"#{number}" if number is not None else "") + (f" mail:{mail}" if mail else "")


def _differences(desired: Desired, row: Row, body: Row) -> list[str]:
    """One message for each kind of difference."""
    names = [name for name, value in body.items() if not matches(row.get(name), value)]
    if "archived" in names:
        # For objects in the trash Metabase returns the trash as their place.
        names = [name for name in names if name not in ("parent_id", "collection_id")]
    if names == ["description"] and matches(row, desired.body(None)):
        return [f"finish making the {desired.kind} {desired.title}"]
    return sorted({_MESSAGES[name].format(kind=desired.kind, old=row["name"], title=desired.title) for name in names})
