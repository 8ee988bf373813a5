"""dbt is told which dashboard reads what, as the definitions have it."""

from __future__ import annotations

import re

from dashboards import definition, exposures
from pipeline.transform import PROJECT


def test_the_exposures_are_those_of_the_definitions() -> None:
    assert exposures.FILE.read_text() == exposures.text(), "run `python -m dashboards exposures`"


def test_every_dashboard_is_exposed_with_marts_that_dbt_builds() -> None:
    text = exposures.text()
    built = {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}
    read = set(re.findall(r"ref\('(\w+)'\)", text))
    assert read
    assert read <= built
    assert re.findall(r"^- name: (\w+)$", text, re.M) == [dashboard.name for dashboard in definition.load_all()]
