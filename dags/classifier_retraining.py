"""Trains a challenger of the message classifier every week, compares it with the model in use on the frozen test set,
and promotes the better one. The decision and its reason are stored in `ml.model_decisions`.

It also runs at Airflow's first start, so that a new deployment gets a model. Scheduled runs are skipped while the model
in use is less than six days old; manual runs always train. Models of sentiment are made where they are missing or were
made from other data or by other code.
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
        is_manual = get_current_context()["dag_run"].run_type == "manual"
        if row and not is_manual and datetime.now(UTC) - row[0] < YOUNG:
            raise AirflowSkipException("the model in use was trained this week")
        decision = decide()
        return {"promoted": decision.promoted, "reason": decision.reason}

    @task(outlets=[MODELS], execution_timeout=timedelta(hours=1))
    def make_sentiment_models() -> None:
        """Make the models of sentiment that are missing or outdated."""
        from ml.sentiment.dataset import CLASSES
        from ml.sentiment.train import train_if_missing
        from warehouse.settings import get_settings

        made = [train_if_missing(kind, get_settings()) for kind in CLASSES]
        if not any(made):
            raise AirflowSkipException("the models in use are current")

    retrain()
    make_sentiment_models()
