"""Loads changes of each connected WooCommerce shop into `raw` every ten minutes, and everything the first time.

Each shop has its own task, so that an unreachable one delays neither the others nor the KPIs. Objects named by webhooks
since the last run are fetched individually. Shops without changes are skipped, so that no KPI build follows; so is the
run while no shop is connected.
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
    # A stopped sync resumes from its safe point; without a timeout, a stuck one would block later runs.
    @task(outlets=[WOOCOMMERCE_OBJECTS], map_index_template=NAME, execution_timeout=timedelta(minutes=30))
    def sync_shop(store_id: str) -> dict[str, int]:
        """Load changes since the last safe point; returns the number of changed rows by resource."""
        from sources import woocommerce
        from sources.woocommerce.responses import ShopRefused

        try:
            synced = woocommerce.sync(store_id)
        except ShopRefused as error:
            # The client has retried already, and the next run is soon.
            raise AirflowFailException(f"the shop {store_id}: {error}") from error
        changed = {name: loaded.inserted + loaded.updated + loaded.deleted for name, loaded in synced.items()}
        # An earlier attempt may have stored changes before it failed.
        if not any(changed.values()) and get_current_context()["task_instance"].try_number == 1:
            raise AirflowSkipException(f"nothing new in the shop {store_id}")
        return changed

    sync_shop.expand(store_id=connected_shops())
