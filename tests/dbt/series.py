"""Made-up daily figures of shops, each a series with a weekly season, a trend and noise; into half of them something
out of the ordinary is put."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

LAST_DAY = date(2026, 11, 21)
LENGTH = 140
# What is injected lies within the days that are judged.
JUDGED = 60


@dataclass(frozen=True)
class Figure:
    """A row of `kpi_daily`."""

    day: date
    numerator: float | None
    denominator: float | None
    value: float


@dataclass(frozen=True)
class Series:
    """One metric of one shop. `injected`: the days of what is out of the ordinary, none of a quiet one."""

    store: str
    metric: str
    unit: str
    figures: tuple[Figure, ...]
    injected: frozenset[date] = frozenset()
    what: str = "quiet"


@dataclass(frozen=True)
class _Course:
    """What is expected of each day, and how the day's figure is drawn when that is multiplied (a share: moved)."""

    metric: str
    unit: str
    draw: Callable[[int, float], Figure | None]
    changes: tuple[tuple[str, float], ...]


def made_up(seed: int, injected: int, quiet: int) -> Iterator[Series]:
    """As many series of both sorts; the kinds of figures take turns."""
    for number in range(injected + quiet):
        chance = np.random.default_rng([seed, number])
        course = (_counts, _shares, _times, _amounts)[number % 4](chance)
        store = f"series-{seed}-{number:04}"
        if number < injected:
            yield _with_something(chance, store, course)
        else:
            yield Series(store, course.metric, course.unit, _drawn(course, {}))


def _with_something(chance: np.random.Generator, store: str, course: _Course) -> Series:
    what, by = course.changes[chance.integers(len(course.changes))]
    first = LENGTH - 1 - int(chance.integers(JUDGED))
    numbers = range(first, min(first + int(chance.choice((1, 1, 1, 2, 3))), LENGTH))
    series = Series(store, course.metric, course.unit, _drawn(course, dict.fromkeys(numbers, by)))
    return replace(series, injected=frozenset(_day(number) for number in numbers), what=what)


def _drawn(course: _Course, changes: dict[int, float]) -> tuple[Figure, ...]:
    drawn = (course.draw(number, changes.get(number, math.nan)) for number in range(LENGTH))
    return tuple(figure for figure in drawn if figure)


def _day(number: int) -> date:
    return LAST_DAY - timedelta(LENGTH - 1 - number)


def _course(chance: np.random.Generator, base: float, season: float, trend: float) -> np.ndarray:
    """What is expected of each day: a weekday's share of the level, which goes up or down evenly over the whole."""
    weekdays = np.exp(chance.normal(0, season, 7))
    level = np.exp(np.linspace(0, chance.uniform(-trend, trend), LENGTH))
    return base * level * weekdays[np.arange(LENGTH) % 7] / weekdays.mean()


def _counts(chance: np.random.Generator) -> _Course:
    """Messages: more uneven than chance alone by up to a tenth, and none at all in an outage."""
    course = _course(chance, math.exp(chance.uniform(math.log(40), math.log(3000))), 0.25, 0.7)
    uneven = chance.uniform(0.02, 0.1)

    def draw(number: int, by: float) -> Figure | None:
        expected = course[number] * (1 if math.isnan(by) else by) * chance.gamma(uneven**-2, uneven**2)
        count = float(chance.poisson(expected))
        return Figure(_day(number), count, None, count) if count else None

    return _Course("message_volume", "count", draw, (("spike", 1.8), ("drop", 0.4), ("outage", 0.0), ("flood", 5.0)))


def _shares(chance: np.random.Generator) -> _Course:
    """Shares of conversations that the bot solved; on a bad day three in ten of them turn out otherwise."""
    share, conversations = chance.uniform(0.55, 0.95), _course(chance, chance.uniform(60, 600), 0.2, 0.4)
    season, drift = chance.normal(0, 0.02, 7), np.linspace(0, chance.uniform(-0.08, 0.04), LENGTH)

    def draw(number: int, by: float) -> Figure | None:
        whole = float(chance.poisson(conversations[number]))
        usual = min(max(share + season[number % 7] + drift[number] + chance.normal(0, 0.01), 0.02), 0.98)
        part = float(chance.binomial(int(whole), usual if math.isnan(by) else usual * by))
        return Figure(_day(number), part, whole, 100 * part / whole) if whole else None

    return _Course("bot_success_rate", "percent", draw, (("bad day", 0.7), ("nearly none", 0.1)))


def _times(chance: np.random.Generator) -> _Course:
    """The median of waits that differ widely among themselves, from seconds to hours."""
    course = _course(chance, math.exp(chance.uniform(math.log(8), math.log(3600))), 0.2, 0.5)
    replies, width = _course(chance, chance.uniform(60, 500), 0.2, 0.4), chance.uniform(0.7, 1.3)

    def draw(number: int, by: float) -> Figure | None:
        count = int(chance.poisson(replies[number]))
        waits = course[number] * chance.lognormal(chance.normal(0, 0.08), width, count)
        median = float(np.median(waits)) * (1 if math.isnan(by) else by)
        return Figure(_day(number), None, float(count), median) if count else None

    return _Course("first_response_time_median", "seconds", draw, (("slow", 2.5), ("stuck", 30.0), ("quick", 0.3)))


def _amounts(chance: np.random.Generator) -> _Course:
    """Net sales: orders of differing size, on some days with money given back."""
    orders = _course(chance, math.exp(chance.uniform(math.log(40), math.log(800))), 0.25, 0.5)

    def draw(number: int, by: float) -> Figure | None:
        count = int(chance.poisson(orders[number] * (1 if math.isnan(by) else by)))
        net = float(chance.lognormal(12, 0.6, count).sum() - chance.lognormal(12, 0.6, count // 30).sum())
        return Figure(_day(number), round(net, 2), None, round(net, 2)) if count else None

    return _Course("net_sales", "currency", draw, (("sale", 2.0), ("drop", 0.4), ("outage", 0.0)))
