"""Default arguments of all DAGs: owner, retries, timeout and failure callback."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog

log = structlog.get_logger()


def log_failure(context: Any) -> None:
    """Airflow's failure callback: one structured log line with ids."""
    instance = context["task_instance"]
    log.error(
        "task_failed",
        dag_id=instance.dag_id,
        task_id=instance.task_id,
        run_id=instance.run_id,
        try_number=instance.try_number,
        error=type(context.get("exception")).__name__,
    )


TASK: dict[str, Any] = {
    "owner": "kabar",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": log_failure,
}
