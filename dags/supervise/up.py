"""`python -m dags.supervise.up`: run everything in the foreground, until Ctrl-C, SIGTERM or `make down`.

The processes are listed in the Procfile; after `make demo` its stand-in for Twilio is one more. If one of them ends,
all are stopped, as a partial system would only look healthy.
"""

from __future__ import annotations

import ctypes
import fcntl
import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from dags.supervise import stand_in
from dags.supervise.environment import USER, environment, password
from dags.supervise.metadata import migrate
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import ROOT, Settings, SettingsMissing, get_settings
from warehouse.state import make_state_dir

_PR_SET_CHILD_SUBREAPER = 36


class AlreadyUp(RuntimeError):
    """Another `up` of the same state folder is running."""


def up(settings: Settings) -> int:
    """Run the Procfile's processes until a signal or until one of them ends; returns the exit status, 0 after a signal.
    Raises AlreadyUp and SettingsMissing."""
    with _only_one(pid_file(settings)):
        demo = stand_in.variables(settings)
        surroundings = {**environment(settings), **demo}
        # Airflow reads these on import, which happens in `migrate`.
        os.environ.update(surroundings)
        migrate(surroundings)
        print(_welcome(settings, demo.get("TWILIO_API_BASE")), flush=True)
        _adopt_orphans()
        manager = Supervisor(Printer(sys.stdout))
        for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
            manager.add_process(name, command, env=surroundings, cwd=str(ROOT))
        if demo:
            manager.add_process("phone", stand_in.COMMAND, env=surroundings, cwd=str(ROOT))
        try:
            manager.loop()
        finally:
            psutil.wait_procs(kill_descendants(), timeout=10)
    return 0 if manager.returncode in (130, 143) else 1


def pid_file(settings: Settings) -> Path:
    """The file with the pid of the running `up`, which locks it."""
    return make_state_dir(settings) / "up.pid"


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with open(path, "a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(_("Kabar is already running. Stop it with make down.")) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
        handle.truncate(0)


def _welcome(settings: Settings, phone: str | None) -> str:
    address = f"http://{settings.web_host}:{settings.web_port}"
    demo = [_("Write as a customer of the demo's shop: {address}", address=phone)] if phone else []
    return "\n".join(
        [
            _("Dashboards: {address}", address=f"{address}/dashboards"),
            _("Inbox: {address} (create accounts with python -m webhook.users)", address=f"{address}/inbox"),
            *demo,
            _(
                "Airflow: {address}, ready in about half a minute (user {user}, password {password})",
                address=f"http://127.0.0.1:{settings.airflow_port}",
                user=USER,
                password=password(settings),
            ),
            _("Press Ctrl-C to stop. Use make down in another terminal to stop the embedded Postgres too."),
        ]
    )


def _adopt_orphans() -> None:
    """Become the parent of orphaned descendants (Linux): Airflow's tasks leave their parents' process groups and would
    outlive this process."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Supervisor(Manager):  # type: ignore[misc]
    """honcho's manager terminates process groups and kills them some seconds later. This one also kills processes that
    left their group, as Airflow's tasks do: they hold the pipe that the manager waits for."""

    def kill(self) -> None:
        kill_descendants()


def kill_descendants() -> list[psutil.Process]:
    """Kill all descendants except honcho's readers, which end with their process, and the embedded Postgres, which
    other processes may use. Returns the killed processes."""
    ended = []
    readers = {reader.pid for reader in multiprocessing.active_children()}
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if process.pid not in readers and not process.name().startswith(("postgres", "pg_ctl")):
                process.kill()
                ended.append(process)
    return ended


def main() -> int:
    try:
        return up(get_settings())
    except (AlreadyUp, SettingsMissing, PermissionError) as error:
        print(f"up: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
