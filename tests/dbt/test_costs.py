"""The saving by the bot and its pay-back time: as stated, or derived from what bot and agents did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

import pytest

from pipeline import transform
from tests.dbt import landing
from tests.dbt.history import Event, History, Shop
from warehouse.connection import transaction
from warehouse.settings import Settings

AS_OF = datetime(2026, 6, 20, tzinfo=UTC)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
MONTHS = ("2026-03-01", "2026-04-01", "2026-05-01")
SHOPS = 25
COLUMNS = (
    "cost_before", "cost_now", "agent_cost_per_hour", "minutes_per_conversation", "bot_cost_per_month", "investment",
)  # fmt: skip
KPIS = """
    select store_id, month::text, metric, unit, numerator, denominator, value, is_final
    from marts.kpi_monthly where metric in ('bot_saving', 'bot_saving_rate', 'payback_months')
"""
_RANDOM = Random(6)
COSTS = {
    f"shop-{number}": {
        "agent_cost_per_hour": _RANDOM.randrange(1, 90_000),
        "minutes_per_conversation": _RANDOM.randrange(1, 30),
        "bot_cost_per_month": _RANDOM.randrange(1, 200_000),
        "investment": _RANDOM.randrange(1, 9_000_000),
    }
    for number in range(SHOPS)
}
STATED = {"cost_before": 50_000_000, "cost_now": 25_000_000, "investment": 120_000_000}


def state(settings: Settings, store: str, valid_from: str, **costs: object) -> None:
    """State a shop's costs from a month on, instead of those of that month."""
    with transaction("inbox", settings) as connection, connection.cursor() as cursor:
        cursor.execute("delete from app.cost_assumptions where store_id = %s and valid_from = %s", (store, valid_from))
        cursor.execute(
            f"insert into app.cost_assumptions (store_id, valid_from, {', '.join(COLUMNS)}) values (%s, %s"
            f"{', %s' * len(COLUMNS)})",
            (store, valid_from, *(costs.get(column) for column in COLUMNS)),
        )


def conversation(
    store: str, number: int, at: datetime, *, agent: bool = False, no_answer: bool = False, bad_rating: bool = False
) -> Iterator[Event]:
    """One customer's only conversation, an hour long at most: a question, and who replied to it."""
    names = count()

    def event(kind: str, minutes: int, **fields: Any) -> Event:
        name = f"{store}-{number}-{next(names)}"
        return Event(name, kind, at + timedelta(minutes=minutes), "web", given_id=f"{store}-{number}", **fields)

    yield event("message", 0, author="customer")
    yield event("message", 1, author="bot", answered=not no_answer)
    if agent:
        yield event("message", 5, author="agent")
    if bad_rating:
        yield event("rating", 9, rating=1)


def figures(settings: Settings) -> dict[tuple[str, str, str], Decimal]:
    return {(row["store_id"], row["month"], row["metric"]): row["value"] for row in landing.read(settings, KPIS)}


