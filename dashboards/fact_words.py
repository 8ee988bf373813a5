"""What the columns of facts are called, and how their values read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboards import kpi_definitions
from dashboards.definition import Language
from dashboards.reader import Extent
from dashboards.words import ISSUES, MESSAGE_LANGUAGES, channel_name
from warehouse import formats
from warehouse.i18n import N_

YES_NO = (N_("no"), N_("yes"))
SHOWN_OF_A_KEY = 10
# What makes the numerator of a share is called as the share is.
COLUMNS = {
    **{
        kpi.numerator[0]: kpi.title
        for kpi in kpi_definitions.load().values()
        if kpi.numerator and kpi.denominator is not None
    },
    "agent_messages": N_("Team messages"),
    "amount": N_("Refund total"),
    "answerer": N_("Answered by"),
    "author": N_("Author"),
    "bucket": N_("Waiting time"),
    "buyer": N_("Buyer"),
    "channel": N_("Channel"),
    "channels": N_("Channels"),
    "click_id": N_("Click"),
    "clicked_at": N_("Click time"),
    "conversations": N_("Conversations"),
    "currency": N_("Currency"),
    "customer_key": N_("Customer"),
    "customer_messages": N_("Customer messages"),
    "day": N_("Day"),
    "duration_seconds": N_("Duration"),
    "episode_id": N_("Conversation"),
    "first_day": N_("Earliest day"),
    "first_response_seconds": N_("First response"),
    "is_again_known": N_("7 days have passed"),
    "is_answered": N_("Answered"),
    "is_bot_answered": N_("Answered by the bot"),
    "is_buyer": N_("Ordered"),
    "is_conversation": N_("Started a conversation"),
    "is_customer_started": N_("Started by the customer"),
    "is_ended": N_("Ended"),
    "is_failed": N_("Failed"),
    "is_first_response": N_("First question"),
    "is_new": N_("New"),
    "is_of_bot": N_("From the bot"),
    "is_order": N_("Ordered"),
    "is_problem": N_("With an issue"),
    "is_satisfied": N_("Satisfied"),
    "is_shop_currency": N_("In the shop's currency"),
    "is_unlabelled": N_("Unlabelled"),
    "is_urgent": N_("Urgent"),
    "is_without_answer": N_("Bot had no answer"),
    "issue": N_("Issue"),
    "items": N_("Items"),
    "language": N_("Language"),
    "last_day": N_("Latest day"),
    "line_number": N_("Line number"),
    "lowest_rating": N_("Lowest rating"),
    "message_id": N_("Message"),
    "messages": N_("Messages"),
    "net": N_("Net amount"),
    "occurred_at": N_("Time"),
    "order_id": N_("Order"),
    "ordered_at": N_("Order time"),
    "orders": N_("Orders"),
    "payment_method": N_("Payment method"),
    "product_id": N_("Product number"),
    "product_name": N_("Product"),
    "quantity": N_("Quantity"),
    "rating": N_("Rating"),
    "rating_id": N_("Rating number"),
    "refund_id": N_("Refund number"),
    "refunded": N_("Net refund"),
    "refunded_net": N_("Refunded (net)"),
    "replied_at": N_("Reply time"),
    "response_business_seconds": N_("Response time in opening hours"),
    "response_seconds": N_("Response time"),
    "source": N_("Source"),
    "started_at": N_("Start time"),
    "status": N_("Status"),
    "turn_id": N_("Question"),
    "urgency": N_("Urgency"),
}
_MONEY = ("net", "refunded", "refunded_net", "amount")
_NAMED = {"issue": ISSUES, "language": MESSAGE_LANGUAGES}


def text(name: str, value: Any, language: Language, extent: Extent) -> str:
    """A value of the column `name` as people read it; keys and ids are shortened."""
    if value is None:
        return formats.NOTHING
    if isinstance(value, bool):
        return YES_NO[value].to(language)
    if isinstance(value, datetime):
        return formats.moment(value, extent.timezone, language)
    if isinstance(value, date):
        return formats.day(value, language)
    if isinstance(value, str) or name.endswith("_id"):
        return _named(name, str(value), language)
    return _figure(name, value, language, extent)


def _named(name: str, value: str, language: Language) -> str:
    if named := _NAMED.get(name, {}).get(value):
        return named.to(language)
    if name == "channel":
        return channel_name(value)
    is_short = len(value) <= SHOWN_OF_A_KEY + 3 or not name.endswith(("_id", "_key"))
    return value if is_short else f"{value[:SHOWN_OF_A_KEY]}…"


def _figure(name: str, value: float | Decimal, language: Language, extent: Extent) -> str:
    if name.endswith("_seconds"):
        return formats.duration(float(value), language)
    if name in _MONEY:
        return formats.money(value, extent.currency, language)
    return formats.count(value, language)
