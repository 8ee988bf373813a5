"""Generates files for dbt: the dashboards as exposures, so that its lineage includes them, and the definitions of the
KPIs as a macro."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

from dashboards import definition, kpi_definitions
from dashboards.definition import Dashboard
from dashboards.kpi_definitions import Definition
from pipeline.transform import PROJECT

EXPOSURES = PROJECT / "models" / "exposures.yml"
KPIS = PROJECT / "macros" / "kpi_definitions.sql"
_COMMAND = "`python -m dashboards generate`"
_MART = re.compile(r"\bmarts\.(\w+)")
_SPACE = "\0"


def texts() -> dict[Path, str]:
    """The generated files and their contents."""
    return {EXPOSURES: _exposures(), KPIS: _kpis()}


def write() -> None:
    for path, text in texts().items():
        path.write_text(text)


def _exposures() -> str:
    head = f"# Written by {_COMMAND} from dashboards/definitions.\n"
    exposures = [_exposure(dashboard) for dashboard in definition.load_all()]
    return head + yaml.safe_dump({"version": 2, "exposures": exposures}, sort_keys=False, allow_unicode=True, width=80)


def _exposure(dashboard: Dashboard) -> dict[str, Any]:
    marts = {mart for card in dashboard.cards for mart in _MART.findall(card.sql)}
    return {
        "name": dashboard.name,
        "label": str(dashboard.title),
        "type": "dashboard",
        "maturity": "high",
        "url": f"/dashboards/{dashboard.name}",
        "description": str(dashboard.description),
        "depends_on": [f"ref('{mart}')" for mart in sorted(marts)],
        "owner": {"name": "Kabar"},
    }


def _kpis() -> str:
    kpis = "\n".join(_entry(kpi) for kpi in kpi_definitions.load().values())
    of_shop = ",\n".join(f"        '{kpi.metric}'" for kpi in kpi_definitions.load().values() if kpi.of.is_of_shop)
    return f"""{{# The KPIs of kpis.yml without their words.
   Written by {_COMMAND}. #}}
{{% macro kpi_definitions() -%}}
    {{{{ return({{
{kpis}
    }}) }}}}
{{%- endmacro %}}

{{# The metrics of int_store_kpis, which are all made again by each build. #}}
{{% macro is_store_metric(metric="metric") -%}}
    {{{{ metric }}}} in (
{of_shop}
    )
{{%- endmacro %}}
"""


def _for_dbt(kpi: Definition) -> dict[str, Any]:
    named = ("metric", "fact", "numerator", "denominator", "measure", "percentile", "unit", "dimensions", "final_after")
    entry = {name: getattr(kpi, name) for name in named if getattr(kpi, name) is not None}
    if kpi.target:
        compared = kpi.compared
        entry["target"] = {"metric": compared.metric, "better": compared.better, "days_ago": compared.days_to_judge}
    if isinstance(kpi.target, kpi_definitions.Limit):
        entry["limit"] = kpi.target.default
    return entry


def _entry(kpi: Definition) -> str:
    """The Jinja dictionary entry of a KPI, wrapped without breaking its strings."""
    text = f"{json.dumps(kpi.metric)}: {{ {json.dumps(_for_dbt(kpi))[1:]},"
    unbroken = re.sub(r'"[^"]*":? ?|"[^"]*"', lambda found: found[0].replace(" ", _SPACE), text)
    wrapper = textwrap.TextWrapper(80, " " * 8, " " * 12, break_long_words=False, break_on_hyphens=False)
    return "\n".join(line.rstrip(_SPACE) for line in wrapper.wrap(unbroken)).replace(_SPACE, " ")