@pytest.fixture(scope="module")
def shops(module_settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """Shops with a few conversations a month each, and COSTS from April on: what was said in each, by shop."""
    random = Random(5)
    told: dict[str, list[dict[str, Any]]] = {}
    for store in COSTS:
        told[store] = [
            {
                "at": FIRST + timedelta(hours=random.randrange(24 * 110)),
                "agent": random.random() < 0.3,
                "no_answer": random.random() < 0.2,
                "bad_rating": random.random() < 0.1,
            }
            for _ in range(random.randrange(30))
        ]
    histories = [
        History(
            Shop(store, "UTC"),
            tuple(event for place, each in enumerate(said) for event in conversation(store, place, **each)),
        )
        for store, said in told.items()
    ]
    histories.append(History(Shop("d5", "UTC"), tuple(conversation("d5", 0, FIRST + timedelta(days=3)))))
    landing.open_shops(module_settings, histories)
    landing.land(module_settings, histories)
    for store, costs in COSTS.items():
        state(module_settings, store, "2026-04-01", **costs)
    transform.build(AS_OF, module_settings)
    return told


def test_half_the_cost_is_saved_and_pays_back_in_4_8_months(
    module_settings: Settings, shops: dict[str, list[dict[str, Any]]]
) -> None:
    state(module_settings, "d5", "2026-03-01", **STATED)
    found = {row["metric"]: row for row in landing.read(module_settings, KPIS) if row["store_id"] == "d5"}
    assert {metric: (row["value"], row["unit"]) for metric, row in found.items()} == {
        "bot_saving": (25_000_000, "currency"),
        "bot_saving_rate": (50, "percent"),
        "payback_months": (Decimal("4.8"), "months"),
    }
    assert {row["month"] for row in found.values()} == {"2026-03-01"}
    assert all(row["is_final"] for row in found.values())


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ({**STATED, "cost_now": 50_000_000}, {"bot_saving": 0, "bot_saving_rate": 0}),
        ({**STATED, "cost_now": 60_000_000}, {"bot_saving": -10_000_000, "bot_saving_rate": -20}),
        ({**STATED, "investment": None}, {"bot_saving": 25_000_000, "bot_saving_rate": 50}),
        ({**STATED, "investment": 0}, {"bot_saving": 25_000_000, "bot_saving_rate": 50, "payback_months": 0}),
        ({"cost_before": 0, "cost_now": 10, "investment": 5}, {"bot_saving": -10}),
        ({"cost_before": 50_000_000}, {}),
    ],
)
def test_what_saves_nothing_never_pays_back(
    module_settings: Settings,
    shops: dict[str, list[dict[str, Any]]],
    costs: dict[str, object],
    expected: dict[str, int],
) -> None:
    state(module_settings, "d5", "2026-03-01", **costs)
    found = figures(module_settings)
    assert {metric: value for (store, _, metric), value in found.items() if store == "d5"} == expected


def test_derived_costs_are_the_minutes_that_bot_and_agents_worked(
    module_settings: Settings, shops: dict[str, list[dict[str, Any]]]
) -> None:
    expected: dict[tuple[str, str, str], float] = {}
    for store, said in shops.items():
        hourly, minutes, bot, investment = COSTS[store].values()
        for month in MONTHS[1:]:
            of_month = [each for each in said if f"{each['at']:%Y-%m-01}" == month]
            if not of_month:
                continue
            by_agents = sum(each["agent"] for each in of_month)
            by_bot = sum(not (each["agent"] or each["no_answer"] or each["bad_rating"]) for each in of_month)
            before = (by_agents + by_bot) * minutes * hourly / 60
            saving = before - by_agents * minutes * hourly / 60 - bot
            expected[store, month, "bot_saving"] = saving
            if before:
                expected[store, month, "bot_saving_rate"] = 100 * saving / before
            if saving > 0:
                expected[store, month, "payback_months"] = investment / saving
    found = {key: float(value) for key, value in figures(module_settings).items() if key[0] in shops}
    assert found == pytest.approx(expected)
    assert {"bot_saving", "payback_months"} <= {metric for _, _, metric in found}
    assert min(found.values()) < 0


def test_a_month_that_is_not_over_and_one_before_the_first_costs_have_none(
    module_settings: Settings, shops: dict[str, list[dict[str, Any]]]
) -> None:
    months = {month for store, month, _ in figures(module_settings) if store in shops}
    assert months == set(MONTHS[1:])
    assert any(each["at"].month in (3, 6) for said in shops.values() for each in said)


def test_later_costs_replace_earlier_ones_from_their_month_on(
    module_settings: Settings, shops: dict[str, list[dict[str, Any]]]
) -> None:
    before = figures(module_settings)
    state(module_settings, "shop-1", "2026-05-01", cost_before=100, cost_now=40)
    after = figures(module_settings)
    assert after["shop-1", "2026-05-01", "bot_saving"] == 60
    assert after["shop-1", "2026-04-01", "bot_saving"] == before["shop-1", "2026-04-01", "bot_saving"] != 60
    with transaction("inbox", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("delete from app.cost_assumptions where store_id = 'shop-1' and valid_from = '2026-05-01'")
    assert figures(module_settings) == before
