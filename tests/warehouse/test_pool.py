"""Connections that are kept for the next user."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import psycopg2.errors
import pytest

from warehouse.connection import url
from warehouse.pool import Pool, PoolExhausted
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def pool(settings: Settings) -> Iterator[Pool]:
    made = Pool(
        lambda: url("owner", settings), "pool-test", "-c statement_timeout=3s", size=1, most=2, wait_seconds=0.1
    )
    yield made
    made.close()


def backend(pool: Pool) -> int:
    with pool.transaction() as connection, connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])  # type: ignore[index]


def add_shops(connection: psycopg2.extensions.connection, *store_ids: str) -> None:
    with connection.cursor() as cursor:
        for store_id in store_ids:
            cursor.execute("insert into app.stores (store_id) values (%s)", (store_id,))


def add_shop_on_a_broken_connection(pool: Pool, query: Query) -> None:
    with pool.transaction() as connection:
        query("select pg_terminate_backend(%s, 5000)", connection.info.backend_pid)
        add_shops(connection, "never")


def test_a_connection_is_used_again(pool: Pool) -> None:
    assert backend(pool) == backend(pool)


def test_a_transaction_is_committed_and_one_that_fails_is_rolled_back(pool: Pool, query: Query) -> None:
    with pool.transaction() as connection:
        add_shops(connection, "kept")
    with pytest.raises(psycopg2.errors.UniqueViolation), pool.transaction() as connection:
        add_shops(connection, "lost", "kept")
    assert query("select store_id from app.stores where store_id in ('kept', 'lost')") == [("kept",)]


def test_an_open_transaction_of_a_session_is_rolled_back(pool: Pool, query: Query) -> None:
    with pool.session() as connection:
        add_shops(connection, "open")
    assert query("select from app.stores where store_id = 'open'") == []
    assert query("select state from pg_stat_activity where application_name = 'pool-test'") == [("idle",)]


def test_a_connection_that_the_server_closed_while_it_was_idle_is_replaced(pool: Pool, query: Query) -> None:
    closed = backend(pool)
    query("select pg_terminate_backend(%s, 5000)", closed)
    assert backend(pool) != closed


def test_a_connection_that_broke_while_it_was_used_is_replaced(pool: Pool, query: Query) -> None:
    with pytest.raises(psycopg2.OperationalError):
        add_shop_on_a_broken_connection(pool, query)
    assert backend(pool)


def test_no_more_than_the_limit_are_opened(pool: Pool) -> None:
    with pool.session(), pool.session(), pytest.raises(PoolExhausted), pool.session():
        pass


def test_without_a_limit_nobody_waits(settings: Settings) -> None:
    pool = Pool(lambda: url("owner", settings), "pool-test", "", size=1)
    with pool.session() as first, pool.session() as second, pool.session() as third:
        assert len({each.info.backend_pid for each in (first, second, third)}) == 3
    pool.close()


def test_an_unreachable_server_is_an_operational_error() -> None:
    pool = Pool(lambda: "postgresql://nobody@127.0.0.1:1/none", "pool-test", "", size=1)
    with pytest.raises(psycopg2.OperationalError), pool.transaction():
        pass
