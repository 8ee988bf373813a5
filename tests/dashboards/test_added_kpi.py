"""A KPI that somebody adds, as CONTRIBUTING.md says, is found in every place that shows KPIs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from warehouse.settings import ROOT, Settings

METRIC = "agent_help_rate"
ENTRY = f"""
  {METRIC}:
    title: Helped by an agent
    formula: Ended conversations in which an agent wrote / all ended conversations.
    fact: episodes
    numerator: [is_agent_helped]
    denominator: [is_ended]
    unit: percent
    dimensions: [channel]
    final_after: ended
    better: lower
    target: value
    card:
      dashboard: bot
      meaning: Conversations that needed an agent.
      basis: "{{numerator}} of {{denominator}} conversations"
"""
# The flag, in each file that lists the fact's columns.
FLAG = {
    "int_episodes.sql": (
        "        successes.is_handed_over,\n",
        "        successes.agent_messages > 0 as is_agent_helped,\n",
    ),
    "fct_episodes.sql": ("        episodes.is_handed_over,\n", "        episodes.is_agent_helped,\n"),
    "fct_episodes.yml": (
        "      - name: is_handed_over\n",
        "      - name: is_agent_helped\n        data_type: boolean\n        description: Whether an agent wrote.\n",
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one more entry in kpis.yml and one more flag on a fact."""
    folder = tmp_path_factory.mktemp("project")
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        if (ROOT / name).is_file() and not name.endswith((".png", ".ipynb")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    # Else an installed package of this name would come first.
    (folder / "tests" / "__init__.py").touch()
    with (folder / "dbt" / "kpis.yml").open("a") as kpis:
        kpis.write(ENTRY)
    for name, (line, flag) in FLAG.items():
        (path,) = (folder / "dbt" / "models").rglob(name)
        assert path.read_text().count(line) == 1
        path.write_text(path.read_text().replace(line, flag + line))
    run(folder, "dashboards", "generate")
    return folder


def run(folder: Path, *module: str) -> str:
    done = subprocess.run([sys.executable, "-m", *module], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def found(project: Path, module_settings: Settings) -> Any:
    return json.loads(run(project, "tests.dashboards.added_kpi", METRIC).splitlines()[-1])


def test_it_is_built(found: Any) -> None:
    assert found["kpi_daily"] == [[50, True]]


def test_it_has_a_card_on_its_dashboard(found: Any) -> None:
    assert "Helped by an agent" in found["card"]
    assert "1 of 2 conversations" in found["card"]


def test_the_rows_behind_its_card_show_the_flag(found: Any) -> None:
    assert "Helped by an agent" in found["rows"]
    assert "yes" in found["rows"]


def test_metabase_is_to_have_its_card_and_the_rows_behind_it(found: Any) -> None:
    made = [line for line in found["plan"] if "Helped by an agent" in line]
    assert any(line.startswith("make the card Helped by an agent") for line in made)
    assert any(line.startswith("make the card Helped by an agent: rows") for line in made)
    assert any(line.startswith("put Helped by an agent on the dashboard Bot") for line in made)


def test_a_shop_can_aim_at_it_and_is_told_when_it_missed(found: Any) -> None:
    assert found["form"] == "Helped by an agent, at most (%)"
    assert found["alerts"] == [METRIC]


def test_its_page_says_what_it_means_and_where_it_is_shown(found: Any) -> None:
    assert "Ended conversations in which an agent wrote / all ended conversations." in found["docs"]
    assert "Bot: Helped by an agent" in found["docs"]
