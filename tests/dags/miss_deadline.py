"""Does what Airflow does with runs whose deadline has passed: the scheduler's look at them, then the triggerer's
callback. Airflow reads its settings once a process, so this is one; its argument is the DAG."""

import asyncio
import os
import sys
from datetime import UTC, datetime

from dags.supervise.environment import environment
from dags.supervise.metadata import migrate
from warehouse.settings import ROOT, get_settings

os.environ.update(environment(get_settings()))

from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
from airflow.models import Deadline
from airflow.models.serialized_dag import SerializedDagModel
from airflow.triggers.callback import CallbackTrigger
from airflow.utils.session import create_session
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from sqlalchemy import select

dag_id = sys.argv[1]
migrate(dict(os.environ))
DagBundlesManager().sync_bundles_to_db()
sync_bag_to_db(DagBag(dag_folder=str(ROOT / "dags" / f"{dag_id}.py")), "dags-folder", None)
with create_session() as session:
    dag = SerializedDagModel.get_dag(dag_id)
    assert dag
    for number in (1, 2):
        dag.create_dagrun(
            run_id=f"asset_triggered__{number}",
            run_after=datetime.now(UTC),
            run_type=DagRunType.ASSET_TRIGGERED,
            triggered_by=DagRunTriggeredByType.ASSET,
            state="queued",
            session=session,
        )
    session.flush()
    missed = list(session.scalars(select(Deadline).order_by(Deadline.deadline_time)))
    for deadline in missed:
        deadline.handle_miss(session)
    calls = [deadline.callback.data for deadline in missed]


async def call(path: str, kwargs: dict[str, object]) -> None:
    async for event in CallbackTrigger(path, kwargs).run():
        print("callback", event.payload["state"])


for data in calls:
    asyncio.run(call(data["path"], dict(data["kwargs"])))
