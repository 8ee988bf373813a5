"""Developing in `dbt/` with dbt's own command: one step prepares the shell, and production stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import transform
from tests.dbt import landing, store_landing
from tests.dbt.test_store_builds import AS_OF, SHOP
from tests.dbt.trap_cases import CASES
from warehouse import connection
from warehouse.settings import ROOT, Settings

KABAR = f"PYTHONPATH={ROOT} {sys.executable} -m warehouse"
PREPARE = f'eval "$({KABAR} dbt-env --user "Siti Rahma")"'
RELATIONS = """
    select pg_class.oid::regclass::text as name, pg_class.oid, pg_class.relfilenode
    from pg_class
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_namespace.nspname in ('staging', 'intermediate', 'marts', 'quality') and pg_class.relkind in ('r', 'v')
    order by 1
"""
STATE = """
    select 'build' as kind, builds::text as content from intermediate.builds
    union all
    select 'validation', validations::text from quality.validations
    union all
    select 'document', name from quality.documents
    union all
    select 'kpi', kpi_daily::text from marts.kpi_daily
    order by 1, 2
"""


@pytest.fixture
def landed(settings: Settings) -> Settings:
    """A shop that chats and one that sells, built for production once."""
    landing.open_shops(settings, [CASES[0].history])
    landing.land(settings, [CASES[0].history])
    store_landing.land(settings, [SHOP])
    transform.build(AS_OF, settings)
    return settings


def in_the_folder(command: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a new shell in dbt's folder, after the documented step."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{PREPARE}; {command}"],
        cwd=ROOT / "dbt", env=os.environ | {"PATH": path, "HOME": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip


def read(settings: Settings, query: str) -> list[dict[str, Any]]:
    return landing.read(settings, query, role="owner")


def test_what_is_built_and_tested_by_hand_is_the_users_own(landed: Settings, tmp_path: Path) -> None:
    production = read(landed, RELATIONS), read(landed, STATE)
    run = in_the_folder(f"dbt build --vars '{{as_of: \"{AS_OF.isoformat()}\"}}'", tmp_path)
    assert run.returncode == 0, run.stdout
    assert not (ROOT / "dbt" / "target").exists(), "what dbt writes about its runs belongs to the state folder"

    kpis = "select to_jsonb(kpi_daily) as kpi from {}.kpi_daily order by 1"
    assert read(landed, kpis.format("dev_siti_rahma_marts")) == read(landed, kpis.format("marts"))
    tables = "select count(*) as number from pg_tables where schemaname = '{}intermediate'"
    assert read(landed, tables.format("dev_siti_rahma_")) == read(landed, tables.format(""))
    assert (read(landed, RELATIONS), read(landed, STATE)) == production

    with connection.transaction("owner", landed) as work, work.cursor() as cursor:
        cursor.execute("update dev_siti_rahma_marts.fct_turns set response_business_seconds = -1 where is_answered")
    run = in_the_folder("dbt test --select turn_reply_columns_consistent", tmp_path)
    assert run.returncode == 1, run.stdout
    assert "FAIL" in run.stdout
