"""How long a DAG's run may take until it has succeeded, and who is told when it takes longer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference


def deadline(*, minutes: int, lasts: timedelta) -> DeadlineAlert:
    """An alert for a DAG whose run has not succeeded so many minutes after it was queued. `lasts` is longer than from
    one run to the next: a miss that follows within that time is the same incident, and is not told again."""
    return DeadlineAlert(
        name=f"{minutes} minutes",
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(minutes=minutes),
        callback=AsyncCallback(missed, kwargs={"minutes": minutes, "lasts_seconds": lasts.total_seconds()}),
    )


async def missed(context: dict[str, Any], minutes: int, lasts_seconds: float) -> None:
    """Called by the triggerer, whose loop must not wait for a database or a mail server."""
    from expectations.incidents import deadline_missed

    run = context["dag_run"]
    await asyncio.to_thread(
        deadline_missed, run["dag_id"], run["dag_run_id"], minutes, timedelta(seconds=lasts_seconds)
    )
