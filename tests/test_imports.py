"""Imports go one way: down the layers, and in no circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from warehouse.settings import ROOT

LAYERS = {
    "warehouse": 0,
    "translations": 1,
    "ml": 1,
    "sources": 1,
    "expectations": 1,
    "pipeline": 2,
    "bot": 3,
    "dashboards": 3,
    "webhook": 4,
    "dags": 4,
}
"""A package may import from the layers below its own."""


def modules() -> dict[str, Path]:
    """The modules of the packages above and their files."""
    files = (path for package in (*LAYERS, "demo") for path in (ROOT / package).rglob("*.py"))
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files}
    return {name.removesuffix(".__init__"): path for name, path in named.items()}


def imported(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of ours that a module imports anywhere in it, also within functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import module` needs the module; `from package import name` needs the package.
            named = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            found |= {full if full in known else node.module for full in named.values()}
    return {each for each in found if each in known and each != name}


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    known = modules()
    return {name: imported(name, path, known) for name, path in known.items()}


def test_packages_import_only_from_layers_below_their_own(graph: dict[str, set[str]]) -> None:
    wrong = [
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        if (own := name.partition(".")[0]) != (its := other.partition(".")[0])
        and own in LAYERS
        and LAYERS.get(its, 99) >= LAYERS[own]
    ]
    assert wrong == []


def test_no_module_imports_itself_through_others(graph: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
