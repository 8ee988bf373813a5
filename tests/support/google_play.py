"""A stand-in for the part of Google Play that gives reviews, as google-play-scraper asks for it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import Request, urlopen

import pytest
from google_play_scraper.utils import request as library

from demo.http_server import Handler, HttpStandIn

GOOGLE = "https://play.google.com"
# What the library reads: the number of reviews, the token of a later page, and the app.
_ASKED = re.compile(r'\[2,2,\[(?P<count>\d+)(?:,null,\\?"(?P<token>[^"\\]+)\\?")?\].*\[\\?"(?P<app>[^"\\]+)\\?",7\]')


@dataclass
class Written:
    """A review on Google Play; `at` changes when it is edited."""

    review_id: str | None
    rating: int | None
    text: str | None
    at: datetime = datetime(2025, 1, 31, 10, 30, tzinfo=UTC)
    author: str = "Siti"

    def as_item(self) -> list[Any]:
        picture = [None, 2, None, [None, None, "https://images.example/a"]]
        return [self.review_id, [self.author, picture], self.rating, None, self.text, [int(self.at.timestamp()), 0], 0]


class _Handler(Handler):
    stand_in: GooglePlayStandIn

    def respond(self) -> None:
        parts, body = urlsplit(self.path), unquote(self.body().decode())
        found = _ASKED.search(body)
        if parts.path != "/_/PlayStoreUi/data/batchexecute" or not found:
            self.write(404, "text/html", b"")
            return
        query = parse_qs(parts.query)
        self.stand_in.asked.append((found["app"], query["hl"][0], query["gl"][0], found["token"]))
        status, text = self.stand_in.answer(found["app"], int(found["count"]), int(found["token"] or 0))
        self.write(status, "application/json", text.encode())


class GooglePlayStandIn(HttpStandIn):
    """`apps`: reviews by app id, in any order. `failing_from`: the number of the request from which on it fails with
    `failure`, a status or a text."""

    handler = _Handler

    def __init__(self) -> None:
        self.apps: dict[str, list[Written]] = {}
        self.asked: list[tuple[str, str, str, str | None]] = []
        self.failing_from: int | None = None
        self.failure: int | str = 503

    def answer(self, app_id: str, count: int, start: int) -> tuple[int, str]:
        if self.failing_from is not None and len(self.asked) >= self.failing_from:
            return (self.failure, "") if isinstance(self.failure, int) else (200, self.failure)
        inner = None
        if app_id in self.apps:
            newest = sorted(self.apps[app_id], key=lambda each: each.at, reverse=True)
            items = [each.as_item() for each in newest[start : start + count]]
            end = [None, str(start + count)] if start + count < len(newest) else [None, None]
            inner = json.dumps([items, end, None] if items else [])
        return 200, ")]}'\n\n" + json.dumps([["wrb.fr", "oCPfdb", inner, None, None, None, "generic"]])


def reachable(stand_in: GooglePlayStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send the library's requests to the stand-in; it has no setting for the address."""

    def rerouted(request: Request) -> Any:
        assert request.full_url.startswith(GOOGLE)
        url = stand_in.url + request.full_url.removeprefix(GOOGLE)
        return urlopen(Request(url, data=request.data, headers=dict(request.header_items())))  # noqa: S310 - loopback

    monkeypatch.setattr(library, "urlopen", rerouted)
