"""Made-up histories of one shop each, thick with the moments at which a KPI could go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tests.dbt.history import Event, History, Shop

# Midnight of a month's first day in Jakarta, and a midnight in Berlin.
FIRST_AS_OF = datetime(2026, 3, 31, 17, tzinfo=UTC)
SECOND_AS_OF = datetime(2026, 4, 6, 22, tzinfo=UTC)

ZONES = (None, "Asia/Jakarta", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "America/Santiago")

# Daylight-saving changes of Berlin, New York, Auckland and Santiago, and midnights at the ends of months and days.
HOT_MOMENTS = (
    "2026-03-29T01:00", "2025-10-26T01:00", "2026-03-08T07:00", "2025-11-02T06:00", "2026-04-04T14:00",
    "2026-04-05T03:00", "2026-02-28T17:00", "2026-02-28T23:00", "2026-03-01T05:00", "2026-03-31T17:00",
    "2026-03-27T16:00", "2026-03-20T08:59",
)  # fmt: skip

MICROSECOND = timedelta(microseconds=1)
EDGES = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=7),
    timedelta(days=8),
)  # fmt: skip

HOURS = (
    (),
    tuple((weekday, "08:00", "17:00") for weekday in range(1, 6)),
    tuple((weekday, "22:00", "06:00") for weekday in range(1, 8)),
    ((1, "08:00", "12:30"), (1, "10:00", "18:00"), (3, "13:00", "24:00"), (6, "00:00", "00:00"), (7, "09:00", "09:01")),
    ((2, "06:00", "06:00"), (5, "20:00", "05:00")),
)

TWILIO_CHANNELS = ("whatsapp", "instagram", "sms")
FATES = ((), ("delivered",), ("failed",), ("undelivered", "sent"), ("failed", "delivered"), ("canceled",))
# Pairs of a phone and an id, by number; an event that carries both ties them.
NAMES = ((0, None), (0, None), (0, None), (1, None), (None, 0), (None, 1), (0, 0), (1, 1), (0, 1))


def gaps() -> st.SearchStrategy[timedelta]:
    """From one event to the next: none, a burst's seconds, an edge and a microsecond beside it, or anything."""
    around = st.builds(lambda edge, beside: edge + beside * MICROSECOND, st.sampled_from(EDGES), st.integers(-1, 1))
    burst = st.integers(0, 90).map(lambda seconds: timedelta(seconds=seconds))
    any_time = st.integers(0, 9 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
    return st.one_of(st.sampled_from((timedelta(), MICROSECOND)), burst, burst, around, around, any_time)


def labels() -> st.SearchStrategy[tuple[str, str, str] | None]:
    return st.one_of(
        st.none(),
        st.tuples(
            st.sampled_from(("delivery", "refund", "other")),
            st.sampled_from(("low", "high")),
            st.sampled_from(("id", "en")),
        ),
    )


@st.composite
def shops(draw: st.DrawFn, shop_id: str) -> Shop:
    return Shop(
        id=shop_id,
        timezone=draw(st.sampled_from(ZONES)),
        hours=draw(st.sampled_from(HOURS)),
        holidays=tuple(draw(st.sets(st.sampled_from((date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)))))),
        target=draw(st.sampled_from((None, None, 0, 60, 3600))),
    )


@st.composite
def events(draw: st.DrawFn, event_id: str, at: datetime, customer: str) -> Event:
    phone, given = draw(st.sampled_from(NAMES))
    kind = draw(st.sampled_from(("customer",) * 5 + ("bot",) * 4 + ("agent", "handover", "closed", "rating")
                                + ("rating_requested", "rating")))  # fmt: skip
    common = {"id": event_id, "at": at}
    if kind in ("customer", "bot", "agent"):
        common |= {"kind": "message", "author": kind}
        if draw(st.booleans()) and (phone is None or given is None):
            common |= {"source": "twilio", "channel": draw(st.sampled_from(TWILIO_CHANNELS[:2]))}
            if kind != "customer":
                common["statuses"] = draw(st.sampled_from(FATES))
        elif kind == "bot":
            common["answered"] = draw(st.sampled_from((None, True, False)))
        if kind == "customer":
            common["label"] = draw(labels())
    else:
        common |= {"kind": kind, "rating": draw(st.integers(1, 5)) if kind == "rating" else None}
    common.setdefault("channel", draw(st.sampled_from(("whatsapp", "whatsapp", "whatsapp", "instagram", "web"))))
    return Event(
        **common,
        phone=f"+62{customer}{phone}" if phone is not None else None,
        given_id=f"{customer}-{given}" if given is not None else None,
    )


@st.composite
def histories(draw: st.DrawFn, number: int, longest: int = 14) -> History:
    """The history of shop `number`; its customers are nobody else's."""
    shop = draw(shops(f"shop-{number:04}"))
    at = datetime.fromisoformat(draw(st.sampled_from(HOT_MOMENTS))).replace(tzinfo=UTC)
    at -= draw(gaps())
    found: list[Event] = []
    ids = draw(st.permutations(range(longest)))
    for place in range(draw(st.integers(1, longest))):
        found.append(draw(events(f"{shop.id}-{ids[place]:02}", at, f"8{number:09}")))
        at = draw(st.sampled_from([event.at for event in found[-2:]])) + draw(gaps())
    shifted = draw(shifts())(found)
    return History(shop, tuple(shifted))


@st.composite
def shifts(draw: st.DrawFn) -> Callable[[list[Event]], list[Event]]:
    """Half of the time: move all so that the time of a build falls a telling span after one of the events."""
    if draw(st.booleans()):
        return lambda events: events
    as_of = draw(st.sampled_from((FIRST_AS_OF, SECOND_AS_OF)))
    span = draw(st.sampled_from((timedelta(), timedelta(days=1), timedelta(days=7), timedelta(days=8),
                                 timedelta(days=14))))  # fmt: skip
    span += draw(st.integers(-1, 1)) * MICROSECOND
    nth = draw(st.integers(0, 13))

    def shift(events: list[Event]) -> list[Event]:
        by = as_of - span - events[nth % len(events)].at
        return [Event(**{**vars(event), "at": event.at + by}) for event in events]

    return shift
