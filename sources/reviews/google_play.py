"""Lands the reviews of shops' apps on Google Play: those that were written or edited since the last time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import psycopg2.extensions
import structlog
from psycopg2.extras import Json, execute_values

from sources.reviews.google_play_client import App, GooglePlayFailed, PlayReview, check, pages
from sources.reviews.landing import SQL, Review, land
from sources.tabular.values import clean
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings, get_settings

SOURCE = "google_play"
# Of an app that has more, the newest.
MOST_REVIEWS = 100_000
_LONGEST_ID = 200

log = structlog.get_logger()


def fetch(
    store_id: str, app: App, settings: Settings, on_progress: Callable[[int], None] = lambda count: None
) -> Counter[str]:
    """Land an app's new and edited reviews; returns how many were `new`, `changed`, `unchanged`, `older` and
    `set_aside`. Stops at a page whose reviews are all known. All land in one transaction: of a fetch that breaks off
    nothing lands, so that the known ones never hide a gap. Raises GooglePlayFailed."""
    check(app)
    with connect("loader", settings) as connection:
        fetched: list[PlayReview] = []
        for page in _until_known(connection, store_id, pages(app)):
            fetched += page
            on_progress(len(fetched))
        good = list(chain.from_iterable(_readable(each, app) for each in fetched))
        bad = [each for each in fetched if not list(_readable(each, app))]
        with connection, connection.cursor() as cursor:
            outcomes = land(cursor, store_id, SOURCE, good)
            _set_aside(cursor, store_id, app, bad)
    outcomes["set_aside"] = len(bad)
    log.info("google_play_fetched", store_id=store_id, app_id=app.app_id, **outcomes)
    return outcomes


def fetch_all(settings: Settings | None = None) -> dict[str, Counter[str]]:
    """Fetch the reviews of every app in `app.review_apps`. What fails for one stops no other, and is stored beside it.
    Raises GooglePlayFailed at the end if any failed."""
    settings = settings or get_settings()
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "apps.sql"))
        apps = [(store_id, App(*app)) for store_id, *app in cursor.fetchall()]
    done: dict[str, Counter[str]] = {}
    failed: list[str] = []
    for store_id, app in apps:
        problem = None
        try:
            done[f"{store_id} {app.app_id} {app.language}"] = fetch(store_id, app, settings)
        except GooglePlayFailed as error:
            problem = str(error)
            failed.append(app.app_id)
            log.warning("google_play_failed", store_id=store_id, app_id=app.app_id, reason=problem)
        with transaction("loader", settings) as connection, connection.cursor() as cursor:
            values = {"store_id": store_id, **app._asdict(), "problem": problem}
            cursor.execute(read_sql(SQL / "app_checked.sql"), values)
    if failed:
        raise GooglePlayFailed(f"could not be fetched: {', '.join(failed)}")
    return done


def _until_known(
    connection: psycopg2.extensions.connection, store_id: str, found: Iterator[list[PlayReview]]
) -> Iterator[list[PlayReview]]:
    count = 0
    for page in found:
        yield page
        count += len(page)
        ids = [each.review_id for each in page if each.rating]
        if not ids:
            continue
        values = {
            "store_id": store_id,
            "source": SOURCE,
            "ids": ids,
            "ratings": [each.rating for each in page if each.rating],
            "texts": [clean(each.text) for each in page if each.rating],
        }
        with connection, connection.cursor() as cursor:
            cursor.execute(read_sql(SQL / "known_count.sql"), values)
            (known,) = cursor.fetchone() or (0,)
        if known == len(ids) or count >= MOST_REVIEWS:
            return


def _readable(review: PlayReview, app: App) -> Iterator[Review]:
    """The review as a row, if it has an id, a rating and a time."""
    if review.review_id and len(review.review_id) <= _LONGEST_ID and review.rating and review.written_at:
        author = clean(review.author or "") or None
        yield Review(
            review.review_id,
            review.rating,
            clean(review.text),
            author,
            app.app_id,
            app.language,
            review.written_at,
        )


def _set_aside(cursor: Any, store_id: str, app: App, reviews: list[PlayReview]) -> None:
    rows = []
    for review in reviews:
        payload = {"store_id": store_id, **app._asdict(), "review_id": review.review_id, "rating": review.rating}
        payload["text"] = clean(review.text)
        name = review.review_id or hashlib.sha256(review.text.encode()).hexdigest()[:16]
        reason = "no id" if not review.review_id else "no rating or no time"
        rows.append((SOURCE, f"{store_id}:{app.app_id}:{name[:_LONGEST_ID]}", Json(payload), reason))
    if rows:
        unique = {row[1]: row for row in rows}
        execute_values(cursor, read_sql(SQL / "set_aside_rows.sql"), list(unique.values()))
