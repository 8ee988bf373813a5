"""Names of customers, channels and choices on the inbox's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.conversation.types import TEST_CHANNEL
from dashboards.words import channel_name
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox.labels import label, label_or
from webhook.services import services


def customer(row: Any) -> str:
    """The name from the channel, else a neutral one with the conversation's number."""
    if is_test(row):
        return _("Test customer {key}", key=f"#{row.conversation_id}")
    return row.customer_name or _("Customer {key}", key=f"#{getattr(row, 'conversation_id', '')}")


def is_test(row: Any) -> bool:
    """Whether an admin writes as the customer of this conversation."""
    return bool(row.channel == TEST_CHANNEL)


def channel(name: str) -> str:
    return _("Test") if name == TEST_CHANNEL else channel_name(name)


def choices(kind: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """Values with their labels: `[("delivery", "Delivery"), …]`."""
    return [(value, label(language(), f"{kind}_{value}")) for value in values]


def people(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(row.user_id), row.name) for row in rows]


def stores(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.store_id, row.name) for row in rows]


def channels(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.channel, channel(row.channel)) for row in rows]


def tags(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.tag, row.tag) for row in rows]


def topics(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(row.topic_id), row.name) for row in rows]


def order_status(status: str) -> str:
    """The label of an order status; a shop's custom status keeps its name."""
    return label_or(language(), f"order_status_{status}", status.replace("-", " "))


def default_timezone() -> str:
    """The time zone of shops without one."""
    return services().settings.default_timezone
