"""The filters of the list of conversations, as its address holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_login import current_user
from werkzeug.datastructures import MultiDict

from warehouse.i18n import N_
from webhook.inbox.conversations import naming
from webhook.inbox.errors import Refusal

STATES = ("agent", "bot", "closed")
WAITING = "waiting"  # a customer waits for a reply, whoever has the conversation
UNANSWERED = "unanswered"  # who waits, and who wrote last in a conversation that is over
UNHAPPY = "unhappy"
SNOOZED = "snoozed"
MENTIONS = "mentions"  # notes mention the user
TESTS = "tests"  # test conversations, which are in no other list
ISSUES = ("delivery", "order", "payment", "refund", "other")
URGENCIES = ("high", "normal", "low")
NEWEST = "newest"
_CHOICES: dict[str, tuple[str, ...]] = {
    "state": (*STATES, WAITING, UNANSWERED, UNHAPPY, SNOOZED, MENTIONS, TESTS),
    "issue": ISSUES,
    "urgency": URGENCIES,
    "language": ("id", "en"),
    "sort": (NEWEST,),
}
_FOLDED = ("issue", "urgency", "language", "channel", "topic", "tag", "agent", "store", "since", "until")


@dataclass(frozen=True)
class Filters:
    """The filters in the address. `state`: one of `STATES`, or another view of the list; `agent`: `me`, `nobody` or a
    user id; `since` and `until`: days of the last message; without `sort`, those who wait come first."""

    state: str | None = None
    issue: str | None = None
    urgency: str | None = None
    language: str | None = None
    channel: str | None = None
    topic: str | None = None
    tag: str | None = None
    agent: str | None = None
    store: str | None = None
    since: str | None = None
    until: str | None = None
    sort: str | None = None
    search: str | None = None

    @property
    def address(self) -> dict[str, str]:
        """The query parameters of the same list."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def chosen(self) -> int:
        """The number of active filters in the folded section."""
        return sum(1 for name in _FOLDED if getattr(self, name))

    @property
    def without_chosen(self) -> dict[str, str]:
        """The query parameters of the same view without these filters."""
        return {name: value for name, value in self.address.items() if name not in _FOLDED}

    @property
    def conditions(self) -> dict[str, Any]:
        """The values of `conversations.sql`, for all rows that match."""
        assigned = current_user.user_id if self.agent == "me" else self.agent
        return {
            "state": self.state if self.state in STATES else None,
            "is_test": self.state == TESTS,
            "is_unanswered": self.state == UNANSWERED,
            "is_unhappy": self.state == UNHAPPY,
            "is_snoozed": self.state == SNOOZED,
            "mentioned": current_user.user_id if self.state == MENTIONS else None,
            "issue": self.issue,
            "urgency": self.urgency,
            "language": self.language,
            "channel": self.channel,
            "topic": self.topic,
            "tag": self.tag,
            "store": self.store,
            "assigned_to": None if self.agent == "nobody" else assigned,
            "is_unassigned": self.agent == "nobody",
            "since": _midnight(self.since),
            "until": _midnight(self.until, days_later=1),
            "only": None,
            "without": [],
            "waiting": None,
            "is_in_order": False,
            "before_at": None,
            "before_id": None,
        }


def parse(arguments: MultiDict[str, str]) -> Filters:
    """The filters of an address. Raises Refusal 400 for unknown values."""
    given = {name: value for name in Filters.__annotations__ if (value := arguments.get(name))}
    is_known = all(given.get(name, choices[0]) in choices for name, choices in _CHOICES.items())
    is_known &= given.get("agent", "me") in ("me", "nobody") or _is_number(given["agent"])
    is_known &= _is_number(given.get("topic", "0"))
    if not is_known or not all(_is_day(given[name]) for name in ("since", "until") if name in given):
        raise Refusal(400, "bad_filter", N_("This link contains a filter that doesn't exist."))
    return Filters(**given)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) < date.max
    except ValueError:
        return False


def _midnight(day: str | None, days_later: int = 0) -> datetime | None:
    """When a day begins in the shop's time zone."""
    if day is None:
        return None
    at = date.fromisoformat(day) + timedelta(days=days_later)
    return datetime.combine(at, time(), ZoneInfo(naming.default_timezone()))
