"""WooCommerce's webhooks, and clicks reported by our plugin. Deliveries are provisional: a sync fetches the object from
the shop itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from sources.woocommerce.objects import DELIVERED
from warehouse.twilio_shape import without_nul
from webhook.errors import Problem
from webhook.landing import bodies, rows, strict_json
from webhook.senders.events import parse_time
from webhook.services import services

blueprint = Blueprint("woocommerce", __name__, url_prefix="/webhooks/woocommerce")

MOST_DEPTH = 128  # levels; other plugins nest their own data in meta_data
LARGEST_ID = 2**63 - 1
CLOCKS_DIFFER = timedelta(hours=1)
_PING = re.compile(r"webhook_id=[0-9]{1,20}")
_WORD = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TOPIC = re.compile(r"[0-9A-Za-z_-]{1,64}\.[0-9A-Za-z_./-]{1,200}")
_CODE = re.compile(r"[a-z2-7]{8}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@blueprint.post("/<store>")
def deliver(store: str) -> Response:
    """A changed object: verify, store, answer 200. Unknown shops get the same response as wrong signatures, so that
    strangers cannot find out which shops exist."""
    if _is_ping():
        g.outcome = "ping"
        return jsonify(received=0)
    payload = parsed(verified_text(store, "X-WC-Webhook-Signature"))
    delivery_id = _header("X-WC-Webhook-Delivery-ID", _WORD)
    topic = _header("X-WC-Webhook-Topic", _TOPIC)
    resource = _header("X-WC-Webhook-Resource", _WORD)
    g.ids = [store, delivery_id]
    if error := _error_status(payload):
        g.outcome = "object_gone" if error == 404 else "shop_error"
    resource_id = None if error else _resource_id(payload)
    stored = _stored(resource, payload)
    return _land(rows.DELIVERIES, delivery_id, payload, store, topic, resource, resource_id, stored=stored)


@blueprint.post("/<store>/clicks")
def click(store: str) -> Response:
    """A click on the shop's WhatsApp button, signed with the shop's secret."""
    fields = parsed(verified_text(store, "X-Kabar-Signature"))
    clicked_at = _require_click(fields)
    g.ids = [store, fields["click_id"]]
    return _land(rows.CLICKS, fields["click_id"], fields, store, fields["code"], fields["product_id"], clicked_at)


def _is_ping() -> bool:
    """Whether this is the unsigned ping that WooCommerce sends when a webhook is created."""
    headers = request.headers
    if "X-WC-Webhook-Topic" in headers or "X-WC-Webhook-Signature" in headers:
        return False
    if request.mimetype != "application/x-www-form-urlencoded":
        return False
    return _PING.fullmatch(bodies.text()) is not None


def verified_text(store: str, header: str) -> str:
    """The body, if the header has its signature by the shop. Raises Problem."""
    bodies.require_type("application/json")
    text = bodies.text()
    if not services().shops.is_signed(store, text.encode(), request.headers.get(header, "")):
        raise Problem(403, "wrong_signature", "The signature is missing or wrong.")
    return text


def parsed(text: str) -> dict[str, Any]:
    """The body as a JSON object. Raises Problem."""
    payload = without_nul(strict_json.parse(text, MOST_DEPTH))
    if not isinstance(payload, dict):
        raise Problem(422, "no_object", "The body is no JSON object.")
    return payload


def _stored(resource: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The fields to keep: those that a sync keeps, only the id for unknown kinds, or a whole error."""
    if "id" in payload:
        kind = DELIVERED.get(resource)
        return kind.fields.kept(payload) if kind else {"id": payload["id"]}
    return payload if _error_status(payload) else {}


def _land(
    table: rows.Table, key: str, payload: dict[str, Any], *values: object, stored: dict[str, Any] | None = None
) -> Response:
    try:
        row = rows.row(table, key, payload, *values, stored=stored)
    except UnicodeEncodeError:
        raise Problem(422, "broken_text", "The body has half of a surrogate pair.") from None
    services().landing.land([row])
    return jsonify(received=1)


def _header(name: str, shape: re.Pattern[str]) -> str:
    value = request.headers.get(name, "")
    if not shape.fullmatch(value):
        raise Problem(422, "bad_header", f"{name} is missing or malformed.")
    return value


def _error_status(payload: dict[str, Any]) -> int | None:
    """The status if the body is an error of WooCommerce's API. WooCommerce builds bodies when it sends them: an object
    deleted by then arrives as a signed 404, and if the webhook's owner lost permissions, as a 401 or 403."""
    data = payload.get("data")
    if "id" in payload or not isinstance(payload.get("code"), str) or not isinstance(data, dict):
        return None
    status = data.get("status")
    return status if isinstance(status, int) else None


def _resource_id(payload: dict[str, Any]) -> int | None:
    found = payload.get("id")
    return found if _is_id(found) else None


def _require_click(fields: dict[str, Any]) -> datetime:
    """The time of a click. Raises Problem 422 unless the fields are exactly those of a click."""
    clicked_at = parse_time(fields["clicked_at"]) if isinstance(fields.get("clicked_at"), str) else None
    faults = [
        name
        for name, is_good in (
            ("click_id", _is(fields.get("click_id"), _UUID)),
            ("code", _is(fields.get("code"), _CODE)),
            ("product_id", "product_id" in fields and (fields["product_id"] is None or _is_id(fields["product_id"]))),
            ("clicked_at", clicked_at is not None and clicked_at <= datetime.now(UTC) + CLOCKS_DIFFER),
            ("(a field of your own)", len(fields.keys() - {"click_id", "code", "product_id", "clicked_at"}) == 0),
        )
        if not is_good
    ]
    if faults or clicked_at is None:
        raise Problem(422, "bad_click", f"Missing or malformed: {', '.join(faults)}.")
    return clicked_at


def _is(value: Any, shape: re.Pattern[str]) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID
