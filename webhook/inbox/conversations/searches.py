"""What is searched for. It is encrypted in addresses, because addresses end up in logs."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import NamedTuple

import phonenumbers
from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from markupsafe import Markup, escape

from warehouse.i18n import N_
from warehouse.identity import normalise_phone, phone_key
from webhook.inbox.errors import Refusal
from webhook.services import services

LONGEST = 200
LONGEST_KEPT = 12 * 3600  # seconds after which a search expires
SHORTEST_NUMBER = 4  # digits of a part of a phone number
_WORD = re.compile(r"\w+")
_ORDER = re.compile(r"#?\s*(\d{1,18})")
_PART_OF_NUMBER = re.compile(r"\+?[0-9 ()./-]+")


class Search(NamedTuple):
    """`words` is a query for Postgres' full-text search, `parts` are patterns that all its results match,
    `customer_key` is set if the text is a phone number, `order_number` if it may be an order's, and `digits` if it may
    be the beginning, with the country's code, or the end of a phone number."""

    text: str
    words: str
    parts: list[str]
    customer_key: str | None
    order_number: str | None
    digits: tuple[str, str] | None

    def marked(self, text: str) -> Markup:
        """The text with the words that match marked."""
        found = sorted(_WORD.findall(self.text.lower()), key=len, reverse=True)
        if not found:
            return escape(text)
        pieces = re.split(rf"(?<!\w)({'|'.join(map(re.escape, found))})", text, flags=re.IGNORECASE)
        return Markup().join(
            Markup("<mark>{}</mark>").format(piece) if place % 2 else piece for place, piece in enumerate(pieces)
        )


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
    region = app.settings.default_region
    number = normalise_phone(text, region)
    order = _ORDER.fullmatch(text.strip())
    found = _WORD.findall(text.lower())
    return Search(
        text,
        " & ".join(f"{word}:*" for word in found),
        [f"%{word}%" for word in found],
        phone_key(number, app.hash_key) if number else None,
        order[1] if order else None,
        _digits(text.strip(), region),
    )


def _digits(text: str, region: str) -> tuple[str, str] | None:
    """The digits as the beginning of an international number, and as they were typed."""
    digits = "".join(filter(str.isdecimal, text))
    if not _PART_OF_NUMBER.fullmatch(text) or len(digits) < SHORTEST_NUMBER:
        return None
    if digits.startswith("0"):
        return f"{phonenumbers.country_code_for_region(region)}{digits[1:]}", digits
    return digits, digits


@cache
def _fernet(session_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"search:{session_key}".encode()).digest()))
