"""The shop's webhooks: managed with the API, and delivered with a signature by `send`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import requests

from demo.woocommerce.answers import Record, Refused, at_decimals, encode, missing
from demo.woocommerce.objects import links
from demo.woocommerce.query import Query, no_route
from demo.woocommerce.shop import Shop

_RESOURCES = {"order": "orders", "customer": "customers", "product": "products", "coupon": "coupons"}
_EVENTS = ("created", "updated", "deleted", "restored")
_ALLOWED_FAILURES = 5
_SECONDS = 5


class Delivery(NamedTuple):
    """A POST to a receiver. `status` is the receiver's answer, None if there was none."""

    url: str
    headers: dict[str, str]
    body: bytes
    status: int | None = None


class Webhooks:
    """`send()` delivers all events since the last call. `deliveries` are those sent, `pings` the unsigned ones at
    creation. A webhook is disabled after more than five failures in a row."""

    def __init__(self, shop: Shop, url: Callable[[], str]) -> None:
        self._shop, self._url = shop, url
        self._secrets: dict[int, str] = {}
        self._failures: dict[int, int] = {}
        self.deliveries: list[Delivery] = []
        self.pings: list[Delivery] = []

    def shown(self, number: int) -> Record:
        """A webhook as in the API, without its secret. Raises Refused."""
        if number not in self._shop.webhooks:
            raise missing("webhooks")
        return self._shop.webhooks[number]

    def write(self, method: str, rest: str, query: Query, body: Any) -> tuple[int, Any]:
        """POST, PUT and DELETE below `/webhooks`. Raises Refused."""
        body = body if isinstance(body, dict) else {}
        if method == "POST" and rest == "":
            return 201, self._create(body)
        if rest == "/batch" and method in ("POST", "PUT", "PATCH"):
            return 200, self._batch(body)
        if not rest[1:].isdigit():
            raise no_route()
        if method == "DELETE":
            return 200, self._delete(int(rest[1:]), query.flag("force"))
        return 200, self._update(int(rest[1:]), body)

    def _batch(self, body: Record) -> Record:
        if sum(len(body.get(name) or []) for name in ("create", "update", "delete")) > 100:
            text = "Unable to accept more than 100 items for this request."
            raise Refused(413, "woocommerce_rest_request_entity_too_large", text)
        steps: dict[str, Callable[[Any], Record]] = {
            "create": self._create,
            "update": lambda item: self._update(int(item["id"]), item),
            "delete": lambda item: self._delete(int(item), True),
        }
        return {name: [_tried(step, item) for item in body[name]] for name, step in steps.items() if body.get(name)}

    def _create(self, body: Record) -> Record:
        topic, url = str(body.get("topic") or ""), str(body.get("delivery_url") or "")
        _check(topic, url)
        number = max(self._shop.webhooks, default=0) + 1
        resource, _, event = topic.partition(".")
        self._shop.webhooks[number] = {
            "id": number,
            "name": body.get("name") or f"Webhook created on {self._shop.clock():%b %d, %Y @ %I:%M %p}",
            "status": body.get("status") or "active",
            "topic": topic,
            "resource": resource,
            "event": event,
            "hooks": [f"woocommerce_{event}_{resource}"],
            "delivery_url": url,
            **self._shop.times("created"),
            "date_modified": None,
            "date_modified_gmt": None,
            "_links": links("webhooks", number),
        }
        self._secrets[number] = str(body.get("secret") or uuid.uuid4().hex)
        ping = Delivery(url, {"Content-Type": "application/x-www-form-urlencoded"}, f"webhook_id={number}".encode())
        self.pings.append(ping)
        return self._shop.webhooks[number]

    def _update(self, number: int, body: Record) -> Record:
        webhook = {**self.shown(number)}
        webhook |= {name: body[name] for name in ("name", "status", "topic", "delivery_url") if body.get(name)}
        _check(webhook["topic"], webhook["delivery_url"])
        if webhook["status"] not in ("active", "paused", "disabled"):
            raise Refused(400, "woocommerce_rest_shop_webhook_invalid_status", "Webhook status must be valid.")
        webhook["resource"], _, webhook["event"] = webhook["topic"].partition(".")
        if body.get("secret"):
            self._secrets[number] = str(body["secret"])
        if webhook["status"] == "active":
            self._failures.pop(number, None)
        self._shop.webhooks[number] = webhook | self._shop.times("modified")
        return self._shop.webhooks[number]

    def _delete(self, number: int, is_forced: bool) -> Record:
        webhook = self.shown(number)
        if not is_forced:
            text = "Webhooks do not support trashing."
            raise Refused(501, "woocommerce_rest_trash_not_supported", text)
        del self._shop.webhooks[number]
        return webhook

    def ping(self) -> None:
        """Send the pings of new webhooks: unsigned forms without a topic."""
        pings, self.pings = self.pings, []
        for each in pings:
            _post(each)

    def pending(self) -> list[tuple[int, str, int]]:
        """Remove and return the pending deliveries as (webhook, topic, object)."""
        with self._shop.lock:
            happenings, self._shop.happenings = self._shop.happenings, []
            active = [each for each in self._shop.webhooks.values() if each["status"] == "active"]
            return [(w["id"], topic, n) for topic, n in happenings for w in active if w["topic"] == topic]

    def built(self, webhook_id: int, topic: str, number: int) -> Delivery:
        """A delivery. The body is the object as it is now, or the 404 error of its id."""
        with self._shop.lock:
            webhook = self._shop.webhooks[webhook_id]
            body = encode(self._body(topic, number))
            digest = hmac.new(self._secrets[webhook_id].encode(), body, hashlib.sha256).digest()
            headers = {
                "User-Agent": f"WooCommerce/{self._shop.settings.version} Hookshot (WordPress/"
                f"{self._shop.settings.wordpress_version})",
                "Content-Type": "application/json",
                "X-WC-Webhook-Source": f"{self._url()}/",
                "X-WC-Webhook-Topic": topic,
                "X-WC-Webhook-Resource": topic.partition(".")[0],
                "X-WC-Webhook-Event": topic.partition(".")[2],
                "X-WC-Webhook-Signature": base64.b64encode(digest).decode(),
                "X-WC-Webhook-ID": str(webhook_id),
                "X-WC-Webhook-Delivery-ID": uuid.uuid4().hex,
            }
            return Delivery(webhook["delivery_url"], headers, body)

    def send(self) -> list[Delivery]:
        """Send all pending deliveries in order and return them."""
        sent = []
        for webhook_id, topic, number in self.pending():
            if self._shop.webhooks.get(webhook_id, {}).get("status") != "active":
                continue
            delivery = _post(self.built(webhook_id, topic, number))
            is_good = delivery.status is not None and 200 <= delivery.status < 400
            self._failures[webhook_id] = 0 if is_good else self._failures.get(webhook_id, 0) + 1
            if self._failures[webhook_id] > _ALLOWED_FAILURES:
                self._shop.webhooks[webhook_id] |= {"status": "disabled"}
            sent.append(delivery)
        self.deliveries.extend(sent)
        return sent

    def _body(self, topic: str, number: int) -> Record:
        resource, _, event = topic.partition(".")
        if event == "deleted":
            return {"id": number}
        found: Record | None = getattr(self._shop, _RESOURCES[resource]).get(number)
        if found is None:
            return missing(_RESOURCES[resource]).body
        return at_decimals(found, self._shop.settings.price_decimals) if resource == "order" else found


def _post(delivery: Delivery) -> Delivery:
    try:
        answer = requests.post(
            delivery.url, delivery.body, headers=delivery.headers, timeout=_SECONDS, allow_redirects=False
        )
    except requests.RequestException:
        return delivery
    return delivery._replace(status=answer.status_code)


def _tried(step: Callable[[Any], Record], item: Any) -> Record:
    try:
        return step(item)
    except Refused as refused:
        return {"id": item.get("id", 0) if isinstance(item, dict) else item, "error": refused.body}


def _check(topic: str, url: str) -> None:
    resource, _, event = topic.partition(".")
    if resource not in _RESOURCES or event not in _EVENTS:
        text = "Webhook topic is required and must be valid."
        raise Refused(400, "woocommerce_rest_webhook_invalid_topic", text)
    if not url.startswith(("http://", "https://")):
        text = "Webhook delivery URL must be a valid URL starting with http:// or https://."
        raise Refused(400, "woocommerce_rest_webhook_invalid_delivery_url", text)
