"""`python -m dags.supervise.run message_scoring kpi_build`: run DAGs one by one in this process, without a scheduler.

The DAGs and Airflow's own database are the real ones; the asset events of the runs wait there for the scheduler.
Exit status 1 as soon as a run fails.
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
)


def run(names: list[str]) -> bool:
    """Run the DAGs in this order until one fails; whether all succeeded. Airflow reads its settings when it is first
    imported, so this must come before any import of it in the process. Raises SettingsMissing."""
    os.environ.update({"AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING"} | environment(get_settings()))
    migrate(dict(os.environ))
    return all(_run(name) for name in names)


def _run(name: str) -> bool:
    dag = importlib.import_module(f"dags.{name}").dag
    # Nobody is here to see it missed, and `dag.test` of Airflow 3.3 fails over any.
    dag.deadline = None
    finished = _tested(dag)
    tasks = ", ".join(f"{instance.task_id} {instance.state}" for instance in finished.get_task_instances())
    print(f"{name}: {finished.state} ({tasks})", flush=True)
    return bool(finished.state == "success")


@tenacity.retry(
    # Airflow registers the whole folder at each run by looking first and inserting then. Of two that do it at the same
    # moment (another of these, or the DAG processor of `up`) the later one fails, and finds everything at a second try.
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
