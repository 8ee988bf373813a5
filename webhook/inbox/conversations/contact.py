"""How to reach a customer, for those who may see it, and where their orders are in the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import psycopg2.extensions
from flask_login import current_user

from webhook.inbox import database
from webhook.inbox.conversations import naming


@dataclass(frozen=True)
class Contact:
    """Phone numbers and e-mail addresses, empty for viewers. `shop_url`: None if no shop is connected."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    shop_url: str | None = None

    def order_link(self, order_id: int) -> str | None:
        """The order in WooCommerce's admin. WordPress also leads from there where orders have tables of their own."""
        if self.shop_url is None:
            return None
        return f"{self.shop_url}/wp-admin/post.php?{urlencode({'post': order_id, 'action': 'edit'})}"


def read(connection: psycopg2.extensions.connection, conversation: Any) -> Contact:
    """The contact of a conversation's customer: nothing for viewers, and in test conversations."""
    if not current_user.may("agent") or naming.is_test(conversation):
        return Contact()
    row = database.row(connection, "card_contact.sql", conversation._asdict())
    # whatsapp:+6281…
    number = (row.address or "").partition(":")[2]
    written = [number if number.startswith("+") else "", (row.phone or "").strip()]
    url = (row.shop_url or "").rstrip("/")
    return Contact(
        phones=_different(written),
        emails=tuple(filter(None, [(row.email or "").strip()])),
        shop_url=url if url.startswith(("https://", "http://")) else None,
    )


def _different(numbers: list[str]) -> tuple[str, ...]:
    """The numbers without those that are written another way: the last nine digits tell."""
    found: dict[str, str] = {}
    for number in filter(None, numbers):
        found.setdefault("".join(filter(str.isdecimal, number))[-9:], number)
    return tuple(found.values())
