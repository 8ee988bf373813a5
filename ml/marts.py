"""The marts, which models may read once dbt has built them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2


class NoMarts(RuntimeError):
    """The marts were not built, or by an older version; the message names the command."""

    def __init__(self) -> None:
        super().__init__("the KPIs have not been built yet: run `make kpis`")


@contextmanager
def reading_marts() -> Iterator[None]:
    """Raises NoMarts where the marts are not there to read."""
    try:
        yield
    except (psycopg2.errors.UndefinedTable, psycopg2.errors.InsufficientPrivilege) as error:
        raise NoMarts from error
