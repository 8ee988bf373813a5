"""What a Metabase shows, in names instead of numbers, so that two of them can be compared; and a small dashboard."""

from __future__ import annotations

import re
from typing import Any

from dashboards import definition
from dashboards.definition import Dashboard
from demo.metabase import MetabaseStandIn

Row = dict[str, Any]


def small_dashboard() -> Dashboard:
    """The overview with two numbers and a chart."""
    overview = definition.load("overview")
    numbers, days = overview.sections[0], overview.sections[-1]
    sections = [
        numbers.model_copy(update={"cards": numbers.cards[:2]}),
        days.model_copy(update={"cards": days.cards[:1]}),
    ]
    return overview.model_copy(update={"sections": sections})


def snapshot(metabase: MetabaseStandIn) -> Row:
    """All that lies in a Metabase but numbers and times."""
    state = metabase.state
    names = {
        kind: {row["id"]: row["name"] for row in state.all(kind)}
        for kind in ("collection", "card", "group", "dashboard")
    }

    def collections(row: Row) -> str:
        return names["collection"].get(row["collection_id"], "-")

    return {
        "collections": sorted(
            [row["name"], _text(row), names["collection"].get(row.get("parent_id"), "-"), row["archived"]]
            for row in state.all("collection")
        ),
        "cards": sorted(
            [row["name"], _text(row), row["display"], str(row["query"]), str(row["visualization_settings"]),
             collections(row), row["archived"]]
            for row in state.all("card")
        ),
        "dashboards": sorted(
            [row["name"], _text(row), _numberless(str(row["parameters"])), collections(row), row["archived"]]
            for row in state.all("dashboard")
        ),
        "dashcards": sorted(
            [names["dashboard"][row["dashboard_id"]], names["card"].get(row["card_id"], "-"),
             str(row["visualization_settings"]), row["row"], row["col"], row["size_x"], row["size_y"],
             len(row["parameter_mappings"])]
            for row in state.all("dashcard")
        ),
        "groups": sorted(names["group"].values()),
        "rights": sorted(
            [names["group"][group], names["collection"].get(key, str(key)), level]
            for group, levels in state.collection_graph.items()
            for key, level in levels.items()
            if level != "none"
        ),
        "data": sorted([names["group"][group], str(levels)] for group, levels in state.data_graph.items()),
        "alerts": sorted(
            [names["card"][row["payload"]["card_id"]], len(row["handlers"][0]["recipients"]), row["active"]]
            for row in state.all("notification")
        ),
        "sent": sorted(
            [row["name"], len({card["id"] for card in row["cards"]}), str(row["channels"])]
            for row in state.all("pulse")
        ),
        "fields": sorted(
            [row["name"], row["description"] or "", row["semantic_type"] or ""] for row in state.all("field")
        ),
        "databases": [row["name"] for row in state.all("database")],
        "cache": [row["strategy"] for row in state.all("cache")],
        "keys": sorted([row["name"], row["group"]["name"]] for row in state.all("api_key")),
    }  # fmt: skip


def _text(row: Row) -> str:
    return re.sub(r"#\d+( mail:\d+)?$", "#", row["description"] or "")


def _numberless(text: str) -> str:
    return re.sub(r"'card_id': \d+", "'card_id': -", text)


def placed(board: Row) -> list[Row]:
    """Dashcards as Metabase's own page sends them back."""
    kept = ("id", "row", "col", "size_x", "size_y", "card_id", "parameter_mappings", "visualization_settings")
    return [{name: dashcard[name] for name in kept} for dashcard in board["dashcards"]]


SMALL = [small_dashboard()]
