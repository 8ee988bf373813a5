"""Webhook deliveries as in reality: signed, concurrent, out of order, and some of them twice."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from demo.signing import sign_event, sign_twilio

AT_ONCE = 8
BATCH = 200


@dataclass(frozen=True)
class Receiver:
    """The receiver of deliveries: its URL, the public URL that Twilio signs, and the secrets."""

    url: str
    public_url: str
    twilio_token: str
    events_secret: str


@dataclass(frozen=True)
class Delivery:
    """A request of a sender: a form of Twilio, or a batch of events."""

    path: str
    form: dict[str, str] | None = None
    events: Sequence[dict[str, Any]] = ()


class NotTaken(RuntimeError):
    """The webhook did not answer with 200. The message has the path and the status, never the body."""


def batches(events: Sequence[dict[str, Any]]) -> list[Delivery]:
    """Deliveries of events, up to 200 in each."""
    return [
        Delivery("/webhooks/chatbot/events", events=events[start : start + BATCH])
        for start in range(0, len(events), BATCH)
    ]


def as_they_come(deliveries: Iterable[Delivery], rng: random.Random, spread: int = 12) -> list[Delivery]:
    """The deliveries out of order by about `spread` places, one in nine of them twice, immediately or later."""
    placed: list[tuple[float, Delivery]] = []
    for place, delivery in enumerate(deliveries):
        placed.append((place + rng.uniform(0, spread), delivery))
        if rng.random() < 1 / 9:
            placed.append((place + rng.choice([0, rng.uniform(0, 5 * spread)]), delivery))
    return [delivery for _, delivery in sorted(placed, key=lambda pair: pair[0])]


def deliver(deliveries: Sequence[Delivery], to: Receiver, report: Callable[[int], None] | None = None) -> None:
    """Post all deliveries, several at a time. `report` is called with the number done. Raises NotTaken."""
    session = threading.local()

    def post(delivery: Delivery) -> None:
        if not hasattr(session, "http"):
            session.http = requests.Session()
            session.http.trust_env = False
        _post(session.http, delivery, to)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(post, deliveries), start=1):
            if report:
                report(done)


def _post(http: requests.Session, delivery: Delivery, to: Receiver) -> None:
    if delivery.form is not None:
        body = urlencode(delivery.form).encode()
        headers = sign_twilio(to.public_url + delivery.path, delivery.form, to.twilio_token)
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    else:
        body = json.dumps(list(delivery.events), ensure_ascii=False).encode()
        headers = sign_event(body, to.events_secret)
    answer = http.post(to.url + delivery.path, data=body, headers=headers, timeout=30)
    if answer.status_code != 200:
        raise NotTaken(f"{delivery.path} answered {answer.status_code}")
