"""The reference reading of the KPI contract, first half: customers, order, episodes, turns and what belongs to them.

Deliberately simple: loops over one shop's events, no speed, nothing shared with the SQL that it judges.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.dbt.history import Event

AFTER_REPLY = timedelta(hours=24)
WAITING = timedelta(days=7)
WEEK = timedelta(days=7)
FAILED = {"failed", "undelivered", "canceled"}
ARRIVED = {"delivered", "read", "partially_delivered"}
RANKS = {"customer": 0, "bot": 1, "agent": 2, "handover": 3, "rating_requested": 4, "rating": 5, "closed": 6}


@dataclass
class Episode:
    """`until` is when the episode ended or, if nothing more comes, will have ended. A failed message is passed over
    when it is asked what was said last; where nothing else was ever said, it counts as if it had arrived. Whether
    somebody waits is asked of the last message that is not one that needs no reply. `before` is when the episode
    before would have ended if nothing more had come."""

    person: int
    channel: str
    messages: list[Event] = field(default_factory=list)
    close: Event | None = None
    before: datetime | None = None
    handovers: list[Event] = field(default_factory=list)
    ratings: list[Event] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        return self.messages[0].at

    @property
    def has_customer(self) -> bool:
        return any(message.author == "customer" for message in self.messages)

    @property
    def customer_started(self) -> bool:
        return self.messages[0].author == "customer"

    @property
    def last_valid(self) -> Event | None:
        valid = [message for message in self.messages if not has_failed(message)]
        return valid[-1] if valid else None

    @property
    def waits(self) -> bool:
        """Whether the customer waits, or waited at the end."""
        asking = [message for message in self.messages if not has_failed(message) and not asks_for_nothing(message)]
        return bool(asking) and asking[-1].author == "customer"

    @property
    def open_until(self) -> datetime | None:
        """Until when it takes in more, whatever closed it; None where everything failed."""
        return self.last_valid and self.last_valid.at + (WAITING if self.waits else AFTER_REPLY)

    @property
    def until(self) -> datetime:
        if self.close:
            return self.close.at
        return self.open_until or self.before or self.messages[-1].at + AFTER_REPLY

    def ended(self, as_of: datetime) -> bool:
        return self.until <= as_of

    @property
    def turns(self) -> list[Turn]:
        turns: list[Turn] = []
        waiting = False
        for message in self.messages:
            if message.author == "customer":
                if asks_for_nothing(message):
                    continue
                if not waiting:
                    turns.append(Turn(self, message))
                waiting = True
            elif not has_failed(message):
                if waiting:
                    turns[-1].reply = message
                waiting = False
        return turns

    @property
    def bot_answered(self) -> bool:
        return any(turn.reply is not None and turn.reply.author == "bot" for turn in self.turns)


@dataclass
class Turn:
    """A customer's messages in a row, from the first one to the reply."""

    episode: Episode
    first: Event
    reply: Event | None = None


def has_failed(event: Event) -> bool:
    """Failed for good: something said so, and nothing says that it arrived after all."""
    return bool(FAILED & set(event.statuses)) and not ARRIVED & set(event.statuses)


def asks_for_nothing(message: Event) -> bool:
    """A customer's message that needs no reply."""
    return message.author == "customer" and message.needs_reply is False


def position(event: Event) -> tuple[datetime, int, str]:
    """Where an event stands in the order of its customer and channel."""
    return event.at, RANKS[event.author or event.kind], event.own_id if event.is_own else event.id


def people(events: Iterable[Event]) -> dict[str, int]:
    """Event id → number of its person. Who shares a phone or an id, even over others, is one."""
    groups: list[tuple[set[str], list[str]]] = []
    for event in events:
        names = {f"phone {event.phone}"} if event.phone else set()
        names |= {f"id {event.given_id}"} if event.given_id else set()
        ids = [event.id]
        apart = []
        for other_names, other_ids in groups:
            if other_names & names:
                names |= other_names
                ids += other_ids
            else:
                apart.append((other_names, other_ids))
        groups = [*apart, (names, ids)]
    return {event_id: number for number, (_, ids) in enumerate(groups) for event_id in ids}


def conversations(events: list[Event]) -> dict[tuple[int, str], list[Event]]:
    """(person, channel) → its events in order."""
    person = people(events)
    found: dict[tuple[int, str], list[Event]] = {}
    for event in sorted(events, key=position):
        found.setdefault((person[event.id], event.channel), []).append(event)
    return found


def episodes(events: list[Event]) -> list[Episode]:
    """All episodes of a shop's events, also those without a customer's message, with what belongs to them."""
    found = []
    for (person, channel), ordered in conversations(events).items():
        own = cut(person, channel, ordered)
        attach(own, ordered)
        found += own
    return found


def cut(person: int, channel: str, ordered: list[Event]) -> list[Episode]:
    found: list[Episode] = []
    is_open = False
    open_until: datetime | None = None
    last: Event | None = None
    for event in ordered:
        if event.kind == "message":
            until = open_until or (last and last.at + AFTER_REPLY)
            if not is_open or (until is not None and event.at >= until):
                found.append(Episode(person, channel, before=open_until))
                is_open = True
            found[-1].messages.append(event)
            last = event
            open_until = found[-1].open_until or open_until
        elif event.kind == "closed" and is_open:
            found[-1].close = event
            is_open = False
    return found


def attach(own: list[Episode], ordered: list[Event]) -> None:
    """Give handovers and ratings to the episodes of their conversation."""
    for event in ordered:
        begun = [episode for episode in own if position(episode.messages[0]) < position(event)]
        if not begun:
            continue
        latest = begun[-1]
        if event.kind == "handover" and is_open_at(latest, event):
            latest.handovers.append(event)
        if event.kind == "rating":
            until_then = [message for message in latest.messages if position(message) < position(event)]
            if event.at <= until_then[-1].at + WEEK:
                latest.ratings.append(event)


def is_open_at(episode: Episode, event: Event) -> bool:
    if episode.close:
        return position(event) < position(episode.close)
    return event.at < episode.until


def again(episode: Episode, all_episodes: list[Episode]) -> bool:
    """Whether the same person came again, on any channel, within the week after the end."""
    end = episode.until
    return any(
        other is not episode
        and other.person == episode.person
        and other.has_customer
        and end <= other.start <= end + WEEK
        for other in all_episodes
    )


def answered_requests(events: list[Event]) -> dict[str, bool]:
    """Id of each rating request → whether a rating answered it."""
    answered: dict[str, bool] = {}
    for ordered in conversations(events).values():
        requests: list[Event] = []
        for event in ordered:
            if event.kind == "rating_requested":
                requests.append(event)
                answered[event.id] = False
            elif event.kind == "rating":
                waiting = [r for r in requests if not answered[r.id] and event.at <= r.at + WEEK]
                if waiting:
                    answered[waiting[-1].id] = True
    return answered
