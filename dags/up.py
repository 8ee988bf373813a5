"""`python -m dags.up`: keep everything running in the foreground, until Ctrl-C, SIGTERM or `python -m dags.down`.

What runs stands in the Procfile. If one part ends, all are stopped: half a Kabar would only look alive.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from dags.environment import USER, environment, password
from dags.metadata import migrate
from warehouse.settings import ROOT, Settings, SettingsMissing, get_settings
from warehouse.state import make_state_dir

PATIENCE = 10  # seconds that a process has between being asked to end and being ended
_PR_SET_CHILD_SUBREAPER = 36


class AlreadyUp(RuntimeError):
    """Another `up` of the same state folder runs."""


def up(settings: Settings) -> int:
    """Run the Procfile's processes until a signal or until one of them ends; returns the exit status, 0 after a signal.
    Raises AlreadyUp and SettingsMissing."""
    with _only_one(pid_file(settings)):
        surroundings = environment(settings)
        # Airflow reads these when it is first imported, which migrating does here.
        os.environ.update(surroundings)
        migrate(surroundings)
        print(_welcome(settings), flush=True)
        _adopt_orphans()
        manager = Manager(Printer(sys.stdout))
        for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
            manager.add_process(name, command, env=surroundings, cwd=str(ROOT))
        try:
            manager.loop()
        finally:
            _end_the_rest()
    return 0 if manager.returncode in (130, 143) else 1


def pid_file(settings: Settings) -> Path:
    """Holds the pid of the running `up`, which holds a lock on it."""
    return make_state_dir(settings) / "up.pid"


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with open(path, "a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp("it is up already; `make down` stops it") from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
        handle.truncate(0)


def _welcome(settings: Settings) -> str:
    return "\n".join(
        [
            f"Dashboards  http://{settings.web_host}:{settings.web_port}/dashboards",
            f"Airflow     http://127.0.0.1:{settings.airflow_port} (user {USER}, password {password(settings)});"
            " it takes half a minute to come up",
            "Ctrl-C stops all of it; `make down` from another terminal also stops the embedded Postgres.",
        ]
    )


def _adopt_orphans() -> None:
    """A process whose parent dies becomes our child (Linux): Airflow's tasks leave their parents' process groups, and
    would outlive us."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_the_rest() -> None:
    """End every process below us but the embedded Postgres, which a part may have started and others use."""
    left = [process for process in psutil.Process().children(recursive=True) if not _is_postgres(process)]
    for process in left:
        _signal(process, "terminate")
    _, alive = psutil.wait_procs(left, timeout=PATIENCE)
    for process in alive:
        _signal(process, "kill")
    psutil.wait_procs(alive, timeout=PATIENCE)


def _is_postgres(process: psutil.Process) -> bool:
    try:
        return str(process.name()).startswith(("postgres", "pg_ctl"))
    except psutil.NoSuchProcess:
        return False


def _signal(process: psutil.Process, verb: str) -> None:
    try:
        getattr(process, verb)()
    except psutil.NoSuchProcess:
        return


def main() -> int:
    try:
        return up(get_settings())
    except (AlreadyUp, SettingsMissing, PermissionError) as error:
        print(f"up: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
