"""`python -m dags.supervise.run message_scoring kpi_build`: run DAGs one by one in this process, without a scheduler.

Uses the real DAGs and Airflow's real database, where the asset events of the runs wait for the scheduler. Stops with
exit status 1 at the first failed run.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Any

import structlog
import tenacity
from sqlalchemy.exc import IntegrityError, PendingRollbackError

from dags.supervise.environment import environment
from dags.supervise.metadata import migrate
from warehouse.settings import SettingsMissing, get_settings

log = structlog.get_logger()

DAGS = (
    "twilio_history",
    "woocommerce_sync",
    "woocommerce_reconciliation",
    "message_scoring",
    "classifier_retraining",
    "kpi_build",
    "data_watch",
    "satisfaction_retraining",
    "dashboard_refresh",
    "review_mining",
    "survey_collection",
    "topic_discovery",
    "trend_forecast",
)


def run(names: list[str]) -> bool:
    """Run the DAGs in this order until one fails; returns whether all succeeded. Must be called before Airflow is
    imported, as it reads its settings on import. Raises SettingsMissing."""
    os.environ.update({"AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING"} | environment(get_settings()))
    migrate(dict(os.environ))
    return all(_run(name) for name in names)


def _run(name: str) -> bool:
    dag = importlib.import_module(f"dags.{name}").dag
    # `dag.test` of Airflow 3.3 fails with deadlines.
    dag.deadline = None
    finished = _tested(dag)
    tasks = ", ".join(f"{instance.task_id} {instance.state}" for instance in finished.get_task_instances())
    print(f"{name}: {finished.state} ({tasks})", flush=True)
    return bool(finished.state == "success")


@tenacity.retry(
    # Each run registers all DAGs by a select and then an insert. If another process does so at the same time (another
    # run, or the DAG processor of `up`), the later one fails, and a retry succeeds.
    retry=tenacity.retry_if_exception_type((IntegrityError, PendingRollbackError)),
    stop=tenacity.stop_after_attempt(5),
    wait=tenacity.wait_random(1, 3),
    before_sleep=lambda state: log.warning("dags_registered_by_another", attempt=state.attempt_number),
    reraise=True,
)
def _tested(dag: Any) -> Any:
    return dag.test()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dags.supervise.run", description=__doc__)
    parser.add_argument("dag", nargs="+", choices=DAGS)
    try:
        return 0 if run(parser.parse_args().dag) else 1
    except SettingsMissing as error:
        print(f"dags: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
