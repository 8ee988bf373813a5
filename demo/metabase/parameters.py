"""The schemas of filters (parameters) and of their mappings to a card's template tags."""

from __future__ import annotations

from typing import Any

from demo.metabase.checks import ANY, FLAG, LIST, MAP, POSITIVE, STRING, TEXT, Kind, check, maybe, one_of
from demo.metabase.refusals import Row
from demo.metabase.state import State

TYPES = {
    "id", "category", "text", "number", "boolean", "date", "temporal-unit",
    *(f"date/{each}" for each in ("single", "range", "relative", "month-year", "quarter-year", "all-options")),
    *(f"string/{each}" for each in ("=", "!=", "contains", "does-not-contain", "starts-with", "ends-with")),
    *(f"number/{each}" for each in ("=", "!=", "between", ">=", "<=")),
    *(f"boolean/{each}" for each in ("=", "!=")),
    *(f"location/{each}" for each in ("city", "state", "zip_code", "country")),
}  # fmt: skip
_REQUIRED = {"id": TEXT, "type": one_of(*sorted(TYPES))}
_OPTIONAL = {
    "name": STRING,
    "slug": STRING,
    "sectionId": TEXT,
    "default": ANY,
    "target": LIST,
    "filteringParameters": maybe(LIST),
    "temporal_units": maybe(LIST),
    "values_query_type": maybe(one_of("none", "list", "search")),
    "values_source_type": maybe(one_of("static-list", "card")),
    "values_source_config": maybe(MAP),
}
# It is unknown whether the schema of 0.63 declares these: `declares_editor_keys` decides.
EDITOR_KEYS = {"required": FLAG, "isMultiSelect": FLAG}
_SOURCE = {"values": LIST, "card_id": POSITIVE, "value_field": LIST, "label_field": LIST}


def _is_target(value: Any) -> bool:
    """`["variable", ["template-tag", name]]`, the same with `dimension`, or a field."""
    if not (isinstance(value, list) and len(value) >= 2):
        return False
    if value[0] == "text-tag":
        return isinstance(value[1], str)
    return value[0] in ("variable", "dimension") and isinstance(value[1], list) and len(value[1]) >= 2


_TARGET = Kind("value must be a parameter target.", _is_target)


def checked(state: State, parameters: list[Row] | None) -> list[Row]:
    """Parameters without undeclared keys. Raises Refused, also if a source of values is not a card."""
    optional = _OPTIONAL | (EDITOR_KEYS if state.declares_editor_keys else {})
    found = [check(each, _REQUIRED, optional, within="parameters") for each in parameters or []]
    for each in found:
        if source := each.get("values_source_config"):
            source = check(source, optional=_SOURCE, within="parameters")
            if "card_id" in source:
                state.get("card", source["card_id"])
            each["values_source_config"] = {name: value for name, value in source.items() if value not in (None, [])}
    return found


def checked_mappings(state: State, mappings: list[Row] | None) -> list[Row]:
    """Mappings without undeclared keys. Raises Refused, also for a card that does not exist."""
    optional = {"card_id": POSITIVE, "dashcard": MAP}
    required = {"parameter_id": TEXT, "target": _TARGET}
    found = [check(each, required, optional, within="parameter_mappings") for each in mappings or []]
    for each in found:
        if "card_id" in each:
            state.get("card", each["card_id"])
    return found
