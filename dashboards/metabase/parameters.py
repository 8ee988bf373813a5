"""A dashboard's filters in Metabase: ours as defined, other people's unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dashboards.metabase.client import Row
from dashboards.metabase.objects import matches
from dashboards.metabase.questions import is_own_parameter

# It is unknown whether Metabase stores these; its own editor depends on them.
_MAY_BE_DROPPED = ("required", "isMultiSelect")


def desired(own: Sequence[Row], existing: Sequence[Row]) -> list[Row]:
    """All filters that a dashboard should have, in their existing order unless one of ours is missing. One of ours that
    Metabase shows in another form with the same meaning stays in that form, so that it counts as equal."""
    dropped, shown = _dropped(existing), {parameter["id"]: parameter for parameter in existing}
    ours = {each["id"]: _as_shown(each, shown.get(each["id"]), dropped) for each in own}
    theirs = {name: each for name, each in shown.items() if not is_own_parameter(name)}
    wanted = {**ours, **theirs}
    order = shown if ours.keys() <= shown.keys() else wanted
    return [wanted[name] for name in order if name in wanted]


def clause(value: Any) -> Any:
    """A field or target without its options, which stand last in the legacy form and second in MBQL 5:
    `["field", name, {…}]` and `["field", {…}, name]` both become `["field", name]`."""
    if not isinstance(value, list):
        return value
    return [clause(each) for each in value if each is not None and not isinstance(each, dict)]


def same_mappings(existing: Iterable[Row], mappings: Iterable[Row]) -> bool:
    """Whether filters are wired alike, in any order."""
    return matches(_comparable_mappings(existing), _comparable_mappings(mappings))


def _comparable_mappings(mappings: Iterable[Row]) -> list[Row]:
    found = [{**mapping, "target": clause(mapping.get("target"))} for mapping in mappings]
    return sorted(found, key=lambda mapping: (str(mapping["parameter_id"]), str(mapping["target"])))


def _dropped(existing: Iterable[Row]) -> set[str]:
    """The keys that none of our filters has any more, so that Metabase must have dropped them."""
    own = [parameter for parameter in existing if is_own_parameter(parameter["id"])]
    return {name for name in _MAY_BE_DROPPED if not any(name in parameter for parameter in own)}


def _as_shown(wanted: Row, shown: Row | None, dropped: set[str]) -> Row:
    expected = {name: value for name, value in _comparable(wanted).items() if name not in dropped}
    return shown if shown and matches(_comparable(shown), expected) else wanted


def _comparable(parameter: Row) -> Row:
    source = parameter.get("values_source_config") or {}
    if "value_field" not in source:
        return parameter
    return {**parameter, "values_source_config": {**source, "value_field": clause(source["value_field"])}}
