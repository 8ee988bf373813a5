"""Forecasts the coming eight weeks of net sales and messages once a week, after the week is over everywhere, and notes
how good forecasts of past weeks were.

No build follows: the marts are views on what this writes.
"""

from airflow.sdk import DAG, CronTriggerTimetable, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common.assets import FORECASTS
from dags.common.defaults import TASK

with DAG(
    dag_id="trend_forecast",
    # Monday has begun everywhere, and the KPI build of :05 has counted Sunday.
    schedule=CronTriggerTimetable("30 12 * * 1", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "ml"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[FORECASTS])
    def forecast() -> int:
        """Forecast every series; returns how many forecasts are shown. Skipped before the first KPI build."""
        from ml.forecast.forecast import forecast as forecast_all
        from ml.marts import NoMarts

        try:
            return forecast_all()
        except NoMarts as error:
            raise AirflowSkipException(str(error)) from error

    forecast()
