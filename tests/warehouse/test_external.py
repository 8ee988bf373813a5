"""Any PostgreSQL from 15 on that has pgvector: the system's own where the machine has one, else another of ours."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from warehouse import embedded
from warehouse.settings import COMPONENT_ROLES, ROOT, Settings
from warehouse.state import unprivileged_user

EXTENSION = "/usr/share/postgresql/{version}/extension/vector.control"


def server_programs(settings: Settings) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    with_vectors = [path for path in found if Path(EXTENSION.format(version=path.parent.name)).exists()]
    return with_vectors[0] if with_vectors else embedded.binaries_dir(settings)


def as_server_user(*arguments: object) -> None:
    user = unprivileged_user()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    subprocess.run(
        [str(argument) for argument in arguments], check=True, cwd="/", stdout=subprocess.DEVNULL, **identity
    )


@pytest.fixture(scope="module")
def system_server(server_settings: Settings) -> Iterator[str]:
    """The owner's URL, without a password in it, of a server of its own. Its superuser has created the extension, which
    an owner who is none may not."""
    folder = Path(tempfile.mkdtemp(prefix="kabar-external-"))
    if user := unprivileged_user():
        os.chown(folder, user.pw_uid, user.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password_file = folder / "password"
    password_file.write_text("chief")
    password_file.chmod(0o644)
    binaries = server_programs(server_settings)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    as_server_user(
        binaries / "initdb", "-D", folder / "data", "-U", "chief", "--pwfile", password_file, "-A", "scram-sha-256"
    )
    as_server_user(binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")
    admin = psycopg2.connect(f"postgresql://chief:chief@127.0.0.1:{port}/postgres")
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("create role keeper login createrole password 'kept'")
        cursor.execute("create database kabar owner keeper")
    admin.close()
    with psycopg2.connect(f"postgresql://chief:chief@127.0.0.1:{port}/kabar") as inside, inside.cursor() as cursor:
        cursor.execute("create extension vector")
    inside.close()
    yield f"127.0.0.1:{port}/kabar"
    as_server_user(binaries / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder)


def warehouse(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")}
    return subprocess.run(
        [sys.executable, "-m", "warehouse", *arguments],
        cwd=ROOT, env=environment | variables, text=True, capture_output=True, check=False, timeout=120,
    )  # fmt: skip


def test_missing_passwords_are_named(system_server: str) -> None:
    answer = warehouse("migrate", KABAR_DATABASE_URL=f"postgresql://keeper:kept@{system_server}")
    assert answer.returncode == 2
    assert "KABAR_WEBHOOK_PASSWORD" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_owner_who_is_no_superuser_migrates_twice_and_components_log_in(system_server: str) -> None:
    passwords = {f"KABAR_{role.upper()}_PASSWORD": f"pass of {role}/@" for role in COMPONENT_ROLES}
    owner = {"KABAR_DATABASE_URL": f"postgresql://keeper:kept@{system_server}"}
    for _ in range(2):
        answer = warehouse("migrate", **owner, **passwords)
        assert answer.returncode == 0, answer.stderr

    alone = {"KABAR_DATABASE_URL": f"postgresql://{system_server}", "KABAR_READER_PASSWORD": "pass of reader/@"}
    url = warehouse("url", "--role", "reader", **alone).stdout.strip()
    server = psycopg2.connect(url)
    with server.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("reader",)
    server.close()


def test_a_password_that_changed_is_set_by_the_next_migration(system_server: str) -> None:
    passwords = {f"KABAR_{role.upper()}_PASSWORD": "another" for role in COMPONENT_ROLES}
    assert (
        warehouse("migrate", KABAR_DATABASE_URL=f"postgresql://keeper:kept@{system_server}", **passwords).returncode
        == 0
    )
    psycopg2.connect(f"postgresql://bot:another@{system_server}").close()
