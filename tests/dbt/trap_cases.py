"""Each trap of the KPI contract as a small history, with the figures worked out by hand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.dbt.histories import WEEK_DAYS
from tests.dbt.history import Event, History, Shop

AS_OF = datetime(2026, 4, 30, 12, tzinfo=UTC)
NIGHTS = tuple((weekday, "22:00", "06:00") for weekday in range(1, 8))

# (numerator, denominator, value); None as a whole: there is no such row
Figure = tuple[float | None, float | None, float] | None


@dataclass(frozen=True)
class Case:
    """`rows`: "2026-03-10 metric [dimension=value]" (a day) or "2026-03 metric" (a month) → figure; where a metric
    stands without a day, no row of it may exist at all. `late` are the ids that land only after a first build."""

    name: str
    shop: Shop
    events: tuple[Event, ...]
    rows: dict[str, Figure]
    late: tuple[str, ...] = ()

    @property
    def history(self) -> History:
        return History(self.shop, self.events)


def case(name: str, script: str, rows: dict[str, Figure], late: str = "", **shop: object) -> Case:
    """A line of the script: time (ISO 8601, UTC unless it says otherwise), what, and words: `ana`, `budi` (who; default
    ana), a channel with `@`, a number (the rating), `unanswered`, `failed`, `courtesy` (needs no reply), `#id`."""
    lines = [line.split() for line in script.strip().splitlines()]
    events = tuple(event(name, number, *line) for number, line in enumerate(lines))
    return Case(name, Shop(id=name, **shop), events, rows, tuple(f"{name}-{word}" for word in late.split()))  # type: ignore[arg-type]


def event(case_name: str, number: int, time: str, what: str, *words: str) -> Event:
    at = datetime.fromisoformat(time)
    who = next((word for word in words if word in ("ana", "budi")), "ana")
    fields: dict[str, object] = {"given_id": f"{case_name}-{who}", "id": f"{case_name}-{number}"}
    for word in words:
        if word.isdigit():
            fields["rating"] = int(word)
        elif word == "unanswered":
            fields["answered"] = False
        elif word == "courtesy":
            fields["needs_reply"] = False
        elif word == "failed":
            fields |= {"source": "twilio", "statuses": ("failed",)}
        elif word[0] in "@#":
            fields["channel" if word[0] == "@" else "id"] = word[1:] if word[0] == "@" else f"{case_name}-{word[1:]}"
    is_message = what in ("customer", "bot", "agent")
    kinds = {"request": "rating_requested", "close": "closed"}
    return Event(
        kind="message" if is_message else kinds.get(what, what),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        author=what if is_message else None,
        **fields,  # type: ignore[arg-type]
    )


CASES = (
    case(
        "thanks-after-the-answer-start-no-waiting",
        """
        2026-03-10T10:00 customer
        2026-03-10T10:05 bot
        2026-03-11T09:00 customer courtesy
        2026-03-12T08:00 customer
        2026-03-12T08:01 bot
        2026-03-12T08:02 customer courtesy
        """,
        {
            "2026-03-10 message_volume": (2, None, 2),
            "2026-03-11 message_volume author=customer": (1, None, 1),
            "2026-03-10 response_time_median": (None, 1, 300),
            "2026-03-12 response_time_median": (None, 1, 60),
            "2026-03-12 first_response_time_median": None,
            "2026-03-10 unanswered_rate": (0, 1, 0),
            "2026-03-10 episode_duration_median": (None, 1, 2 * 86400 - 2 * 3600 + 120),
            "2026-03-12 unanswered_rate": None,
            "2026-03 response_time_bucket bucket=never": None,
        },
    ),
    case(
        "a-question-waits-through-a-thumb-and-a-thumb-alone-waits-for-nobody",
        """
        2026-03-10T10:00 customer
        2026-03-13T10:00 customer courtesy
        2026-03-19T10:00 bot
        2026-04-01T10:00 customer courtesy budi
        2026-04-02T10:00 customer budi
        """,
        {
            "2026-03-10 response_time_median": (None, 1, 9 * 86400),
            "2026-03-10 unanswered_rate": (0, 1, 0),
            "2026-04-01 unanswered_rate": (0, 1, 0),
            "2026-04-01 first_response_on_time_rate": (0, 1, 0),
            "2026-04-02 unanswered_rate": (1, 1, 100),
            "2026-04-02 response_time_bucket bucket=never": (1, None, 1),
        },
    ),
    case(
        "midnight-in-the-shops-zone",
        """
        2026-03-10T16:59:59.999999 customer
        2026-03-10T17:00:00 bot
        """,
        {
            "2026-03-10 message_volume": (1, None, 1),
            "2026-03-11 message_volume author=bot": (1, None, 1),
            "2026-03-10 response_time_median": (None, 1, 0.000001),
        },
        timezone="Asia/Jakarta",
    ),
    case(
        "night-of-23-hours-and-its-short-shift",
        """
        2026-03-28T21:00:00 customer
        2026-03-29T04:00:00 bot
        2026-03-28T22:59:59 bot budi
        2026-03-28T23:00:00 bot budi
        2026-03-29T21:59:59 bot budi
        2026-03-29T22:00:00 bot budi
        """,
        {
            "2026-03-28 message_volume": (2, None, 2),
            "2026-03-29 message_volume": (3, None, 3),
            "2026-03-30 message_volume": (1, None, 1),
            # from 22:00 to 06:00 on the clock, and the hour from 2 to 3 did not exist
            "2026-03-28 response_time_median": (None, 1, 7 * 3600),
            "2026-03-28 response_time_business_median": (None, 1, 7 * 3600),
        },
        timezone="Europe/Berlin",
        hours=NIGHTS,
    ),
    case(
        "night-of-25-hours-and-its-long-shift",
        """
        2025-10-25T20:00:00 customer
        2025-10-26T05:00:00 bot
        2025-10-25T22:00:00 bot budi
        2025-10-26T22:59:59 bot budi
        2025-10-26T23:00:00 bot budi
        """,
        {
            "2025-10-25 message_volume": (1, None, 1),
            "2025-10-26 message_volume": (3, None, 3),
            "2025-10-27 message_volume": (1, None, 1),
            "2025-10-25 response_time_business_median": (None, 1, 9 * 3600),
        },
        timezone="Europe/Berlin",
        hours=NIGHTS,
    ),
    case(
        "gap-of-exactly-24-hours-after-a-reply",
        """
        2026-03-10T03:00:00 customer
        2026-03-10T03:01:00 bot
        2026-03-11T03:01:00 customer
        2026-03-10T03:00:00 customer budi
        2026-03-10T03:01:00 bot budi
        2026-03-11T03:00:59.999999 customer budi
        """,
        {
            # Ana's first episode ended, and started again at that very moment; Budi's went on
            "2026-03-10 unanswered_rate": (1, 2, 50),
            "2026-03-11 unanswered_rate": (1, 1, 100),
            "2026-03-10 reopen_rate": (1, 2, 50),
            "2026-03-10 issue_volume": (3, None, 3),
            "2026-03 unanswered_rate": (2, 3, 200 / 3),
        },
    ),
    case(
        "waiting-for-exactly-7-days",
        """
        2026-03-10T03:00:00 customer
        2026-03-17T03:00:00 customer
        2026-03-10T03:00:00 customer budi
        2026-03-17T02:59:59.999999 bot budi
        """,
        {
            "2026-03-10 response_time_bucket bucket=never": (1, None, 1),
            "2026-03-10 response_time_bucket bucket=over_24h": (1, None, 1),
            "2026-03-17 response_time_bucket": (1, None, 1),
        },
    ),
    case(
        "lands-out-of-order",
        """
        2026-03-10T03:00:00 customer #first
        2026-03-10T03:02:00 bot #second
        2026-03-10T03:05:00 agent #third
        """,
        {
            "2026-03-10 response_time_median": (None, 1, 120),
            "2026-03-10 response_time_median author=bot": (None, 1, 120),
            "2026-03-10 response_time_median author=agent": None,
            "2026-03-10 message_volume": (3, None, 3),
            "2026-03-10 bot_success_rate": (0, 1, 0),
        },
        late="first second",
    ),
    case(
        "episode-that-is-open",
        """
        2026-04-30T11:00:00 customer
        """,
        {
            "2026-04-30 message_volume": (1, None, 1),
            "2026-04-30 issue_volume issue=unlabelled": (1, None, 1),
            "unanswered_rate": None,
            "response_time_bucket": None,
            "episode_duration_median": None,
        },
    ),
    case(
        "nothing-to-divide-by",
        """
        2026-03-10T03:00:00 bot
        2026-03-10T03:00:00 rating 1
        """,
        {
            "2026-03-10 message_volume": (1, None, 1),
            "2026-03-10 csat": (0, 1, 0),
            "csat_response_rate": None,
            "bot_success_rate": None,
            "unanswered_rate": None,
            "issue_volume": None,
        },
    ),
    case(
        "episode-across-a-months-end",
        """
        2026-03-31T23:50:00+07:00 customer
        2026-04-01T00:10:00+07:00 bot
        2026-04-01T00:20:00+07:00 customer
        """,
        {
            "2026-03 message_volume": (1, None, 1),
            "2026-04 message_volume": (2, None, 2),
            "2026-03 response_time_mean": (1200, 1, 1200),
            "2026-04 response_time_mean": None,
            "2026-03 response_time_bucket bucket=5m_1h": (1, None, 1),
            "2026-04 response_time_bucket bucket=never": (1, None, 1),
            "2026-03 unanswered_rate": (1, 1, 100),
            "2026-03 episode_duration_median": (None, 1, 1800),
            "2026-03 issue_volume": (2, None, 2),
            "2026-04 issue_volume": None,
        },
    ),
    case(
        "bot-that-never-answered",
        """
        2026-03-10T03:00:00 customer
        2026-03-10T03:00:10 bot failed
        2026-03-10T03:04:00 agent
        2026-03-10T03:05:00 bot
        """,
        {
            "2026-03-10 message_volume author=bot": (2, None, 2),
            "2026-03-10 first_response_time_median author=agent": (None, 1, 240),
            "2026-03-10 first_response_on_time_rate": (1, 1, 100),
            "bot_success_rate": None,
            "bot_durable_success_rate": None,
            "handover_rate": None,
            "2026-03-10 reopen_rate": (0, 1, 0),
        },
    ),
    case(
        "fridays-question-answered-on-monday",
        """
        2026-03-13T16:50:00+07:00 customer
        2026-03-16T08:03:00+07:00 agent
        """,
        {
            "2026-03-13 response_time_median": (None, 1, 63 * 3600 + 13 * 60),
            # ten minutes on Friday, three on Monday
            "2026-03-13 first_response_time_business_median": (None, 1, 780),
            "2026-03-13 first_response_on_time_rate": (0, 1, 0),
            "2026-03-13 response_time_bucket bucket=over_24h": (1, None, 1),
            "2026-03-13 unanswered_rate": (0, 1, 0),
            "2026-03-16 unanswered_rate": None,
        },
        hours=WEEK_DAYS,
    ),
    case(
        "holiday-on-monday",
        """
        2026-03-13T16:50:00+07:00 customer
        2026-03-16T16:00:00+07:00 bot
        """,
        {"2026-03-13 response_time_business_median": (None, 1, 600)},
        hours=WEEK_DAYS,
        holidays=(date(2026, 3, 16),),
    ),
    case(
        "handover-out-of-hours",
        """
        2026-03-10T20:00:00+07:00 customer
        2026-03-10T20:00:30+07:00 bot
        2026-03-10T20:00:50+07:00 customer
        2026-03-10T20:01:00+07:00 handover
        2026-03-11T08:02:00+07:00 agent
        """,
        {
            "2026-03-10 handover_rate": (1, 1, 100),
            "2026-03-10 bot_success_rate": (0, 1, 0),
            # 30 seconds, and 12 hours 1 minute 10 seconds
            "2026-03-10 response_time_median": (None, 2, (30 + 43270) / 2),
            "2026-03-10 response_time_p90": (None, 2, 30 + 0.9 * 43240),
            "2026-03-10 response_time_business_median": (None, 2, (0 + 120) / 2),
        },
        hours=WEEK_DAYS,
    ),
    case(
        "handover-when-the-episode-ends-or-is-over",
        """
        2026-03-10T03:00:00 customer
        2026-03-10T03:01:00 bot
        2026-03-11T03:01:00 handover
        2026-03-10T03:00:00 customer budi
        2026-03-10T03:01:00 bot budi
        2026-03-11T03:00:59.999999 handover budi
        """,
        {"2026-03-10 handover_rate": (1, 2, 50), "2026-03-10 bot_success_rate": (1, 2, 50)},
    ),
    case(
        "equal-times-go-by-rank-and-not-by-id",
        """
        2026-03-10T03:00:00 close #a
        2026-03-10T03:00:00 rating 2 #b
        2026-03-10T03:00:00 request #c
        2026-03-10T03:00:00 handover #d
        2026-03-10T03:00:00 agent #e
        2026-03-10T03:00:00 bot #f
        2026-03-10T03:00:00 customer #g
        """,
        {
            "2026-03-10 response_time_median author=bot": (None, 1, 0),
            "2026-03-10 response_time_median author=agent": None,
            "2026-03-10 response_time_bucket bucket=under_1m": (1, None, 1),
            "2026-03-10 handover_rate": (1, 1, 100),
            "2026-03-10 csat_response_rate": (1, 1, 100),
            "2026-03-10 episode_duration_median": (None, 1, 0),
            "2026-03-10 reopen_rate": (0, 1, 0),
        },
    ),
    case(
        "equal-times-and-ranks-go-by-id",
        """
        2026-03-10T03:00:00 customer
        2026-03-10T03:01:00 bot #b unanswered
        2026-03-10T03:01:00 bot #a
        2026-03-10T03:00:00 customer budi
        2026-03-10T03:01:00 bot budi #d
        2026-03-10T03:01:00 bot budi #c unanswered
        """,
        {"2026-03-10 bot_success_rate": (1, 2, 50)},
    ),
    case(
        "rating-seven-days-later",
        """
        2026-03-10T03:00:00 customer
        2026-03-10T03:01:00 bot
        2026-03-17T03:01:00 rating 2
        2026-03-10T03:00:00 customer budi
        2026-03-10T03:01:00 bot budi
        2026-03-17T03:01:00.000001 rating 2 budi
        2026-03-10T04:00:00 request
        2026-03-11T04:00:00 request budi @web
        2026-03-18T04:00:00 rating 5 budi @web
        """,
        {
            "2026-03-10 bot_success_rate": (1, 2, 50),
            "2026-03-10 csat_response_rate": (1, 1, 100),
            "2026-03-11 csat_response_rate": (1, 1, 100),
            "2026-03-17 csat": (0, 2, 0),
            "2026-03-18 csat channel=web": (1, 1, 100),
        },
    ),
    case(
        "coming-again-on-another-channel",
        """
        2026-03-10T03:00:00 customer
        2026-03-10T03:01:00 bot
        2026-03-10T03:02:00 close
        2026-03-17T03:02:00 customer @web
        2026-03-10T03:00:00 customer budi
        2026-03-10T03:01:00 bot budi
        2026-03-10T03:02:00 close budi
        2026-03-17T03:02:00.000001 customer budi @web
        """,
        {
            "2026-03-10 reopen_rate": (1, 2, 50),
            "2026-03-10 bot_success_rate": (2, 2, 100),
            "2026-03-10 bot_durable_success_rate": (1, 2, 50),
        },
    ),
)
