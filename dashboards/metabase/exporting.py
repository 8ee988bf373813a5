"""Exports a dashboard that was made in Metabase as a definition, with a query for each card that is not defined yet.

A text that is in a definition, in any language, is exported in English. Others are exported as they are, for whoever
adopts the file to translate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from dashboards import definition
from dashboards.definition import DEFAULTS, PLACEHOLDER, Card, Text
from dashboards.metabase import cards, exported_card
from dashboards.metabase.client import Metabase, Row
from dashboards.metabase.exported_card import CannotExport
from dashboards.metabase.objects import key_of
from dashboards.metabase.query_templates import TAG_TITLES
from dashboards.metabase.questions import OWNER
from warehouse.i18n import languages

FILTERS = {
    "from_day": "from", "to_day": "to", "store": "store", "channel": "channel", "issue": "issue",
    "message_language": "language", "wave": "wave",
}  # fmt: skip
_MARKER = re.compile(r"\n*^kabar:.*$", re.MULTILINE)


def export(metabase: Metabase, number: int, folder: Path, name: str | None = None) -> list[Path]:
    """Write `definitions/<name>.yml` and `sql/<name>/*.sql` under the folder, and return their paths.

    Raises CannotExport for what a definition cannot express, MetabaseRefused for an unknown id.
    """
    board: Row = metabase.get(f"/api/dashboard/{number}")
    name = name or identifier(board["name"])
    target = folder / "definitions" / f"{name}.yml"
    if target.exists():
        raise CannotExport(f"{target.name} is there already: give the definition another --name")
    queries: dict[str, str] = {}
    sections = list(_sections(metabase, board, queries))
    if not sections:
        raise CannotExport(f"the dashboard {board['name']} has no cards")
    text = _MARKER.sub("", board.get("description") or "").split("\n\n")[0] or board["name"]
    data = {
        "position": max((each.position for each in definition.load_all()), default=-1) + 1,
        "title": _text(board["name"]),
        "description": _text(text),
        "filters": _filters(board, sections, queries),
        "sections": sections,
    }
    return _write(folder, name, target, data, queries)


def identifier(title: str) -> str:
    """A title as the name of a file or card: `First response (min)` becomes `first_response_min`."""
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    return name if re.match("[a-z]", name) else f"card_{name}".rstrip("_")


def _write(folder: Path, name: str, target: Path, data: Row, queries: dict[str, str]) -> list[Path]:
    paths = [target]
    target.parent.mkdir(parents=True, exist_ok=True)
    for card, query in queries.items():
        path = folder / "sql" / name / f"{card}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(query)
        paths.append(path)
    target.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120))
    return paths


def _sections(metabase: Metabase, board: Row, queries: dict[str, str]) -> Iterator[Row]:
    """The cards in reading order, in sections by heading or tab. Numbers and charts never share a section."""
    titled = _titled_cards(metabase, board, queries)
    for (title, _), group in groupby(titled, key=lambda card: card[:2]):
        yield {"title": _text(title), "cards": [data for _, _, data in group]}


def _titled_cards(metabase: Metabase, board: Row, queries: dict[str, str]) -> Iterator[tuple[str, bool, Row]]:
    """Each card as its heading, whether it is a number, and its entry in the definition."""
    tabs = {tab["id"]: (place, tab["name"]) for place, tab in enumerate(board.get("tabs") or [])}
    first = (0, board["name"])

    def place(dashcard: Row) -> tuple[int, int, int]:
        return tabs.get(dashcard.get("dashboard_tab_id"), first)[0], dashcard["row"], dashcard["col"]

    title, shown_tab = board["name"], None
    for dashcard in sorted(board["dashcards"], key=place):
        if (tab := dashcard.get("dashboard_tab_id")) != shown_tab:
            shown_tab, title = tab, tabs.get(tab, first)[1]
        title = (dashcard.get("visualization_settings") or {}).get("text") or title
        if card := _card(metabase, dashcard, queries):
            yield title, *card


def _card(metabase: Metabase, dashcard: Row, queries: dict[str, str]) -> tuple[bool, Row] | None:
    """Whether a card is a number, and its entry in the definition; None for headings and our header cards."""
    if not dashcard.get("card_id"):
        return None
    card = cards.get(metabase, dashcard["card_id"])
    key = key_of(card) or ""
    if key.startswith(f"{OWNER}/"):
        return None
    if known := _defined().get(key):
        return known.chart == "number", {"use": key}
    data, query = exported_card.described(metabase, card)
    name = identifier(card["name"])
    while name in queries:
        name = f"{name}_again"
    queries[name] = query
    return data["chart"] == "number", {"id": name, **data}


def _defined() -> dict[str, Card]:
    return {f"{card.owner}/{card.id}": card for dashboard in definition.load_all() for card in dashboard.cards}


def _filters(board: Row, sections: list[Row], queries: dict[str, str]) -> list[Row]:
    """The filters that the cards use, with the dashboard's names for them where it has some."""
    titles = {each["id"]: each["name"] for each in board.get("parameters") or []}
    names = {
        _tag(mapping.get("target")): titles[mapping["parameter_id"]]
        for dashcard in board["dashcards"]
        for mapping in dashcard.get("parameter_mappings") or []
        if mapping["parameter_id"] in titles
    }
    borrowed = [_defined()[card["use"]].sql for section in sections for card in section["cards"] if "use" in card]
    used = {name for query in queries.values() for name in PLACEHOLDER.findall(query)}
    # A borrowed card may have filters that the dashboard does not offer.
    used |= {name for query in borrowed for name in PLACEHOLDER.findall(query)} - (DEFAULTS.keys() - set(names))
    return [
        {"name": name, "parameter": tag, "title": _text(names.get(tag, TAG_TITLES[tag]))}
        for tag, name in FILTERS.items()
        if tag in used
    ]


def _tag(target: Any) -> str:
    """The template tag of `["variable", ["template-tag", name]]`."""
    return str(target[1][1]) if isinstance(target, list) and target[0] == "variable" else ""


def _text(text: str) -> str:
    return str(_texts().get(text, text))


def _texts() -> dict[str, Text]:
    """The texts of all definitions by their wording in each language."""
    texts: list[Text] = list(TAG_TITLES.values())
    for dashboard in definition.load_all():
        texts += [dashboard.title, dashboard.description]
        texts += [each.title for each in dashboard.filters] + [each.title for each in dashboard.sections]
    return {wording: text for text in reversed(texts) for wording in map(text.to, languages())}
