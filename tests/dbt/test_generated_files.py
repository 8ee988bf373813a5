"""dbt is told what the KPIs are and which dashboard reads what, as the definitions have it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboards import dbt_files, definition
from pipeline.transform import PROJECT


@pytest.mark.parametrize("path", dbt_files.texts(), ids=lambda path: path.name)
def test_a_generated_file_is_up_to_date(path: Path) -> None:
    assert path.read_text() == dbt_files.texts()[path], "run `python -m dashboards generate`"


def test_every_dashboard_is_exposed_with_marts_that_dbt_builds() -> None:
    text = dbt_files.EXPOSURES.read_text()
    built = {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}
    read = set(re.findall(r"ref\('(\w+)'\)", text))
    assert read
    assert read <= built
    assert re.findall(r"^- name: (\w+)$", text, re.M) == [dashboard.name for dashboard in definition.load_all()]
