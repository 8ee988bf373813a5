"""Histories as what arrives over HTTP: signed webhooks, chatbot events, and Twilio's own record behind its API."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from psycopg2.extras import Json

from demo.shapes import inbound_form, record, sid, status_form
from demo.signing import sign_event, sign_twilio
from pipeline import transform
from tests.dbt.histories import made_up
from tests.dbt.history import Event
from tests.dbt.landing import MODEL, read
from warehouse.connection import transaction
from warehouse.settings import Settings

MARTS = (
    "kpi_daily", "kpi_monthly", "fct_messages", "fct_turns", "fct_episodes", "fct_ratings", "fct_rating_requests",
    "dim_stores",
)  # fmt: skip
ACCOUNT = sid("AC", "the shop of the test")
TOKEN = "a token for tests only"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PUBLIC_URL = "https://kabar.example"


@dataclass(frozen=True)
class Delivery:
    """What arrives at one time: a form at `path`, chatbot `events`, or what a person or the classifier says of a
    message (`author`, `label`)."""

    path: str = ""
    form: dict[str, str] | None = None
    events: tuple[Event, ...] = ()
    author: str | None = None
    label: Event | None = None


def happened(customers: int, start: datetime) -> list[Event]:
    """One shop's events from `start` on; those that Twilio keeps have whole seconds, as its record does."""
    random = Random(7)
    events = []
    for number in range(customers):
        history = made_up(random, number)
        first = min(event.at for event in history.events)
        for event in history.events:
            at = start + (event.at - first)
            events.append(replace(event, at=at.replace(microsecond=0) if event.source == "twilio" else at))
    return events


def records(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Twilio's record of the messages that went through it."""
    return [resource_of(event) for event in events if event.source == "twilio"]


def resource_of(event: Event) -> dict[str, Any]:
    address = f"{event.channel}:{event.phone or event.given_id}"
    is_inbound = event.author == "customer"
    status = event.statuses[-1] if event.statuses else None
    return record(message_id(event), ACCOUNT, address, "halo", event.at, inbound=is_inbound, status=status)


def message_id(event: Event) -> str:
    return sid("SM", event.id) if event.source == "twilio" else event.id


def deliveries(events: Iterable[Event]) -> list[Delivery]:
    """Everything that is sent about the events, each once and in the order of the events."""
    found = []
    for event in events:
        if event.source == "chatbot":
            found.append(Delivery(events=(event,)))
        elif event.author == "customer":
            found.append(Delivery("/webhooks/twilio/messages", inbound_form(resource_of(event), "Ana")))
        forms = [status_form(resource_of(event), status) for status in event.statuses]
        found += [Delivery("/webhooks/twilio/status", form) for form in forms]
        if event.source == "twilio" and event.author == "agent":
            found.append(Delivery(author=message_id(event)))
        if event.label:
            found.append(Delivery(label=event))
    return found


def arrive(delivery: Delivery, client: FlaskClient, settings: Settings) -> None:
    if request := request_of(delivery):
        path, body, headers = request
        answer = client.post(path, data=body, headers=headers)
        assert answer.status_code == 200, answer.text
    else:
        tell(delivery, settings)


def request_of(delivery: Delivery) -> tuple[str, bytes, dict[str, str]] | None:
    """The signed request, as path, body and headers; None for what no sender says."""
    if delivery.form:
        headers = sign_twilio(PUBLIC_URL + delivery.path, delivery.form, TOKEN)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return delivery.path, urlencode(delivery.form).encode(), headers
    if delivery.events:
        body = json.dumps([chatbot_event(event) for event in delivery.events]).encode()
        return "/webhooks/chatbot/events", body, sign_event(body, SECRET)
    return None


def tell(delivery: Delivery, settings: Settings) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        if delivery.author:
            statement = "insert into app.outbound_messages values (%s, 'agent') on conflict do nothing"
            cursor.execute(statement, (delivery.author,))
        elif delivery.label and delivery.label.label:
            issue, urgency, language = delivery.label.label
            row = (delivery.label.source, message_id(delivery.label), issue, urgency, language, MODEL)
            cursor.execute(
                "insert into ml.message_labels (source, message_id, issue, issue_probability, urgency,"
                " urgency_probability, language, model_version) values (%s, %s, %s, 1, %s, 1, %s, %s)"
                " on conflict do nothing",
                row,
            )


def open_model(settings: Settings) -> None:
    """The model that the labels name."""
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into ml.models (model_version, base_model, onnx, tokenizer, configuration, metrics)"
            " values (%s, 'none', '', %s, %s, %s)",
            (MODEL, Json({}), Json({}), Json({})),
        )


def chatbot_event(event: Event) -> dict[str, Any]:
    """The event in the published format."""
    customer = {name: value for name, value in (("phone", event.phone), ("id", event.given_id)) if value}
    body: dict[str, Any] = {
        "event_id": event.id,
        "type": event.kind,
        "occurred_at": written(event.at),
        "channel": event.channel,
        "customer": customer,
    }
    if event.author:
        body |= {"author": event.author, "text": "halo"}
    if event.answered is not None:
        body["answered"] = event.answered
    if event.needs_reply is not None:
        body["needs_reply"] = event.needs_reply
    if event.rating:
        body["rating"] = event.rating
    return body


def written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def built(settings: Settings, as_of: datetime) -> dict[str, list[str]]:
    """Every row of every mart as text, after a build."""
    transform.build(as_of, settings)
    return {
        mart: [row["line"] for row in read(settings, f"select t::text as line from marts.{mart} t order by 1")]
        for mart in MARTS
    }
