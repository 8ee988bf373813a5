"""Rows of a file as reviews, and why a row is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd

from sources.reviews.landing import Review
from sources.tabular import Fault, clean_text, times, whole_numbers
from warehouse.i18n import N_, Text

LONGEST_ID = 200
_LONGEST = {"author": 200, "product": 300, "language": 35}
# Clocks and time zones differ.
_AHEAD = timedelta(days=1)

NO_ID = N_("The id is missing.")
LONG_ID = N_("The id is longer than 200 characters.")
NO_RATING = N_("The rating is missing.")
BAD_RATING = N_("The rating is not a whole number from 1 to 5.")
NO_TIME = N_("The date is missing.")
BAD_TIME = N_("The date cannot be read.")
FUTURE = N_("The date lies in the future.")


def reviews_of(frame: pd.DataFrame, zone: str, is_day_first: bool) -> tuple[list[Review], list[tuple[int, Text]]]:
    """The reviews in a frame with the columns `id`, `rating`, `text`, `created_at` and perhaps `author`, `product` and
    `language`, and the lines of other rows with the reason. Times without an offset are in `zone`."""
    cells = pd.DataFrame({name: clean_text(frame[name]) for name in frame}, index=frame.index, dtype=object)
    ratings, bad_rating = whole_numbers(cells["rating"], 1, 5)
    moments, bad_time = times(cells["created_at"], zone, is_day_first)
    latest = datetime.now(UTC) + _AHEAD
    reasons: list[tuple[pd.Series, Text]] = [
        (cells["id"] == "", NO_ID),
        (cells["id"].str.len() > LONGEST_ID, LONG_ID),
        (cells["rating"] == "", NO_RATING),
        (bad_rating, BAD_RATING),
        (cells["created_at"] == "", NO_TIME),
        (bad_time, BAD_TIME),
        (moments.map(lambda at: at is not None and at > latest), FUTURE),
    ]
    is_bad = pd.Series(False, index=cells.index)
    faults: list[tuple[int, Text]] = []
    for mask, reason in reasons:
        faults += [(int(line), reason) for line in cells.index[mask.astype(bool) & ~is_bad]]
        is_bad |= mask.astype(bool)
    good = pd.DataFrame({name: cells.get(name, "") for name in Review._fields if name != "review_id"})
    good = good.assign(rating=ratings, created_at=moments, review_id=cells["id"])[~is_bad]
    for name, longest in _LONGEST.items():
        # As objects: pandas would make NaN of None in a column of text.
        values = [value[:longest] or None for value in good[name]]
        good[name] = pd.Series(values, index=good.index, dtype=object)
    rows = zip(*(good[name].tolist() for name in Review._fields), strict=True)
    return [Review(*row) for row in rows], faults


def with_text(rows: pd.DataFrame, faults: list[tuple[int, Text]]) -> list[Fault]:
    """The lines with the row as it was in the file."""
    return [Fault(line, reason, " | ".join(rows.loc[line])) for line, reason in faults]
