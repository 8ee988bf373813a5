"""Questions about the customer's own orders: status, payment, parcels and refunds.

Only orders of the verified number of the sender are read. Questions about other orders get the same refusal whether the
order exists or not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bot.catalogue.names import Names
from bot.conversation.reasons import Reason
from bot.conversation.replies import say
from bot.deciding import order_replies, orders, patterns
from bot.deciding.order_replies import MAX_ORDERS, Aspects
from bot.deciding.orders import Order
from bot.deciding.rules import complaints
from bot.deciding.situation import Situation, Verdict, answered, passed, refused
from bot.vocabulary import words
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
_SURELY_A_NUMBER = 5  # digits
_DIGITS = re.compile(r"(?<![\w.,])[A-Za-z]{0,6}[-/]?\d[\w/-]{2,19}(?!\w)")


class Question(NamedTuple):
    """What a customer asks for. `numbers`: possible order or parcel numbers; `phones`: possible phone numbers with
    their keys; `emails`: keys of e-mail addresses."""

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
    question = _question(situation)
    own = _own_orders(situation, question)
    before = _told_before(situation, own)
    told = _with_items(situation, own, bool(question.intents or before)) or before or _of_total(situation, own)
    named = question.numbers | _own_numbers_in(situation.request.text, own)
    if not (question.intents or named or told) or (not named and _continues_general_question(situation)):
        return passed(NAME, Reason.NOT_ASKED)
    if set(situation.words) & complaints():
        return passed(NAME, Reason.COMPLAINT)
    is_own = _is_own(situation, question) or bool(told) or bool(named)
    if not is_own and words("in_general") & set(situation.words):
        return passed(NAME, Reason.NOT_ASKED)
    conversation, language = situation.conversation, situation.language
    if not conversation.is_verified:
        if not is_own:
            return passed(NAME, Reason.NOT_VERIFIED)
        return refused(NAME, Reason.NOT_VERIFIED, say("orders.unverified", language))
    if _asks_for_others(question, own, conversation.customer_key):
        return refused(NAME, Reason.NOT_OWN, say("orders.not_yours", language))
    if not own:
        return answered(NAME, Reason.NO_ORDERS, say("orders.none", language))
    return _answer(situation, question, own, [order for order in own if _numbers_of(order) & named] or told)


def _own_orders(situation: Situation, question: Question) -> tuple[Order, ...]:
    """The customer's orders, if the request may be about them."""
    said = set(situation.words)
    may_be = question.intents or question.numbers or (words("own") | words("of_orders") | words("ordered")) & said
    conversation = situation.conversation
    if not conversation.is_verified or not (may_be or _DIGITS.search(situation.request.text)):
        return ()
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        return orders.of_customer(cursor, conversation.store_id, conversation.customer_key)


def _told_before(situation: Situation, own: Sequence[Order]) -> list[Order]:
    """The orders of the last reply, if the request goes on about them."""
    replies = [message.text for message in situation.conversation.earlier[-3:] if message.author != "customer"]
    if not replies or not situation.request.refers_back or not words("of_orders") & set(situation.words):
        return []
    said = {_normalised(found) for found in _DIGITS.findall(replies[-1])}
    return [order for order in own if _numbers_of(order) & said]


def _own_numbers_in(text: str, own: Sequence[Order]) -> frozenset[str]:
    """Numbers of the customer's own orders, wherever they stand."""
    said = {_normalised(found) for found in _DIGITS.findall(text)}
    return frozenset(said & {number for order in own for number in _numbers_of(order)})


def _with_items(situation: Situation, own: Sequence[Order], asks_for_orders: bool) -> list[Order]:
    """The orders with an item that the request names, such as "where's my orchid?"; none if it asks for no order."""
    said = set(situation.words)
    asks_of_own = (words("of_orders") | words("of_shipment")) & said and (words("own") | words("ordered")) & said
    is_case = words("conditional") & said and not words("own") & said
    if is_case or not (asks_for_orders or asks_of_own):
        return []
    items = Names.of((place, " ".join(item.name for item in order.items), ()) for place, order in enumerate(own))
    return [own[place] for place in items.found_in(situation.request.text).ids]


