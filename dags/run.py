"""`python -m dags.run message_scoring kpi_build`: run DAGs one after the other in this process, with no scheduler.

The DAGs and Airflow's own database are the real ones; the asset events of the runs wait there for the scheduler.
Exit status 1 as soon as a run fails.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from dags.environment import environment
from dags.metadata import migrate
from warehouse.settings import SettingsMissing, get_settings

DAGS = (
    "twilio_history",
    "woocommerce_sync",
    "woocommerce_reconciliation",
    "message_scoring",
    "classifier_retraining",
    "kpi_build",
)


def run(names: list[str]) -> bool:
    """Run the DAGs in this order until one fails; whether all succeeded. Airflow reads its settings when it is first
    imported, so this must come before any import of it in the process. Raises SettingsMissing."""
    os.environ.update({"AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING"} | environment(get_settings()))
    migrate(dict(os.environ))
    return all(_run(name) for name in names)


def _run(name: str) -> bool:
    finished = importlib.import_module(f"dags.{name}").dag.test()
    tasks = ", ".join(f"{instance.task_id} {instance.state}" for instance in finished.get_task_instances())
    print(f"{name}: {finished.state} ({tasks})", flush=True)
    return bool(finished.state == "success")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dags.run", description=__doc__)
    parser.add_argument("dag", nargs="+", choices=DAGS)
    try:
        return 0 if run(parser.parse_args().dag) else 1
    except SettingsMissing as error:
        print(f"dags: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
