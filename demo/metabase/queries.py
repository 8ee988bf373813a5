"""Queries in both formats, legacy and MBQL 5, and their results for the values of their template tags.

Queries are stored in the legacy format with the template tags as a map. Both a map and a list are accepted. 0.63
returns a list; whether in the legacy format too is unknown: a caller chooses (`has_legacy_tag_list`).
"""

from __future__ import annotations

import re
from typing import Any

import psycopg2

from demo.metabase.checks import refusal
from demo.metabase.postgres import described, run
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import State

_TAG = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
MOST_ROWS = 2000  # of a query without an aggregation
TAG_TYPES = ("text", "number", "date", "dimension", "card", "snippet", "boolean", "temporal-unit")


def stored(state: State, query: Row) -> Row:
    """A query in the legacy format. Raises Refused for one that is not valid."""
    legacy = _to_legacy(query) if "lib/type" in query else query
    if legacy.get("type") not in ("native", "query") or legacy["type"] not in legacy:
        raise refusal({"dataset_query": "value must be a map."}, {"dataset_query": ["invalid query"]})
    if not isinstance(legacy.get("database"), int):
        raise refusal(
            {"dataset_query": "value must be a map."}, {"dataset_query": {"database": ["missing required key"]}}
        )
    state.get("database", legacy["database"])
    if legacy["type"] == "native":
        if isinstance(tags := legacy["native"].get("template-tags"), list):
            legacy = {**legacy, "native": {**legacy["native"], "template-tags": {tag["name"]: tag for tag in tags}}}
        _check_tags(legacy["native"])
    return legacy


def shown(legacy: Row, as_legacy: bool) -> Row:
    """A stored query as the API returns it, in MBQL 5 unless the caller asked for the legacy format."""
    native = legacy.get("native", {})
    tags = list((native.get("template-tags") or {}).values())
    if as_legacy:
        return {**legacy, "native": {**native, "template-tags": tags}} if native else legacy
    if native:
        stage = {"lib/type": "mbql.stage/native", "native": native["query"], "template-tags": tags}
    else:
        stage = {"lib/type": "mbql.stage/mbql", **legacy["query"]}
    query = {"lib/type": "mbql/query", "stages": [stage], "database": legacy["database"]}
    return {**query, "lib.convert/converted?": True}


def of_version(state: State, query: Row) -> Row:
    """A shown query with its template tags as this version has them: a list or a map, and none at all if empty."""
    is_legacy = "native" in query
    native = query["native"] if is_legacy else query.get("stages", [{}])[0]
    if not (tags := native.get("template-tags")):
        native.pop("template-tags", None)
    elif isinstance(tags, list) and (state.version < 63 or (is_legacy and not state.has_legacy_tag_list)):
        native["template-tags"] = {tag["name"]: tag for tag in tags}
    return query


def table_query(state: State, legacy: Row) -> str:
    """The SQL of a query-builder question; only for a whole table."""
    table = state.get("table", legacy["query"].get("source-table"))
    name = ".".join(f'"{table[part]}"' for part in ("schema", "name"))
    return f"SELECT * FROM {name} LIMIT 1048575"  # noqa: S608 (of a stand-in)


def columns(state: State, legacy: Row) -> list[Row]:
    """The columns of a query, which Metabase stores when a card is saved; empty if the query fails."""
    if legacy["type"] != "native":
        return list(state.where("field", table_id=legacy["query"].get("source-table")))
    database = state.get("database", legacy["database"])
    try:
        query, values = _filled(legacy["native"], {})
        query = query.strip().rstrip(";")
        return described(database["details"], query, values)
    except (Refused, psycopg2.Error, ValueError):
        return []


def result_of(state: State, legacy: Row, parameters: list[Row]) -> Row:
    """The answer to running a query: `failed` with the error, or `completed` with `data`."""
    database = state.get("database", legacy["database"])
    try:
        native = legacy.get("native") or {"query": table_query(state, legacy)}
        query, values = _filled(native, _given(parameters))
        cols, rows = run(database["details"], query, values, state.settings.get("report-timezone") or "UTC")
    except (psycopg2.Error, ValueError) as error:
        return {"status": "failed", "error": str(error).strip(), "data": {"rows": [], "cols": []}}
    data: Row = {"rows": rows[:MOST_ROWS], "cols": [{**column, "source": "native"} for column in cols]}
    if len(rows) > MOST_ROWS:
        data["rows_truncated"] = MOST_ROWS
    return {"status": "completed", "row_count": len(data["rows"]), "data": data}


def _given(parameters: list[Row]) -> Row:
    """The values by template tag, as `["variable", ["template-tag", name]]` names them."""
    return {each["target"][1][1]: each["value"] for each in parameters if each.get("value") not in (None, [])}


def _filled(native: Row, given: Row) -> tuple[str, Row]:
    """The query with `%(tag)s` and the values, without optional parts whose tags have no value."""
    tags = native.get("template-tags") or {}
    defaults = {name: tag["default"] for name, tag in tags.items() if tag.get("default") is not None}
    values = {name: _single(value) for name, value in {**defaults, **given}.items()}

    def part(match: re.Match[str]) -> str:
        return match[1] if set(_TAG.findall(match[1])) <= set(values) else ""

    query = _OPTIONAL.sub(part, native["query"])
    for name in _TAG.findall(query):
        if name not in values:
            shown_name = tags.get(name, {}).get("display-name", name)
            raise ValueError(f"You'll need to pick a value for '{shown_name}' before this query can run.")
    return _TAG.sub(r"%(\1)s", query.replace("%", "%%")), values


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _check_tags(native: Row) -> None:
    if not isinstance(native.get("query"), str):
        raise refusal({"dataset_query": "value must be a map."}, {"dataset_query": {"native": {"query": ["missing"]}}})
    tags = native.get("template-tags") or {}
    for name, tag in tags.items():
        if tag.get("name") != name or tag.get("type") not in TAG_TYPES or not tag.get("display-name"):
            raise refusal({"dataset_query": "value must be a map."}, {"dataset_query": {"template-tags": [name]}})


def _to_legacy(query: Row) -> Row:
    stage = query["stages"][0]
    if stage["lib/type"] == "mbql.stage/native":
        native = {"query": stage["native"], "template-tags": stage.get("template-tags") or {}}
        return {"database": query["database"], "type": "native", "native": native}
    inner = {name: value for name, value in stage.items() if name != "lib/type"}
    return {"database": query["database"], "type": "query", "query": inner}
