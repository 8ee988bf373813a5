"""Made-up histories of one shop each, thick with the moments at which a KPI could go wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.dbt.history import Event, History, Shop

# Midnight of a month's first day in Jakarta, and a midnight in Berlin.
FIRST_AS_OF = datetime(2026, 3, 31, 17, tzinfo=UTC)
SECOND_AS_OF = datetime(2026, 4, 6, 22, tzinfo=UTC)

ZONES = (None, "Asia/Jakarta", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "America/Santiago",
         "<-0330>+03:30")  # fmt: skip

# Daylight-saving changes of Berlin, New York, Auckland and Santiago, midnights at the ends of months and days, and
# hours of opening and closing.
HOT_MOMENTS = tuple(
    datetime.fromisoformat(moment).replace(tzinfo=UTC)
    for moment in (
        "2026-03-29T01:00", "2025-10-26T01:00", "2026-03-08T07:00", "2025-11-02T06:00", "2026-04-04T14:00",
        "2026-04-05T03:00", "2026-02-28T17:00", "2026-02-28T23:00", "2026-03-01T05:00", "2026-03-31T17:00",
        "2026-03-27T16:00", "2026-03-20T08:59",
    )
)  # fmt: skip

MICROSECOND = timedelta(microseconds=1)
EDGES = tuple(timedelta(**span) for span in ({"minutes": 1}, {"minutes": 5}, {"hours": 1}, {"days": 1}, {"days": 7}))
# What changes some time after an event: a week after an episode's end is eight days after a reply.
LATE_EDGES = (timedelta(), *EDGES[3:], timedelta(days=8), timedelta(days=14))

WEEK_DAYS = tuple((weekday, "08:00", "17:00") for weekday in range(1, 6))
HOURS = (
    (),
    WEEK_DAYS,
    tuple((weekday, "22:00", "06:00") for weekday in range(1, 8)),
    ((1, "08:00", "12:30"), (1, "10:00", "18:00"), (3, "13:00", "24:00"), (6, "00:00", "00:00"), (7, "09:00", "09:01")),
    ((2, "06:00", "06:00"), (5, "20:00", "05:00"), (6, "00:00", "12:00"), (7, "00:00", "12:00")),
)
HOLIDAYS = tuple(date(2026, 3, day) for day in (27, 28, 29, 30))

# What most happens in a history, and how often at the same moment as what came before.
THEMES = (
    (("customer",) * 8 + ("bot",) * 6 + ("agent", "handover", "closed", "rating_requested", "rating"), 0.15),
    (("customer",) * 3 + ("bot",) * 3 + ("agent", "handover", "closed", "rating_requested", "rating"), 0.6),
    (("customer", "bot", "bot", "rating_requested", "rating_requested", "rating", "rating", "rating"), 0.15),
    (("customer", "customer", "bot", "bot", "handover", "handover", "closed"), 0.15),
)
FATES = ((), ("delivered",), ("failed",), ("undelivered", "sent"), ("failed", "delivered"), ("canceled",))
# A phone and an id, by number; an event that carries both ties them.
NAMES = ((0, None), (1, None), (None, 0), (None, 1), (0, 0), (1, 1), (0, 1))
CHANNELS = ("whatsapp", "instagram", "web")
CORRECTIONS = (None, None, None, None, ("payment", "high"), ("other", "normal"))
LABELS = (None, None, ("delivery", "low", "id"), ("refund", "high", "en"), ("other", "low", "en"))


def made_up(random: Random, number: int, longest: int = 20) -> History:
    """The history of shop `number`; its customers are nobody else's. Most of it is one conversation."""
    shop = made_up_shop(random, f"shop-{number:04}")
    size = random.randint(1, longest)
    ids = random.sample(range(longest), size)
    who, channel = random.choice(NAMES), random.choice(CHANNELS)
    kinds, ties = random.choice(THEMES)
    at = random.choice(HOT_MOMENTS) - gap(random, ties)
    events: list[Event] = []
    for event_id in ids:
        if random.random() < 0.15:
            who = random.choice(NAMES)
        if random.random() < 0.15:
            channel = random.choice(CHANNELS)
        kind, customer = random.choice(kinds), f"8{number:09}"
        events.append(made_up_event(random, f"{shop.id}-{event_id:02}", kind, at, who, channel, customer))
        at = random.choice([event.at for event in events[-3:]] + [events[-1].at] * 4) + gap(random, ties)
    return History(shop, tuple(aligned(random, events)))


def made_up_shop(random: Random, shop_id: str) -> Shop:
    return Shop(
        id=shop_id,
        timezone=random.choice(ZONES),
        hours=random.choice(HOURS),
        holidays=tuple(day for day in HOLIDAYS if random.random() < 0.2),
        target=random.choice((None, None, 0, 60, 3600)),
    )


def gap(random: Random, ties: float) -> timedelta:
    """From one event to the next: none, a burst's seconds, an edge or a microsecond beside it, or anything."""
    if random.random() < ties:
        return timedelta()
    kind = random.random()
    if kind < 0.3:
        return timedelta(seconds=random.randint(0, 90), microseconds=random.choice((0, 1, 250_000)))
    if kind < 0.85:
        return random.choice(EDGES + LATE_EDGES) + random.randint(-1, 1) * MICROSECOND
    return timedelta(minutes=random.randint(0, 9 * 24 * 60))


def made_up_event(
    random: Random,
    event_id: str,
    kind: str,
    at: datetime,
    who: tuple[int | None, int | None],
    channel: str,
    customer: str,
) -> Event:
    phone, given = who
    fields: dict[str, Any] = {}
    if kind in ("customer", "bot", "agent"):
        fields = {"author": kind}
        can_be_twilio = channel != "web" and None in who
        if can_be_twilio and random.random() < 0.5:
            fields |= {"source": "twilio", "statuses": random.choice(FATES) if kind != "customer" else ()}
        if kind == "bot":
            fields["answered"] = random.choice((None, True, False))
        if kind == "customer":
            fields |= {"label": random.choice(LABELS), "correction": random.choice(CORRECTIONS)}
            fields["needs_reply"] = random.choice((None, None, None, True, False))
    else:
        if kind == "rating":
            fields["rating"] = random.randint(1, 5)
        if None in who and random.random() < 0.5:
            is_message = kind in ("rating", "rating_requested") and channel != "web" and random.random() < 0.5
            fields["source"] = "twilio" if is_message else "conversation"
    return Event(
        id=event_id,
        kind="message" if "author" in fields else kind,
        at=at,
        channel=channel,
        phone=f"+62{customer}{phone}" if phone is not None else None,
        given_id=f"{customer}-{given}" if given is not None else None,
        **fields,
    )


def aligned(random: Random, events: list[Event]) -> list[Event]:
    """Half of the time: all moved so that a build's time falls a telling span after one of the events."""
    if random.random() < 0.5:
        return events
    span = random.choice(LATE_EDGES) + random.randint(-1, 1) * MICROSECOND
    by = random.choice((FIRST_AS_OF, SECOND_AS_OF)) - span - random.choice(events).at
    return [replace(event, at=event.at + by) for event in events]
