"""An Airflow of a test run's own: its home and its metadata database, beside the run's embedded server."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from contextlib import suppress

import onnx
import psycopg2
import psycopg2.errors
from onnx import TensorProto, helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from ml.classifier import registry
from tests.support.database import administer, run_state
from warehouse import embedded
from warehouse.settings import ROOT, Settings
from warehouse.state import generated_secret, locked

SQLALCHEMY = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
ROLE = "airflow_test"
ISSUES = ("delivery", "order", "payment", "refund", "other")
MIGRATE = """
from dags.supervise import environment, metadata
from warehouse.settings import get_settings
metadata.migrate(environment.environment(get_settings()))
"""
# Two processes that make a role at the same moment: the later one meets the catalogue's index, not the check.
_ROLE_IS_THERE = (psycopg2.errors.DuplicateObject, psycopg2.errors.UniqueViolation)


def metadata_url(server_settings: Settings, migrated: bool = True) -> str:
    """The URL of a fresh database for Airflow in the run's server; one that Airflow's migrations filled already, unless
    the test is about these."""
    server = embedded.start(server_settings)
    name = f"{ROLE}_{uuid.uuid4().hex[:12]}"
    if migrated:
        administer(server_settings, f"create database {name} template {_template(server_settings)} owner {ROLE}")
    else:
        _make_role(server_settings)
        embedded.create_database(server_settings, server, name, ROLE)
    return _url(server_settings, name)


def _template(server_settings: Settings) -> str:
    """The database that the others are copied from, made once a run: migrating takes Airflow ten seconds."""
    template = f"{ROLE}_migrated"
    with locked(run_state(), template):
        if not administer(server_settings, f"select from pg_database where datname = '{template}'"):
            url = metadata_url(server_settings, migrated=False)
            result = python("-c", MIGRATE, **{SQLALCHEMY: url})
            assert result.returncode == 0, result.stderr
            administer(server_settings, f"alter database {url.rpartition('/')[2]} rename to {template}")
    return template


def _url(server_settings: Settings, name: str) -> str:
    password = generated_secret(server_settings, "airflow_test_password")
    url = embedded.start(server_settings).url(ROLE, password, name)
    return url.replace("postgresql://", "postgresql+psycopg2://")


def _make_role(server_settings: Settings) -> None:
    password = generated_secret(server_settings, "airflow_test_password")
    # Roles are the whole server's: another process of the run may have made this one.
    with suppress(*_ROLE_IS_THERE):
        administer(server_settings, f"create role {ROLE} login password '{password}'")


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run this Python as a user would, with further environment variables; its output is in the result."""
    command = [str(ROOT / ".venv" / "bin" / "python"), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


def put_constant_model_in_use(settings: Settings, issue: str = "delivery") -> str:
    """Register a model that calls every message urgent and about `issue`, and use it; returns its version."""
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    configuration = {
        "issues": [issue, *(name for name in ISSUES if name != issue)],
        "urgencies": ["high", "normal", "low"],
        "max_tokens": 128,
        "pad_id": 0,
    }
    model = registry.Model(_constant_onnx(), tokenizer.to_str(), configuration, "none", {})
    champion = registry.version_in_use(settings)
    registry.save(model, settings)
    registry.record(registry.Decision(model.version, champion, True, "for a test", {}, None), settings)
    return model.version


def _constant_onnx() -> bytes:
    axes = ["messages", "tokens"]
    nodes = [
        helper.make_node("Mul", ["input_ids", "attention_mask"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "axis"], ["total"], keepdims=1),
        helper.make_node("Cast", ["total"], ["number"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["number", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "issue_bias"], ["issue"]),
        helper.make_node("Add", ["nothing", "urgency_bias"], ["urgency"]),
    ]
    constants = [
        helper.make_tensor("axis", TensorProto.INT64, [1], [1]),
        helper.make_tensor("zero", TensorProto.FLOAT, [1], [0]),
        helper.make_tensor("issue_bias", TensorProto.FLOAT, [1, 5], [4, 0, 0, 0, 0]),
        helper.make_tensor("urgency_bias", TensorProto.FLOAT, [1, 3], [4, 0, 0]),
    ]
    graph = helper.make_graph(
        nodes,
        "constant",
        [helper.make_tensor_value_info(name, TensorProto.INT64, axes) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["messages", None]) for name in ("issue", "urgency")],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def described_dags(**variables: str) -> dict[str, dict[str, object]]:
    """Every DAG as Airflow reads it from its file, in a process of its own."""
    # by its path: a package of the environment brings a module called tests of its own
    result = python("-P", "tests/dags/describe_dags.py", PYTHONPATH=str(ROOT), **variables)
    assert result.returncode == 0, result.stderr
    described: dict[str, dict[str, object]] = json.loads(result.stdout.splitlines()[-1])
    return described
