"""Holds the marts against the oracle, row by row, and makes a difference small enough to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.dbt import landing
from tests.dbt.history import Event, History
from tests.dbt.oracle import NOTHING_PREDICTED, Predictions, Row, data_as_of, kpis
from warehouse.settings import Settings

TABLES = {"day": "marts.kpi_daily", "month": "marts.kpi_monthly"}
# Seconds and percentages pass through double precision on both sides; times are exact to a microsecond.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Difference:
    """A shop whose marts are not what the oracle says, with each differing row: (key, expected, found)."""

    history: History
    rows: tuple[tuple[Any, Any, Any], ...]

    def described(self) -> str:
        lines = [f"{key}\n    oracle {expected}\n    marts  {found}" for key, expected, found in self.rows[:12]]
        return "\n".join([self.history.described(), f"{len(self.rows)} rows differ:", *lines])


def differences(
    settings: Settings, histories: Iterable[History], as_of: datetime, predictions: Predictions = NOTHING_PREDICTED
) -> list[Difference]:
    """The shops that differ, the shortest history first."""
    found = marts_by_shop(settings)
    different = []
    for history in histories:
        rows = compare(kpis_of(history, as_of, predictions), found.pop(history.shop.id, {}))
        if rows:
            different.append(Difference(history, tuple(rows)))
    assert not found, f"marts has shops that nobody made: {sorted(found)}"
    return sorted(different, key=lambda difference: len(difference.history.events))


def kpis_of(
    history: History, as_of: datetime, predictions: Predictions = NOTHING_PREDICTED
) -> dict[Any, tuple[Row, datetime]]:
    expected = kpis(history, as_of, predictions)
    return {key: (row, data_as_of(history, as_of)) for key, row in expected.items()}


def marts_by_shop(settings: Settings) -> dict[str, dict[Any, tuple[Row, datetime]]]:
    shops: dict[str, dict[Any, tuple[Row, datetime]]] = {}
    for grain, table in TABLES.items():
        for line in landing.read(settings, f"select * from {table}"):
            key = (grain, line[grain], line["metric"], line["dimension"], line["dimension_value"])
            shop = shops.setdefault(line["store_id"], {})
            assert key not in shop, f"two rows of {line['store_id']} {key}"
            figures = [None if line[name] is None else float(line[name]) for name in ("numerator", "denominator")]
            shop[key] = (Row(*figures, float(line["value"]), line["unit"], line["is_final"]), line["data_as_of"])
    return shops


def compare(expected: dict[Any, tuple[Row, datetime]], found: dict[Any, tuple[Row, datetime]]) -> list[Any]:
    keys = sorted(expected.keys() | found.keys())
    return [(key, expected.get(key), found.get(key)) for key in keys if not same(expected.get(key), found.get(key))]


def same(one: tuple[Row, datetime] | None, other: tuple[Row, datetime] | None) -> bool:
    if one is None or other is None:
        return one is other
    (left, left_time), (right, right_time) = one, other
    figures = zip(
        (left.numerator, left.denominator, left.value), (right.numerator, right.denominator, right.value), strict=True
    )
    return (left.unit, left.is_final, left_time) == (right.unit, right.is_final, right_time) and all(
        (a is None and b is None) or (a is not None and b is not None and abs(a - b) <= TOLERANCE) for a, b in figures
    )


Check = Callable[[list[History]], list[Difference]]


def shrunk(difference: Difference, check: Check, rounds: int = 12) -> Difference:
    """The smallest history that still differs. Each round tries to leave out each event and each setting of the shop,
    all in one build: `check` says which of the given histories differ, the shortest first."""
    for _ in range(rounds):
        smaller = check([renamed(history, number) for number, history in enumerate(reductions(difference.history))])
        if not smaller:
            break
        difference = smaller[0]
    return difference


def reductions(history: History) -> list[History]:
    events, shop = history.events, history.shop
    size = len(events)
    kept = [events[: size // 2], events[size // 2 :]] if size > 3 else []
    kept += [events[:place] + events[place + 1 :] for place in range(size)]
    plain = {"timezone": None, "hours": (), "holidays": (), "target": None}
    shops = [replace(shop, **{name: value}) for name, value in plain.items() if getattr(shop, name) != value]
    return [History(shop, chosen) for chosen in kept if chosen] or [History(simple, events) for simple in shops]


def renamed(history: History, number: int) -> History:
    """The same under another shop and other customers, so that many variants lie in one database."""
    shop_id = f"{history.shop.id[:9]}.{number:03}"

    def rename(event: Event) -> Event:
        phone = event.phone and f"+628{number:09}{event.phone[-1]}"
        given = event.given_id and f"{shop_id}-{event.given_id[-1]}"
        return replace(event, id=f"{shop_id}-{event.id[-2:]}", phone=phone, given_id=given)

    return History(replace(history.shop, id=shop_id), tuple(map(rename, history.events)))
