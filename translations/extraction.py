"""Finds the texts that are marked for translation."""

from __future__ import annotations

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from warehouse.settings import ROOT

FOLDERS = ("warehouse", "expectations", "pipeline", "dashboards", "bot", "webhook")
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "translate": (2,), "translate_plural": (2, 3)}


def extracted() -> Catalog:
    """All marked texts and the files that they stand in."""
    catalogue = Catalog(project="Kabar", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS)
        for file, _line, message, comments, context in found:
            catalogue.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return catalogue
