"""Holds what Kabar has of each connected WooCommerce shop against the shop itself and its own report, every night.

What differs is fetched again, what is gone is marked, and how far both agree then stands in `quality` and on every
KPI of that shop. A task a shop: one that cannot be reached holds up no other.
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
        """Sync, compare, mend; returns the verdict, `pass`, `warn` or `fail`, whose reasons are in `quality`."""
        from sources import woocommerce

        found = woocommerce.reconcile(store_id)
        if found.verdict != "pass":
            structlog.get_logger().warning("shop_differs", store_id=store_id, verdict=found.verdict)
        return found.verdict

    reconcile_shop.expand(store_id=connected_shops())
