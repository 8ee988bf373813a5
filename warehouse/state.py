"""The state folder of embedded runs, and the secrets generated there."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.settings import ROOT, Settings

SYSTEM_STATE = Path("/var/lib/kabar")


def unprivileged_user() -> pwd.struct_passwd | None:
    """The user of the embedded server: `nobody` under root, which Postgres refuses, else None for the current user."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def is_open_to_all(path: Path) -> bool:
    """Whether an unprivileged user can enter every folder of `path`."""
    existing = [folder for folder in (path, *path.parents) if folder.exists()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in existing)


def state_dir(settings: Settings) -> Path:
    """The configured folder, else one in the checkout, else (under root in a closed checkout) a system folder."""
    if settings.state_dir:
        return settings.state_dir.resolve()
    inside = ROOT / ".kabar"
    if unprivileged_user() is None or is_open_to_all(ROOT):
        return inside
    return SYSTEM_STATE / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def make_state_dir(settings: Settings) -> Path:
    """Create the state folder, which the server's user can enter. Raises PermissionError if it cannot."""
    folder = state_dir(settings)
    folder.mkdir(parents=True, exist_ok=True)
    if unprivileged_user():
        folder.chmod(0o711)
        if folder.parent == SYSTEM_STATE:
            SYSTEM_STATE.chmod(0o711)
        if not is_open_to_all(folder):
            raise PermissionError(
                f"the embedded Postgres runs as an unprivileged user, which cannot enter {folder}: "
                "set KABAR_STATE_DIR to a folder that everybody can pass through"
            )
    return folder


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock `name` of a state folder; other processes wait."""
    with open(folder / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def generated_secret(settings: Settings, name: str) -> str:
    """A secret that is generated once and stored in the state folder, readable by its owner only."""
    folder = make_state_dir(settings)
    with locked(folder, "secrets"):
        path = folder / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_hex(32)
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(known, indent=2))
            fresh.replace(path)
        return known[name]
