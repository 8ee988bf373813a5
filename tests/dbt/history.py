"""What a test says happened to a shop: plain values that the oracle reads and that the landing helpers land."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_OID, uuid5


@dataclass(frozen=True)
class Event:
    """One thing that happened. `statuses` are what Twilio called back about it; `label` is (issue, urgency, language)
    as the classifier gave it, `correction` (issue, urgency) what a person said then. A customer is named by `phone`
    (E.164), `given_id` or both. Of the source `conversation` is what happened in the bot's own conversations; there a
    rating or the request for one of the source `twilio` is a message as well. `needs_reply` is False for a customer's
    message that asks for nothing: an event says so, or the bot decided so of a message of the source `twilio`."""

    id: str
    kind: str
    at: datetime
    channel: str = "whatsapp"
    source: str = "chatbot"
    phone: str | None = None
    given_id: str | None = None
    author: str | None = None
    answered: bool | None = None
    needs_reply: bool | None = None
    rating: int | None = None
    statuses: tuple[str, ...] = ()
    label: tuple[str, str, str] | None = None
    correction: tuple[str, str] | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is an event of the bot's own conversations."""
        return self.kind != "message" and self.source in ("conversation", "twilio")

    @property
    def own_id(self) -> str:
        """The id of an own event, beside that of the message that it may come with."""
        return str(uuid5(NAMESPACE_OID, self.id))


@dataclass(frozen=True)
class Shop:
    """A shop's settings. `hours` are (weekday from Monday = 1, opens, closes) as "HH:MM"; no time zone means the
    deployment's default; `target` is that of first_response_on_time_rate, in seconds."""

    id: str
    timezone: str | None = None
    hours: tuple[tuple[int, str, str], ...] = ()
    holidays: tuple[date, ...] = ()
    target: int | None = None


@dataclass(frozen=True)
class History:
    """One shop and all that happened to it."""

    shop: Shop
    events: tuple[Event, ...]

    def described(self) -> str:
        """The history as a person reads it, an event a line."""
        lines = [repr(self.shop)]
        for event in sorted(self.events, key=lambda event: event.at):
            fields = {name: value for name, value in vars(event).items() if value not in (None, (), "")}
            del fields["at"], fields["kind"]
            lines.append(f"  {event.at.isoformat()} {event.kind:16} {fields}")
        return "\n".join(lines)
