"""Two months of conversations of the demo shop, the same for the same seed.

Every calendar day has its own random generator, so a longer story begins with the same events as a shorter one: a
second run of the demo continues the first.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from demo.customers import Customer, customers, fill
from demo.dialogues import Dialogue, Mark, Say, choose, dialogues, small_talk
from demo.hours import ZONE, is_open, next_opening
from demo.moods import Mood
from demo.spelling import typed

SEED = 20_260

LENGTH = timedelta(days=61)

_EPISODES_A_DAY = 17.5
_WEEKDAYS = (1.2, 1.1, 1.0, 1.05, 1.1, 0.85, 0.7)
_HOURS = (2, 1, 1, 0.5, 1, 2, 4, 6, 9, 11, 12, 10, 9, 10, 9, 8, 8, 8, 9, 11, 12, 10, 7, 4)
_TOPICS = {"delivery": 34, "order": 22, "payment": 18, "refund": 11, "other": 15}
_MESSAGING_WINDOW = timedelta(hours=24)
# The share of customers who ask again when the bot could not help, or when they wait for an agent.
_ASKS_AGAIN, _NUDGES_BY_ASKING = 0.35, 0.4
_SLOT = re.compile(r"\[(\w+)\]")

Kind = Literal["message", "handover", "rating_requested", "rating", "closed"]


@dataclass(frozen=True)
class Happening:
    """An event. `key` identifies it in all runs. A message has `author`, `text`, `answered`, `has_picture`, and
    `error_code` if Twilio could not deliver it; a rating has `rating`."""

    key: str
    at: datetime
    kind: Kind
    channel: str
    customer: Customer
    author: str | None = None
    text: str | None = None
    answered: bool = True
    has_picture: bool = False
    error_code: int | None = None
    rating: int | None = None


def story(start: datetime, end: datetime, seed: int = SEED) -> list[Happening]:
    """The events from `start` until `end` in order of time."""
    people = customers(seed)
    first = (start - timedelta(days=10)).astimezone(ZONE).date()
    days = (end.astimezone(ZONE).date() - first).days + 1
    happenings = [
        happening
        for number in range(days)
        for happening in _day(first + timedelta(days=number), people, seed)
        if start <= happening.at < end
    ]
    return sorted(happenings, key=lambda happening: (happening.at, happening.key))


def _day(day: date, people: list[Customer], seed: int) -> Iterator[Happening]:
    rng = random.Random(f"{seed}/{day}")
    # There are more messages on pay-day and on sales days with doubled dates (10.10., 11.11.).
    crowd = 2.0 if day.day == day.month else 1.6 if day.day in (25, 26) else 1.0
    expected = _EPISODES_A_DAY * _WEEKDAYS[day.weekday()] * crowd
    count = max(4, round(rng.gauss(expected, expected**0.5 / 2)))
    weights = [1 / (number + 60) for number in range(len(people))]
    for number in range(count):
        customer = rng.choices(people, weights=weights)[0]
        at = _moment(day, rng)
        episode = _Episode(customer, at, f"{day}/{number}", random.Random(f"{seed}/{day}/{number}"))
        yield from episode.play()
        if rng.random() < 0.14:
            later = at + timedelta(days=rng.uniform(1.1, 6))
            again = f"{day}/{number}/again"
            yield from _Episode(customer, later, again, random.Random(f"{seed}/{again}")).play()


def _moment(day: date, rng: random.Random) -> datetime:
    hour = rng.choices(range(24), weights=_HOURS)[0]
    seconds = rng.uniform(0, 3600)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE) + timedelta(seconds=seconds)


class _Episode:
    """One conversation: a clock that moves on, and the events so far."""

    def __init__(self, customer: Customer, at: datetime, key: str, rng: random.Random) -> None:
        self.customer, self.key, self.rng = customer, key, rng
        self.at = at
        self.channel = customer.channel
        if customer.is_linked:
            self.channel = rng.choice(["whatsapp", "web"])
        self.dialogue = _dialogue(customer.language, rng)
        self.values = fill(customer, at, rng)
        self.heard_at = at
        self.asked = ""
        self.mood = Mood()
        self.waiting_since: datetime | None = None
        self.last: str | None = None
        self.host = "bot"
        self.count = 0

    def play(self) -> Iterator[Happening]:
        # Some customers leave early; some questions are not answered.
        stop = self.rng.randrange(2, 9) if self.rng.random() < 0.14 else len(self.dialogue.steps)
        steps = self.dialogue.steps[:stop]
        for number, step in enumerate(steps):
            if isinstance(step, Mark):
                yield from self._mark(step)
            elif step.author == "customer":
                yield from self._customer_says(step, is_opening=number == 0)
            else:
                if step.author == "agent" and self.rng.random() < 0.05:
                    return
                yield from self._shop_says(step)
                if not step.answered and _is_handover(steps[number + 1 : number + 2]):
                    yield from self._perhaps_asks_again()
        if stop == len(self.dialogue.steps):
            yield from self._end()

    def _customer_says(self, step: Say, is_opening: bool) -> Iterator[Happening]:
        if not is_opening:
            self._pass(*((2, 25) if self.last == "customer" else (15, 420)))
            if self.rng.random() < 0.03:
                self._pass(3600, 9 * 3600)
        wording = choose(self.rng.choice(step.wordings), self.rng)
        self.asked = wording if is_opening else self.asked
        for part in _burst(self._typed(wording, opening=is_opening), self.rng):
            yield self._message("customer", part)
            self.heard_at = self.at
            self._pass(2, 14)

    def _typed(self, wording: str, opening: bool = False) -> str:
        return typed(wording, self.customer.language, self.customer.haste, self.rng, opening=opening)

    def _perhaps_asks_again(self) -> Iterator[Happening]:
        """Before an agent is called, some customers repeat what they want."""
        if self.rng.random() < _ASKS_AGAIN:
            self._pass(8, 90)
            yield self._asks_again()

    def _asks_again(self) -> Happening:
        self.mood.repetitions += 1
        again = self._message("customer", self._typed(self.asked))
        self.heard_at = self.at
        return again

    def _shop_says(self, step: Say) -> Iterator[Happening]:
        if step.author == "agent":
            yield from self._wait_for_an_agent()
        elif self.rng.random() < 0.03:
            self._pass(600, 3 * 3600)  # the bot had trouble
        else:
            self._pass(*((1, 6) if self.last == "bot" else (2, 28)))
        yield self._message(step.author, choose(self.rng.choice(step.wordings), self.rng), answered=step.answered)

    def _wait_for_an_agent(self) -> Iterator[Happening]:
        if self.last == "agent":
            self._pass(40, 900)
            return
        asked = self.at
        self.at = next_opening(self.at) if not is_open(self.at) else self.at
        self._pass(90, 2700)
        answers_at = self.at
        while self.rng.random() < 0.45:
            asked += timedelta(seconds=self.rng.uniform(600, 4 * 3600))
            if asked >= answers_at:
                break
            self.at = asked
            if self.rng.random() < _NUDGES_BY_ASKING:
                yield self._asks_again()
            else:
                nudge = self.rng.choice(small_talk(self.customer.language)["nudge"])
                yield self._message("customer", self._typed(nudge))
                self.heard_at = self.at
        self.at = answers_at

    def _mark(self, mark: Mark) -> Iterator[Happening]:
        if mark.kind == "handover":
            self._pass(1, 4)
            yield self._event("handover")
            return
        yield from self._farewell()
        if mark.kind == "rate":
            yield from self._rate(*mark.rating)
        else:
            self._pass(60, 1200)
            yield self._event("closed")

    def _rate(self, least: int, most: int) -> Iterator[Happening]:
        self._pass(20, 240)
        yield self._event("rating_requested")
        if self.rng.random() < 0.62:
            self._pass(20, 5400)
            yield self._event("rating", rating=self.mood.rating(least, most, self.rng))

    def _farewell(self) -> Iterator[Happening]:
        """Mostly the shop writes last: an agent if one took part, else the bot."""
        if self.last == "customer" and self.rng.random() < 0.88:
            self._pass(*((2, 25) if self.host == "bot" else (40, 600)))
            yield self._message(self.host, self.rng.choice(small_talk(self.customer.language)["farewell"]))

    def _end(self) -> Iterator[Happening]:
        """What may follow a dialogue: thanks, a farewell, and without an agent a rating or a close."""
        marks = [step for step in self.dialogue.steps if isinstance(step, Mark)]
        if self.last != "customer" and not marks and self.rng.random() < 0.4:
            self._pass(10, 300)
            thanks = self.rng.choice(small_talk(self.customer.language)["thanks"])
            yield self._message("customer", self._typed(thanks))
        yield from self._farewell()
        if not marks and self.rng.random() < 0.2:
            yield from self._rate(3, 5)
        if not marks and self.rng.random() < 0.25:
            self._pass(120, 1800)
            yield self._event("closed")

    def _message(self, author: str, wording: str, answered: bool = True) -> Happening:
        has_picture = "[foto]" in wording
        text = _SLOT.sub(lambda slot: self.values.get(slot[1], ""), wording).strip()
        self._feel(author, answered)
        self.last = author
        self.host = "agent" if author == "agent" else self.host
        return self._event(
            "message",
            author=author,
            text=text,
            answered=answered,
            has_picture=has_picture,
            error_code=self._error(author),
        )

    def _feel(self, author: str, answered: bool) -> None:
        """Update the customer's mood after a message. A wait begins with the first message without a reply."""
        if author == "customer":
            self.waiting_since = self.waiting_since or self.at
            return
        if self.waiting_since:
            self.mood.waited((self.at - self.waiting_since).total_seconds())
        self.waiting_since = None
        self.mood.fallbacks += not answered
        self.mood.is_helped_by_a_person |= author == "agent"

    def _error(self, author: str) -> int | None:
        if self.channel != "whatsapp" or author == "customer":
            return None
        if self.at - self.heard_at > _MESSAGING_WINDOW:
            return 63016
        return self.rng.choice([63024, 30003]) if self.rng.random() < 0.012 else None

    def _event(self, kind: Kind, **fields: object) -> Happening:
        self.count += 1
        key = f"{self.key}/{self.count}"
        return Happening(key, self.at, kind, self.channel, self.customer, **fields)  # type: ignore[arg-type]

    def _pass(self, least: float, most: float) -> None:
        """Let time pass; short waits are more likely than long ones."""
        self.at += timedelta(seconds=least + (most - least) * self.rng.random() ** 2)


def _is_handover(steps: Sequence[Say | Mark]) -> bool:
    return any(isinstance(step, Mark) and step.kind == "handover" for step in steps)


def _dialogue(language: str, rng: random.Random) -> Dialogue:
    topic = rng.choices(list(_TOPICS), weights=list(_TOPICS.values()))[0]
    return rng.choice([each for each in dialogues() if each.topic == topic and each.language == language])


def _burst(text: str, rng: random.Random) -> list[str]:
    """A message as one, or split at its commas, as people often send it."""
    pieces = re.split(r"(?<=[a-z]{2})[,.?!]+ ", text)
    if len(pieces) == 1 or rng.random() > 0.3:
        return [text]
    return [piece for piece in pieces if piece]
