"""The environment of Airflow's processes: home in the state folder, settings and secrets.

Variables that are already set take precedence, so a deployment can set its own `AIRFLOW__…` variables.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

from dags.supervise.metadata import database_url
from warehouse.settings import ROOT, Settings
from warehouse.state import generated_secret, make_state_dir

USER = "admin"
# Otherwise requests between Airflow's own processes, and their statistics, fill the terminal.
_QUIET = "http.access=WARNING airflow.api_fastapi=WARNING airflow.dag_processing=WARNING airflow.jobs=WARNING"


def airflow_home(settings: Settings) -> Path:
    return make_state_dir(settings) / "airflow"


def password(settings: Settings) -> str:
    """The generated password of the Airflow UI's user."""
    return generated_secret(settings, "airflow_ui_password")[:20]


def environment(settings: Settings) -> dict[str, str]:
    """The whole environment of an Airflow process. Starts the embedded Postgres if needed. Raises SettingsMissing if
    the warehouse is an external server and no metadata database is configured."""
    home = airflow_home(settings)
    home.mkdir(exist_ok=True, mode=0o700)
    defaults = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords_file(settings, home)),
        "AIRFLOW__CORE__FERNET_KEY": _fernet_key(settings),
        "AIRFLOW__API_AUTH__JWT_SECRET": generated_secret(settings, "airflow_jwt"),
        "AIRFLOW__API__SECRET_KEY": generated_secret(settings, "airflow_session"),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{settings.airflow_port}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(settings.airflow_port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{settings.airflow_port}/execution/",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "3",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE": "3",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW": "5",
        # A task that starts before the API waits for it, at most 90 seconds.
        "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "12",
        "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",
        "AIRFLOW__DAG_PROCESSOR__STALE_DAG_THRESHOLD": "300",
        "AIRFLOW__LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": _QUIET,
    }
    if "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" not in os.environ:
        defaults["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = database_url(settings)
    # Airflow imports DAG files by path; these let them import Kabar's packages.
    paths = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": str(ROOT),
    }
    return {**defaults, **os.environ, **paths}


def _fernet_key(settings: Settings) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(generated_secret(settings, "airflow_fernet"))).decode()


def _passwords_file(settings: Settings, home: Path) -> Path:
    path = home / "passwords.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({USER: password(settings)}))
    return path
