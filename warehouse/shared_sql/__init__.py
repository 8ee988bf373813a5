"""Renders SQL with macros that dbt shares with the product; dbt has this folder among its macro paths."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes

from warehouse.settings import ROOT

FOLDER = Path(__file__).parent


@cache
def render(path: Path) -> str:
    """Render a `.sql` file that calls macros of this folder, as dbt's models do. `event_positions(events, as_of)` gets
    its spans from dbt's variables."""
    return _environment().from_string(path.read_text()).render()


@cache
def _environment() -> Environment:
    """Every file can call every macro, as in dbt."""
    environment = Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)  # noqa: S701 (SQL)
    for file in FOLDER.glob("*.sql"):
        for macro in environment.parse(file.read_text()).find_all(nodes.Macro):
            environment.globals[macro.name] = _macro(environment, file.name, macro.name)
    spans = yaml.safe_load((ROOT / "dbt" / "dbt_project.yml").read_text())["vars"]
    hours = (spans["episode_gap_hours"], 24 * spans["waiting_days"], 24 * spans["rating_days"])
    intervals = [f"make_interval(hours => {number})" for number in hours]
    with_spans = _macro(environment, "event_positions.sql", "event_positions")
    environment.globals["event_positions"] = lambda events, as_of: with_spans(events, as_of, *intervals)
    return environment


def _macro(environment: Environment, file: str, name: str) -> Callable[..., str]:
    """The macro, loaded when it is called, since macros may call each other."""

    def call(*arguments: object, **named: object) -> str:
        text: str = getattr(environment.get_template(file).module, name)(*arguments, **named)
        return text

    return call
