"""A Metabase that stands in for the real one, and a small database for it to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from demo.metabase import MetabaseStandIn
from tests.conftest import drop_database, make_database
from warehouse.connection import transaction
from warehouse.settings import Settings

ADMIN, PASSWORD = "admin@shop.example", "correct horse battery"
RECIPIENTS = ["owner@shop.example", "lead@shop.example"]
SMALL_MARTS = """
    create table marts.kpi_daily (day date, metric text, quality text, value numeric);
    create table marts.dim_stores (store_id text);
    grant select on marts.kpi_daily, marts.dim_stores to reader;
"""

Pointed = Callable[[MetabaseStandIn], Settings]


def pointed(settings: Settings, metabase: MetabaseStandIn, **more: object) -> Settings:
    """The settings of a deployment whose Metabase this is."""
    return settings.model_copy(
        update={
            "metabase_url": metabase.url,
            "metabase_user": ADMIN,
            "metabase_password": SecretStr(PASSWORD),
            "metabase_recipients": ", ".join(RECIPIENTS),
            **more,
        }
    )


@pytest.fixture(scope="module")
def small(server_settings: Settings) -> Iterator[Settings]:
    """The settings of a database with two small tables in `marts`, one for a file's tests, which leave it as it is."""
    environment = make_database(server_settings)
    settings = Settings(_env_file=None, **environment)  # type: ignore[arg-type]
    with transaction("dbt", settings) as connection, connection.cursor() as cursor:
        cursor.execute(SMALL_MARTS)
    yield settings
    drop_database(server_settings, environment)
