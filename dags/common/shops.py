"""The task that DAGs over shops begin with."""

from __future__ import annotations

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowSkipException

# What a task that is mapped over shops is called in Airflow's pages.
NAME = "{{ task.op_kwargs['store_id'] }}"


@task
def connected_shops() -> list[str]:
    """The ids of the shops that are connected; skipped while none is."""
    from sources import woocommerce

    if store_ids := woocommerce.stores():
        return store_ids
    raise AirflowSkipException("no shop is connected: `python -m sources.woocommerce add` connects one")
