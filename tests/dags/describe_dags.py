"""Prints every DAG of the folder as JSON: Airflow reads its settings once a process, so this is one."""

import json
import os
from pathlib import Path
from typing import Any

from dags.supervise.environment import environment
from warehouse.settings import ROOT, get_settings

os.environ.update(environment(get_settings()))

from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization


def callbacks_of(task: Any) -> list[Any]:
    found = task.on_failure_callback
    return [found] if callable(found) else list(found)


def described(dag: Any) -> dict[str, Any]:
    condition = getattr(dag.timetable, "asset_condition", None)
    assets = getattr(condition, "objects", [condition]) if condition else []
    return {
        "serialised": bool(DagSerialization.serialize_dag(dag)),
        "file": Path(dag.fileloc).name,
        "doc": dag.doc_md or "",
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "deadlines": [
            {"path": alert.callback.path, "kwargs": alert.callback.kwargs, "seconds": alert.interval.total_seconds()}
            for alert in dag.deadline or []
        ],
        "schedule": type(dag.timetable).__name__,
        "waits": type(condition).__name__,
        "waits_for": sorted(asset.name for asset in assets),
        "watched": sorted(asset.name for asset in assets if asset.watchers),
        "tasks": {
            task.task_id: {
                "owner": task.owner,
                "retries": task.retries,
                "has_timeout": task.execution_timeout is not None,
                "is_mapped": task.is_mapped,
                "runs_if": task.trigger_rule.value,
                "runs_after": sorted(task.upstream_task_ids),
                "callbacks": [callback.__name__ for callback in callbacks_of(task)],
                "doc": task.doc_md or task.python_callable.__doc__ or "",
                "reports": sorted(asset.name for asset in task.outlets),
                "uris": sorted(asset.uri for asset in task.outlets),
            }
            for task in dag.tasks
        },
    }


bag = DagBag(dag_folder=str(ROOT / "dags"))
print(
    json.dumps(
        {
            "errors": {Path(path).name: error for path, error in bag.import_errors.items()},
            "dags": {dag_id: described(dag) for dag_id, dag in bag.dags.items()},
        }
    )
)
