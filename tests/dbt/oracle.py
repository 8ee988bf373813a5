"""The reference reading of the KPI contract, second half: from a shop's events to the rows of both KPI tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.dbt.history import Event, History, Shop
from tests.dbt.oracle_episodes import WEEK, Episode, Turn, again, answered_requests, episodes
from tests.dbt.oracle_hours import business_seconds, period, period_end

DEFAULT_TARGET = 300
BUCKETS = [("under_1m", 60), ("1m_5m", 300), ("5m_1h", 3600), ("1h_24h", 86400)]

# Whether satisfied, by what the episode's first message is: its source and id.
Predictions = Mapping[str, bool]
NOTHING_PREDICTED: Predictions = {}

# (grain, first day of the period, metric, dimension, dimension value)
Key = tuple[str, date, str, str, str]


@dataclass(frozen=True)
class Row:
    numerator: float | None
    denominator: float | None
    value: float
    unit: str
    is_final: bool


@dataclass
class Measurement:
    """One contribution to a metric: a share (0 or 1) of a rate, seconds of a median, or one of a count."""

    metric: str
    at: datetime
    amount: float
    dimensions: dict[str, str]


@dataclass
class Shopbook:
    """What was measured for one shop, and until when which days of which metrics can still change."""

    shop: Shop
    measured: list[Measurement] = field(default_factory=list)
    pending: list[tuple[str, datetime, str, datetime]] = field(default_factory=list)

    def measure(self, metric: str, at: datetime, amount: float, **dimensions: str) -> None:
        self.measured.append(Measurement(metric, at, amount, dimensions))

    def can_change(self, metric: str, at: datetime, channel: str, until: datetime) -> None:
        self.pending.append((metric, at, channel, until))


UNITS = {
    "message_volume": "count",
    "issue_volume": "count",
    "response_time_bucket": "count",
    **dict.fromkeys(("response_time_median", "response_time_p90", "response_time_mean"), "seconds"),
    **dict.fromkeys(("first_response_time_median", "first_response_time_p90"), "seconds"),
    **dict.fromkeys(("response_time_business_median", "first_response_time_business_median"), "seconds"),
    "episode_duration_median": "seconds",
}


def kpis(history: History, as_of: datetime, predictions: Predictions = NOTHING_PREDICTED) -> dict[Key, Row]:
    """Every row of kpi_daily (grain "day") and kpi_monthly ("month") of one shop."""
    seen = [event for event in history.events if event.at <= as_of]
    book = Shopbook(history.shop)
    all_episodes = episodes(seen)
    for event in seen:
        if event.kind == "message":
            book.measure("message_volume", event.at, 1, channel=event.channel, author=str(event.author))
        if event.is_own and event.source == "twilio":
            author = "customer" if event.kind == "rating" else "bot"
            book.measure("message_volume", event.at, 1, channel=event.channel, author=author)
        if event.kind == "rating":
            book.measure("csat", event.at, int(event.rating in (4, 5)), channel=event.channel)
    measure_requests(book, seen)
    for episode in all_episodes:
        remember_what_can_change(book, episode)
        if episode.has_customer:
            measure_turns(book, episode, as_of)
            measure_issues(book, episode)
            if episode.ended(as_of):
                measure_ended(book, episode, all_episodes, as_of)
                measure_predicted(book, episode, predictions)
    return rows(book, as_of)


def data_as_of(history: History, as_of: datetime) -> datetime:
    return max(event.at for event in history.events if event.at <= as_of)


def measure_requests(book: Shopbook, seen: list[Event]) -> None:
    answered = answered_requests(seen)
    for event in seen:
        if event.kind == "rating_requested":
            book.measure("csat_response_rate", event.at, int(answered[event.id]), channel=event.channel)
            if not answered[event.id]:
                book.can_change("csat_response_rate", event.at, event.channel, event.at + WEEK)


def measure_turns(book: Shopbook, episode: Episode, as_of: datetime) -> None:
    turns = episode.turns
    for turn in turns:
        is_first = episode.customer_started and turn is turns[0]
        if turn.reply is not None:
            seconds = (turn.reply.at - turn.first.at).total_seconds()
            measure_answered(book, turn, turn.reply, is_first)
            book.measure("response_time_bucket", turn.first.at, 1, bucket=bucket_of(seconds))
        elif episode.ended(as_of):
            book.measure("response_time_bucket", turn.first.at, 1, bucket="never")
        else:
            for metric in ("response_time_median", "response_time_p90", "response_time_mean"):
                book.can_change(metric, turn.first.at, episode.channel, episode.until)
            book.can_change("response_time_business_median", turn.first.at, episode.channel, episode.until)
            book.can_change("response_time_bucket", turn.first.at, episode.channel, episode.until)
            if is_first:
                for metric in ("first_response_time_median", "first_response_time_p90"):
                    book.can_change(metric, turn.first.at, episode.channel, episode.until)
                book.can_change("first_response_time_business_median", turn.first.at, episode.channel, episode.until)


def measure_answered(book: Shopbook, turn: Turn, reply: Event, is_first: bool) -> None:
    seconds = (reply.at - turn.first.at).total_seconds()
    business = business_seconds(turn.first.at, reply.at, book.shop)
    at, by = turn.first.at, {"channel": turn.episode.channel, "author": str(reply.author)}
    for metric in ("response_time_median", "response_time_p90", "response_time_mean"):
        book.measure(metric, at, seconds, **by)
    book.measure("response_time_business_median", at, business, **by)
    if is_first:
        book.measure("first_response_time_median", at, seconds, **by)
        book.measure("first_response_time_p90", at, seconds, **by)
        book.measure("first_response_time_business_median", at, business, **by)


def measure_issues(book: Shopbook, episode: Episode) -> None:
    for message in episode.messages:
        if message.author == "customer":
            issue, urgency, language = message.label or ("unlabelled", "unlabelled", "unlabelled")
            issue, urgency = message.correction or (issue, urgency)
            book.measure(
                "issue_volume", episode.start, 1,
                issue=issue, urgency=urgency, language=language, sentiment="unscored", channel=episode.channel,
            )  # fmt: skip


def measure_ended(book: Shopbook, episode: Episode, all_episodes: list[Episode], as_of: datetime) -> None:
    def measure(metric: str, amount: float) -> None:
        book.measure(metric, episode.start, amount, channel=episode.channel)

    came_again = again(episode, all_episodes)
    long_ago = episode.until <= as_of - WEEK
    if episode.customer_started:
        turns = episode.turns
        measure("first_response_on_time_rate", int(bool(turns) and is_on_time(book.shop, turns[0])))
    measure("episode_duration_median", (episode.messages[-1].at - episode.start).total_seconds())
    measure("unanswered_rate", int(episode.waits))
    if long_ago:
        measure("reopen_rate", int(came_again))
    if episode.bot_answered:
        measure("bot_success_rate", int(is_success(episode)))
        measure("handover_rate", int(bool(episode.handovers)))
        if long_ago:
            measure("bot_durable_success_rate", int(is_success(episode) and not came_again))


def measure_predicted(book: Shopbook, episode: Episode, predictions: Predictions) -> None:
    first = episode.messages[0]
    predicted = predictions.get(f"{first.source}:{first.id}")
    if episode.bot_answered and predicted is not None:
        book.measure("predicted_satisfaction_rate", episode.start, int(predicted), channel=episode.channel)


def is_on_time(shop: Shop, turn: Turn) -> bool:
    if turn.reply is None:
        return False
    target = DEFAULT_TARGET if shop.target is None else shop.target
    return business_seconds(turn.first.at, turn.reply.at, shop) <= target


def is_success(episode: Episode) -> bool:
    authors = {message.author for message in episode.messages}
    of_bot = [message for message in episode.messages if message.author == "bot"]
    low = [rating for rating in episode.ratings if rating.rating in (1, 2)]
    return not episode.handovers and "agent" not in authors and of_bot[-1].answered is not False and not low


def bucket_of(seconds: float) -> str:
    for name, below in BUCKETS:
        if seconds < below:
            return name
    return "over_24h"


def remember_what_can_change(book: Shopbook, episode: Episode) -> None:
    until, channel = episode.until, episode.channel
    for metric in ("episode_duration_median", "unanswered_rate", "handover_rate", "issue_volume"):
        book.can_change(metric, episode.start, channel, until)
    book.can_change("first_response_on_time_rate", episode.start, channel, until)
    week_after = until + WEEK
    for metric in ("bot_success_rate", "predicted_satisfaction_rate"):
        book.can_change(metric, episode.start, channel, until)
        book.can_change(metric, episode.start, channel, episode.messages[-1].at + WEEK)
    book.can_change("bot_durable_success_rate", episode.start, channel, week_after)
    book.can_change("reopen_rate", episode.start, channel, week_after)


def rows(book: Shopbook, as_of: datetime) -> dict[Key, Row]:
    grouped: dict[Key, list[float]] = defaultdict(list)
    for one in book.measured:
        for grain in ("day", "month"):
            start = period(one.at, book.shop, grain)
            for dimension, value in {"all": "all", **one.dimensions}.items():
                grouped[grain, start, one.metric, dimension, value].append(one.amount)
    return {key: figure(key, amounts, is_final(book, key, as_of)) for key, amounts in grouped.items()}


def figure(key: Key, amounts: list[float], final: bool) -> Row:
    metric = key[2]
    unit = UNITS.get(metric, "percent")
    count, total = len(amounts), sum(amounts)
    if unit == "count":
        return Row(total, None, total, unit, final)
    if metric.endswith("_mean"):
        return Row(total, count, total / count, unit, final)
    if unit == "seconds":
        return Row(None, count, percentile(amounts, 0.9 if metric.endswith("_p90") else 0.5), unit, final)
    return Row(total, count, 100 * total / count, unit, final)


def percentile(amounts: list[float], share: float) -> float:
    """Linear interpolation between the two neighbours of rank share × (n − 1)."""
    ordered = sorted(amounts)
    rank = share * (len(ordered) - 1)
    low = int(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


def is_final(book: Shopbook, key: Key, as_of: datetime) -> bool:
    grain, start, metric, dimension, value = key
    moments = [period_end(start, book.shop, grain)]
    for pending_metric, at, channel, until in book.pending:
        same_rows = pending_metric == metric and period(at, book.shop, grain) == start
        if same_rows and (dimension != "channel" or channel == value):
            moments.append(until)
    return max(moments) <= as_of
