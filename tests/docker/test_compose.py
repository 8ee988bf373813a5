"""docker-compose.yml: valid, and true of the project that it runs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import SecretStr

from tests.docker.deployment import (
    COMPOSE,
    DOCKERFILE,
    GIVEN,
    OURS,
    SERVICES,
    image_files,
    interpolated,
    modules_run,
    variables_asked_for,
    words,
)
from warehouse.settings import COMPONENT_ROLES, ROOT, Settings, variable_names

# What a deployment in containers does not take: an address that all its parts know, and another way to sign in.
NOT_TAKEN = {"KABAR_METABASE_DATABASE_HOST", "KABAR_METABASE_API_KEY"}
SECRET_VARIABLES = {
    str(field.validation_alias)
    for field in Settings.model_fields.values()
    if SecretStr in (field.annotation, *get_args(field.annotation))
}
LONG_RUNNING = [name for name, service in SERVICES.items() if service["restart"] != "no"]
ONCE = [name for name in SERVICES if name not in LONG_RUNNING]
OTHERS = ("postgres", "metabase")


def environment(service: str) -> dict[str, Any]:
    return SERVICES[service].get("environment", {})


def passwords_of(service: str) -> set[str]:
    """The roles whose passwords a service is given."""
    given = SERVICES[service].get("secrets", [])
    return {role for role in COMPONENT_ROLES if f"KABAR_{role.upper()}_PASSWORD" in given}


def test_the_file_is_what_the_compose_specification_calls_valid() -> None:
    program = Path(sys.executable).parent / "check-jsonschema"
    checked = subprocess.run(
        [program, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"],
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_the_long_running_services_of_ours_are_the_processes_of_the_procfile() -> None:
    lines = [line.split(": exec ", 1) for line in (ROOT / "Procfile").read_text().splitlines()]
    # A service may prepare something in a shell before.
    commands = {
        name: words(words(SERVICES[name]["command"])[-1].strip().rpartition("exec ")[2])
        if SERVICES[name]["command"][0] == "sh"
        else words(SERVICES[name]["command"])
        for name in LONG_RUNNING
        if name not in OTHERS
    }
    assert commands == {name: command.split() for name, command in lines}


# --- Variables --------------------------------------------------------------------------------------------------------


def test_every_variable_of_kabar_is_given_or_passed_on_or_a_secret() -> None:
    known = {name for service in OURS for name in environment(service)}
    given = known | set(variables_asked_for()) | set(COMPOSE["secrets"])
    assert set(variable_names()) - given == NOT_TAKEN


def test_no_service_is_given_a_variable_that_nothing_reads() -> None:
    ours = {name for service in OURS for name in environment(service) if not name.startswith(("AIRFLOW_", "OMP_"))}
    assert ours <= set(variable_names())
    assert set(variables_asked_for()) - set(variable_names()) == {"TORCH_INDEX_URL"}
    assert "TORCH_INDEX_URL ?=" in (ROOT / "Makefile").read_text()


def test_the_model_that_judges_is_where_answers_are_worded() -> None:
    """Answers are worded where the bot's tools are made."""
    judging = {name for name in OURS if "KABAR_NLI_MODEL" in environment(name)}
    makers = {
        path.relative_to(ROOT).parts[0]
        for folder in ("bot", "webhook", "dags", "ml", "pipeline", "dashboards")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\b(?:CurrentTools|tools\.make)\(", path.read_text())
    }
    assert judging == makers == {"bot", "webhook"}


def test_what_the_deployment_cannot_do_without_stops_the_start_with_its_name() -> None:
    required = {name for name, kind in variables_asked_for().items() if kind == "?"}
    assert required == set(GIVEN)
    with pytest.raises(KeyError, match="TWILIO_ACCOUNT_SID"):
        interpolated(environment("bot")["TWILIO_ACCOUNT_SID"], {})


def test_every_option_of_airflow_is_one_that_this_airflow_has() -> None:
    spec = find_spec("airflow.config_templates")
    assert spec
    assert spec.origin
    options = yaml.safe_load((Path(spec.origin).parent / "config.yml").read_text())
    for name in environment("scheduler"):
        if name.startswith("AIRFLOW__"):
            section, option = name.removeprefix("AIRFLOW__").lower().split("__")
            described = options[section]["options"][option.removesuffix("_cmd")]
            assert described.get("sensitive") or not option.endswith("_cmd"), name


def test_airflow_is_set_up_as_by_make_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dags.supervise.environment import environment as of_make_up

    tmp_path.chmod(0o711)
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "named, so that no database is made")
    settings = Settings(_env_file=None, KABAR_STATE_DIR=tmp_path)  # type: ignore[call-arg]
    monkeypatch.setattr("warehouse.state.is_open_to_all", lambda _: True)
    expected = {name: value for name, value in of_make_up(settings).items() if name.startswith("AIRFLOW__")}
    here = {name: value for name, value in environment("scheduler").items() if name.startswith("AIRFLOW__")}
    assert {name.removesuffix("_CMD") for name in here} == set(expected)
    of_the_place = {"CORE__DAGS_FOLDER", "API__HOST", "API__BASE_URL", "CORE__EXECUTION_API_SERVER_URL"}
    of_the_place |= {"CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"}
    for name in set(here) & set(expected) - {f"AIRFLOW__{name}" for name in of_the_place}:
        assert here[name] == expected[name]


