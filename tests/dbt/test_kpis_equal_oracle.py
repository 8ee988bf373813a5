"""Random histories of many shops, built by dbt in one database, give row by row what the oracle reads in kpis.md."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random, SystemRandom
from zlib import crc32

import pytest
from psycopg2.extras import Json, execute_values

from pipeline import transform
from tests.dbt import comparison, landing
from tests.dbt.comparison import Difference
from tests.dbt.histories import FIRST_AS_OF, SECOND_AS_OF, made_up
from tests.dbt.history import History
from tests.support.database import drop_database, make_database
from warehouse.connection import read_sql, transaction
from warehouse.settings import ROOT, Settings

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
SHOPS = 3000 if IS_SOAK else 300
# The same histories each time; a soak run has others, and says which.
SEED = SystemRandom().randrange(2**32) if IS_SOAK else 1
MARTS = ("kpi_daily", "kpi_monthly", "fct_messages", "fct_turns", "fct_episodes", "fct_ratings", "fct_rating_requests")

SAVE_PREDICTIONS = ROOT / "ml" / "satisfaction" / "sql" / "save_satisfaction.sql"
# An episode is named by what its first message is.
ENDED_EPISODES = """
    select
        fct_episodes.episode_id,
        fct_messages.source || ':' || fct_messages.message_id as first_message,
        satisfaction_predictions.satisfied
    from marts.fct_episodes
    inner join marts.fct_messages using (episode_id, store_id, customer_key, channel)
    left join ml.satisfaction_predictions using (episode_id)
    where
        fct_episodes.is_ended
        and fct_episodes.episode_id = md5(concat_ws(
            '|', store_id, customer_key, channel, fct_messages.source || ':' || fct_messages.message_id
        ))
"""


def drawn(count: int, seed: int) -> list[History]:
    random = Random(seed)
    return [made_up(random, number) for number in range(count)]


def before_and_after(history: History) -> tuple[History, History]:
    """What lands before the first build, and what only after it, whenever it happened: every third event."""
    early = tuple(event for number, event in enumerate(history.events) if number % 3 != 1)
    late = tuple(event for number, event in enumerate(history.events) if number % 3 == 1)
    return replace(history, events=early), replace(history, events=late)


def contents(settings: Settings) -> dict[str, list[str]]:
    return {
        mart: [row["line"] for row in landing.read(settings, f"select t::text as line from marts.{mart} t order by 1")]
        for mart in MARTS
    }


def predict(settings: Settings, changed_mind: bool) -> None:
    """Predict some of the ended episodes, and other things of some of them with a changed mind."""
    ended = landing.read(settings, ENDED_EPISODES, role="owner")
    said = {row["episode_id"]: crc32(row["first_message"].encode()) % 4 for row in ended}
    rows = [
        (episode, (number == 1) != (changed_mind and number == 2), 0.5, [], Json([]), False, "a test's model", None)
        for episode, number in said.items()
        if number
    ]
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        execute_values(cursor, read_sql(SAVE_PREDICTIONS), rows, page_size=1000)


def predicted(settings: Settings) -> dict[str, bool]:
    """What is predicted, by the episodes' first messages. An episode is named by its customer as well, so one whose
    customer turned out to be somebody else's other number is not predicted yet."""
    ended = landing.read(settings, ENDED_EPISODES, role="owner")
    return {row["first_message"]: row["satisfied"] for row in ended if row["satisfied"] is not None}


def checker(server_settings: Settings, as_of: datetime) -> Callable[[list[History]], list[Difference]]:
    """Says which histories differ, by one build in a database of their own."""

    def check(candidates: list[History]) -> list[Difference]:
        environment = make_database(server_settings)
        settings = Settings(_env_file=None, **environment)
        try:
            landing.open_shops(settings, candidates)
            landing.land(settings, candidates)
            transform.build(as_of, settings)
            return comparison.differences(settings, candidates, as_of)
        finally:
            drop_database(server_settings, environment)

    return check


@pytest.mark.soak
def test_every_row_equals_the_oracle_and_increments_equal_a_full_build(
    settings: Settings, server_settings: Settings
) -> None:
    made = drawn(SHOPS, SEED)
    parts = [before_and_after(history) for history in made]
    landing.open_shops(settings, made)

    landing.land(settings, [early for early, _ in parts])
    transform.build(FIRST_AS_OF, settings)
    seen = [early for early, _ in parts if any(event.at <= FIRST_AS_OF for event in early.events)]
    report(comparison.differences(settings, seen, FIRST_AS_OF), FIRST_AS_OF, server_settings)

    predict(settings, changed_mind=False)
    landing.land(settings, [late for _, late in parts])
    transform.build(SECOND_AS_OF, settings)
    seen = [history for history in made if any(event.at <= SECOND_AS_OF for event in history.events)]
    different = comparison.differences(settings, seen, SECOND_AS_OF, predicted(settings))
    report(different, SECOND_AS_OF, server_settings)

    # without another build
    predict(settings, changed_mind=True)
    different = comparison.differences(settings, seen, SECOND_AS_OF, predicted(settings))
    report(different, SECOND_AS_OF, server_settings)

    increments = contents(settings)
    transform.build(SECOND_AS_OF, settings, full_refresh=True)
    assert contents(settings) == increments


def courteous(random: Random, history: History) -> History:
    """The history, in which most of the customers' messages need no reply."""
    change = {event.id: random.choice((False, False, None)) for event in history.events if event.author == "customer"}
    events = (replace(event, needs_reply=change.get(event.id, event.needs_reply)) for event in history.events)
    return replace(history, events=tuple(events))


@pytest.mark.soak
def test_messages_that_need_no_reply_count_alike_at_any_time(settings: Settings, server_settings: Settings) -> None:
    random = Random(SEED + 1)
    made = [courteous(random, history) for history in drawn(SHOPS, SEED + 1)]
    landing.open_shops(settings, made)
    landing.land(settings, made)
    moments = sorted(event.at for history in made for event in history.events)
    for as_of in random.sample(moments[len(moments) // 4 :], 6 if IS_SOAK else 2):
        transform.build(as_of, settings, full_refresh=True)
        seen = [history for history in made if any(event.at <= as_of for event in history.events)]
        report(comparison.differences(settings, seen, as_of), as_of, server_settings)


def report(different: list[Difference], as_of: datetime, server_settings: Settings) -> None:
    if different:
        smallest = comparison.shrunk(different[0], checker(server_settings, as_of))
        many = f"{len(different)} of {SHOPS} shops (seed {SEED}) differ as of {as_of}"
        pytest.fail(f"{many}; the smallest:\n{smallest.described()}")
