"""A card that was made in Metabase, as an entry of a definition and its query."""

from __future__ import annotations

import re

from dashboards.definition import Format
from dashboards.metabase.client import Metabase, Row
from dashboards.metabase.query_templates import TAG_TITLES
from dashboards.metabase.visualization import column_key

CHARTS = {
    "scalar": "number", "smartscalar": "number", "line": "line", "area": "line", "row": "bar", "pie": "bar",
    "table": "table",
}  # fmt: skip
_TAG = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")
_NUMBERS = ("type/Integer", "type/BigInteger", "type/Decimal", "type/Float", "type/Number")
_REQUIRED_COLUMNS = {
    "number": {"value", "numerator", "denominator", "is_final"},
    "line": {"day", "series", "value", "is_final"},
    "stacked_bar": {"day", "series", "value", "is_final"},
    "bar": {"series", "value"},
}


class CannotExport(RuntimeError):
    """Something in Metabase that a definition cannot express."""


def described(metabase: Metabase, card: Row) -> tuple[Row, str]:
    """The card's entry in a definition, and its query with `%(name)s` parameters. Raises CannotExport."""
    settings = card["visualization_settings"]
    chart = _chart(card)
    columns = _result_columns(metabase, card)
    query = _query(metabase, card)
    data: Row = {"title": card["name"], "meaning": card.get("description") or card["name"], "chart": chart}
    if chart == "table":
        return {**data, "columns": _columns(columns, settings)}, query
    dimensions = settings.get("graph.dimensions") or list(columns)[:1]
    values = settings.get("graph.metrics") or [name for name in columns if name not in dimensions][:1]
    value = settings.get("scalar.field") or list(columns)[-1] if chart == "number" else values[0]
    data["format"] = _format(settings, value)
    if chart == "bar":
        data |= {"share_of": "none", "series": {}}
    elif chart != "number":
        data["series"] = {name: name for name in _series(metabase, card, dimensions, values, columns)}
    if _REQUIRED_COLUMNS[chart] <= set(columns):
        return data, query
    return data, _wrapped(chart, query, dimensions, values, value)


def _result_columns(metabase: Metabase, card: Row) -> Row:
    """The columns of the card's result by name. Metabase finds them some time after a card was saved; until then they
    are those of a run."""
    columns = card.get("result_metadata")
    if not columns:
        result = metabase.send("POST", f"/api/card/{card['id']}/query", {})
        columns = result["data"]["cols"] if result.get("status") == "completed" else []
    if not columns:
        raise CannotExport(f"the card {card['name']} does not run, so that its columns are not known")
    return {column["name"]: column for column in columns}


def _chart(card: Row) -> str:
    settings = card["visualization_settings"]
    chart = CHARTS.get(card["display"])
    if card["display"] == "bar":
        chart = "stacked_bar" if settings.get("stackable.stack_type") else "bar"
    if chart is None:
        raise CannotExport(f"the card {card['name']} is a {card['display']}, which cannot be exported")
    return chart


def _query(metabase: Metabase, card: Row) -> str:
    """The card's SQL; for a question of the query builder, the SQL that Metabase generates."""
    query = card["dataset_query"]
    if query["type"] == "native":
        text = query["native"]["query"]
    else:
        text = metabase.send("POST", "/api/dataset/native", query)["query"]
    if unknown := sorted(set(_TAG.findall(text)) - set(TAG_TITLES)):
        raise CannotExport(
            f"the card {card['name']} asks for {', '.join(unknown)}; definitions know {', '.join(TAG_TITLES)}"
        )
    # Filters of a definition always have a value, so nothing is optional.
    plain = text.replace("[[", "").replace("]]", "").replace("%", "%%")
    return _TAG.sub(r"%(\1)s", plain).strip().rstrip(";") + "\n"


def _wrapped(chart: str, query: str, dimensions: list[str], values: list[str], value: str) -> str:
    """The query wrapped so that it returns the columns that its kind of chart requires."""
    if chart == "number":
        nulls = ["null::numeric as numerator", "null::numeric as denominator"]
        return _select([*nulls, f"{_of(value)} as value", "true as is_final"], query)
    if chart == "bar":
        return _select([f"cast({_of(dimensions[0])} as text) as series", f"{_of(values[0])} as value"], query)
    day = f"cast({_of(dimensions[0])} as date) as day"
    if len(dimensions) > 1:
        series = f"cast({_of(dimensions[1])} as text) as series"
        return _select([day, series, f"{_of(values[0])} as value", "true as is_final"], query)
    listed = ", ".join(f"('{name}', {_of(name)})" for name in values)
    lateral = f"cross join lateral (values {listed}) as lines (series, value)\n"
    return _select([day, "lines.series", "lines.value", "true as is_final"], query) + lateral


def _select(columns: list[str], query: str) -> str:
    return "select\n    " + ",\n    ".join(columns) + f"\nfrom (\n{query}) as made\n"


def _of(column: str) -> str:
    return f'made."{column}"'


def _series(metabase: Metabase, card: Row, dimensions: list[str], values: list[str], columns: Row) -> list[str]:
    """The keys of the series: the current values of the second dimension, else the columns that are drawn."""
    if len(dimensions) < 2:
        return values
    result = metabase.send("POST", f"/api/card/{card['id']}/query", {})
    place = list(columns).index(dimensions[1])
    found = list(dict.fromkeys(str(row[place]) for row in result["data"]["rows"]))
    if not found:
        raise CannotExport(f"the card {card['name']} has no data, so that its series are not known")
    return found


def _columns(columns: Row, settings: Row) -> Row:
    found = {}
    for name, column in columns.items():
        title = (settings.get("column_settings") or {}).get(column_key(name), {}).get("column_title", name)
        is_number = column.get("base_type") in _NUMBERS
        found[name] = {"title": title, "format": _format(settings, name) if is_number else "text"}
    return found


def _format(settings: Row, column: str) -> Format:
    shown = (settings.get("column_settings") or {}).get(column_key(column), {})
    if shown.get("number_style") == "currency":
        return "money"
    return "percent" if "%" in str(shown.get("suffix", "")) else "count"
