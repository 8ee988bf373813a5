"""A Metabase that stands in for the real one, and a small database for it to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from dashboards.definition import Card
from dashboards.metabase import questions
from dashboards.metabase.objects import key_of
from dashboards.metabase.provisioning import provision
from dashboards.reader import Reader, Session
from demo.metabase import MetabaseStandIn
from tests.support.database import drop_database, make_database
from tests.support.metabase_views import SMALL
from tests.support.provisioned import ADMIN, PASSWORD, Provisioned, pointed
from warehouse import connection
from warehouse.connection import transaction
from warehouse.settings import Settings

TARGETS = {"csat": 80, "first_response_time_median": 60, "net_sales": 1_000_000, "unanswered_rate": 5}
UNUSUAL = ("message_volume", "issue_volume", "csat", "response_time_median", "net_sales")
SMALL_MARTS = """
    create table marts.kpi_daily (day date, metric text, quality text, value numeric);
    create table marts.dim_stores (store_id text);
    grant select on marts.kpi_daily, marts.dim_stores to reader;
"""


@pytest.fixture(scope="module")
def small(server_settings: Settings) -> Iterator[Settings]:
    """The settings of a database with two small tables in `marts`, one for a file's tests, which leave it as it is."""
    environment = make_database(server_settings)
    settings = Settings(_env_file=None, **environment)  # type: ignore[arg-type]
    with transaction("dbt", settings) as connection, connection.cursor() as cursor:
        cursor.execute(SMALL_MARTS)
    yield settings
    drop_database(server_settings, environment)


@pytest.fixture(scope="module")
def first_run(small: Settings) -> MetabaseStandIn:
    with MetabaseStandIn() as metabase:
        provision(pointed(small, metabase), dashboards=SMALL)
    return metabase


@pytest.fixture
def provisioned(small: Settings, first_run: MetabaseStandIn) -> Iterator[Provisioned]:
    with MetabaseStandIn.like(first_run) as metabase:
        key = metabase.give_key()
        yield Provisioned(metabase, pointed(small, metabase, metabase_api_key=SecretStr(key)))


@pytest.fixture(scope="module")
def shown_shop(built: Settings) -> Settings:
    """The shop with a few targets, and a day that was unusual in several ways."""
    with transaction("owner", built) as connection, connection.cursor() as cursor:
        for metric, target in TARGETS.items():
            cursor.execute(
                "insert into app.kpi_targets (store, metric, target) values ('default', %s, %s)", (metric, target)
            )
    with transaction("dbt", built) as connection, connection.cursor() as cursor:
        cursor.execute("delete from intermediate.int_kpi_scores")
        for metric in UNUSUAL:
            cursor.execute(
                "insert into intermediate.int_kpi_scores (store_id, day, metric, dimension, dimension_value, value,"
                " expected, lower, upper, score) values ('default', '2026-10-27', %s, 'all', 'all', 17, 4, 2, 6, 8)",
                (metric,),
            )
    return built


@pytest.fixture(scope="module")
def whole_metabase(shown_shop: Settings) -> Iterator[MetabaseStandIn]:
    """A Metabase with all dashboards; the first user is there already, so that the rest goes by API key."""
    with MetabaseStandIn() as stand_in:
        set_up = {"user": {"email": ADMIN, "password": PASSWORD}, "prefs": {"site_name": "Kabar"}}
        body = {"token": stand_in.state.setup_token, **set_up}
        assert requests.post(f"{stand_in.url}/api/setup", json=body, timeout=5).ok
        provision(pointed(shown_shop, stand_in, metabase_api_key=SecretStr(stand_in.give_key())))
        yield stand_in


@pytest.fixture
def session(shown_shop: Settings) -> Iterator[Session]:
    reader = Reader(connection.url("reader", shown_shop))
    with reader.session() as opened:
        yield opened
    reader.close()


@pytest.fixture(scope="module")
def ask(whole_metabase: MetabaseStandIn) -> Any:
    """Runs a card's question in Metabase, with the filters that were chosen: its rows by their columns' names."""
    headers = {"X-API-Key": next(iter(whole_metabase.state.keys))}
    numbers = {key_of(row): row["id"] for row in whole_metabase.state.all("card")}

    def run(card: Card | str, chosen: dict[str, Any]) -> list[dict[str, Any]]:
        url = f"{whole_metabase.url}/api/card/{numbers[card if isinstance(card, str) else questions.key(card)]}/query"
        parameters = [
            {"type": "category", "target": ["variable", ["template-tag", name]], "value": value}
            for name, value in chosen.items()
        ]
        answer = requests.post(url, json={"parameters": parameters}, headers=headers, timeout=30).json()
        assert answer["status"] == "completed", answer.get("error")
        names = [column["name"] for column in answer["data"]["cols"]]
        return [dict(zip(names, row, strict=True)) for row in answer["data"]["rows"]]

    return run
