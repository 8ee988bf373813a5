"""The first task of DAGs that run per shop."""

from __future__ import annotations

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowSkipException

# The name of a mapped task in Airflow's pages.
NAME = "{{ task.op_kwargs['store_id'] }}"


@task
def connected_shops() -> list[str]:
    """The ids of connected shops; skipped if there are none."""
    from sources import woocommerce

    if store_ids := woocommerce.stores():
        return store_ids
    raise AirflowSkipException("no shop is connected: `python -m sources.woocommerce add` connects one")
