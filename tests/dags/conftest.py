"""Airflow writes a configuration into its home when it is first imported; here that is the run's own state folder."""

import os
from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    os.environ["AIRFLOW_HOME"] = str(Path(os.environ["KABAR_STATE_DIR"]) / "airflow")
