"""Descriptions of the tables and columns of `marts`, from the `.yml` files of the dbt models.

`dbt-metabase` does this too, but it needs a compiled manifest and has no dry run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from warehouse.settings import ROOT

FOLDER = ROOT / "dbt" / "models" / "marts"


@dataclass(frozen=True)
class Table:
    """A table's description, and descriptions and Metabase's semantic types of its columns by name."""

    description: str
    columns: dict[str, str] = field(default_factory=dict)
    semantic_types: dict[str, str] = field(default_factory=dict)


@cache
def read() -> dict[str, Table]:
    """The tables that have a description, by name."""
    files = [yaml.load(path.read_text(), Loader=yaml.CSafeLoader) for path in sorted(FOLDER.rglob("*.yml"))]
    return {model["name"]: _table(model) for file in files for model in file.get("models") or []}


def _table(model: dict[str, Any]) -> Table:
    columns = model.get("columns") or []
    keys = [constraint for constraint in model.get("constraints") or [] if constraint["type"] == "primary_key"]
    # Metabase's type/PK is of one column; a key of several has none.
    types = {keys[0]["columns"][0]: "type/PK"} if keys and len(keys[0]["columns"]) == 1 else {}
    for column in columns:
        tests = [test for test in column.get("data_tests") or [] if isinstance(test, dict)]
        if any("accepted_values" in test for test in tests):
            types[column["name"]] = "type/Category"
    return Table(
        _flat(model.get("description")),
        {column["name"]: _flat(column["description"]) for column in columns if column.get("description")},
        types,
    )


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())
