"""Search texts, which are encrypted in addresses because addresses end up in logs."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from warehouse.i18n import N_
from warehouse.identity import normalise_phone, phone_key
from webhook.inbox.errors import Refusal
from webhook.services import services

LONGEST = 200
LONGEST_KEPT = 12 * 3600  # seconds after which a search expires
_WORD = re.compile(r"\w+")


class Search(NamedTuple):
    """`words` is a query for Postgres' full-text search, `parts` are patterns that all its results match, and
    `customer_key` is set if the text is a phone number."""

    text: str
    words: str
    parts: list[str]
    customer_key: str | None


def hidden(text: str) -> str:
    """The encrypted search, for addresses."""
    return _fernet(str(current_app.secret_key)).encrypt(text.strip()[:LONGEST].encode()).decode()


def shown(token: str | None) -> Search | None:
    """The search in an address, or None. Raises Refusal 400 if it is expired or invalid."""
    if not token:
        return None
    try:
        return _read(_fernet(str(current_app.secret_key)).decrypt(token.encode(), LONGEST_KEPT).decode())
    except (InvalidToken, UnicodeError):
        raise Refusal(400, "search_over", N_("This search has expired. Search again.")) from None


def _read(text: str) -> Search:
    """All words must match as prefixes: people stop typing, and `jeruk` should find `jeruknya`."""
    app = services()
    number = normalise_phone(text, app.settings.default_region)
    found = _WORD.findall(text.lower())
    query = " & ".join(f"{word}:*" for word in found)
    return Search(text, query, [f"%{word}%" for word in found], phone_key(number, app.hash_key) if number else None)


@cache
def _fernet(session_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"search:{session_key}".encode()).digest()))
