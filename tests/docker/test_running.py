"""The services' own commands, with the variables, secrets, files and packages that their containers have."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.request import urlopen

import psycopg2
import pytest

from tests.docker.deployment import SERVICES, Deployment
from warehouse.embedded import binaries_dir
from warehouse.settings import COMPONENT_ROLES, Settings

PATIENCE = 120  # seconds


def connect(deployment: Deployment, user: str, secret: str, database: str) -> psycopg2.extensions.connection:
    password = (deployment.secrets / secret).read_text()
    return psycopg2.connect(host="127.0.0.1", port=deployment.port, user=user, password=password, dbname=database)


@pytest.fixture(scope="module")
def migrated(deployment: Deployment) -> Deployment:
    """With the database as the service `migrate` leaves it."""
    answer = deployment.run("migrate")
    assert answer.returncode == 0, answer.stderr
    return deployment


@contextmanager
def running(deployment: Deployment, service: str) -> Iterator[subprocess.Popen[str]]:
    """A long-running service, once its health check says that it is healthy."""
    process = deployment.start(service)
    time.sleep(2)  # a check costs as much as a start
    try:
        end = time.monotonic() + PATIENCE
        while (check := deployment.health(service)).returncode:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < end, check.stdout + check.stderr
            time.sleep(0.5)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def make_databases(deployment: Deployment) -> subprocess.CompletedProcess[str]:
    """What the service `databases` runs, with the psql of the embedded server."""
    settings = Settings(_env_file=None, KABAR_STATE_DIR=deployment.folder / "server")  # type: ignore[call-arg]
    program, *arguments = deployment.command("databases")
    places = {"--host=postgres": "--host=127.0.0.1", "--file=/databases.psql": "--file=docker/databases.psql"}
    command = [str(binaries_dir(settings) / program), *(places.get(word, word) for word in arguments)]
    entry = [deployment.here("databases", word.replace("$$", "$")) for word in SERVICES["databases"]["entrypoint"]]
    environment = deployment.environment("databases") | {"PGPORT": str(deployment.port)}
    return subprocess.run([*entry, *command], env=environment, text=True, capture_output=True, check=False)


def test_airflow_and_metabase_get_databases_of_their_own_and_new_passwords(deployment: Deployment) -> None:
    for _ in range(2):
        answer = make_databases(deployment)
        assert (answer.returncode, answer.stderr) == (0, "")
        for name in ("airflow", "metabase"):
            with closing(connect(deployment, name, f"{name.upper()}_DATABASE_PASSWORD", name)) as server:
                server.cursor().execute("create table mine (id integer); drop table mine")
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        connect(deployment, "airflow", "AIRFLOW_DATABASE_PASSWORD", "metabase")
    with (
        closing(connect(deployment, "airflow", "AIRFLOW_DATABASE_PASSWORD", "kabar")) as server,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        server.cursor().execute("create schema mine")


def test_airflow_finds_its_database_by_the_command_that_reads_the_secret(deployment: Deployment) -> None:
    assert make_databases(deployment).returncode == 0
    command = deployment.environment("airflow-migrate")["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD"]
    told = subprocess.run(["sh", "-c", command], text=True, capture_output=True, check=True).stdout
    assert told == told.strip()  # Airflow takes it as it comes
    with closing(psycopg2.connect(told.replace("+psycopg2", ""))) as server, server.cursor() as cursor:
        cursor.execute("select current_user, current_database()")
        assert cursor.fetchone() == ("airflow", "airflow")


def test_postgres_is_set_up_as_the_embedded_one(deployment: Deployment) -> None:
    asked = dict(word.removeprefix("--").split("=") for word in SERVICES["postgres"]["command"][1:])
    with closing(connect(deployment, "owner", "KABAR_OWNER_PASSWORD", "kabar")) as server, server.cursor() as cursor:
        for name in ("max_connections", "timezone", "log_timezone", "work_mem"):
            cursor.execute("select current_setting(%s)", (name,))
            assert cursor.fetchone() == (asked[name],)


def test_every_role_signs_in_with_the_password_of_its_file(migrated: Deployment) -> None:
    for role in COMPONENT_ROLES:
        connect(migrated, role, f"KABAR_{role.upper()}_PASSWORD", "kabar").close()


def test_a_secret_that_is_missing_stops_the_start_with_its_name(migrated: Deployment) -> None:
    missing = migrated.secrets_of("webhook") / "KABAR_HASH_KEY"
    kept = missing.read_text()
    missing.chmod(0o600)
    missing.write_text("")
    try:
        answer = migrated.run("webhook")
    finally:
        missing.write_text(kept)
    assert answer.returncode == 2
    assert "KABAR_HASH_KEY is not set" in answer.stderr


def test_the_web_app_becomes_healthy_and_shows_its_pages(migrated: Deployment) -> None:
    with running(migrated, "webhook"):
        for page in ("/inbox/sign-in", "/dashboards/static/dashboards.css"):
            with urlopen(f"http://127.0.0.1:{migrated.web_port}{page}", timeout=PATIENCE) as answer:
                assert answer.status == 200
    assert migrated.health("webhook").returncode != 0


def test_the_bots_worker_becomes_healthy(migrated: Deployment) -> None:
    assert migrated.health("bot").returncode != 0
    with running(migrated, "bot"):
        pass


@pytest.mark.parametrize("service", ["models", "provision"])
def test_commands_know_what_they_are_asked_for(deployment: Deployment, service: str) -> None:
    commands = " ".join(deployment.command(service)).removeprefix("sh -c ").split(" && ")
    for command in commands:
        program, options = command.split()[:3], command.split()[3:]
        subcommand = [word for word in options if not word.startswith("-")]
        answer = deployment.run(service, [*program, *subcommand, "--help"])
        assert answer.returncode == 0, answer.stderr
        assert all(option in answer.stdout for option in options if option.startswith("-"))


def test_packages_of_training_are_not_in_the_image_of_the_web_app(deployment: Deployment) -> None:
    refused = deployment.run("webhook", ["python", "-c", "import torch"])
    assert "No module named 'torch' in the image" in refused.stderr
