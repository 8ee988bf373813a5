"""The client of Metabase's API: the verbs of the package `metabase-api`, with errors in Metabase's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from metabase_api import Metabase_API

Row = dict[str, Any]

TIMEOUT_SECONDS = 60
VERSION = 63
"""The version that docker-compose.yml runs: 63 is 0.63."""
SUPPORTED = (VERSION - 1, VERSION)


class MetabaseAway(RuntimeError):
    """Metabase does not answer, or answers something that is not its own."""


class MetabaseRefused(RuntimeError):
    """Metabase refused a request; the message is its own."""

    def __init__(self, request: str, response: requests.Response) -> None:
        super().__init__(f"{request}: {response.status_code} {_error_text(response)}")
        self.status = response.status_code


class NotSetUp(RuntimeError):
    """Metabase has no first user yet."""


class Metabase:
    """A Metabase with credentials. `version` is the minor version (63 is 0.63), `uses_stored_key` whether the
    credentials are the API key that an earlier run made."""

    def __init__(self, api: Metabase_API, version: int, *, uses_stored_key: bool = False) -> None:
        self._api = api
        self.version = version
        self.uses_stored_key = uses_stored_key

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON at a path. Raises MetabaseRefused, MetabaseAway."""
        return self._ask("GET", path, params=parameters)

    def send(self, method: str, path: str, body: Row) -> Any:
        """The JSON that answers a POST or PUT, None if there is none. Raises MetabaseRefused, MetabaseAway."""
        return self._ask(method, path, json=body)

    def listed(self, path: str, **parameters: Any) -> list[Row]:
        """The rows of a listing, which some paths wrap in `data`."""
        found = self.get(path, **parameters)
        rows: list[Row] = found["data"] if isinstance(found, dict) else found
        return rows

    def _ask(self, method: str, path: str, **keywords: Any) -> Any:
        verb = getattr(self._api, method.lower())
        with failures(f"{method} {path}"):
            # Without "raw" the package turns every failure into False.
            response = verb(path, "raw", timeout=TIMEOUT_SECONDS, **keywords)
        if not response.ok:
            raise MetabaseRefused(f"{method} {path}", response)
        return response.json() if response.content else None


@contextmanager
def failures(context: str) -> Iterator[None]:
    """Raise what fails within as MetabaseAway, whose message begins with `context`, or MetabaseRefused."""
    try:
        yield
    except requests.RequestException as error:
        raise MetabaseAway(f"{context}: {type(error).__name__}") from error
    except Exception as error:
        # The package raises a bare Exception that holds the response of /api/session.
        response = error.args[0] if error.args else None
        if isinstance(response, requests.Response):
            raise MetabaseRefused("POST /api/session", response) from error
        raise


def _error_text(response: requests.Response) -> str:
    """The text of an error, or the messages in its JSON."""
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
