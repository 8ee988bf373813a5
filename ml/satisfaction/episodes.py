"""Reads episodes from the marts for predicting satisfaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ml.marts import reading_marts
from ml.satisfaction.comprehension import Turn, comprehension
from warehouse.connection import connect, read_sql
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
_ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Episode:
    """`comprehension`: percent, None without turns; `rating`: the lowest, 1 to 5, or None; `duration_minutes`: from the
    first to the last message; `reply_minutes`: the mean wait for a reply, until the episode's end if there was none;
    `issue`: the most frequent, `other` only if there is no other; `predicted_from`: a fingerprint for recognising
    changes since the prediction."""

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
    """The most frequent issue, `other` only if there is no other. Agrees with `episodes.sql`."""
    counts = Counter(issue for issue in issues if issue not in ("other", "unlabelled"))
    return min(counts, key=lambda issue: (-counts[issue], issue)) if counts else "other"


def read(
    settings: Settings, subject: str | None = None, only_rated: bool = False, unpredicted_by: str | None = None
) -> list[Episode]:
    """All ended episodes by id, or only rated ones, or only those without a current prediction of the version
    `unpredicted_by`; or those, ended or not, whose id or customer's key is `subject`. Raises NoMarts."""
    values = {"asked": subject, "only_rated": only_rated, "unpredicted_by": unpredicted_by}
    with reading_marts():
        return list(_read(settings, values))


def ratings(settings: Settings) -> dict[str, int]:
    """The lowest rating, 1 to 5, of each rated, ended episode by id, the newest last. Raises NoMarts."""
    with reading_marts(), connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "ratings.sql"))
        return dict(cursor.fetchall())


def _read(settings: Settings, values: Mapping[str, object]) -> Iterator[Episode]:
    # A server-side cursor, so that not all texts are in memory at once.
    with connect("scorer", settings) as connection, connection.cursor("episodes") as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        cursor.execute(read_sql(_SQL / "episodes.sql"), values)
        for id_, customer_key, started_at, turns, rating, duration, reply, *counted in cursor:
            understood = comprehension([Turn(tuple(texts), met) for texts, met in turns or ()])
            yield Episode(id_, customer_key, started_at, understood, rating, float(duration), float(reply), *counted)
