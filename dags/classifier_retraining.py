"""Trains a challenger of the message classifier every week, compares it with the model in use on the frozen test set,
and puts the better one to use. The decision and its reason are kept in `ml.model_decisions`.

Airflow's first start is a due time as well, so that a fresh deployment gets a model; a scheduled run is skipped while
the model in use is young. A person's run always trains.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG, CronTriggerTimetable, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common.assets import MODELS
from dags.common.defaults import TASK

YOUNG = timedelta(days=6)

with DAG(
    dag_id="classifier_retraining",
    schedule=CronTriggerTimetable("0 19 * * 6", timezone="UTC", run_immediately=True),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "ml"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[MODELS], execution_timeout=timedelta(hours=6))
    def retrain() -> dict[str, str | bool]:
        """Train, compare, decide; returns the decision."""
        from ml.classifier.retrain import retrain as decide
        from warehouse.connection import connect, read_sql

        with connect("scorer") as connection, connection.cursor() as cursor:
            cursor.execute(read_sql(Path(__file__).parent / "sql" / "model_in_use.sql"))
            row = cursor.fetchone()
        is_asked_for = get_current_context()["dag_run"].run_type == "manual"
        if row and not is_asked_for and datetime.now(UTC) - row[0] < YOUNG:
            raise AirflowSkipException("the model in use was trained this week")
        decision = decide()
        return {"promoted": decision.promoted, "reason": decision.reason}

    retrain()
