"""Setting up Metabase and signing in. The first run makes an API key, with which later runs need no password.

Metabase shows a key only once, so it is stored in a file that only its owner can read.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

import requests
from metabase_api import Metabase_API

from dashboards.metabase.client import TIMEOUT_SECONDS, Metabase, MetabaseAway, MetabaseRefused, NotSetUp, Row, failures
from dashboards.metabase.objects import Changes
from warehouse.settings import Settings, SettingsMissing
from warehouse.state import make_state_dir, state_dir

NAME = "Kabar"
ADMINISTRATORS = "admin"
# What a Metabase that starts, or a proxy before it, answers.
_STARTING = (502, 503, 504)


def sign_in(settings: Settings, *, set_up: bool, wait_seconds: float = 0) -> Metabase:
    """Sign in with the API key of the settings, else with the stored one if it is still valid, else with user and
    password; `set_up` creates that user where there is none. Waits up to `wait_seconds` for a Metabase that starts.

    Raises SettingsMissing, NotSetUp, MetabaseRefused, MetabaseAway.
    """
    url = settings.metabase_url
    if not url:
        raise SettingsMissing("KABAR_METABASE_URL is not set")
    properties = _properties(url, wait_seconds)
    version = int(str(properties["version"]["tag"]).lstrip("v").split(".")[1])
    if not properties["has-user-setup"]:
        if not set_up:
            raise NotSetUp(f"nobody has set up the Metabase at {url} yet: provision makes its first user")
        _set_up(url, properties["setup-token"], settings)
    if settings.metabase_api_key:
        try:
            return Metabase(_connect(url, api_key=settings.metabase_api_key.get_secret_value()), version)
        except ValueError as error:
            raise MetabaseAway(str(error)) from error
    if key := _stored_key(settings):
        # Somebody may have changed or deleted it in Metabase.
        with suppress(ValueError):
            return Metabase(_connect(url, api_key=key), version, uses_stored_key=True)
    user, password = _credentials(settings)
    return Metabase(_connect(url, email=user, password=password), version)


def ensure_key(changes: Changes, settings: Settings) -> None:
    """Make and store an API key, unless one is set or stored; a key of ours that is not stored here is regenerated."""
    if settings.metabase_api_key or changes.metabase.uses_stored_key:
        return
    row = next((row for row in changes.metabase.listed("/api/api-key") if row["name"] == NAME), None)
    groups = changes.metabase.listed("/api/permissions/group")
    number = next(int(row["id"]) for row in groups if row["magic_group_type"] == ADMINISTRATORS)
    if row and row["group"]["id"] != number:
        raise SettingsMissing(f"KABAR_METABASE_API_KEY is not set, and another group's key has the name {NAME}")
    if row:
        path = f"/api/api-key/{row['id']}/regenerate"
        made = changes.write(f"change the API key {NAME}, which is not known here", "PUT", path, {})
    else:
        body = {"name": NAME, "group_id": number}
        made = changes.write(f"make the API key {NAME}", "POST", "/api/api-key", body)
    if not changes.is_plan:
        _store_key(settings, made["unmasked_key"])


def switch_to_key(changes: Changes, settings: Settings) -> None:
    """Use the key that this run created for the rest of it. An alert belongs to the account that created it and stops
    with that account, so alerts are created with the key from the first run on."""
    key = None if settings.metabase_api_key or changes.metabase.uses_stored_key else _stored_key(settings)
    if key and not changes.is_plan:
        api = _connect(str(settings.metabase_url), api_key=key)
        changes.metabase = Metabase(api, changes.metabase.version, uses_stored_key=True)


def _properties(url: str, wait_seconds: float) -> Row:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            with failures(f"no Metabase answers at {url}"):
                response = requests.get(f"{url.rstrip('/')}/api/session/properties", timeout=TIMEOUT_SECONDS)
                if response.ok:
                    properties: Row = response.json()
                    return properties
            raise MetabaseRefused("GET /api/session/properties", response)
        except (MetabaseAway, MetabaseRefused) as error:
            is_starting = isinstance(error, MetabaseAway) or error.status in _STARTING
            if not is_starting or time.monotonic() >= until:
                raise
        time.sleep(2)


def _set_up(url: str, token: str, settings: Settings) -> None:
    user, password = _credentials(settings)
    body = {
        "token": token,
        "user": {"email": user, "password": password, "first_name": NAME, "last_name": "Admin"},
        "prefs": {"site_name": NAME, "site_locale": settings.metabase_language},
    }
    with failures("POST /api/setup"):
        response = requests.post(f"{url.rstrip('/')}/api/setup", json=body, timeout=TIMEOUT_SECONDS)
    if not response.ok:
        raise MetabaseRefused("POST /api/setup", response)


def _connect(url: str, **credentials: str) -> Metabase_API:
    """Raises MetabaseRefused, MetabaseAway, and ValueError for an API key that is not valid."""
    with failures(f"no Metabase answers at {url}"):
        return Metabase_API(url, **credentials)


def _credentials(settings: Settings) -> tuple[str, str]:
    if not (settings.metabase_user and settings.metabase_password):
        raise SettingsMissing("KABAR_METABASE_USER and KABAR_METABASE_PASSWORD, or KABAR_METABASE_API_KEY, are not set")
    return settings.metabase_user, settings.metabase_password.get_secret_value()


def _stored_key(settings: Settings) -> str | None:
    """The key that was made for the Metabase of the settings; it is sent to no other."""
    path = _key_file(state_dir(settings))
    if not path.exists():
        return None
    stored: dict[str, str] = json.loads(path.read_text())
    return stored["key"] if stored["url"] == settings.metabase_url else None


def _store_key(settings: Settings, key: str) -> None:
    path = _key_file(make_state_dir(settings))
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"url": settings.metabase_url, "key": key}))
    fresh.replace(path)


def _key_file(state: Path) -> Path:
    # A folder of its own, so that a container can mount it without the rest.
    return state / "metabase" / "key.json"
