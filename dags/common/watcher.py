"""The last task of DAGs in which tasks run even though an earlier one failed."""

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException


def fail_with_any_task(dag: DAG) -> None:
    """Add a task that fails if any task of the DAG failed, and is skipped otherwise. The state of a run is that of its
    last tasks, so without it a run whose first task failed would succeed."""
    watched = list(dag.tasks)
    watcher = fail_run()
    for each in watched:
        each >> watcher


@task(trigger_rule="one_failed")
def fail_run() -> None:
    """Fail the run, since one of its tasks failed."""
    raise AirflowFailException("a task of this run failed; its own log says why")
