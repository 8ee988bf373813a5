"""Checks every ten minutes for incidents: a failed validation, a difference from a shop, a stale source, old KPIs.

People are notified once per incident: in the task's log, and by e-mail and webhook if configured. An incident that
comes back after it was closed is a new one. All are stored in `quality.incidents`.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, task

from dags.common.assets import INCIDENTS
from dags.common.defaults import TASK

with DAG(
    dag_id="data_watch",
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "quality"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[INCIDENTS], execution_timeout=timedelta(minutes=5))
    def watch() -> dict[str, int]:
        """Open and close incidents and notify; returns the number of open ones, used notifiers and closed ones."""
        from expectations import incidents

        return incidents.watch()._asdict()

    watch()
