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
    """Render a `.sql` file that calls macros of this folder, as dbt's models do. `event_positions(events, as_of)` and
    `open_conversations()` get their spans from dbt's variables; `waiting` is the one of questions."""
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
    for file_name in ("event_positions", "open_conversations"):
        environment.globals[file_name] = _with_spans(environment, file_name, intervals)
    environment.globals["waiting"] = intervals[1]
    return environment


def _with_spans(environment: Environment, name: str, spans: list[str]) -> Callable[..., str]:
    """The macro with spans as its last arguments. Another macro that calls it passes its own."""
    macro = _macro(environment, f"{name}.sql", name)
    others = len(environment.get_template(f"{name}.sql").module.__dict__[name].arguments) - len(spans)
    return lambda *arguments: macro(*arguments[:others], *(arguments[others:] or spans))


def _macro(environment: Environment, file: str, name: str) -> Callable[..., str]:
    """The macro, loaded when it is called, since macros may call each other."""

    def call(*arguments: object, **named: object) -> str:
        text: str = getattr(environment.get_template(file).module, name)(*arguments, **named)
        return text

    return call
