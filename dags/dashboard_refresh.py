"""Runs after every KPI build and after predictions of satisfaction that differ. Writes what changed on each dashboard,
and dbt's documents if they are no longer true or a day old; lets Metabase forget the answers that it keeps.

Nothing is built from what it writes, so it leads to no other run.
"""

import structlog
from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common.assets import INSIGHTS, KPI_DAILY, SATISFACTION_PREDICTIONS
from dags.common.defaults import TASK
from dags.common.watcher import fail_with_any_task

with DAG(
    dag_id="dashboard_refresh",
    schedule=KPI_DAILY | SATISFACTION_PREDICTIONS,
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "dashboards"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[INSIGHTS])
    def write_insights() -> int:
        """Write the texts whose figures changed; returns how many. Skipped before anything is there to write of."""
        from dashboards.insights import writing
        from dashboards.reader import NotBuilt

        try:
            return writing.write()
        except NotBuilt as error:
            raise AirflowSkipException(str(error)) from error

    @task
    def write_documents() -> bool:
        """Write dbt's documents and the lineage of the KPIs; whether they had to be."""
        from dashboards import documentation

        return documentation.refresh()

    @task(trigger_rule="all_done")
    def clear_cache() -> None:
        """Let Metabase forget its answers, or say why not. Skipped where no Metabase is configured."""
        from dashboards.metabase import caching
        from warehouse.settings import get_settings

        settings = get_settings()
        if settings.metabase_url is None:
            raise AirflowSkipException("no Metabase is configured: KABAR_METABASE_URL names one")
        structlog.get_logger().info("metabase_cache", outcome=caching.clear(settings))

    write_insights() >> clear_cache()
    write_documents()
    fail_with_any_task(dag)