# --- Secrets ----------------------------------------------------------------------------------------------------------


def test_every_secret_is_a_file_that_somebody_reads() -> None:
    assert COMPOSE["secrets"] == {name: {"file": f"./docker/secrets/{name}"} for name in COMPOSE["secrets"]}
    assert {name for service in SERVICES.values() for name in service.get("secrets", [])} == set(COMPOSE["secrets"])
    assert {
        name for name in COMPOSE["secrets"] if not name.startswith(("AIRFLOW_", "METABASE_"))
    } == SECRET_VARIABLES - NOT_TAKEN
    assert "docker/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES:
        for name, value in environment(service).items():
            assert name not in SECRET_VARIABLES
            if re.search("PASS|SECRET|TOKEN|KEY|CONN", name):
                assert re.fullmatch(r"KABAR_SECRETS_DIR|\w+(_FILE|_CMD)|KABAR_OPENAI_TOKENS_PER_DAY", name), name
                assert value is None or re.search(r"/run/secrets|/tmp/", value), name


def test_a_service_reads_the_secrets_that_it_is_given_and_no_others() -> None:
    for service in SERVICES.values():
        read = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        assert read <= set(service.get("secrets", []))
    psql = set(re.findall(r"KABAR_SECRETS_DIR/(\w+)", (ROOT / "docker" / "databases.psql").read_text()))
    assert psql | {"KABAR_OWNER_PASSWORD"} == set(SERVICES["databases"]["secrets"])


def test_tasks_have_the_passwords_of_the_roles_that_they_use_and_the_owners_nobody_but_who_migrates() -> None:
    used = {
        role
        for folder in ("sources", "expectations", "pipeline", "dags")
        for path in (ROOT / folder).rglob("*.py")
        for role in re.findall(r'(?:connect|transaction|url)\("(\w+)"', path.read_text())
        if path.name != "metadata.py"  # makes the database of `make up`
    }
    assert passwords_of("scheduler") == used | {"scorer", "dbt", "reader"}
    assert passwords_of("triggerer") == {"validator"}
    assert passwords_of("models") == {"scorer"}
    assert passwords_of("migrate") == set(COMPONENT_ROLES)
    owners = {name for name, service in SERVICES.items() if "KABAR_OWNER_PASSWORD" in service.get("secrets", [])}
    assert owners == {"postgres", "databases", "migrate"}


def test_make_secrets_makes_all_but_twilios_token_once(tmp_path: Path) -> None:
    make = [ROOT / "docker" / "make-secrets", tmp_path / "secrets"]
    first = subprocess.run(make, check=True, text=True, capture_output=True).stdout
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"]) - {"TWILIO_AUTH_TOKEN"}
    assert "TWILIO_AUTH_TOKEN" in first
    assert not any(value in first for value in made.values() if value)
    given_by_people = {"OPENAI_API_KEY", "KABAR_ALERT_WEBHOOK_URL", "KABAR_SMTP_PASSWORD"}
    assert {name for name, value in made.items() if not value} == given_by_people
    filled = [value for name, value in made.items() if name not in given_by_people]
    assert len(set(filled)) == len(filled)
    assert min(map(len, filled)) >= 20
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    # The containers' users own none of them.
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o444}

    (tmp_path / "secrets" / "KABAR_BOT_PASSWORD").unlink()
    again = subprocess.run(make, check=True, text=True, capture_output=True).stdout
    after = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert "made KABAR_BOT_PASSWORD" in again
    assert again.count("made ") == 1
    assert {name for name in made if after[name] != made[name]} == {"KABAR_BOT_PASSWORD"}


# --- Images, order, limits --------------------------------------------------------------------------------------------


