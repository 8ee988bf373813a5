"""What predicting satisfaction needs to know of an episode. What an episode and a turn are, the marts say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg2.errors

from ml.satisfaction.comprehension import Turn, comprehension
from warehouse.connection import connect, read_sql
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
_ROWS_AT_ONCE = 2_000


class NoMarts(RuntimeError):
    """The marts were not built yet, or by an older version; the message names the command that builds them."""

    def __init__(self) -> None:
        super().__init__("there are no episodes to read: build them with `make kpis`")


@dataclass(frozen=True)
class Episode:
    """`comprehension` in percent, None if the customer had no turn; `rating` the lowest given, 1 to 5, None without
    one; `duration_minutes` from the first to the last message; `reply_minutes` the mean wait for a reply, a turn
    without one counted until the episode's end; `fallbacks` the bot's messages that had no answer; `issue` the one
    that most of the customer's messages are about, `other` only if all are; `predicted_from` says of one from the
    marts whether it is still as it was when it was predicted."""

    id: str
    customer_key: str
    started_at: datetime
    comprehension: float | None
    rating: int | None
    duration_minutes: float
    reply_minutes: float
    messages: int
    fallbacks: int
    issue: str
    predicted_from: str | None = None


def commonest_issue(issues: Iterable[str]) -> str:
    """Of the labels of a customer's messages the one that most are about, `other` only if all are, like the query."""
    counts = Counter(issue for issue in issues if issue not in ("other", "unlabelled"))
    return min(counts, key=lambda issue: (-counts[issue], issue)) if counts else "other"


def read(
    settings: Settings, asked: str | None = None, only_rated: bool = False, unpredicted_by: str | None = None
) -> list[Episode]:
    """All ended episodes, by id, or those of them that were rated, or those that the model of the version
    `unpredicted_by` has not predicted as they are now; or those, ended or not, of which `asked` is the id or the
    customer's key. Raises NoMarts."""
    values = {"asked": asked, "only_rated": only_rated, "unpredicted_by": unpredicted_by}
    with _marts():
        return list(_read(settings, values))


def ratings(settings: Settings) -> dict[str, int]:
    """The rating (1 to 5, the lowest) of each ended episode that has one, by id, the youngest last. Raises NoMarts."""
    with _marts(), connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "ratings.sql"))
        return dict(cursor.fetchall())


@contextmanager
def _marts() -> Iterator[None]:
    try:
        yield
    except (psycopg2.errors.UndefinedTable, psycopg2.errors.InsufficientPrivilege) as error:
        raise NoMarts from error


def _read(settings: Settings, values: Mapping[str, object]) -> Iterator[Episode]:
    # A named cursor, so that the texts of all episodes are never in memory at once.
    with connect("scorer", settings) as connection, connection.cursor("episodes") as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        cursor.execute(read_sql(_SQL / "episodes.sql"), values)
        for id_, customer_key, started_at, turns, rating, duration, reply, *counted in cursor:
            understood = comprehension([Turn(tuple(texts), met) for texts, met in turns or ()])
            yield Episode(id_, customer_key, started_at, understood, rating, float(duration), float(reply), *counted)
