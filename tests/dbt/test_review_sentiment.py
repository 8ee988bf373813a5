"""Reviews from a file to the share of positive ones: imported, scored and built by the commands that people run."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ml.sentiment import dataset
from ml.sentiment.model import Model
from tests.dbt.landing import read
from tests.support import sentiment
from warehouse.settings import ROOT, Settings

TEXTS = [example.text for example in dataset.test("review")[::6]]
WITHOUT_WORDS = ["12345", "!!!", "", "https://toko.example"]
FIRST = datetime(2026, 2, 27, 10, tzinfo=UTC)
HOURS_BETWEEN = 3


def test_the_share_of_positive_reviews_is_that_of_the_texts_that_were_imported(
    server_settings: Settings, settings: Settings, tmp_path: Path
) -> None:
    for kind in ("chat", "review"):
        sentiment.use(kind, server_settings, settings)
    model = sentiment.learned("review", "encoder", server_settings)
    _run("sources.reviews", "import", str(_written(tmp_path)), "--yes")
    _run("ml.sentiment", "score")
    _run("pipeline.kpis")

    shown = {
        row["day"]: (row["numerator"], row["denominator"])
        for row in read(
            settings,
            "select day, numerator::int, denominator::int from marts.kpi_daily where denominator > 0"
            " and metric = 'sentiment_positive_share' and dimension = 'source' and dimension_value = 'reviews'",
        )
    }
    assert shown == _counted(model)
    assert len(shown) > 3
    unread = read(settings, "select sentiment, rating, rating_sentiment from marts.fct_reviews where sentiment is null")
    assert [tuple(row.values()) for row in unread] == [(None, 5, "positive")] * len(WITHOUT_WORDS)


def _counted(model: Model) -> dict[date, tuple[int, int]]:
    """Positive and all reviews of each day of the shop, by asking the model about each text."""
    positive: Counter[date] = Counter()
    scored: Counter[date] = Counter()
    for number, text in enumerate(TEXTS):
        day = (FIRST + timedelta(hours=HOURS_BETWEEN * number)).astimezone(ZoneInfo("Asia/Jakarta")).date()
        scored[day] += 1
        positive[day] += model.sentiments([text])[0].sentiment == "positive"
    return {day: (positive[day], count) for day, count in scored.items()}


def _written(folder: Path) -> Path:
    path = folder / "reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "rating", "text", "created_at"])
        for number, text in enumerate([*TEXTS, *WITHOUT_WORDS]):
            at = FIRST + timedelta(hours=HOURS_BETWEEN * number)
            rows.writerow([number, 5, text, at.isoformat()])
    return path


def _run(module: str, *arguments: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, cwd=ROOT, check=True, timeout=800, capture_output=True)
