"""A deployment of docker-compose.yml without Docker, one for a file's tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docker.deployment import HIDE_PACKAGES, Deployment, image_files, modules_not_in_the_image
from warehouse import embedded
from warehouse.settings import ROOT, Settings
from warehouse.state import generated_secret


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Postgres as the service `postgres` makes it, with the secrets of `make secrets`; nothing is migrated yet. Its
    server is no other test's, since the passwords of roles are the whole server's."""
    folder = Path(tempfile.mkdtemp(prefix="kabar-deployment-"))
    folder.chmod(0o711)
    settings = Settings(_env_file=None, KABAR_STATE_DIR=folder / "server")  # type: ignore[call-arg]
    (folder / "server").mkdir(mode=0o711)
    secrets = folder / "secrets"
    subprocess.run([ROOT / "docker" / "make-secrets", secrets], check=True, stdout=subprocess.DEVNULL)
    (secrets / "KABAR_OWNER_PASSWORD").chmod(0o600)
    (secrets / "KABAR_OWNER_PASSWORD").write_text(generated_secret(settings, "owner_password"))
    (secrets / "TWILIO_AUTH_TOKEN").write_text("a token")
    (folder / "only").mkdir()
    (folder / "only" / "sitecustomize.py").write_text(f"MISSING = {modules_not_in_the_image()}\n{HIDE_PACKAGES}")
    for file in image_files():
        (folder / "image" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / "image" / file)
    server = embedded.start(settings)
    try:
        yield Deployment(folder, folder / "image", secrets, server.port, _free_port())
    finally:
        embedded.stop(settings)
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