def _of_total(situation: Situation, own: Sequence[Order]) -> list[Order]:
    """The orders of which a customer asks what they have to pay, or have paid, in total."""
    said = set(situation.words)
    is_asked = words("total") & said and words("of_payment") & said and words("own") & said
    return _fitting(own, Aspects()) if is_asked else []


def _continues_general_question(situation: Situation) -> bool:
    """Whether it adds a case to a question that was not about an order: "and if I paid by card?"."""
    before, request = situation.context.question, situation.request
    if before is None or not request.is_elliptical or not words("conditional") & set(request.words):
        return False
    is_general = words("in_general") & set(before.words) or not situation.about(before).found("facts")
    return bool(is_general) and not words("own") & set(before.words)


def _answer(situation: Situation, question: Question, own: Sequence[Order], named: Sequence[Order]) -> Verdict:
    aspects = question.aspects
    if not any(aspects):
        said = set(situation.words)
        aspects = Aspects(bool(words("of_payment") & said), bool(words("of_shipment") & said), False)
    shown = list(named or _fitting(own, aspects))[:MAX_ORDERS]
    has_more = not named and len(own) > len(shown)
    text = order_replies.write(shown, aspects, has_more, situation.shop, situation.language)
    details = {"orders": [order.order_id for order in shown], "intents": sorted(question.intents)}
    return answered(NAME, Reason.NAMED_ORDER if named else Reason.LATEST_ORDERS, text, **details)


def _fitting(own: Sequence[Order], aspects: Aspects) -> list[Order]:
    """The orders that a question without a number is most likely about, newest first."""
    if aspects.refund and (refunded := [order for order in own if order.refunds or order.status == "refunded"]):
        return refunded
    return [order for order in own if order.is_open] or list(own[:1])


def _asks_for_others(question: Question, own: Sequence[Order], customer_key: str) -> bool:
    known = {number for order in own for number in _numbers_of(order)}
    return (
        bool(question.numbers - known)
        # A long number may be a phone or a parcel number; either must be the customer's own.
        or any(key != customer_key and number not in known for number, key in question.phones.items())
        or bool(question.emails - {order.email_key or "" for order in own})
        or (_ASKS_FOR_OTHERS in question.intents and not question.numbers)
    )


def _is_own(situation: Situation, question: Question) -> bool:
    """Whether the question is about a placed order, not about orders in general."""
    return (
        bool(question.numbers or question.phones or question.emails)
        or _ASKS_FOR_OTHERS in question.intents
        or any(word in words("own") or _OF_MINE.fullmatch(word) for word in situation.words)
    )


def _question(situation: Situation) -> Question:
    read = "\n\n".join(patterns.parts_read(situation.conversation.text))
    text = unicodedata.normalize("NFKC", read).casefold()
    intents = frozenset(rule.intent for rule in situation.found("facts"))
    key = hash_key(situation.tools.settings)
    region = situation.tools.settings.default_region
    emails = frozenset(filter(None, (email_key(address, key) for address in _ADDRESS.findall(text))))
    text = _ADDRESS.sub(" ", text)
    phones = {
        _normalised(written): phone_key(phone, key)
        for written in _LONG_NUMBER.findall(text)
        if (phone := normalise_phone(written, region))
    }
    found = _order_numbers(text, bool(intents))
    numbers = {number for number in found if not any(number in phone for phone in phones)}
    return Question(intents, frozenset(numbers), phones, emails)


def _order_numbers(text: str, asks_for_facts: bool) -> Iterator[str]:
    """Numbers of orders: after a #, alone, or after a word such as `order` in a question about orders, but not in
    `order 100 pcs`."""
    if bare := _BARE.fullmatch(text):
        yield bare[1]
    for found in _HASHED.finditer(text):
        yield _normalised(found["number"])
    for found in _NAMED.finditer(text):
        number = _normalised(found["number"])
        if sum(character.isdigit() for character in number) >= (_MIN_DIGITS if asks_for_facts else _SURELY_A_NUMBER):
            yield number


def has_number(order: Order, number: str) -> bool:
    """Whether a number is the order's or that of one of its parcels, however it is written."""
    return _normalised(number) in _numbers_of(order)


def _numbers_of(order: Order) -> set[str]:
    return {_normalised(order.number), str(order.order_id), *(_normalised(parcel.number) for parcel in order.parcels)}


def _normalised(number: str) -> str:
    return "".join(character for character in number.casefold() if character.isalnum())
