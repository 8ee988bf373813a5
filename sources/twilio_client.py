"""Twilio's official client with retries and a configurable base URL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base import serialize
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessagePage

from sources.retries import TransientError, describe, retrying, transient_error
from warehouse.settings import Settings, SettingsMissing

ANSWER_SECONDS = 30.0
ATTEMPTS = 6
PAGE_SIZE = 1000


class TwilioRefused(RuntimeError):
    """Twilio refused the request, or could not be reached; the message says what to change."""


class BaseUrlHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client at another base URL, if one is given. Not thread-safe, since the original keeps the last
    response."""

    def __init__(self, api_base: str | None, seconds: float = ANSWER_SECONDS) -> None:
        super().__init__(timeout=seconds)
        self._base = urlsplit(api_base) if api_base else None

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        return super().request(method, self._at_base(url), *arguments, **options)

    def _at_base(self, url: str) -> str:
        if self._base is None:
            return url
        parts = urlsplit(url)
        path = self._base.path.rstrip("/") + parts.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, parts.query, ""))


class RetryingHttpClient(BaseUrlHttpClient):
    """Twilio's HTTP client with retries."""

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        """Raises TwilioRefused for permanent errors, and for transient ones after all attempts."""
        attempts = retrying("twilio", ATTEMPTS)
        try:
            return attempts(self._once, method, url, *arguments, **options)
        except (TransientError, requests.RequestException) as error:
            raise TwilioRefused(f"Twilio could not be reached: {describe(error)} ({ATTEMPTS} attempts)") from error

    def _once(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        response = super().request(method, url, *arguments, **options)
        status = response.status_code
        if error := transient_error(status, (response.headers or {}).get("Retry-After")):
            raise error
        if status >= 400:
            raise TwilioRefused(_error_message(response))
        _require_json(response)
        return response


@dataclass(frozen=True)
class Page:
    """Message resources as the API returned them, newest first. `is_last`: there is no page with older ones."""

    records: list[Any]
    is_last: bool


class _RecordPage(MessagePage):  # type: ignore[misc]
    """The official client's page, returning the resources' unchanged JSON."""

    def get_instance(self, payload: Any) -> Any:
        return payload


def twilio_client(settings: Settings, http_client: TwilioHttpClient | None = None) -> Client:
    """The official client for the configured account, with retries unless another HTTP client is given. Raises
    SettingsMissing."""
    if not settings.twilio_account_sid or not settings.twilio_auth_token:
        raise SettingsMissing("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set to reach Twilio")
    return Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        http_client=http_client or RetryingHttpClient(settings.twilio_api_base),
    )


def pages(client: Client, after: datetime, before: datetime) -> Iterator[Page]:
    """The pages of messages sent between two times, at least one, fetched lazily. Raises TwilioRefused."""
    page: _RecordPage | None = _RecordPage(
        client.api.v2010,
        client.api.v2010.page(
            method="GET",
            uri=f"/Accounts/{client.account_sid}/Messages.json",
            params={
                "DateSent>": serialize.iso8601_datetime(after),
                "DateSent<": serialize.iso8601_datetime(before),
                "PageSize": PAGE_SIZE,
            },
            headers={"Accept": "application/json"},
        ),
        {"account_sid": client.account_sid},
    )
    while page is not None:
        yield Page(list(page), is_last=page.next_page_url is None)
        page = page.next_page()


def _require_json(response: Response) -> None:
    try:
        json.loads(response.text)
    except ValueError as error:
        raise TransientError("an answer that is not JSON") from error


def _error_message(response: Response) -> str:
    if response.status_code == 401:
        return "Twilio does not accept the account and token: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
    try:
        message = json.loads(response.text).get("message", "")
    except (ValueError, AttributeError):
        message = ""
    return f"Twilio refused with HTTP {response.status_code}: {message}"
