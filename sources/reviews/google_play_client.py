"""The reviews of an app on Google Play, page by page, the newest first, through google-play-scraper.

The library's own function for reviews answers an error like the end of the list. So the request below it is called,
which raises, and a fetch that breaks off is not taken for a whole one.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPException
from json import JSONDecodeError
from typing import Any, NamedTuple

# The library turns off the check of certificates for the whole process.
_CHECKED = ssl._create_default_https_context
from google_play_scraper import Sort  # noqa: E402
from google_play_scraper.constants.request import Formats  # noqa: E402
from google_play_scraper.exceptions import GooglePlayScraperException  # noqa: E402
from google_play_scraper.features.reviews import _fetch_review_items  # noqa: E402

ssl._create_default_https_context = _CHECKED

PAGE_SIZE = 200
_SECONDS = 30.0
_APP_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+")
_TWO_LETTERS = re.compile(r"[a-z]{2}")


class GooglePlayFailed(Exception):
    """The reviews could not be fetched; the message says why."""


class App(NamedTuple):
    """An app by its id, such as `com.example.shop`, and the language and country of the reviews."""

    app_id: str
    language: str = "id"
    country: str = "id"


class PlayReview(NamedTuple):
    """A review as Google Play gives it; what is missing is None. `written_at` is the time of the last edit, in UTC."""

    review_id: str | None
    rating: int | None
    text: str
    author: str | None
    written_at: datetime | None


def check(app: App) -> None:
    """Raises GooglePlayFailed for an id, language or country that none can have."""
    if not _APP_ID.fullmatch(app.app_id):
        raise GooglePlayFailed("an app's id looks like com.example.shop")
    if not _TWO_LETTERS.fullmatch(app.language) or not _TWO_LETTERS.fullmatch(app.country):
        raise GooglePlayFailed("the language and the country have two small letters each, such as id")


def pages(app: App) -> Iterator[list[PlayReview]]:
    """The reviews of an app, from the newest on. Raises GooglePlayFailed, also after some pages."""
    check(app)
    url = Formats.Reviews.build(lang=app.language, country=app.country)
    token: Any = None
    while True:
        with _failures(), _timeout():
            items, token = _fetch_review_items(url, app.app_id, Sort.NEWEST.value, PAGE_SIZE, None, None, token)
        yield [_review(item) for item in items]
        # The library gives a list in place of a token at the end.
        if not isinstance(token, str) or not items:
            return


def _review(item: Any) -> PlayReview:
    seconds = _at(item, 5, 0)
    rating, text, author = _at(item, 2), _at(item, 4), _at(item, 1, 0)
    return PlayReview(
        _at(item, 0) or None,
        rating if isinstance(rating, int) and 1 <= rating <= 5 else None,
        text if isinstance(text, str) else "",
        author if isinstance(author, str) else None,
        datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None,
    )


def _at(item: Any, *path: int) -> Any:
    try:
        for place in path:
            item = item[place]
    except (TypeError, IndexError):
        return None
    return item


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (GooglePlayScraperException, OSError, HTTPException) as error:
        raise GooglePlayFailed(f"Google Play cannot be reached or refuses: {type(error).__name__}") from None
    except (JSONDecodeError, TypeError, IndexError, KeyError, UnicodeDecodeError):
        raise GooglePlayFailed("Google Play answers nothing that can be read: does the app exist?") from None
    except Exception as error:
        # What the library raises when Google Play asks it to slow down.
        if "PlayGatewayError" not in str(error):
            raise
        raise GooglePlayFailed("Google Play asks to slow down; try again later") from None


@contextmanager
def _timeout() -> Iterator[None]:
    """The library sets none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
