"""Notes how fresh the sources are, validates what landed and builds the KPIs from it, after every scoring, after every
sync that changed something of a shop, and every hour because episodes also end by themselves.

After a critical failure of the validation the KPIs stay as they were, marked `fail`, and the run fails without a
retry: only other data or another suite can change the verdict.
"""

from datetime import datetime, timedelta

from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable, Param, task
from airflow.sdk.exceptions import AirflowFailException

from dags.common.assets import KPI_DAILY, MESSAGE_LABELS, WOOCOMMERCE_OBJECTS
from dags.common.deadlines import deadline
from dags.common.defaults import TASK

with DAG(
    dag_id="kpi_build",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("5 * * * *", timezone="UTC"),
        assets=MESSAGE_LABELS | WOOCOMMERCE_OBJECTS,
    ),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    deadline=deadline(minutes=45, lasts=timedelta(hours=2)),
    params={
        "as_of": Param(None, type=["null", "string"], format="date-time", description="Seen from then; default now")
    },
    tags=["kabar", "kpis"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[KPI_DAILY])
    def build(params: dict[str, str | None] | None = None) -> str:
        """Ask how fresh the sources are, validate, then build as of `params.as_of`; returns the verdict, `pass` or
        `warn`."""
        from pipeline.freshness import check_sources
        from pipeline.kpis import build_kpis

        check_sources()
        as_of = (params or {}).get("as_of")
        verdict = build_kpis(as_of=datetime.fromisoformat(as_of) if as_of else None)
        if verdict.is_fail:
            raise AirflowFailException("the KPIs were kept: " + "; ".join(reason.why for reason in verdict.reasons))
        return verdict.verdict

    build()
