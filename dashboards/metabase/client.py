"""Speaking to a Metabase through the package `metabase-api`: its raw verbs, with failures in Metabase's own words."""

from __future__ import annotations

import time
from typing import Any

import requests
from metabase_api import Metabase_API

from dashboards.metabase import kept_key
from warehouse.settings import Settings, SettingsMissing

Row = dict[str, Any]

SECONDS = 60
SITE = "Kabar"
# What a Metabase that starts, or a proxy before it, answers.
_STARTING = (502, 503, 504)
# The first version that has notifications.
NOTIFICATIONS_SINCE = 54


class MetabaseAway(RuntimeError):
    """Metabase does not answer, or answers something that is not its own."""


class MetabaseRefused(RuntimeError):
    """Metabase said no; the message is its own."""

    def __init__(self, asked: str, response: requests.Response) -> None:
        super().__init__(f"{asked}: {response.status_code} {_words(response)}")
        self.status = response.status_code


class NotSetUp(RuntimeError):
    """Nobody has set this Metabase up yet."""


class Metabase:
    """A Metabase that somebody is signed in to; `version` is the minor one: 57 is 0.57. `is_by_kept_key` says whether
    the key did it that an earlier run made for itself."""

    def __init__(self, api: Metabase_API, version: int, *, is_by_kept_key: bool = False) -> None:
        self._api = api
        self.version = version
        self.is_by_kept_key = is_by_kept_key

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of an address. Raises MetabaseRefused, MetabaseAway."""
        return self._ask("GET", path, params=parameters)

    def send(self, method: str, path: str, body: Row) -> Any:
        """What a POST, PUT or DELETE is answered, None for nothing. Raises MetabaseRefused, MetabaseAway."""
        return self._ask(method, path, json=body)

    def listed(self, path: str, **parameters: Any) -> list[Row]:
        """The rows of a listing, which some versions wrap in `data`."""
        found = self.get(path, **parameters)
        rows: list[Row] = found["data"] if isinstance(found, dict) else found
        return rows

    def _ask(self, method: str, path: str, **keywords: Any) -> Any:
        verb = getattr(self._api, method.lower())
        try:
            # Without "raw" the package turns every failure into False.
            response = verb(path, "raw", timeout=SECONDS, **keywords)
        except requests.RequestException as error:
            raise MetabaseAway(f"{method} {path}: {type(error).__name__}") from error
        except Exception as error:
            raise _refused_session(error) from error
        if not response.ok:
            raise MetabaseRefused(f"{method} {path}", response)
        return response.json() if response.content else None


def sign_in(settings: Settings, *, set_up: bool, wait_seconds: float = 0) -> Metabase:
    """Sign in with the API key of the settings, else with the one that was kept if it is still good, else as their
    user; with `set_up` that user is made if there is none yet. Waits that long for a Metabase that starts. Raises
    SettingsMissing, NotSetUp, MetabaseRefused, MetabaseAway."""
    url = settings.metabase_url
    if not url:
        raise SettingsMissing("KABAR_METABASE_URL is not set")
    properties = _properties(url, wait_seconds)
    version = int(str(properties["version"]["tag"]).lstrip("v").split(".")[1])
    if not properties["has-user-setup"]:
        if not set_up:
            raise NotSetUp(f"nobody has set up the Metabase at {url} yet: provision makes its first user")
        _set_up(url, properties["setup-token"], settings)
    kept = None if settings.metabase_api_key else kept_key.read(settings)
    if kept and (api := _by_kept_key(url, kept)):
        return Metabase(api, version, is_by_kept_key=True)
    return Metabase(_signed_in(url, settings), version)


def _properties(url: str, wait_seconds: float) -> Row:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            response = requests.get(f"{url.rstrip('/')}/api/session/properties", timeout=SECONDS)
            if response.ok:
                properties: Row = response.json()
                return properties
            failure: Exception = MetabaseRefused("GET /api/session/properties", response)
            if response.status_code not in _STARTING:
                raise failure
        except requests.RequestException as error:
            failure = MetabaseAway(f"no Metabase answers at {url}: {type(error).__name__}")
        if time.monotonic() >= until:
            raise failure
        time.sleep(2)


def _set_up(url: str, token: str, settings: Settings) -> None:
    user, password = _credentials(settings)
    body = {
        "token": token,
        "user": {"email": user, "password": password, "first_name": SITE, "last_name": "Admin"},
        "prefs": {"site_name": SITE, "site_locale": settings.metabase_language, "allow_tracking": False},
    }
    response = requests.post(f"{url.rstrip('/')}/api/setup", json=body, timeout=SECONDS)
    if not response.ok:
        raise MetabaseRefused("POST /api/setup", response)


def _by_kept_key(url: str, key: str) -> Metabase_API | None:
    """None if somebody changed or deleted the key in Metabase."""
    try:
        return Metabase_API(url, api_key=key)
    except requests.RequestException as error:
        raise MetabaseAway(f"no Metabase answers at {url}: {type(error).__name__}") from error
    except ValueError:
        return None


def _signed_in(url: str, settings: Settings) -> Metabase_API:
    try:
        if settings.metabase_api_key:
            return Metabase_API(url, api_key=settings.metabase_api_key.get_secret_value())
        user, password = _credentials(settings)
        return Metabase_API(url, user, password)
    except requests.RequestException as error:
        raise MetabaseAway(f"no Metabase answers at {url}: {type(error).__name__}") from error
    except ValueError as error:
        raise MetabaseAway(str(error)) from error
    except SettingsMissing:
        raise
    except Exception as error:
        raise _refused_session(error) from error


def _credentials(settings: Settings) -> tuple[str, str]:
    if not (settings.metabase_user and settings.metabase_password):
        raise SettingsMissing("KABAR_METABASE_USER and KABAR_METABASE_PASSWORD, or KABAR_METABASE_API_KEY, are not set")
    return settings.metabase_user, settings.metabase_password.get_secret_value()


def _refused_session(error: Exception) -> Exception:
    """The package raises a bare Exception that holds the response."""
    held = error.args[0] if error.args else None
    return MetabaseRefused("POST /api/session", held) if isinstance(held, requests.Response) else error


def _words(response: requests.Response) -> str:
    """What Metabase says about a failure: its text, or the complaints of its JSON."""
    try:
        body = response.json()
    except ValueError:
        return response.text.strip()
    if not isinstance(body, dict):
        return str(body)
    parts = [str(body["message"])] if body.get("message") else []
    errors = body.get("errors")
    if isinstance(errors, dict):
        parts += [f"{name}: {error}" for name, error in errors.items()]
    return "; ".join(parts) or str(body)
