"""The API key that provisioning made for itself, in a file of the state folder that its owner alone can read: Metabase
shows a key once."""

from __future__ import annotations

import json
from pathlib import Path

from warehouse.settings import Settings
from warehouse.state import make_state_dir, state_dir


def read(settings: Settings) -> str | None:
    """The key that was made for the Metabase of the settings; it is shown to no other."""
    path = _path(state_dir(settings))
    if not path.exists():
        return None
    found: dict[str, str] = json.loads(path.read_text())
    return found["key"] if found["url"] == settings.metabase_url else None


def write(settings: Settings, key: str) -> None:
    """Keep the key for the Metabase of the settings, in the place of any other."""
    path = _path(make_state_dir(settings))
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"url": settings.metabase_url, "key": key}))
    fresh.replace(path)


def _path(state: Path) -> Path:
    # A folder of its own, so that a container can have it without the rest.
    return state / "metabase" / "key.json"