def test_every_image_is_pinned() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    targets = re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE)
    for name, service in SERVICES.items():
        if name in OURS:
            assert service["image"] == f"kabar/{service['build']['target']}:{version}"
            assert service["build"]["target"] in targets
            assert service["build"]["dockerfile"] == "docker/Dockerfile"
        else:
            assert re.fullmatch(r"[\w/]+:v?\d+(\.\d+){2,3}(-\w+)*(@sha256:[0-9a-f]{64})?", service["image"])


def test_what_trains_has_the_image_for_it() -> None:
    trains = {name for name in OURS if "training" in SERVICES[name]["image"]}
    assert trains == {"models", "scheduler"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_watched_or_runs_once(name: str) -> None:
    service = SERVICES[name]
    if name in LONG_RUNNING:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    else:
        assert "healthcheck" not in service
    for other, on in service.get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert on == {"condition": wanted}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert name in OURS or re.fullmatch(r"[1-9]\d+:[1-9]\d+", service["user"])
    assert not {"privileged", "network_mode", "pid", "cap_add", "devices"} & service.keys()


def test_only_the_web_apps_port_can_be_opened_to_others() -> None:
    opened = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(opened) == {"webhook", "airflow-api", "metabase"}
    for name, (port,) in opened.items():
        host, _, inside = interpolated(port, {}).rsplit(":", 2)
        assert host == "127.0.0.1"
        assert (name == "webhook") == ("KABAR_WEB_HOST" in port)
        # The port inside is the one that its own health check asks.
        assert f"127.0.0.1:{inside}/" in str(SERVICES[name]["healthcheck"]["test"])
    assert environment("webhook")["KABAR_WEB_PORT"] == opened["webhook"][0].rpartition(":")[2]
    assert environment("airflow-api")["AIRFLOW__API__PORT"] == opened["airflow-api"][0].rpartition(":")[2]
    fields = {str(field.validation_alias): str(field.default) for field in Settings.model_fields.values()}
    shown = dict(re.findall(r"\$\{(KABAR_\w+):-([^}]*)\}", (ROOT / "docker-compose.yml").read_text()))
    assert shown == {name: fields[name] for name in shown}


def test_postgres_is_reached_from_inside_alone() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["inside"]
    # Who speaks to the world, and nobody else, has a way there.
    outside = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert outside == {"webhook", "bot", "scheduler", "airflow-api", "metabase", "models"}


def test_metabase_mails_by_the_shops_clocks_and_through_the_same_server() -> None:
    zone = environment("metabase")["MB_REPORT_TIMEZONE"]
    assert interpolated(zone, {}) == Settings.model_fields["default_timezone"].default
    assert interpolated(zone, {"KABAR_DEFAULT_TIMEZONE": "Asia/Makassar"}) == "Asia/Makassar"
    mail = {name for name in variable_names() if "SMTP" in name or name == "KABAR_ALERT_SENDER"}
    for name in ("scheduler", "provision"):
        assert mail <= {*environment(name), *SERVICES[name]["secrets"]}


def test_the_key_of_metabase_is_where_it_is_made_and_used_alone() -> None:
    mounted = {
        name: volume.partition(":")[2]
        for name, service in SERVICES.items()
        for volume in service.get("volumes", [])
        if volume.startswith("metabase-key:")
    }
    folder = f"{environment('provision')['KABAR_STATE_DIR']}/metabase"
    assert mounted == {"provision": folder, "scheduler": f"{folder}:ro"}
    assert f" {folder}\n" in (ROOT / "docker" / "Dockerfile").read_text(), "the image's user owns what a volume covers"


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_and_hosts_are_there(name: str) -> None:
    service = SERVICES[name]
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        assert (ROOT / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]
    if name in OURS and "KABAR_STATE_DIR" in environment(name):
        assert f"state:{environment(name)['KABAR_STATE_DIR']}" in service["volumes"]
        assert f"KABAR_STATE_DIR={environment(name)['KABAR_STATE_DIR']}" in DOCKERFILE
    hosts = re.findall(r"(?:https?://|@|postgresql://)([a-z][\w-]*):\d+", str(service | {"image": ""}))
    assert set(hosts) <= set(SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_commands_are_in_the_image(name: str) -> None:
    files = set(image_files())
    for module in modules_run(SERVICES[name]):
        path = Path(*module.split("."))
        assert {path.with_suffix(".py"), path / "__main__.py"} & files, module
    for file in re.findall(r"docker/[\w.]+", str(SERVICES[name].get("healthcheck", ""))):
        assert Path(file) in files
