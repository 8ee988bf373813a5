"""A survey on WhatsApp changes no KPI but the number of messages: asked by the real bot, built by dbt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from demo.twilio import TwilioStandIn
from pipeline import transform
from tests.support import empty_marts
from tests.support.database import Step
from tests.support.surveyed import Surveyed, surveyed
from warehouse.settings import Settings

COUNTED = ("message_volume", "issue_volume")
"""The metrics that count every message, as they do those of ratings."""


@pytest.fixture(scope="module")
def database_steps() -> Sequence[Step]:
    return (empty_marts.build,)


@pytest.fixture(scope="module")
def survey(chat_settings: Settings, twilio: TwilioStandIn) -> Iterator[Surveyed]:
    with surveyed(chat_settings, twilio) as found:
        yield found


def test_a_survey_changes_no_kpi_but_the_number_of_messages(survey: Surveyed) -> None:
    shop = survey.shop
    as_of = datetime.now(UTC) + timedelta(days=3)  # every episode has ended
    phones = [survey.customer() for _ in range(4)]
    shop.say(phones[0], "bagaimana cara retur barang?")
    shop.say(phones[1], "mau bicara dengan CS")
    shop.put(phones[1], "bot")
    transform.build(as_of=as_of, settings=shop.settings)
    before = figures(survey)
    live = now(survey)
    assert before["bot_success_rate"]

    survey.invite()
    for text in ("ya", "4 5", "lewati", "3", "2 2"):
        shop.say(phones[0], text)
    for text in ("ya", "4", "stop survei"):
        shop.say(phones[1], text)
    shop.say(phones[2], "tidak")
    assert [survey.state(phone) for phone in phones] == ["finished", "stopped", "declined", "asked"]
    assert now(survey) == live
    transform.build(as_of=as_of, settings=shop.settings)
    after = figures(survey)
    assert {metric: rows for metric, rows in after.items() if metric not in COUNTED} == {
        metric: rows for metric, rows in before.items() if metric not in COUNTED
    }
    assert after["message_volume"] != before["message_volume"]
    transform.build(as_of=as_of, settings=shop.settings, full_refresh=True)
    assert figures(survey) == after


def now(survey: Surveyed) -> list[tuple[object, ...]]:
    """The live figures."""
    return survey.shop.ask(
        "select metric, value from marts.kpi_now where metric <> all(%s) order by 1, 2", list(COUNTED)
    )


def figures(survey: Surveyed) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each metric, and the episodes and turns behind them."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for metric, *rest in survey.shop.ask(
        "select metric, day, dimension, dimension_value, numerator, denominator, value from marts.kpi_daily"
        " order by 1, 2, 3, 4"
    ):
        found.setdefault(metric, []).append(tuple(rest))
    for table in ("fct_episodes", "fct_turns"):
        found[table] = survey.shop.ask(f"select to_jsonb(facts)::text from marts.{table} as facts order by 1")
    return found
