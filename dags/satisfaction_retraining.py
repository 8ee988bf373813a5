"""Predicts after every KPI build who was satisfied of those whose episodes have ended, and once the model in use is six
days old learns anew from all that was rated. A person's run always learns anew.

No build follows: the marts join the predictions when they are read.
"""

from airflow.sdk import DAG, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common.assets import KPI_DAILY, SATISFACTION_PREDICTIONS
from dags.common.defaults import TASK

with DAG(
    dag_id="satisfaction_retraining",
    schedule=[KPI_DAILY],
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "ml"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[SATISFACTION_PREDICTIONS])
    def predict() -> int:
        """Learn anew if it is time, and predict; returns how many predictions differ from before."""
        from ml.marts import NoMarts
        from ml.satisfaction import predictions

        context = get_current_context()
        try:
            if context["dag_run"].run_type == "manual" or predictions.is_old():
                predictions.retrain()
            changed = predictions.predict()
        except NoMarts as error:
            raise AirflowSkipException(str(error)) from error
        # An attempt before this one may have written and failed after it.
        if not changed and context["task_instance"].try_number == 1:
            raise AirflowSkipException("nothing is predicted differently")
        return changed

    predict()
