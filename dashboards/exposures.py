"""The dashboards as dbt's exposures, so that its lineage ends where people look: `dbt/models/exposures.yml` is written
from the definitions and never by hand."""

from __future__ import annotations

import re
from typing import Any

import yaml

from dashboards import definition
from dashboards.definition import Dashboard
from pipeline.transform import PROJECT

FILE = PROJECT / "models" / "exposures.yml"
_HEAD = "# Written by `python -m dashboards exposures` from dashboards/definitions.\n"
_MART = re.compile(r"\bmarts\.(\w+)")


def text() -> str:
    """What the file has to say."""
    exposures = [_exposure(dashboard) for dashboard in definition.load_all()]
    return _HEAD + yaml.safe_dump({"version": 2, "exposures": exposures}, sort_keys=False, allow_unicode=True, width=80)


def write() -> None:
    FILE.write_text(text())


def _exposure(dashboard: Dashboard) -> dict[str, Any]:
    marts = {mart for card in dashboard.cards for mart in _MART.findall(card.sql)}
    return {
        "name": dashboard.name,
        "label": dashboard.title.en,
        "type": "dashboard",
        "maturity": "high",
        "url": f"/dashboards/{dashboard.name}",
        "description": dashboard.description.en,
        "depends_on": [f"ref('{mart}')" for mart in sorted(marts)],
        "owner": {"name": "Kabar"},
    }
