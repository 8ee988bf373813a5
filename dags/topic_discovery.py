"""Assigns new messages and reviews to topics every day, discovers topics on Mondays, and builds the marts of topics.

A person's run always discovers. A week's growth is judged once, by Monday's run, so that chance gets one try a week.
"""

from airflow.sdk import DAG, CronTriggerTimetable, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common.assets import TOPICS
from dags.common.defaults import TASK

with DAG(
    dag_id="topic_discovery",
    schedule=CronTriggerTimetable("30 19 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "ml"],
    doc_md=__doc__,
) as dag:

    @task
    def find_topics() -> None:
        """Discover topics if it is Monday or no discovery succeeded yet, else assign new messages."""
        from ml.marts import NoMarts
        from ml.topics.discover import discover
        from ml.topics.place import NoEncoder, place
        from ml.topics.store import is_discovered

        run = get_current_context()["dag_run"]
        is_due = run.run_type == "manual" or run.run_after.weekday() == 0 or not is_discovered()
        try:
            discover() if is_due else place()
        except (NoEncoder, NoMarts) as error:
            raise AirflowSkipException(str(error)) from error

    @task(outlets=[TOPICS])
    def build() -> None:
        """Build the marts of topics."""
        from pipeline.transform import build_part

        build_part("topics")

    find_topics() >> build()
