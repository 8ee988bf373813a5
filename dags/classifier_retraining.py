"""Trains a challenger of the message classifier every week, compares it with the model in use on the frozen test set,
and puts the better one to use. The decision and its reason are kept in `ml.model_decisions`."""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, task

from dags.assets import MODELS
from dags.defaults import TASK

with DAG(
    dag_id="classifier_retraining",
    schedule=CronTriggerTimetable("0 19 * * 6", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "ml"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[MODELS], execution_timeout=timedelta(hours=6))
    def retrain() -> dict[str, str | bool]:
        """Train, compare, decide; returns the decision."""
        from ml.retrain import retrain as decide

        decision = decide()
        return {"promoted": decision.promoted, "reason": decision.reason}

    retrain()
