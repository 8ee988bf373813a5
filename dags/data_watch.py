"""Looks every ten minutes for what somebody has to look at, and tells it: what landed fails the validation or differs
from the shop, nothing new comes from a source, the KPIs are old.

What it tells stands in the task's log, and goes out by e-mail and to a webhook where these are set up: once an
incident, however often it is seen, and again only after it was over. `quality.incidents` has them all.
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
        """Compare what is wrong now with what was; returns how much is, how many ways told of it, how much is over."""
        from expectations import incidents

        return incidents.watch()._asdict()

    watch()
