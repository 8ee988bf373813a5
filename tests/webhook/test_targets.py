"""What a shop can aim at is what somebody is alerted of, and the other way round."""

from __future__ import annotations

import re
from contextlib import closing

import psycopg2

from dashboards import kpi_definitions
from dashboards.metabase.cards import own_cards
from tests.support.dashboard_visitors import ADMIN, signed_in, web
from warehouse import connection
from warehouse.settings import Settings

NO_TARGETS = {"csrf_token", "seen"}


def offered(settings: Settings) -> set[str]:
    """The fields of the form for targets."""
    page = signed_in(web(settings), ADMIN).get("/inbox/settings/targets").text
    form = page[page.index('name="seen"') :]
    return set(re.findall(r'<input[^>]* name="(\w+)"', form)) - NO_TARGETS


def alerted_of(settings: Settings) -> set[str]:
    """The KPIs whose target leads to an alert once it is missed, whichever way is bad."""
    found = set()
    with closing(psycopg2.connect(connection.url("owner", settings))) as opened, opened.cursor() as cursor:
        # In a transaction that never ends, what the real view shows has a table in its place.
        cursor.execute("alter view marts.kpi_daily rename to kept")
        cursor.execute("create table marts.kpi_daily as select * from marts.kept limit 0")
        cursor.execute("delete from app.kpi_targets")
        for metric in kpi_definitions.load():
            cursor.execute(
                "insert into marts.kpi_daily (store_id, day, metric, dimension, dimension_value, value)"
                " select 'default', (now() at time zone 'Asia/Jakarta')::date - ago, %s, 'all', 'all', value"
                " from generate_series(1, 9) as ago, (values (0), (100)) as bad (value)",
                (metric,),
            )
        for metric in kpi_definitions.load():
            cursor.execute("insert into app.kpi_targets (store, metric, target) values ('default', %s, 50)", (metric,))
            cursor.execute(own_cards()["past_target"].sql)
            if cursor.fetchall():
                found.add(metric)
            cursor.execute("delete from app.kpi_targets")
    return found


def test_every_kpi_that_somebody_is_alerted_of_can_be_given_a_target_and_no_other(built: Settings) -> None:
    assert offered(built) == alerted_of(built)
