"""Every DAG file loads, and every DAG has what all of ours have."""

from __future__ import annotations

from typing import Any

import pytest

from dags.supervise import run
from tests.support.airflow import SQLALCHEMY, described_dags, metadata_url
from warehouse.settings import ROOT, Settings

DAG_IDS = [
    "classifier_retraining",
    "dashboard_refresh",
    "data_watch",
    "kpi_build",
    "message_scoring",
    "review_mining",
    "satisfaction_retraining",
    "survey_collection",
    "topic_discovery",
    "trend_forecast",
    "twilio_history",
    "woocommerce_reconciliation",
    "woocommerce_sync",
]
RAW = ["raw.chatbot_events", "raw.twilio_messages", "raw.twilio_statuses"]


@pytest.fixture(scope="module")
def folder(server_settings: Settings, module_settings: Settings) -> dict[str, Any]:
    return described_dags(**{SQLALCHEMY: metadata_url(server_settings)})


def test_the_folder_holds_these_dags_and_no_file_fails_to_load(folder: dict[str, Any]) -> None:
    assert folder["errors"] == {}
    assert sorted(folder["dags"]) == DAG_IDS


def test_each_can_be_run_by_hand() -> None:
    assert sorted(run.DAGS) == DAG_IDS


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_a_dag_is_named_documented_scheduled_retried_and_answers_for_failures(
    folder: dict[str, Any], dag_id: str
) -> None:
    dag = folder["dags"][dag_id]
    assert dag["file"] == f"{dag_id}.py"
    assert dag["serialised"]
    assert len(dag["doc"]) > 80
    assert "kabar" in dag["tags"]
    assert len(dag["tags"]) > 1
    assert dag["catchup"] is False
    assert dag["max_active_runs"] == 1
    assert dag["schedule"] not in {"NullTimetable", "OnceTimetable"}
    for task in dag["tasks"].values():
        assert task["owner"] == "kabar"
        assert task["retries"] >= 1
        assert task["has_timeout"]
        assert task["callbacks"] == ["log_failure"]
        assert task["doc"]
        assert all(uri.startswith("postgres://") for uri in task["uris"])
    assert any(task["reports"] for task in dag["tasks"].values())
    assert f"`{dag_id}`" in (ROOT / "dags" / "README.md").read_text()


def test_a_landing_leads_to_scores_and_scores_and_shops_lead_to_kpis(folder: dict[str, Any]) -> None:
    dags = folder["dags"]
    reports = {
        dag_id: {name for task in dag["tasks"].values() for name in task["reports"]} for dag_id, dag in dags.items()
    }
    assert dags["message_scoring"]["watched"] == RAW
    assert set(dags["message_scoring"]["waits_for"]) == {*RAW, "ml.models"}
    assert reports["twilio_history"] == {"raw.twilio_messages"}
    assert reports["classifier_retraining"] == {"ml.models"}
    assert reports["message_scoring"] == {"ml.message_labels"}
    assert reports["woocommerce_sync"] == reports["woocommerce_reconciliation"] == {"raw.woocommerce"}
    assert set(dags["kpi_build"]["waits_for"]) == {"ml.message_labels", "raw.woocommerce"}
    assert dags["satisfaction_retraining"]["waits_for"] == ["marts.kpi_daily"]
    assert reports["satisfaction_retraining"] == {"ml.satisfaction_predictions"}
    assert dags["kpi_build"]["waits"] == "AssetAny"
    assert dags["kpi_build"]["schedule"] == "AssetOrTimeSchedule"


def test_what_figures_rest_on_has_a_deadline_that_outlasts_the_time_to_the_next_run(
    folder: dict[str, Any],
) -> None:
    deadlines = {dag_id: dag["deadlines"] for dag_id, dag in folder["dags"].items() if dag["deadlines"]}
    assert sorted(deadlines) == [
        "kpi_build", "message_scoring", "twilio_history", "woocommerce_reconciliation", "woocommerce_sync"
    ]  # fmt: skip
    for dag_id, (deadline,) in deadlines.items():
        assert deadline["path"] == "dags.common.deadlines.missed"
        assert deadline["seconds"] == 60 * deadline["kwargs"]["minutes"]
        a_day = 86_400 if dag_id in ("twilio_history", "woocommerce_reconciliation") else 3600
        assert deadline["kwargs"]["lasts_seconds"] > a_day


def test_each_shop_has_a_task_of_its_own(folder: dict[str, Any]) -> None:
    for dag_id in ("woocommerce_sync", "woocommerce_reconciliation"):
        mapped = {name: task["is_mapped"] for name, task in folder["dags"][dag_id]["tasks"].items()}
        assert list(mapped.values()) == [False, True], mapped


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_no_run_succeeds_in_which_a_task_failed(folder: dict[str, Any], dag_id: str) -> None:
    tasks = folder["dags"][dag_id]["tasks"]
    hiding = {name for task in tasks.values() if task["runs_if"] == "all_done" for name in task["runs_after"]}
    watched = {name for task in tasks.values() if task["runs_if"] == "one_failed" for name in task["runs_after"]}
    assert {task["runs_if"] for task in tasks.values()} <= {"all_success", "all_done", "one_failed"}
    assert hiding <= watched


def test_no_dag_waits_for_what_it_leads_to(folder: dict[str, Any]) -> None:
    dags = folder["dags"]
    leads = {
        name: {
            other
            for other, dag in dags.items()
            if any(set(task["reports"]) & set(dag["waits_for"]) for task in dags[name]["tasks"].values())
        }
        for name in dags
    }
    for start in dags:
        reached: set[str] = set()
        frontier = leads[start]
        while frontier - reached:
            reached |= frontier
            frontier = set().union(*(leads[name] for name in frontier))
        assert start not in reached
