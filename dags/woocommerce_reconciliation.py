"""Compares Kabar's data of each connected WooCommerce shop with the shop and its own report, every night.

Differing objects are fetched again and deleted ones are marked. The result is stored in `quality` and shown on every
KPI of the shop. Each shop has its own task, so that an unreachable one does not delay the others.
"""

from datetime import timedelta

import structlog
from airflow.sdk import DAG, CronTriggerTimetable, task

from dags.common.assets import WOOCOMMERCE_OBJECTS
from dags.common.deadlines import deadline
from dags.common.defaults import TASK
from dags.common.shops import NAME, connected_shops

with DAG(
    dag_id="woocommerce_reconciliation",
    schedule=CronTriggerTimetable("0 20 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    deadline=deadline(minutes=240, lasts=timedelta(hours=30)),
    tags=["kabar", "sources"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[WOOCOMMERCE_OBJECTS], map_index_template=NAME, execution_timeout=timedelta(hours=3))
    def reconcile_shop(store_id: str) -> str:
        """Sync, compare and repair; returns the verdict (`pass`, `warn` or `fail`), whose reasons are in `quality`."""
        from sources import woocommerce

        found = woocommerce.reconcile(store_id)
        if found.verdict != "pass":
            structlog.get_logger().warning("shop_differs", store_id=store_id, verdict=found.verdict)
        return found.verdict

    reconcile_shop.expand(store_id=connected_shops())
