"""Loads Twilio's own record of messages: first the whole history, then daily what the webhook missed.

The record also has the exact times of messages that the webhook received. Skipped without Twilio's credentials.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common.assets import TWILIO_MESSAGES
from dags.common.deadlines import deadline
from dags.common.defaults import TASK

with DAG(
    dag_id="twilio_history",
    schedule=CronTriggerTimetable("30 2 * * *", timezone="UTC", run_immediately=True),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    deadline=deadline(minutes=180, lasts=timedelta(hours=30)),
    tags=["kabar", "sources"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[TWILIO_MESSAGES])
    def load_record() -> dict[str, int]:
        """Read from the last safe position, with an overlap; returns how many messages were read and changed."""
        from sources import twilio
        from warehouse.settings import get_settings

        settings = get_settings()
        if not (settings.twilio_account_sid and settings.twilio_auth_token):
            raise AirflowSkipException("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set: no record to load")
        return vars(twilio.load(settings=settings))

    load_record()
