"""Where a text has numbers that belong to a person: of cards, phones, orders, parcels and accounts. Not prices, sizes
or dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

_CARD = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w-])")
_INTERNATIONAL = re.compile(r"(?<![\w.,])\(?(?:\+|0)\d(?:[ ().-]{0,2}\d){7,14}(?!\w)")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?")  # 1.250.000
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_MONEY_BEFORE = re.compile(r"(?:rp|idr|usd|harga\w*|budget\w*|total\w*|price)\W{0,3}$", re.IGNORECASE)
_UNIT = (
    r"(?!\s*(?:pcs|pc|buah|biji|lembar|pak|pack|kg|gr|gram|ml|cm|mm|items?|units?|ribu|rb|k|jt|juta|persen|%|hari|days?)"
    r"(?!\w))"
)
_CODE = r"(?:[a-z]{1,6}[-/]?)?\d[\da-z/-]{2,19}"
_OF_ORDER = re.compile(
    rf"(?:\b(?:order|orderan|ordernya|pesanan|pesananku|invoice|inv|resi|resinya|tracking|paket|package|nomor|nomer"
    rf"|no|number|id)\b[ .:#]{{1,3}}"
    rf"(?:(?:nomor|nomer|no|number|id|resi|pesanan|order|is|adalah|saya|my|ini)\b[ .:#]{{1,3}}){{0,3}})"
    rf"(?P<number>{_CODE})\b{_UNIT}",
    re.IGNORECASE,
)
_HASHED = re.compile(r"#\s?(?P<number>(?:[a-z]{1,6}[-/]?)?\d[\da-z/-]{0,19})\b", re.IGNORECASE)
_SHORT = re.compile(
    r"\b(?:order|pesanan|invoice)\s+"
    r"(?:(?:no|nomor|nomer|number)\b[ .:#]{1,3}(?P<named>\d{1,2})\b|(?P<told>\d{1,2})(?=\s*\())",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*#?(?P<number>\d{3,12})\s*[?.!]*\s*")
_CODED = re.compile(r"(?<![\w.,])(?:[A-Za-z]{1,6}[-/]?)?\d{6,}\w*")
_SPACED = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){7,}(?!\w)")
_MAX_SUM = 8  # digits of a number that can be a sum
_LEAST_DIGITS = 3
_Span = tuple[int, int]


def cards(text: str) -> Iterator[_Span]:
    """Numbers with a card's check digit."""
    for found in _CARD.finditer(text):
        if _is_luhn([int(character) for character in found[0] if character.isdigit()]):
            yield found.span()


def phones(text: str, region: str) -> list[_Span]:
    found = [match.span() for match in _INTERNATIONAL.finditer(text) if not _DATE.fullmatch(match[0])]
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        if not _is_amount(text, match.start, match.end) and not any(
            start < match.end and match.start < end for start, end in found
        ):
            found.append((match.start, match.end))
    return found


def order_numbers(text: str) -> Iterator[_Span]:
    """Numbers after a # or a word such as `order`, and a message that is nothing but a number. Short ones only where
    they are no quantity, as in "pesanan nomor 45" and the bot's own "Pesanan 45 (28 Nov)"."""
    if bare := _BARE.fullmatch(text):
        yield bare.span("number")
        return
    hashed = [found.span("number") for found in _HASHED.finditer(text)]
    yield from hashed
    for found in _SHORT.finditer(text):
        yield found.span("named" if found["named"] else "told")
    for found in _OF_ORDER.finditer(text):
        digits = sum(character.isdigit() for character in found["number"])
        if digits >= _LEAST_DIGITS and found.span("number") not in hashed:
            yield found.span("number")


def others(text: str) -> Iterator[_Span]:
    """Any other long number, such as that of an account."""
    end = 0
    for found in sorted(
        [*_SPACED.finditer(text), *_CODED.finditer(text)], key=lambda each: (each.start(), -each.end())
    ):
        if found.start() >= end and not _is_amount(text, *found.span()):
            end = found.end()
            yield found.span()


def _is_amount(text: str, start: int, end: int) -> bool:
    """Whether the number is a sum or a date."""
    written = text[start:end]
    is_round = written.isdigit() and len(written) <= _MAX_SUM and written.endswith("000")
    is_grouped = bool(_GROUPED.fullmatch(written)) or bool(_DATE.fullmatch(written))
    return is_round or is_grouped or bool(len(written) <= _MAX_SUM and _MONEY_BEFORE.search(text[:start]))


def _is_luhn(digits: list[int]) -> bool:
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
