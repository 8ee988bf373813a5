"""What the tables and columns of `marts` mean, read from the `.yml` files of the dbt models.

`dbt-metabase` does this too, but it needs a compiled manifest where Metabase is set up, and it cannot say beforehand
what it would change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from warehouse.settings import ROOT

FOLDER = ROOT / "dbt" / "models" / "marts"


@dataclass(frozen=True)
class Described:
    """A table: its text, the texts of its columns, and what kind of thing some of them hold, in Metabase's words."""

    description: str
    columns: dict[str, str] = field(default_factory=dict)
    semantic_types: dict[str, str] = field(default_factory=dict)


@cache
def read() -> dict[str, Described]:
    """The described tables by name."""
    files = [yaml.load(path.read_text(), Loader=yaml.CSafeLoader) for path in sorted(FOLDER.rglob("*.yml"))]
    return {model["name"]: _described(model) for file in files for model in file.get("models") or []}


def _described(model: dict[str, Any]) -> Described:
    columns = model.get("columns") or []
    keys = [constraint for constraint in model.get("constraints") or [] if constraint["type"] == "primary_key"]
    # A key of several columns is no key of any one of them.
    types = {keys[0]["columns"][0]: "type/PK"} if keys and len(keys[0]["columns"]) == 1 else {}
    for column in columns:
        tests = [test for test in column.get("data_tests") or [] if isinstance(test, dict)]
        if any("accepted_values" in test for test in tests):
            types[column["name"]] = "type/Category"
    return Described(
        _flat(model.get("description")),
        {column["name"]: _flat(column["description"]) for column in columns if column.get("description")},
        types,
    )


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())
