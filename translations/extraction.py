"""Finds the texts that are marked for translation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from warehouse.settings import ROOT

FOLDERS = (
    "warehouse", "ml", "sources", "expectations", "pipeline", "dashboards", "dbt", "bot", "webhook", "dags", "demo",
)  # fmt: skip
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "translate": (2,), "translate_plural": (2, 3)}
# What data files call texts for people, and tables of such texts by key.
TEXTS = ("title", "description", "meaning", "basis", "empty", "formula")
TABLES = ("series", "rows", "titles")


def texts_of_data(file: BinaryIO, *_: Any, **_options: Any) -> Iterator[tuple[int, None, str, list[str]]]:
    """The texts of a dashboard's definition, of cards, KPIs or a suite of expectations; a Babel extraction method."""
    for text in _texts(yaml.load(file, Loader=yaml.CSafeLoader)):
        yield 0, None, text, []


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        data = dict(enumerate(data))
    for key, value in data.items() if isinstance(data, dict) else ():
        if key in TEXTS and isinstance(value, str):
            yield value
        elif key in TABLES:
            yield from value.values()
        else:
            yield from _texts(value)


DATA = f"{__name__}:texts_of_data"
METHODS = [
    ("**/templates/**.html", "jinja2"),
    ("*.html", "jinja2"),
    ("**.py", "python"),
    ("definitions/*.yml", DATA),
    ("metabase/*.yml", DATA),
    ("sql/facts/*.yml", DATA),
    ("kpis.yml", DATA),
    ("suites/*.json", DATA),
]


def extracted() -> Catalog:
    """All marked texts and the files that they stand in."""
    catalogue = Catalog(project="Kabar", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS)
        for file, _line, message, comments, context in found:
            catalogue.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return catalogue
