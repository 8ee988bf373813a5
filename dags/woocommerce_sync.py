"""Brings what changed in each connected WooCommerce shop into `raw`, every ten minutes; the first time, everything.

A task a shop: one that cannot be reached holds up neither the others nor the KPIs. What webhooks named since the last
run is fetched exactly. A shop with nothing new is skipped, so that no KPI is built for nothing; so is everything while
no shop is connected.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags.common.assets import WOOCOMMERCE_OBJECTS
from dags.common.deadlines import deadline
from dags.common.defaults import TASK
from dags.common.shops import NAME, connected_shops

with DAG(
    dag_id="woocommerce_sync",
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    deadline=deadline(minutes=60, lasts=timedelta(hours=2)),
    tags=["kabar", "sources"],
    doc_md=__doc__,
) as dag:
    # A sync that is stopped goes on from its safe point; the next run would wait for one that takes for ever.
    @task(outlets=[WOOCOMMERCE_OBJECTS], map_index_template=NAME, execution_timeout=timedelta(minutes=30))
    def sync_shop(store_id: str) -> dict[str, int]:
        """Land what changed since the last safe point; returns how many rows changed, by resource."""
        from sources import woocommerce
        from sources.woocommerce.responses import ShopRefused

        try:
            synced = woocommerce.sync(store_id)
        except ShopRefused as error:
            # It was asked patiently, and the next run is near.
            raise AirflowFailException(f"the shop {store_id}: {error}") from error
        changed = {name: loaded.inserted + loaded.updated + loaded.deleted for name, loaded in synced.items()}
        # An attempt before this one may have landed something and failed after it.
        if not any(changed.values()) and get_current_context()["task_instance"].try_number == 1:
            raise AirflowSkipException(f"nothing new in the shop {store_id}")
        return changed

    sync_shop.expand(store_id=connected_shops())
