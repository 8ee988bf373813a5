"""SQL that both dbt and the running parts need, each piece once, as a macro: dbt finds this folder among its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from warehouse.settings import ROOT

FOLDER = Path(__file__).parent

_environment = Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)  # noqa: S701 (SQL)


@cache
def render(path: Path) -> str:
    """The text of a `.sql` file that calls `event_positions(events, as_of)`: a query that puts the events of the
    relation `events` into episodes and turns, with dbt's own spans. What the relation must have and what comes out,
    `event_positions.sql` says."""
    return _environment.from_string(path.read_text()).render(event_positions=_event_positions)


def _event_positions(events: str, as_of: str) -> str:
    spans = yaml.safe_load((ROOT / "dbt" / "dbt_project.yml").read_text())["vars"]
    macro = _environment.get_template("event_positions.sql").module.event_positions  # type: ignore[attr-defined]
    gap, waiting, rating = spans["episode_gap_hours"], 24 * spans["waiting_days"], 24 * spans["rating_days"]
    text: str = macro(events, as_of, *(f"make_interval(hours => {hours})" for hours in (gap, waiting, rating)))
    return text
