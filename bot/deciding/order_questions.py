"""The customer's own orders: what became of them, their payment, their parcels, their refunds.

Only the orders of the number that a message really came from are ever read. Whatever else is asked for is refused in
the same words, whether it exists or not: nothing is looked up that could tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bot.conversation.reasons import Reason
from bot.conversation.replies import say
from bot.deciding import order_replies, orders, patterns
from bot.deciding.order_replies import MAX_ORDERS, Aspects
from bot.deciding.orders import Order
from bot.deciding.rules import complaints
from bot.deciding.situation import Situation, Verdict, answered, passed, refused
from bot.deciding.vocabulary import words
from warehouse.identity import email_key, hash_key, normalise_phone, phone_key

NAME: Final = "facts"

_ASKS_FOR_OTHERS = "others_order"
_OF_MINE = re.compile(r"(?:pesanan|order|orderan|paket|barang|kiriman|resi|refund|uang|dana)ku")
_NUMBER = r"(?P<number>[a-z]{0,6}[-/]?\d[\da-z/-]{0,19})"
_HASHED = re.compile(rf"#\s?{_NUMBER}")
_NAMED = re.compile(
    rf"\b(?:order|orderan|ordernya|pesanan|pesananku|invoice|inv|resi|tracking|paket|package|nomor|nomer|no|number|id)\b"
    rf"(?:[ .:#]{{1,3}}(?:nomor|nomer|no|number|id|resi|pesanan|order|is|adalah))?[ .:#]{{1,3}}{_NUMBER}\b"
)
_BARE = re.compile(r"\s*#?(\d{3,10})\s*[?.!]*\s*")
_LONG_NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[ ().-]{0,2}\d){7,18}(?!\w)")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_MIN_DIGITS = 3


class Asked(NamedTuple):
    """What a customer asks for. `numbers` are those given as an order's or a parcel's; `phones` the numbers that can be
    a phone's, each with its key; `emails` the keys of addresses."""

    intents: frozenset[str]
    numbers: frozenset[str]
    phones: Mapping[str, str]
    emails: frozenset[str]

    @property
    def aspects(self) -> Aspects:
        return Aspects(
            payment="payment_status" in self.intents,
            shipment="shipment_status" in self.intents,
            refund="refund_status" in self.intents,
        )


def step(situation: Situation) -> Verdict:
    asked = _asked(situation)
    if not asked.intents and not asked.numbers:
        return passed(NAME, Reason.NOT_ASKED)
    if set(situation.said) & complaints():
        return passed(NAME, Reason.COMPLAINT)
    is_own = _is_own(situation, asked)
    conversation, language = situation.conversation, situation.language
    if not conversation.is_verified:
        if not is_own:
            return passed(NAME, Reason.NOT_VERIFIED)
        return refused(NAME, Reason.NOT_VERIFIED, say("orders.unverified", language))
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        own = orders.of_customer(cursor, conversation.store_id, conversation.customer_key)
    if _asks_for_others(asked, own, conversation.customer_key):
        return refused(NAME, Reason.NOT_OWN, say("orders.not_yours", language))
    if not own:
        return (
            answered(NAME, Reason.NO_ORDERS, say("orders.none", language)) if is_own else passed(NAME, Reason.NO_ORDERS)
        )
    return _tell(situation, asked, own)


def _tell(situation: Situation, asked: Asked, own: Sequence[Order]) -> Verdict:
    named = [order for order in own if _numbers_of(order) & asked.numbers]
    fitting = named or _fitting(own, asked.aspects)
    told = fitting[:MAX_ORDERS]
    has_more = not named and len(own) > len(told)
    text = order_replies.write(told, asked.aspects, has_more, situation.shop, situation.language)
    details = {"orders": [order.order_id for order in told], "intents": sorted(asked.intents)}
    return answered(NAME, Reason.NAMED_ORDER if named else Reason.LATEST_ORDERS, text, **details)


def _fitting(own: Sequence[Order], aspects: Aspects) -> list[Order]:
    """Those that a question without a number is most likely about, newest first."""
    if aspects.refund and (refunded := [order for order in own if order.refunds or order.status == "refunded"]):
        return refunded
    return [order for order in own if order.is_open] or list(own[:1])


def _asks_for_others(asked: Asked, own: Sequence[Order], customer_key: str) -> bool:
    known = {number for order in own for number in _numbers_of(order)}
    return (
        bool(asked.numbers - known)
        # What is long enough for a phone's number may be that of a parcel: it has to be one or the other of theirs.
        or any(key != customer_key and number not in known for number, key in asked.phones.items())
        or bool(asked.emails - {order.email_key or "" for order in own})
        or (_ASKS_FOR_OTHERS in asked.intents and not asked.numbers)
    )


def _is_own(situation: Situation, asked: Asked) -> bool:
    """Whether somebody speaks of an order that was placed, and not of orders in general."""
    return (
        bool(asked.numbers or asked.phones or asked.emails)
        or _ASKS_FOR_OTHERS in asked.intents
        or any(word in words("own") or _OF_MINE.fullmatch(word) for word in situation.said)
    )


def _asked(situation: Situation) -> Asked:
    read = "\n\n".join(patterns.parts_read(situation.conversation.text))
    text = unicodedata.normalize("NFKC", read).casefold()
    intents = frozenset(rule.intent for rule in situation.found("facts"))
    key = hash_key(situation.tools.settings)
    region = situation.tools.settings.default_region
    emails = frozenset(filter(None, (email_key(address, key) for address in _ADDRESS.findall(text))))
    text = _ADDRESS.sub(" ", text)
    phones = {
        _squeezed(written): phone_key(phone, key)
        for written in _LONG_NUMBER.findall(text)
        if (phone := normalise_phone(written, region))
    }
    numbers = {number for number in _given_numbers(text, bool(intents)) if not _is_part_of_any(number, phones)}
    return Asked(intents, frozenset(numbers), phones, emails)


def _is_part_of_any(number: str, phones: Mapping[str, str]) -> bool:
    return any(number in phone for phone in phones)


def _given_numbers(text: str, asks_for_facts: bool) -> Iterator[str]:
    """Numbers that are given as an order's: behind a #, all by themselves, or behind a word for it in a question about
    orders. `order 100 pcs` asks for none."""
    if bare := _BARE.fullmatch(text):
        yield bare[1]
    for found in _HASHED.finditer(text):
        yield _squeezed(found["number"])
    for found in _NAMED.finditer(text) if asks_for_facts else ():
        number = _squeezed(found["number"])
        if sum(character.isdigit() for character in number) >= _MIN_DIGITS:
            yield number


def _numbers_of(order: Order) -> set[str]:
    return {_squeezed(order.number), str(order.order_id), *(_squeezed(parcel.number) for parcel in order.parcels)}


def _squeezed(number: str) -> str:
    return "".join(character for character in number.casefold() if character.isalnum())
