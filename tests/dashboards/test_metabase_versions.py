"""Provisioning is done after one run in both supported versions of Metabase, and whatever is unknown of
them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn, dashboards, queries
from tests.support.metabase_views import SMALL, Row
from tests.support.provisioned import Provisioned, pointed
from warehouse.settings import Settings


@pytest.mark.parametrize("options", [
    {"version": 62},
    {"version": 63},
    {"version": 63, "has_legacy_tag_list": False},
    {"version": 63, "declares_editor_keys": False},
], ids=["0.62", "0.63", "map of tags", "keys dropped"])  # fmt: skip
def test_a_second_run_changes_nothing(small: Settings, options: dict[str, Any]) -> None:
    with MetabaseStandIn(**options) as metabase:
        settings = pointed(small, metabase)
        first = provision(settings, dashboards=SMALL)
        assert "make the dashboard Overview" in first.messages
        assert not any(note.startswith("this is Metabase") for note in first.notes)
        written = len(metabase.writes)
        assert provision(settings, dashboards=SMALL).messages == []
        assert metabase.writes[written:] == []


def shown_with(provisioned: Provisioned, monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> list[str]:
    """What a run changes in a Metabase that returns dashboards in another form."""
    shown = dashboards._shown
    monkeypatch.setattr(dashboards, "_shown", lambda state, row: change(json.loads(json.dumps(shown(state, row)))))
    return provisioned.again()


def mbql_5(clause: Any) -> Any:
    """A legacy clause with its options in the second place: `["field", {…}, name]`."""
    if not isinstance(clause, list):
        return clause
    options = {"lib/uuid": "3c4c", **next((each for each in clause if isinstance(each, dict)), {})}
    name, *rest = [each for each in clause if not isinstance(each, dict)]
    return [name, options, *map(mbql_5, rest)]


def with_clauses(board: Row) -> Row:
    for parameter in board["parameters"]:
        if source := parameter.get("values_source_config", {}):
            source.update({"value_field": mbql_5(source["value_field"])} if "value_field" in source else {})
    for dashcard in board["dashcards"]:
        for mapping in dashcard["parameter_mappings"]:
            mapping["target"] = mbql_5(mapping["target"])
        dashcard["parameter_mappings"].reverse()
    return board


def test_fields_and_targets_are_the_same_in_both_forms(
    provisioned: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown_with(provisioned, monkeypatch, with_clauses) == []


def test_different_fields_are_different(provisioned: Provisioned, monkeypatch: pytest.MonkeyPatch) -> None:
    board = provisioned.board()
    for parameter in board["parameters"]:
        if "value_field" in (source := parameter.get("values_source_config", {})):
            source["value_field"][1] = "name"
    provisioned.by_hand("PUT", f"/api/dashboard/{board['id']}", {"parameters": board["parameters"]})
    assert provisioned.again() == ["fix the filters of the dashboard Overview"]


def test_a_filter_that_somebody_made_optional_is_required_again(provisioned: Provisioned) -> None:
    """Where Metabase keeps the key at all."""
    board = provisioned.board()
    last = board["parameters"][-1]
    last.pop("required")
    provisioned.by_hand("PUT", f"/api/dashboard/{board['id']}", {"parameters": board["parameters"]})
    assert provisioned.again() == ["fix the filters of the dashboard Overview"]


def test_levels_that_metabase_does_not_store_are_an_error(small: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It drops keys silently, so that the run would seem to have set the permissions."""
    from dashboards.metabase.client import MetabaseAway
    from demo.metabase import permissions

    monkeypatch.setattr(permissions, "_check_levels", lambda levels: levels.pop("create-queries"))
    with MetabaseStandIn() as metabase, pytest.raises(MetabaseAway, match="did not store the levels"):
        provision(pointed(small, metabase), dashboards=SMALL)


def test_a_new_database_is_waited_for_without_a_second_sync(small: Settings) -> None:
    with MetabaseStandIn(delay_seconds=0.5) as metabase:
        said = provision(pointed(small, metabase), dashboards=SMALL).messages
        assert "let Metabase look for new tables and columns" not in said
        assert "describe the column kpi_daily.day" in said
        assert not any(write.path.endswith("/sync_schema") for write in metabase.writes)


def test_a_card_without_tags_has_none_in_any_form(provisioned: Provisioned, monkeypatch: pytest.MonkeyPatch) -> None:
    of_version = queries.of_version

    def with_null(*arguments: Any) -> Row:
        query: Row = of_version(*arguments)
        if "native" in query:
            query["native"].setdefault("template-tags", None)
        return query

    monkeypatch.setattr(queries, "of_version", with_null)
    assert provisioned.again() == []
