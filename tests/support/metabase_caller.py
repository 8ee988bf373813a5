"""Somebody who speaks to the stand-in of Metabase over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from demo.metabase import MetabaseStandIn

USER = {"email": "first@shop.example", "password": "long enough 1"}
COLUMNS = [{"name": "day", "database_type": "date", "base_type": "type/Date"}]


class Caller:
    def __init__(self, metabase: MetabaseStandIn) -> None:
        self.metabase = metabase
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, path: str, body: Any = None) -> requests.Response:
        return requests.request(method, f"{self.metabase.url}{path}", json=body, headers=self.headers, timeout=5)

    def made(self, path: str, body: Any) -> Any:
        answer = self("POST", path, body)
        assert answer.ok, answer.text
        return answer.json()

    def changed(self, path: str, body: Any) -> Any:
        answer = self("PUT", path, body)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


def small_catalog(details: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"schema": "marts", "name": "kpi_daily", "columns": COLUMNS}]


@contextmanager
def set_up(**options: Any) -> Iterator[Caller]:
    """A Metabase that was set up, and its first user."""
    with MetabaseStandIn(catalog=small_catalog, **options) as metabase:
        caller = Caller(metabase)
        body = {"token": metabase.state.setup_token, "user": USER, "prefs": {"site_name": "Kabar"}}
        caller.headers = {"X-Metabase-Session": caller.made("/api/setup", body)["id"]}
        caller.made("/api/database", {"name": "Ours", "engine": "postgres", "details": {"dbname": "kabar"}})
        yield caller


def query(sql: str = "select 1") -> dict[str, Any]:
    return {"database": 1, "type": "native", "native": {"query": sql, "template-tags": {}}}


def card(**more: Any) -> dict[str, Any]:
    return {"name": "A card", "display": "table", "dataset_query": query(), "visualization_settings": {}, **more}


def board(ask: Caller, **body: Any) -> str:
    return f"/api/dashboard/{ask.made('/api/dashboard', {'name': 'Board', **body})['id']}"


def alert(number: int, **more: Any) -> dict[str, Any]:
    recipient = {"type": "notification-recipient/raw-value", "details": {"value": "a@shop.example"}}
    return {
        "payload_type": "notification/card",
        "payload": {"card_id": number, "send_condition": "has_result", "send_once": False},
        "subscriptions": [{"type": "notification-subscription/cron", "cron_schedule": "0 0 8 * * ? *"}],
        "handlers": [{"channel_type": "channel/email", "recipients": [recipient]}],
        **more,
    }


def pulse(ask: Caller, **more: Any) -> dict[str, Any]:
    number = ask.made("/api/card", card())["id"]
    channel = {"channel_type": "email", "schedule_type": "daily", "recipients": [{"email": "a@shop.example"}]}
    return {"name": "Daily", "cards": [{"id": number}], "channels": [channel], **more}
