"""Computes the figures of surveys (satisfaction index, gaps, quadrants) when answers landed: after an import at once,
while people answer at most every ten minutes. Every hour it also looks for what changed without an answer, such as a
wave that closed by itself. Skipped where nothing changed.
"""

from datetime import timedelta

from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common.assets import SURVEY_ANSWERS, SURVEY_FIGURES
from dags.common.defaults import TASK

with DAG(
    dag_id="survey_collection",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("35 * * * *", timezone="UTC"),
        assets=SURVEY_ANSWERS,
    ),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "surveys"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[SURVEY_FIGURES], execution_timeout=timedelta(minutes=20))
    def build() -> None:
        """Build the marts of surveys from all answers, if anything changed."""
        from pipeline.surveys import build_if_changed

        # An attempt before this one may have built and failed after it.
        if not build_if_changed() and get_current_context()["task_instance"].try_number == 1:
            raise AirflowSkipException("no answer changed")

    build()
