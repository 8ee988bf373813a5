"""Deadlines of DAG runs. Missing one opens an incident."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference


def deadline(*, minutes: int, lasts: timedelta) -> DeadlineAlert:
    """An alert for runs that have not succeeded within `minutes` after they were queued. Misses within `lasts`, which
    has to be longer than the schedule's interval, belong to one incident."""
    return DeadlineAlert(
        name=f"{minutes} minutes",
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(minutes=minutes),
        callback=AsyncCallback(missed, kwargs={"minutes": minutes, "lasts_seconds": lasts.total_seconds()}),
    )


async def missed(context: dict[str, Any], minutes: int, lasts_seconds: float) -> None:
    """Called by the triggerer. Runs in a thread, as the triggerer's event loop must not block."""
    from expectations.incidents import deadline_missed

    run = context["dag_run"]
    await asyncio.to_thread(
        deadline_missed, run["dag_id"], run["dag_run_id"], minutes, timedelta(seconds=lasts_seconds)
    )
